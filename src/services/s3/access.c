/* services/s3/access.c: the checks in order, and what the policies see of the request. */
#include "services/s3/access.h"

#include "base/limits.h"
#include "bucket/bucket_policy.h"
#include "bucket/bucket_put.h"
#include "bucket/tags.h"
#include "services/authorisation.h"
#include "services/rest.h"
#include "services/s3/cors.h"
#include "services/shape.h"

static bool is_account(struct slice text)
{
	uint64_t number;

	return text.len == 12 && slice_to_u64(text, &number);
}

static bool is_expected_owner(const struct bucket *bucket, struct slice expected, struct error *err)
{
	if (!expected.len)
		return true;
	if (!is_account(expected))
		return fail_as(err, ERR_INVALID, "InvalidBucketOwnerAWSAccountID",
			"The value of the expected bucket owner parameter must be an AWS account ID");
	return slice_equal(expected, bucket->account) || fail_as(err, ERR_DENIED, "AccessDenied", "Access Denied");
}

const struct bucket *access_find_bucket(struct call *call, struct error *err)
{
	if (!buckets_check_name(call->rest->bucket, err))
		return NULL;
	const struct bucket *bucket = buckets_get(call->catalog, &call->arena, call->rest->bucket, err);
	if (!bucket)
		return NULL;
	call->rest->bucket_owner = bucket->account;
	if (!cors_answer(call, bucket, err))
		return NULL;
	return is_expected_owner(bucket, rest_header(call->rest, S("x-amz-expected-bucket-owner")), err) ? bucket : NULL;
}

const struct bucket *access_find_other(struct call *call, struct slice name, struct slice expected_owner, struct error *err)
{
	const struct bucket *bucket = buckets_check_name(name, err) ? buckets_get(call->catalog, &call->arena, name, err) : NULL;

	return bucket && is_expected_owner(bucket, expected_owner, err) ? bucket : NULL;
}

const struct bucket *access_bucket_now(struct call *call, struct error *err)
{
	const struct bucket *bucket = buckets_get(call->catalog, &call->arena, call->rest->bucket, err);

	if (!bucket || slice_equal(bucket->account, call->rest->bucket_owner))
		return bucket;
	fail_as(err, ERR_NOT_FOUND, "NoSuchBucket", "The specified bucket does not exist");
	return NULL;                            /* what one owner was asked about is not done to another's */
}

/* Source: Service Authorization Reference, "Condition keys for Amazon S3". */
static void add_headers(struct context *context, const struct rest *rest)
{
	static const struct { struct slice key, header; } rows[] = {
		{ S_INIT("s3:x-amz-acl"), S_INIT("x-amz-acl") },
		{ S_INIT("s3:x-amz-content-sha256"), S_INIT("x-amz-content-sha256") },
		{ S_INIT("s3:x-amz-copy-source"), S_INIT("x-amz-copy-source") },
		{ S_INIT("s3:x-amz-grant-full-control"), S_INIT("x-amz-grant-full-control") },
		{ S_INIT("s3:x-amz-grant-read"), S_INIT("x-amz-grant-read") },
		{ S_INIT("s3:x-amz-grant-read-acp"), S_INIT("x-amz-grant-read-acp") },
		{ S_INIT("s3:x-amz-grant-write"), S_INIT("x-amz-grant-write") },
		{ S_INIT("s3:x-amz-grant-write-acp"), S_INIT("x-amz-grant-write-acp") },
		{ S_INIT("s3:x-amz-metadata-directive"), S_INIT("x-amz-metadata-directive") },
		{ S_INIT("s3:x-amz-object-ownership"), S_INIT("x-amz-object-ownership") },
		{ S_INIT("s3:x-amz-server-side-encryption"), S_INIT("x-amz-server-side-encryption") },
		{ S_INIT("s3:x-amz-server-side-encryption-aws-kms-key-id"), S_INIT("x-amz-server-side-encryption-aws-kms-key-id") },
		{ S_INIT("s3:x-amz-storage-class"), S_INIT("x-amz-storage-class") },
		{ S_INIT("s3:x-amz-website-redirect-location"), S_INIT("x-amz-website-redirect-location") },
		{ S_INIT("s3:if-match"), S_INIT("if-match") },
		{ S_INIT("s3:if-none-match"), S_INIT("if-none-match") },
		{ S_INIT("s3:object-lock-mode"), S_INIT("x-amz-object-lock-mode") },
		{ S_INIT("s3:object-lock-legal-hold"), S_INIT("x-amz-object-lock-legal-hold") },
		{ S_INIT("s3:object-lock-retain-until-date"), S_INIT("x-amz-object-lock-retain-until-date") },
	};

	for (size_t i = 0; i < COUNT(rows); i++)
		context_set(context, rows[i].key, rest_header(rest, rows[i].header));
}

static void add_query(struct context *context, const struct rest *rest)
{
	context_set(context, S("s3:prefix"), rest_query(rest, S("prefix")));
	context_set(context, S("s3:delimiter"), rest_query(rest, S("delimiter")));
	context_set(context, S("s3:max-keys"), rest_query(rest, S("max-keys")));
	context_set(context, S("s3:VersionId"), rest_query(rest, S("versionId")));
}

