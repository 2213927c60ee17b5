/* trail/trail_object.c: gzip, one encrypted file, one row; the checks are those of the real policy engine. */
#include "trail/trail_object.h"

#include "auth/context.h"
#include "auth/keyring.h"
#include "bucket/bucket_policy.h"
#include "codec/base64.h"
#include "codec/checksum.h"
#include "codec/gzip.h"
#include "codec/hex.h"
#include "store/object_writer.h"
#include "trail/trail_names.h"

static struct slice bytes_of(const void *ptr, size_t len)
{
	return (struct slice){ ptr, len };
}

/* ---- writing ---- */

static void describe_content(struct arena *arena, struct slice file, struct content *content)
{
	struct digest_md5 md5;
	struct checksum crc;
	unsigned char raw[CHECKSUM_BYTES_MAX];

	digest_md5_init(&md5);
	digest_md5_add(&md5, file);
	digest_md5_final(&md5, raw);
	content->etag = hex_text(arena, bytes_of(raw, MD5_BYTES));
	checksum_init(&crc, CHECKSUM_CRC64NVME);
	checksum_add(&crc, file);
	content->checksum_algorithm = checksum_name(CHECKSUM_CRC64NVME);
	content->checksum = base64_text(arena, bytes_of(raw, checksum_final(&crc, raw)));
	content->checksum_type = S("FULL_OBJECT");
	content->bytes = (int64_t)file.len;
}

static bool write_file(struct delivery_context *context, struct arena *arena, struct trail_object *object,
                       struct slice file, struct error *err)
{
	unsigned char key[OBJECT_KEY_BYTES];
	struct object_facts facts;
	struct content *content = &object->put.content;

	random_bytes(&context->random, key, sizeof key);
	object->writer = object_create(context->options.objects, key, &context->random, err);
	bool ok = object->writer && object_append(object->writer, file, err) && object_finish(object->writer, &facts, err);
	if (ok) {
		content->file = arena_copy(arena, bytes_of(facts.name, sizeof facts.name));
		content->sealed_key = keyring_seal(context->options.keyring, KEYRING_OBJECT_KEY, content->file,
		                                   bytes_of(key, sizeof key), &context->random, arena);
	}
	digest_wipe(key, sizeof key);
	return ok;
}

bool trail_object_write(struct delivery_context *context, struct arena *arena, struct trail_object *object,
                        struct slice bytes, struct error *err)
{
	struct slice file = gzip_write(context->gzip, &context->scratch, bytes);

	object->put = (struct put){
		.key = object->key, .version_id = versions_make_id(arena, &context->random),
		.attributes = { .headers = arena_format(arena, "content-type: application/json\ncontent-encoding: gzip\n%.*s",
		                                        SLICE_ARG(object->metadata)) },
	};
	describe_content(arena, file, &object->put.content);
	bool ok = write_file(context, arena, object, file, err);
	arena_reset(&context->scratch, 0);
	if (!ok)
		trail_object_end(object, DELIVERY_REFUSED);
	return ok;
}

/* ---- placing ---- */

bool trail_object_ask(const struct bucket_policy *policy, struct arena *arena, const struct trail_sender *sender,
                      struct slice action, struct slice resource, int64_t now_ms, struct error *err)
{
	struct principal principal;
	struct context context;

	bucket_policy_service(arena, &(struct bucket_service){
		.name = S("cloudtrail.amazonaws.com"), .source_account = sender->account,
		.source_arn = trail_names_arn(arena, sender->region, sender->account, sender->name),
		.region = sender->region, .is_tls = true, .now_ms = now_ms,
	}, &principal, &context);
	context_set(&context, S("s3:x-amz-acl"), S("bucket-owner-full-control"));
	return bucket_policy_ask(policy, &(struct bucket_question){
		.principal = &principal, .action = action, .resource = resource, .context = &context,
	}, arena, err);
}

bool trail_object_check(struct catalog *catalog, struct arena *arena, const struct trail_object *object, int64_t now_ms,
                        struct error *err)
{
	const struct bucket *bucket = buckets_get(catalog, arena, object->bucket, err);
	struct bucket_policy policy;
	struct slice resource;

	if (!bucket || !bucket_policy_take(catalog, NULL, arena, bucket, &policy, err))
		return false;
	resource = arena_format(arena, "arn:aws:s3:::%.*s/%.*s", SLICE_ARG(object->bucket), SLICE_ARG(object->key));
	bool is_allowed = trail_object_ask(&policy, arena, &object->sender, S("s3:PutObject"), resource, now_ms, err);
	bucket_policy_release(&policy);
	return is_allowed;
}

bool trail_object_put(struct catalog *catalog, struct arena *arena, const struct trail_object *object, int64_t now_ms,
                      struct error *err)
{
	struct put_result result;

	return trail_object_check(catalog, arena, object, now_ms, err)
	    && bucket_put(catalog, arena, object->bucket, now_ms, &object->put, &result, err);
}

void trail_object_end(struct trail_object *object, enum delivery_result result)
{
	if (result == DELIVERY_REFUSED)
		object_abort(object->writer);
	else
		object_writer_close(object->writer);
	object->writer = NULL;
}
