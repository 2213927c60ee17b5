/* auth/sigv4_canonical.c: one buffer, appended to in the order in which it is hashed.
 *
 * S3 signs the path it was given, because `a//b` and `a/../b` are keys; every other service signs the normalised path
 * encoded a second time. Queries are decoded and encoded again, so that it does not matter how a client wrote them. */
#include "auth/sigv4_canonical.h"
#include "base/limits.h"
#include "codec/uri.h"

#define PRESIGN_PREFIX S("X-Amz-")

struct slice sigv4_canonical_header(const struct sigv4_request *request, struct slice name, size_t *count)
{
	struct slice value = SLICE_NONE;
	size_t found = 0;

	for (size_t i = 0; i < request->header_count; i++) {
		const struct http_header *header = &request->headers[i];
		if (header->name.len == name.len && slice_equal_nocase(header->name, name) && found++ == 0)
			value = slice_trim(header->value);
	}
	if (count)
		*count = found;
	return value;
}

bool sigv4_canonical_is_signed(struct slice signed_headers, struct slice name)
{
	for (struct slice rest = signed_headers, item; rest.ptr; ) {
		rest = slice_cut(rest, ';', &item);
		if (item.len == name.len && slice_equal_nocase(item, name))
			return true;
	}
	return false;
}

/* ---- path ---- */

static void pop_segment(struct buffer *path)
{
	size_t slash = slice_rfind_byte(buffer_slice(path), '/');

	buffer_truncate(path, slash == SLICE_NPOS ? 0 : slash);
}

/* Removes dot segments (RFC 3986, 5.2.4) and doubled slashes; `path` is still encoded. */
static struct slice normalise_path(struct arena *arena, struct slice path)
{
	struct buffer out;
	struct slice segment = SLICE_NONE;

	buffer_init(&out, arena, path.len + 1);
	for (struct slice rest = path; rest.ptr; ) {
		rest = slice_cut(rest, '/', &segment);
		if (slice_equal(segment, S("..")))
			pop_segment(&out);
		else if (segment.len && !slice_equal(segment, S("."))) {
			buffer_byte(&out, '/');
			buffer_add(&out, segment);
		}
	}
	bool ends_open = segment.len == 0 || slice_equal(segment, S(".")) || slice_equal(segment, S(".."));
	if (ends_open || out.len == 0)
		buffer_byte(&out, '/');
	return buffer_slice(&out);
}

static bool add_path(struct buffer *out, struct arena *arena, struct slice path, bool is_s3)
{
	if (path.len == 0 || (path.len == 1 && path.ptr[0] == '/')) {
		buffer_byte(out, '/');
		return true;
	}
	if (is_s3)
		return uri_normalise(out, path, URI_PLUS_IS_PLUS, URI_KEEP_SLASH);
	uri_encode(out, normalise_path(arena, path), URI_KEEP_SLASH);
	return true;
}

/* ---- query ---- */

static int compare_pairs(const void *left, const void *right)
{
	const struct uri_pair *a = left, *b = right;
	int order = slice_compare(a->name, b->name);

	return order ? order : slice_compare(a->value, b->value);
}

/* Insertion beats qsort for the handful of pairs that queries have. */
static void sort_pairs(struct uri_pair *pairs, size_t count)
{
	if (count > 24) {
		qsort(pairs, count, sizeof *pairs, compare_pairs);
		return;
	}
	for (size_t i = 1; i < count; i++) {
		struct uri_pair moved = pairs[i];
		size_t at = i;
		for (; at && compare_pairs(&moved, &pairs[at - 1]) < 0; at--)
			pairs[at] = pairs[at - 1];
		pairs[at] = moved;
	}
}

/* `scratch` has room for all pairs, so what was written stays where it is. */
static bool encode_again(struct buffer *scratch, struct slice raw, enum uri_plus plus, struct slice *encoded)
{
	size_t from = scratch->len;
	bool is_valid = uri_normalise(scratch, raw, plus, URI_ENCODE_SLASH);

	*encoded = slice_from(buffer_slice(scratch), from);
	return is_valid;
}

/* S3 reads a '+' as a blank, but a token or credential with a bare '+' in it means the '+'. */
static bool read_pair(struct buffer *scratch, struct slice piece, bool is_s3, struct uri_pair *pair)
{
	struct slice name, value = slice_cut(piece, '=', &name);
	bool is_amz = slice_has_prefix(name, PRESIGN_PREFIX);
	enum uri_plus plus = is_s3 && !is_amz ? URI_PLUS_IS_BLANK : URI_PLUS_IS_PLUS;

	return encode_again(scratch, name, plus, &pair->name) && encode_again(scratch, value, plus, &pair->value);
}

static size_t count_pieces(struct slice query)
{
	size_t count = 1;

	for (size_t i = 0; i < query.len; i++)
		count += query.ptr[i] == '&';
	return count;
}

