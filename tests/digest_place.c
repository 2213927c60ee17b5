/* tests/digest_place.c: rows as the operations leave them; what is written is the real thing. */
#include "tests/digest_place.h"

#include "auth/keyring.h"
#include "codec/hex.h"
#include "trail/digest_chains.h"
#include "trail/digest_document.h"
#include "trail/digests.h"
#include "trail/object_keys.h"
#include "trail/signing_keys.h"
#include "trail/trail_streams.h"

static const char PRIMES[] =
	"f28c7122611acecde9959310382c40d4199ad31a405c982d61b05c03d2b625652cfae507ac1904f5a82c8e7b27fb40a80275fb00c6b94c02bcb8d7e0"
	"7cc5c84434466ff4d6940b599a5382cf65cf3448f8710867d81710a23c1d76f13ebe44c6aee399e07905119437701d13caf34aa3df49dcfd958d0139"
	"1e6ceb7abe2dc6cbc81adbfa0965a5cfb54e62ff457c177e2d4b9174e37bc4a5b8729baf15797707cc1c8f52ea7a9d51e6c1ef86de7f78a595ec2722"
	"0d348252c3cf45bea5aaa45e3aeacbfd321c699c9998f9a71dd02688fcb0e6d8a6683d4c83838021357645924068bf8c3d2f92288c0e96a7719b1026"
	"a1d1227a083572167698b29b1c2f4643";

/* ---- rows ---- */

static bool insert_key(void *user, struct catalog *catalog, struct error *err)
{
	return signing_keys_insert(catalog, user, err);
}

bool digest_place_insert_key(struct trail_place *place)
{
	unsigned char secret[RSA_PRIVATE_BYTES], md5[MD5_BYTES];
	struct signing_key key = {
		.start_ms = TRAIL_PLACE_NOW_MS / 1000 * 1000, .end_ms = TRAIL_PLACE_NOW_MS / 1000 * 1000 + SIGNING_KEY_VALID_MS,
	};

	if (!hex_decode(slice_of(PRIMES), secret, sizeof secret))
		return false;
	struct rsa_signer *signer = rsa_signer_new(secret, &place->err);
	key.public_der = rsa_public_der(signer, place->arena);
	rsa_signer_free(signer);
	digest_md5(key.public_der, md5);
	key.fingerprint = hex_text(place->arena, (struct slice){ (const char *)md5, sizeof md5 });
	key.sealed_secret = keyring_seal(place->keyring, KEYRING_CATALOG_SECRET,
	                                 arena_format(place->arena, "signing key %.*s", SLICE_ARG(key.fingerprint)),
	                                 (struct slice){ (const char *)secret, sizeof secret }, &place->random, place->arena);
	return trail_place_change(place, insert_key, &key);
}

bool digest_place_make(struct trail_place *place)
{
	return trail_place_bucket(place, "logs", true) && trail_place_trail(place, DIGEST_PLACE_TRAIL, 1, "logs", NULL)
	    && digest_place_insert_key(place);
}

static bool begin(void *user, struct catalog *catalog, struct error *err)
{
	const struct trail_place *place = user;

	return digest_chains_begin(catalog, TRAIL_PLACE_ACCOUNT, DIGEST_PLACE_TRAIL, S("us-east-1"), place->now_ms, err);
}

static bool end(void *user, struct catalog *catalog, struct error *err)
{
	const struct trail_place *place = user;

	return digest_chains_end(catalog, TRAIL_PLACE_ACCOUNT, DIGEST_PLACE_TRAIL, place->now_ms, err);
}

static bool end_and_delete(void *user, struct catalog *catalog, struct error *err)
{
	return end(user, catalog, err) && trail_streams_end(catalog, TRAIL_PLACE_ACCOUNT, DIGEST_PLACE_TRAIL, err);
}

bool digest_place_start(struct trail_place *place)
{
	return trail_place_change(place, begin, place);
}

bool digest_place_stop(struct trail_place *place)
{
	return trail_place_change(place, end, place);
}

bool digest_place_delete(struct trail_place *place)
{
	return trail_place_change(place, end_and_delete, place);
}

bool digest_place_deliver(struct trail_place *place, int number, const char *region)
{
	struct delivery_report report;

	return trail_place_event(place, number, region, DIGEST_PLACE_TRAIL, 1)
	    && trail_place_deliver(place, DIGEST_PLACE_TRAIL, NULL, &report) == DELIVERY_DONE;
}

uint64_t digest_place_round(struct trail_place *place)
{
	uint64_t written = 0;

	if (place->recorder)
		while (digests_round(&place->context, &written) <= place->now_ms)
			;
	return written;
}

/* ---- what was written ---- */

struct found {
	struct slice           bucket, key;     /* where it lies */
	struct slice           region, text;
	struct slice           hash, signature, algorithm;
	struct digest_document document;
};

struct log { struct slice bucket, key, hash; unsigned listed, waiting; };

