/* auth/session.c: claims in a fixed order, each text with its length, sealed for the purpose of session tokens.
 *
 * The first byte is the form of what follows: a later form is told from garbage, and old tokens can stay readable. */
#include "auth/session.h"
#include "base/limits.h"
#include "codec/base64.h"

enum { FORM = 1, TEXT_ABSENT = 0xFFFF, SECRET_MAC_BYTES = 30 };
_Static_assert(BASE64_TEXT_BYTES(SECRET_MAC_BYTES) == SESSION_SECRET_BYTES, "no padding in a secret");

struct slice session_begin(const struct keyring *keyring, struct session *session, struct random *random,
                           struct arena *arena)
{
	session->access_key_id = access_key_id_make(ACCESS_KEY_TEMPORARY, session->account, random,
	                                            arena_alloc(arena, ACCESS_KEY_ID_BYTES));
	random_bytes(random, session->nonce, sizeof session->nonce);
	return session_secret(keyring, session, arena_alloc(arena, SESSION_SECRET_BYTES));
}

struct slice session_secret(const struct keyring *keyring, const struct session *session, char out[SESSION_SECRET_BYTES])
{
	char text[ACCESS_KEY_ID_BYTES + SESSION_NONCE_BYTES];
	unsigned char mac[SHA256_BYTES];

	assert(session->access_key_id.len == ACCESS_KEY_ID_BYTES);
	memcpy(text, session->access_key_id.ptr, ACCESS_KEY_ID_BYTES);
	memcpy(text + ACCESS_KEY_ID_BYTES, session->nonce, SESSION_NONCE_BYTES);
	keyring_mac(keyring, KEYRING_SESSION_SECRET, (struct slice){ text, sizeof text }, mac);
	struct slice secret = base64_write(mac, SECRET_MAC_BYTES, out);
	digest_wipe(mac, sizeof mac);
	return secret;
}

/* ---- writing ---- */

static void put_u16(struct buffer *out, size_t value)
{
	buffer_byte(out, (char)(value >> 8));
	buffer_byte(out, (char)value);
}

static void put_i64(struct buffer *out, int64_t value)
{
	for (int shift = 56; shift >= 0; shift -= 8)
		buffer_byte(out, (char)((uint64_t)value >> shift));
}

static void put_text(struct buffer *out, struct slice text)
{
	if (text.len >= TEXT_ABSENT)
		out->is_over = true;
	put_u16(out, text.ptr ? text.len : TEXT_ABSENT);
	buffer_add(out, text);
}

/* What AWS packs: session policies and tags. */
static void put_packed(struct buffer *out, const struct session *session)
{
	put_text(out, session->policy);
	put_u16(out, session->policy_arn_count);
	for (size_t i = 0; i < session->policy_arn_count; i++)
		put_text(out, session->policy_arns[i]);
	put_u16(out, session->tag_count);
	for (size_t i = 0; i < session->tag_count; i++) {
		put_text(out, session->tags[i].key);
		put_text(out, session->tags[i].value);
	}
	put_u16(out, session->transitive_tag_key_count);
	for (size_t i = 0; i < session->transitive_tag_key_count; i++)
		put_text(out, session->transitive_tag_keys[i]);
}

static void put_claims(struct buffer *out, const struct session *session)
{
	buffer_byte(out, FORM);
	buffer_byte(out, (char)session->kind);
	buffer_byte(out, session->has_mfa);
	buffer_add(out, (struct slice){ (const char *)session->nonce, sizeof session->nonce });
	put_i64(out, session->issued_ms);
	put_i64(out, session->expires_ms);
	put_i64(out, session->mfa_ms);
	put_text(out, session->access_key_id);
	put_text(out, session->account);
	put_text(out, session->issuer_id);
	put_text(out, session->issuer_arn);
	put_text(out, session->issuer_name);
	put_text(out, session->name);
	put_text(out, session->source_identity);
}

struct slice session_seal(const struct keyring *keyring, const struct session *session, struct random *random,
                          struct arena *arena, int *packed_percent, struct error *err)
{
	enum { EMPTY_PACKED_BYTES = 8 };                   /* one absent text, three counts of zero */
	struct buffer packed, out;

	buffer_init(&packed, arena, 4 * SESSION_PACKED_BYTES_MAX);
	put_packed(&packed, session);
	bool is_over = packed.is_over || packed.len > SESSION_PACKED_BYTES_MAX;
	size_t percent = (packed.len - EMPTY_PACKED_BYTES + SESSION_PACKED_BYTES_MAX / 100 - 1) * 100 / SESSION_PACKED_BYTES_MAX;
	if (is_over || session->tag_count > SESSION_TAGS_MAX || session->transitive_tag_key_count > SESSION_TAGS_MAX
	    || session->policy_arn_count > SESSION_POLICY_ARNS_MAX) {
		fail_as(err, ERR_LIMIT, "PackedPolicyTooLarge", "Packed policy consumes %zu%% of allotted space, please use smaller "
		        "policy.", percent > 100 ? percent : 101);
		return SLICE_NONE;
	}
	if (packed_percent)
		*packed_percent = (int)percent;
	buffer_init(&out, arena, BASE64_PLAIN_BYTES(SESSION_TOKEN_BYTES_MAX) - KEYRING_BOX_OVERHEAD_BYTES);
	put_claims(&out, session);
	buffer_add(&out, buffer_slice(&packed));
	if (!buffer_check(&out, err))
		return SLICE_NONE;
	return base64_text(arena, keyring_seal(keyring, KEYRING_SESSION_TOKEN, SLICE_NONE, buffer_slice(&out), random, arena));
}