static bool add_query(struct buffer *out, struct arena *arena, struct slice query, bool is_s3)
{
	struct buffer scratch;
	size_t count = 0, pieces = count_pieces(query);

	if (query.len == 0)
		return true;
	if (pieces > SIGV4_QUERY_PAIRS_MAX)
		return false;
	struct uri_pair *pairs = arena_array(arena, pieces, sizeof *pairs);
	buffer_init(&scratch, arena, query.len * 3);
	buffer_reserve(&scratch, query.len * 3);
	for (struct slice rest = query, piece; rest.ptr; ) {
		rest = slice_cut(rest, '&', &piece);
		if (piece.len == 0)
			continue;
		if (!read_pair(&scratch, piece, is_s3, &pairs[count]))
			return false;
		count += !slice_equal(pairs[count].name, S("X-Amz-Signature"));
	}
	sort_pairs(pairs, count);
	for (size_t i = 0; i < count; i++) {
		if (i)
			buffer_byte(out, '&');
		buffer_add(out, pairs[i].name);
		buffer_byte(out, '=');
		buffer_add(out, pairs[i].value);
	}
	return true;
}

/* ---- headers ---- */

static void add_lower(struct buffer *out, struct slice text)
{
	char *to = text.len ? buffer_reserve(out, text.len) : NULL;

	if (!to)
		return;
	for (size_t i = 0; i < text.len; i++)
		to[i] = text.ptr[i] >= 'A' && text.ptr[i] <= 'Z' ? (char)(text.ptr[i] | 0x20) : text.ptr[i];
	buffer_commit(out, text.len);
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* Runs of blanks become one, inside quotes too. */
static void add_value(struct buffer *out, struct slice value)
{
	char *to = value.len ? buffer_reserve(out, value.len) : NULL;
	size_t at = 0;

	if (!to)
		return;
	for (size_t i = 0; i < value.len; i++)
		if (!is_blank(value.ptr[i]))
			to[at++] = value.ptr[i];
		else if (!is_blank(value.ptr[i - 1]))     /* trimmed: the first is no blank */
			to[at++] = ' ';
	buffer_commit(out, at);
}

static bool add_header(struct buffer *out, const struct sigv4_request *request, struct slice name)
{
	bool is_found = false;

	add_lower(out, name);
	for (size_t i = 0; i < request->header_count; i++) {
		const struct http_header *header = &request->headers[i];
		if (header->name.len != name.len || !slice_equal_nocase(header->name, name))
			continue;
		buffer_byte(out, is_found ? ',' : ':');
		add_value(out, slice_trim(header->value));
		is_found = true;
	}
	buffer_byte(out, '\n');
	return is_found;
}

static bool add_headers(struct buffer *out, const struct sigv4_request *request, struct slice signed_headers)
{
	for (struct slice rest = signed_headers, name; rest.ptr; ) {
		rest = slice_cut(rest, ';', &name);
		if (!add_header(out, request, name))
			return false;
	}
	return true;
}

static size_t size_bound(const struct sigv4_request *request, struct slice signed_headers, struct slice payload_hash)
{
	size_t bytes = request->method.len + request->target.len * 3 + 2 * signed_headers.len + payload_hash.len + 64;

	for (size_t i = 0; i < request->header_count; i++)     /* each is written once: names in the list are all different */
		bytes += request->headers[i].name.len + request->headers[i].value.len + 2;
	/* A path and an encoded query grow threefold; pairs without '=' get one. */
	return bytes + SIGV4_QUERY_PAIRS_MAX;
}

struct slice sigv4_canonical_request(struct arena *arena, const struct sigv4_request *request, struct slice signed_headers,
                                     struct slice payload_hash, bool is_s3, enum sigv4_reason *reason)
{
	struct slice path, query = slice_cut(request->target, '?', &path);
	struct buffer out;

	buffer_init(&out, arena, size_bound(request, signed_headers, payload_hash));
	buffer_reserve(&out, request->target.len + 512);       /* what most requests need, in one go */
	buffer_add(&out, request->method);
	buffer_byte(&out, '\n');
	*reason = SIGV4_BAD_URI;
	if (!add_path(&out, arena, path, is_s3))
		return SLICE_NONE;
	buffer_byte(&out, '\n');
	if (!add_query(&out, arena, query, is_s3))
		return SLICE_NONE;
	buffer_byte(&out, '\n');
	*reason = SIGV4_BAD_SIGNATURE;
	if (!add_headers(&out, request, signed_headers))
		return SLICE_NONE;
	buffer_byte(&out, '\n');
	add_lower(&out, signed_headers);
	buffer_byte(&out, '\n');
	buffer_add(&out, payload_hash);
	if (out.is_over)
		return SLICE_NONE;
	*reason = SIGV4_OK;
	return buffer_slice(&out);
}

struct slice sigv4_canonical_string_to_sign(struct arena *arena, struct slice time, struct slice scope,
                                            struct slice canonical_request)
{
	char hash[SHA256_HEX_BYTES];
	struct buffer out;

	buffer_init(&out, arena, 32 + time.len + scope.len + sizeof hash);
	buffer_reserve(&out, 32 + time.len + scope.len + sizeof hash);
	buffer_add(&out, S("AWS4-HMAC-SHA256\n"));
	buffer_add(&out, time);
	buffer_byte(&out, '\n');
	buffer_add(&out, scope);
	buffer_byte(&out, '\n');
	buffer_add(&out, digest_sha256_hex(canonical_request, hash));
	return buffer_slice(&out);
}