struct audit {
	struct trail_place *place;
	struct found       *digests;
	struct log         *logs;
	size_t              digest_count, log_count;
	const char         *wrong;
};

static void complain(struct audit *audit, const char *what, struct slice key)
{
	if (!audit->wrong)
		audit->wrong = arena_printf(audit->place->arena, "%s: %.*s", what, SLICE_ARG(key));
}

static struct slice metadata(struct slice headers, struct slice name)
{
	for (struct slice rest = headers, line; rest.len; ) {
		rest = slice_cut(rest, '\n', &line);
		if (slice_has_prefix(line, name))
			return slice_from(line, name.len);
	}
	return SLICE_NONE;
}

static struct slice hash_of(struct arena *arena, struct slice text)
{
	char hex[SHA256_HEX_BYTES];

	return arena_copy(arena, digest_sha256_hex(text, hex));
}

static int by_region_and_end(const void *left, const void *right)
{
	const struct found *a = left, *b = right;
	int order = slice_compare(a->region, b->region);

	return order ? order : (a->document.end_ms > b->document.end_ms) - (a->document.end_ms < b->document.end_ms);
}

static void add_digest(struct audit *audit, const struct trail_place_object *object, const struct object_key *key)
{
	struct found *found = &audit->digests[audit->digest_count++];
	struct error err;

	*found = (struct found){
		.bucket = object->bucket, .key = object->key, .region = key->region, .text = object->text,
		.hash = hash_of(audit->place->arena, object->text),
		.signature = metadata(object->headers, S("x-amz-meta-signature: ")),
		.algorithm = metadata(object->headers, S("x-amz-meta-signature-algorithm: ")),
	};
	if (!digest_document_read(audit->place->arena, object->text, &found->document, &err)) {
		complain(audit, err.message, object->key);
		return;
	}
	if (!slice_equal(found->document.bucket, object->bucket) || !slice_equal(found->document.key, object->key))
		complain(audit, "lies elsewhere", object->key);
	if (found->document.end_ms != key->time_ms || found->document.start_ms >= key->time_ms)
		complain(audit, "has other times than its key", object->key);
}

static struct audit read_all(struct trail_place *place)
{
	struct audit audit = { .place = place };
	struct trail_place_objects objects;
	struct object_key key;

	if (!trail_place_read(place, &objects)) {
		audit.wrong = "objects cannot be read";
		return audit;
	}
	audit.digests = arena_array(place->arena, objects.count + 1, sizeof *audit.digests);
	audit.logs = arena_array(place->arena, objects.count + 1, sizeof *audit.logs);
	for (size_t i = 0; i < objects.count; i++) {
		object_keys_parse(objects.items[i].key, &key);
		if (key.kind == OBJECT_KEY_DIGEST)
			add_digest(&audit, &objects.items[i], &key);
		else if (key.kind == OBJECT_KEY_LOG)
			audit.logs[audit.log_count++] = (struct log){
				.bucket = objects.items[i].bucket, .key = objects.items[i].key,
				.hash = hash_of(place->arena, objects.items[i].text),
			};
	}
	qsort(audit.digests, audit.digest_count, sizeof *audit.digests, by_region_and_end);
	return audit;
}

struct slice digest_place_shown(struct trail_place *place)
{
	struct audit audit = read_all(place);
	const int64_t zero_ms = TRAIL_PLACE_NOW_MS / 1000 * 1000;
	struct object_key previous;
	struct buffer out;

	if (audit.wrong)
		return slice_of(audit.wrong);
	buffer_init(&out, place->arena, 1 << 20);
	for (size_t i = 0; i < audit.digest_count; i++) {
		const struct digest_document *document = &audit.digests[i].document;
		buffer_printf(&out, "%.*s %" PRId64 "..%" PRId64 " files=%zu", SLICE_ARG(audit.digests[i].region),
		              (document->start_ms - zero_ms) / 1000, (document->end_ms - zero_ms) / 1000, document->file_count);
		if (document->previous_key.ptr) {
			object_keys_parse(document->previous_key, &previous);
			buffer_printf(&out, " <- %" PRId64, (previous.time_ms - zero_ms) / 1000);
			if (!slice_equal(document->previous_bucket, document->bucket))
				buffer_printf(&out, " in %.*s", SLICE_ARG(document->previous_bucket));
		}
		buffer_add(&out, S(","));
	}
	return buffer_slice(&out);
}

/* ---- the check ---- */