/* ---- reading: sealed by us, and yet every length is checked ---- */

struct reader {
	struct slice  rest;
	struct arena *arena;
	bool          is_short;
};

static struct slice get_bytes(struct reader *reader, size_t count)
{
	static const char zeros[SESSION_NONCE_BYTES];

	if (reader->rest.len < count) {
		reader->is_short = true;
		return (struct slice){ zeros, count < sizeof zeros ? count : sizeof zeros };
	}
	struct slice bytes = slice_sub(reader->rest, 0, count);
	reader->rest = slice_from(reader->rest, count);
	return bytes;
}

static size_t get_u16(struct reader *reader)
{
	struct slice bytes = get_bytes(reader, 2);

	return (size_t)(unsigned char)bytes.ptr[0] << 8 | (unsigned char)bytes.ptr[1];
}

static int64_t get_i64(struct reader *reader)
{
	struct slice bytes = get_bytes(reader, 8);
	uint64_t value = 0;

	for (size_t i = 0; i < 8; i++)
		value = value << 8 | (unsigned char)bytes.ptr[i];
	return (int64_t)value;
}

static struct slice get_text(struct reader *reader)
{
	size_t len = get_u16(reader);

	return len == TEXT_ABSENT ? SLICE_NONE : get_bytes(reader, len);
}

static size_t get_count(struct reader *reader, size_t max)
{
	size_t count = get_u16(reader);

	if (count <= max)
		return count;
	reader->is_short = true;
	return 0;
}

static const struct slice *get_texts(struct reader *reader, size_t count)
{
	struct slice *texts = arena_array(reader->arena, count, sizeof *texts);

	for (size_t i = 0; i < count; i++)
		texts[i] = get_text(reader);
	return texts;
}

static const struct principal_tag *get_tags(struct reader *reader, size_t count)
{
	struct principal_tag *tags = arena_array(reader->arena, count, sizeof *tags);

	for (size_t i = 0; i < count; i++) {
		tags[i].key = get_text(reader);
		tags[i].value = get_text(reader);
	}
	return tags;
}

static void get_claims(struct reader *reader, struct session *session)
{
	session->kind = (enum session_kind)(unsigned char)get_bytes(reader, 1).ptr[0];
	session->has_mfa = get_bytes(reader, 1).ptr[0] != 0;
	memcpy(session->nonce, get_bytes(reader, sizeof session->nonce).ptr, sizeof session->nonce);
	session->issued_ms = get_i64(reader);
	session->expires_ms = get_i64(reader);
	session->mfa_ms = get_i64(reader);
	session->access_key_id = get_text(reader);
	session->account = get_text(reader);
	session->issuer_id = get_text(reader);
	session->issuer_arn = get_text(reader);
	session->issuer_name = get_text(reader);
	session->name = get_text(reader);
	session->source_identity = get_text(reader);
	session->policy = get_text(reader);
	session->policy_arn_count = get_count(reader, SESSION_POLICY_ARNS_MAX);
	session->policy_arns = get_texts(reader, session->policy_arn_count);
	session->tag_count = get_count(reader, SESSION_TAGS_MAX);
	session->tags = get_tags(reader, session->tag_count);
	session->transitive_tag_key_count = get_count(reader, SESSION_TAGS_MAX);
	session->transitive_tag_keys = get_texts(reader, session->transitive_tag_key_count);
}

static bool read_claims(struct slice plain, struct arena *arena, struct session *session)
{
	struct reader reader = { .rest = plain, .arena = arena };

	*session = (struct session){0};
	if (get_bytes(&reader, 1).ptr[0] != FORM)
		return false;
	get_claims(&reader, session);
	return !reader.is_short && reader.rest.len == 0 && session->kind < SESSION_KIND_COUNT
	       && session->access_key_id.len == ACCESS_KEY_ID_BYTES;
}

enum session_state session_open(const struct keyring *keyring, struct slice token, struct slice access_key_id,
                                int64_t now_ms, struct arena *arena, struct session *session)
{
	struct error err = {0};

	if (token.len == 0 || token.len > SESSION_TOKEN_BYTES_MAX)
		return SESSION_GARBLED;
	struct slice box = base64_decode(arena, token, &err);
	struct slice plain = box.ptr ? keyring_unseal(keyring, KEYRING_SESSION_TOKEN, SLICE_NONE, box, arena, &err) : SLICE_NONE;
	if (!plain.ptr)
		return err.kind == ERR_NOT_FOUND ? SESSION_UNKNOWN_KEY : SESSION_GARBLED;
	if (!read_claims(plain, arena, session))
		return SESSION_GARBLED;
	if (!slice_equal(session->access_key_id, access_key_id))
		return SESSION_OTHER_KEY_ID;
	return now_ms < session->expires_ms ? SESSION_GOOD : SESSION_EXPIRED;
}
