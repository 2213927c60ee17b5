/* trail/digest_document.c: the members in AWS's order, every one present, absent ones as null. */
#include "trail/digest_document.h"

#include "base/clock.h"
#include "codec/digest.h"
#include "codec/json.h"

enum { FILE_ENTRY_BYTES = 4096, DOCUMENT_BYTES = 16384 };      /* generous: keys have at most 1,024 bytes, escaped */

/* ---- writing ---- */

static void put_text(struct json_writer *out, struct slice key, struct slice text)
{
	json_key(out, key);
	if (text.ptr)
		json_string(out, text);
	else
		json_null(out);
}

static void put_time(struct json_writer *out, struct slice key, int64_t ms)
{
	char text[TIME_TEXT_BYTES];

	put_text(out, key, time_iso(ms, text));
}

static void put_event_times(struct json_writer *out, const struct digest_document *document)
{
	int64_t newest_ms = INT64_MIN, oldest_ms = INT64_MAX;

	for (size_t i = 0; i < document->file_count; i++) {
		newest_ms = document->files[i].newest_ms > newest_ms ? document->files[i].newest_ms : newest_ms;
		oldest_ms = document->files[i].oldest_ms < oldest_ms ? document->files[i].oldest_ms : oldest_ms;
	}
	if (document->file_count == 0) {
		put_text(out, S("newestEventTime"), SLICE_NONE);
		put_text(out, S("oldestEventTime"), SLICE_NONE);
		return;
	}
	put_time(out, S("newestEventTime"), newest_ms);
	put_time(out, S("oldestEventTime"), oldest_ms);
}

static void put_files(struct json_writer *out, const struct digest_document *document)
{
	json_key(out, S("logFiles"));
	json_array_begin(out);
	for (size_t i = 0; i < document->file_count; i++) {
		const struct digest_file *file = &document->files[i];
		json_object_begin(out);
		put_text(out, S("s3Bucket"), file->bucket);
		put_text(out, S("s3Object"), file->key);
		put_text(out, S("hashValue"), file->hash);
		put_text(out, S("hashAlgorithm"), S("SHA-256"));
		put_time(out, S("newestEventTime"), file->newest_ms);
		put_time(out, S("oldestEventTime"), file->oldest_ms);
		json_object_end(out);
	}
	json_array_end(out);
}

struct slice digest_document_write(struct arena *arena, const struct digest_document *document)
{
	struct buffer buffer;
	struct json_writer out;

	buffer_init(&buffer, arena, DOCUMENT_BYTES + document->file_count * FILE_ENTRY_BYTES);
	json_writer_init(&out, &buffer);
	json_object_begin(&out);
	put_text(&out, S("awsAccountId"), document->account);
	put_time(&out, S("digestStartTime"), document->start_ms);
	put_time(&out, S("digestEndTime"), document->end_ms);
	put_text(&out, S("digestS3Bucket"), document->bucket);
	put_text(&out, S("digestS3Object"), document->key);
	put_text(&out, S("digestPublicKeyFingerprint"), document->fingerprint);
	put_text(&out, S("digestSignatureAlgorithm"), S("SHA256withRSA"));
	put_event_times(&out, document);
	put_text(&out, S("previousDigestS3Bucket"), document->previous_bucket);
	put_text(&out, S("previousDigestS3Object"), document->previous_key);
	put_text(&out, S("previousDigestHashValue"), document->previous_hash);
	put_text(&out, S("previousDigestHashAlgorithm"), document->previous_hash.ptr ? S("SHA-256") : SLICE_NONE);
	put_text(&out, S("previousDigestSignature"), document->previous_signature);
	put_files(&out, document);
	json_object_end(&out);
	assert(!buffer.is_over);
	return buffer_slice(&buffer);
}

struct slice digest_document_to_sign(struct arena *arena, const struct digest_document *document, struct slice json)
{
	char end[TIME_TEXT_BYTES], hash[SHA256_HEX_BYTES];
	struct slice previous = document->previous_signature.ptr ? document->previous_signature : S("null");
	struct slice time = time_iso(document->end_ms, end), digest = digest_sha256_hex(json, hash);

	return arena_format(arena, "%.*s\n%.*s/%.*s\n%.*s\n%.*s", SLICE_ARG(time), SLICE_ARG(document->bucket),
	                    SLICE_ARG(document->key), SLICE_ARG(digest), SLICE_ARG(previous));
}

/* ---- reading ---- */

static bool refuse(struct error *err, struct slice member)
{
	return fail(err, ERR_INVALID, "the digest has no proper %.*s", SLICE_ARG(member));
}

/* The member must be there, as a text, or as null where that is allowed. */
static bool get_text(const struct json *json, struct slice name, bool may_be_null, struct slice *text, struct error *err)
{
	const struct json *member = json_get(json, name);

	if (!member || (member->kind != JSON_STRING && !(may_be_null && member->kind == JSON_NULL)))
		return refuse(err, name);
	*text = member->kind == JSON_STRING ? member->text : SLICE_NONE;
	return true;
}

static bool get_time(const struct json *json, struct slice name, int64_t *ms, struct error *err)
{
	return time_parse_iso(json_get_text(json, name), ms) || refuse(err, name);
}

static bool read_file(const struct json *json, struct digest_file *file, struct error *err)
{
	struct slice algorithm;

	if (!get_text(json, S("s3Bucket"), false, &file->bucket, err) || !get_text(json, S("s3Object"), false, &file->key, err)
	    || !get_text(json, S("hashValue"), false, &file->hash, err)
	    || !get_text(json, S("hashAlgorithm"), false, &algorithm, err)
	    || !get_time(json, S("newestEventTime"), &file->newest_ms, err)
	    || !get_time(json, S("oldestEventTime"), &file->oldest_ms, err))
		return false;
	return slice_equal(algorithm, S("SHA-256")) || refuse(err, S("hashAlgorithm"));
}

static bool read_files(struct arena *arena, const struct json *json, struct digest_document *document, struct error *err)
{
	const struct json *list = json_get(json, S("logFiles"));
	struct digest_file *files;

	if (!list || list->kind != JSON_ARRAY)
		return refuse(err, S("logFiles"));
	document->files = files = arena_array(arena, list->count, sizeof *files);
	for (const struct json *item = list->first; item; item = item->next)
		if (!read_file(item, &files[document->file_count++], err))
			return false;
	return true;
}

bool digest_document_read(struct arena *arena, struct slice json_text, struct digest_document *document, struct error *err)
{
	const struct json_limits limits = { .depth_max = 16, .nodes_max = 4000000 };
	const struct json *json = json_parse(arena, json_text, &limits, err);

	*document = (struct digest_document){0};
	return json && get_text(json, S("awsAccountId"), false, &document->account, err)
	    && get_time(json, S("digestStartTime"), &document->start_ms, err)
	    && get_time(json, S("digestEndTime"), &document->end_ms, err)
	    && get_text(json, S("digestS3Bucket"), false, &document->bucket, err)
	    && get_text(json, S("digestS3Object"), false, &document->key, err)
	    && get_text(json, S("digestPublicKeyFingerprint"), false, &document->fingerprint, err)
	    && get_text(json, S("previousDigestS3Bucket"), true, &document->previous_bucket, err)
	    && get_text(json, S("previousDigestS3Object"), true, &document->previous_key, err)
	    && get_text(json, S("previousDigestHashValue"), true, &document->previous_hash, err)
	    && get_text(json, S("previousDigestSignature"), true, &document->previous_signature, err)
	    && read_files(arena, json, document, err);
}