static void add_tags(struct call *call, struct context *context, struct slice prefix, struct slice text)
{
	struct tag_list tags;
	struct error ignored;
	struct slice *keys;

	if (!tags_read(&call->arena, text, &tags, &ignored) || tags.count == 0)
		return;
	keys = arena_array(&call->arena, tags.count, sizeof *keys);
	for (size_t i = 0; i < tags.count; i++) {
		context_set_named(context, prefix, tags.items[i].key, tags.items[i].value);
		keys[i] = tags.items[i].key;
	}
	if (slice_equal(prefix, S("s3:RequestObjectTag/")))
		context_set_list(context, S("s3:RequestObjectTagKeys"), keys, tags.count);
}

void access_add_existing(struct call *call, const struct version *existing, struct context *context)
{
	if (existing)
		add_tags(call, context, S("s3:ExistingObjectTag/"), existing->attributes.tags);
}

/* "TLSv1.3" -> "1.3" */
static struct slice tls_number(struct slice version)
{
	return slice_has_prefix(version, S("TLSv")) ? slice_from(version, 4) : SLICE_NONE;
}

void access_context(struct call *call, const void *input, const struct bucket *bucket, struct context *context)
{
	const struct rest *rest = call->rest;

	authorisation_context(call, input, context);
	add_headers(context, rest);
	add_query(context, rest);
	add_tags(call, context, S("s3:RequestObjectTag/"), rest_header(rest, S("x-amz-tagging")));
	context_set(context, S("s3:authType"), rest->is_anonymous ? SLICE_NONE : rest->is_presigned ? S("REST-QUERY-STRING") : S("REST-HEADER"));
	context_set(context, S("s3:signatureversion"), rest->is_anonymous ? SLICE_NONE : S("AWS4-HMAC-SHA256"));
	context_set(context, S("s3:TlsVersion"), tls_number(call->tls_version));
	if (bucket) {
		context_set(context, S("aws:ResourceAccount"), bucket->account);
		context_set(context, S("s3:ResourceAccount"), bucket->account);
	}
}

bool access_ask(struct call *call, const struct bucket *bucket, const char *action, struct slice key,
                const struct context *context, struct error *err)
{
	struct slice name = bucket ? bucket->name : call->rest->bucket;
	struct bucket_question question = {
		.principal = call->principal, .action = slice_of(action), .context = context,
		.resource = key.ptr ? arena_format(&call->arena, "arn:aws:s3:::%.*s/%.*s", SLICE_ARG(name), SLICE_ARG(key))
		                    : arena_format(&call->arena, "arn:aws:s3:::%.*s", SLICE_ARG(name)),
	};

	return bucket_policy_allow(call->catalog, call->policies, &call->arena, bucket, &question, err);
}

const char *access_version_action(const char *action, struct slice version_id)
{
	static const struct { const char *action, *with_version; } rows[] = {
		{ "s3:GetObject",           "s3:GetObjectVersion" },
		{ "s3:DeleteObject",        "s3:DeleteObjectVersion" },
		{ "s3:GetObjectAcl",        "s3:GetObjectVersionAcl" },
		{ "s3:PutObjectAcl",        "s3:PutObjectVersionAcl" },
		{ "s3:GetObjectAttributes", "s3:GetObjectVersionAttributes" },
		{ "s3:GetObjectTagging",    "s3:GetObjectVersionTagging" },
		{ "s3:PutObjectTagging",    "s3:PutObjectVersionTagging" },
		{ "s3:DeleteObjectTagging", "s3:DeleteObjectVersionTagging" },
	};

	for (size_t i = 0; version_id.ptr && i < COUNT(rows); i++)
		if (strcmp(action, rows[i].action) == 0)
			return rows[i].with_version;
	return action;
}

bool access_bucket(struct call *call, const void *input, struct error *err)
{
	const struct bucket *bucket = access_find_bucket(call, err);
	struct context context;

	if (!bucket)
		return false;
	access_context(call, input, bucket, &context);
	return access_ask(call, bucket, call->operation->action, SLICE_NONE, &context, err);
}

bool access_check_key(struct call *call, struct slice key, struct error *err)
{
	if (bucket_check_key(key, err))
		return true;
	if (key.len > S3_KEY_BYTES_MAX) {
		rest_add_element(call->rest, S("Size"), arena_format(&call->arena, "%zu", key.len));
		rest_add_element(call->rest, S("MaxSizeAllowed"), arena_format(&call->arena, "%d", S3_KEY_BYTES_MAX));
	}
	return false;
}

bool access_object(struct call *call, const void *input, struct error *err)
{
	struct slice key = call->rest->key, version_id = rest_query(call->rest, S("versionId"));
	const struct bucket *bucket = access_find_bucket(call, err);
	const struct version *existing;
	struct error failure = { 0 };
	struct context context;

	if (!bucket || !access_check_key(call, key, err))
		return false;
	existing = version_id.len ? versions_find(call->catalog, &call->arena, bucket, key, version_id, &failure)
	                          : versions_find_latest(call->catalog, &call->arena, bucket, key, &failure);
	if (failure.kind != ERR_NONE) {
		*err = failure;
		return false;
	}
	access_context(call, input, bucket, &context);
	access_add_existing(call, existing, &context);
	return access_ask(call, bucket, access_version_action(call->operation->action, version_id), key, &context, err);
}

bool access_hide(struct call *call, const void *input, const struct bucket *bucket, struct error *err)
{
	struct context context;
	struct error refusal = { 0 };

	if (!err->name || strcmp(err->name, "NoSuchKey") != 0)
		return false;
	access_context(call, input, bucket, &context);
	if (!access_ask(call, bucket, "s3:ListBucket", SLICE_NONE, &context, &refusal))
		*err = refusal;
	return false;
}