static void check_signature(struct audit *audit, const struct found *found, const struct signing_key_list *keys)
{
	unsigned char signature[RSA_SIGNATURE_BYTES];
	struct slice signed_text = digest_document_to_sign(audit->place->arena, &found->document, found->text);
	const struct signing_key *key = NULL;

	for (size_t i = 0; i < keys->count; i++)
		if (slice_equal(keys->items[i].fingerprint, found->document.fingerprint))
			key = &keys->items[i];
	if (!key || found->document.end_ms < key->start_ms || found->document.end_ms > key->end_ms) {
		complain(audit, "has a key that is not valid", found->key);
		return;
	}
	struct rsa_verifier *verifier = rsa_verifier_new(key->public_der, &audit->place->err);
	if (!hex_decode(found->signature, signature, sizeof signature)
	    || !rsa_verify(verifier, signed_text, (struct slice){ (const char *)signature, sizeof signature }))
		complain(audit, "is not signed", found->key);
	if (!slice_equal(found->algorithm, S("SHA256withRSA")))
		complain(audit, "names another algorithm", found->key);
	rsa_verifier_free(verifier);
}

static void check_link(struct audit *audit, const struct found *found)
{
	const struct digest_document *document = &found->document;
	unsigned same = 0, before = 0;

	if (!document->previous_key.ptr) {
		if (document->previous_bucket.ptr || document->previous_hash.ptr || document->previous_signature.ptr)
			complain(audit, "has half a predecessor", found->key);
		return;
	}
	for (size_t i = 0; i < audit->digest_count; i++) {
		const struct found *other = &audit->digests[i];
		same += slice_equal(other->document.previous_key, document->previous_key);
		before += slice_equal(other->key, document->previous_key) && slice_equal(other->bucket, document->previous_bucket)
		       && slice_equal(other->hash, document->previous_hash)
		       && slice_equal(other->signature, document->previous_signature)
		       && slice_equal(other->region, found->region) && other->document.end_ms == document->start_ms;
	}
	if (before != 1)
		complain(audit, "follows nothing", found->key);
	if (same != 1)
		complain(audit, "is not the only one to follow its predecessor", found->key);
}

static struct log *find_log(struct audit *audit, struct slice bucket, struct slice key)
{
	for (size_t i = 0; i < audit->log_count; i++)
		if (slice_equal(audit->logs[i].key, key) && slice_equal(audit->logs[i].bucket, bucket))
			return &audit->logs[i];
	complain(audit, "is listed and not there", key);
	return NULL;
}

static void check_files(struct audit *audit, const struct found *found)
{
	for (size_t i = 0; i < found->document.file_count; i++) {
		const struct digest_file *file = &found->document.files[i];
		struct log *log = find_log(audit, file->bucket, file->key);
		if (!log)
			return;
		log->listed++;
		if (!slice_equal(log->hash, file->hash))
			complain(audit, "has another hash than is listed", file->key);
	}
}

static void check_logs(struct audit *audit)
{
	struct rows rows = catalog_query(audit->place->context.reader, &audit->place->err, "SELECT bucket, key FROM trail_files", "");

	while (rows_next(&rows)) {
		struct log *log = find_log(audit, rows_text(&rows, 0, audit->place->arena), rows_text(&rows, 1, audit->place->arena));
		if (log)
			log->waiting++;
	}
	if (!rows_close(&rows))
		complain(audit, audit->place->err.message, SLICE_NONE);
	for (size_t i = 0; i < audit->log_count; i++)
		if (audit->logs[i].listed + audit->logs[i].waiting != 1)
			complain(audit, "is not in exactly one digest", audit->logs[i].key);
}

static void check_catalog(struct audit *audit)
{
	struct trail_place *place = audit->place;
	struct digest_chain_list chains;

	if (!digest_chains_list(place->context.reader, place->arena, &chains, &place->err))
		complain(audit, place->err.message, SLICE_NONE);
	for (size_t i = 0; i < chains.count; i++)
		if (!chains.items[i].is_first && chains.items[i].start_ms != chains.items[i].head.end_ms)
			complain(audit, "chain and head differ", chains.items[i].region);
	for (size_t i = 0; i < audit->digest_count; i++) {
		const struct found *found = &audit->digests[i];
		struct digest_head head;
		if (i + 1 < audit->digest_count && slice_equal(found[1].region, found->region))
			continue;
		if (!digest_chains_head(place->context.reader, place->arena, TRAIL_PLACE_ACCOUNT, DIGEST_PLACE_TRAIL, found->region,
		                        &head, &place->err)
		    || (head.key.ptr && (!slice_equal(head.key, found->key) || !slice_equal(head.hash, found->hash))))
			complain(audit, "is the newest and not the head", found->key);
	}
}

const char *digest_place_check(struct trail_place *place)
{
	struct audit audit = read_all(place);
	struct signing_key_list keys;

	if (!audit.wrong && !signing_keys_list(place->context.reader, place->arena, 0, INT64_MAX, &keys, &place->err))
		audit.wrong = place->err.message;
	for (size_t i = 0; i < audit.digest_count && !audit.wrong; i++) {
		check_signature(&audit, &audit.digests[i], &keys);
		check_link(&audit, &audit.digests[i]);
		check_files(&audit, &audit.digests[i]);
	}
	if (!audit.wrong)
		check_logs(&audit);
	if (!audit.wrong)
		check_catalog(&audit);
	return audit.wrong;
}
