/* services/cloudtrail/preflight.c: what a delivery will ask, asked now; what it will put, empty. */
#include "services/cloudtrail/preflight.h"

#include "bucket/bucket_policy.h"
#include "bucket/bucket_policy_check.h"
#include "bucket/bucket_put.h"
#include "bucket/documents.h"
#include "codec/json.h"
#include "trail/trail_names.h"
#include "trail/trail_object.h"

#define EMPTY_MD5 "d41d8cd98f00b204e9800998ecf8427e"

enum { POLICY_BYTES_MAX = 20 << 10 };           /* S3's own limit of a bucket policy */

/* ---- where it delivers ---- */

/* "PREFIX/AWSLogs/ACCOUNT/" and what follows. */
static struct slice key_of(struct call *call, const struct trail *trail, const char *rest)
{
	return arena_format(&call->arena, "%.*s%sAWSLogs/%.*s/%s", SLICE_ARG(trail->prefix), trail->prefix.ptr ? "/" : "",
	                    SLICE_ARG(trail->account), rest);
}

/* The folders of the trail; 1 to 3. */
static size_t list_folders(const struct trail *trail, const char *folders[3])
{
	size_t count = 0;

	folders[count++] = "CloudTrail/";
	if (trail->has_validation)
		folders[count++] = "CloudTrail-Digest/";
	if (trail->insight_selectors.ptr)
		folders[count++] = "CloudTrail-Insight/";
	return count;
}

/* ---- the bucket's policy ---- */

static void write_statement(struct json_writer *out, struct slice sid, struct slice action, struct slice resource,
                            struct slice trail_arn, bool has_acl)
{
	json_object_begin(out);
	json_member(out, S("Sid"), sid);
	json_member(out, S("Effect"), S("Allow"));
	json_key(out, S("Principal"));
	json_object_begin(out);
	json_member(out, S("Service"), S("cloudtrail.amazonaws.com"));
	json_object_end(out);
	json_member(out, S("Action"), action);
	json_member(out, S("Resource"), resource);
	json_key(out, S("Condition"));
	json_object_begin(out);
	json_key(out, S("StringEquals"));
	json_object_begin(out);
	if (has_acl)
		json_member(out, S("s3:x-amz-acl"), S("bucket-owner-full-control"));
	json_member(out, S("aws:SourceArn"), trail_arn);
	json_object_end(out);
	json_object_end(out);
	json_object_end(out);
}

static struct slice standard_policy(struct call *call, const struct trail *trail)
{
	struct slice arn = trail_names_arn(&call->arena, trail->region, trail->account, trail->name);
	struct slice bucket = arena_format(&call->arena, "arn:aws:s3:::%.*s", SLICE_ARG(trail->bucket));
	struct slice objects = arena_format(&call->arena, "%.*s/%.*s", SLICE_ARG(bucket), SLICE_ARG(key_of(call, trail, "*")));
	struct json_writer out;
	struct buffer text;

	buffer_init(&text, &call->arena, POLICY_BYTES_MAX);
	json_writer_init(&out, &text);
	json_object_begin(&out);
	json_member(&out, S("Version"), S("2012-10-17"));
	json_key(&out, S("Statement"));
	json_array_begin(&out);
	write_statement(&out, S("AWSCloudTrailAclCheck20150319"), S("s3:GetBucketAcl"), bucket, arn, false);
	write_statement(&out, S("AWSCloudTrailWrite20150319"), S("s3:PutObject"), objects, arn, true);
	json_array_end(&out);
	json_object_end(&out);
	return buffer_slice(&text);
}

/* Gives back the bucket as it is then. */
static const struct bucket *attach_policy(struct call *call, const struct bucket *bucket, const struct trail *trail,
                                          struct error *err)
{
	bool is_public = false;
	struct slice stored = bucket_policy_check(call->catalog, &call->arena, bucket, standard_policy(call, trail), &is_public, err);

	if (!stored.ptr || !documents_put(call->catalog, bucket, DOCUMENT_POLICY, stored, call->now_ms, err)
	    || !buckets_set_policy(call->catalog, bucket, true, is_public, err))
		return NULL;
	return buckets_find(call->catalog, &call->arena, bucket->name, err);
}

static bool ask(struct call *call, const struct bucket_policy *policy, const struct trail *trail, struct error *err)
{
	const struct trail_sender sender = { trail->account, trail->region, trail->name };
	struct slice bucket = arena_format(&call->arena, "arn:aws:s3:::%.*s", SLICE_ARG(trail->bucket));
	const char *folders[3];
	size_t count = list_folders(trail, folders);

	if (!trail_object_ask(policy, &call->arena, &sender, S("s3:GetBucketAcl"), bucket, call->now_ms, err))
		return false;
	for (size_t i = 0; i < count; i++) {
		struct slice key = key_of(call, trail, folders[i]);
		struct slice object = arena_format(&call->arena, "%.*s/%.*s", SLICE_ARG(bucket), SLICE_ARG(key));
		if (!trail_object_ask(policy, &call->arena, &sender, S("s3:PutObject"), object, call->now_ms, err))
			return false;
	}
	return true;
}

static bool check_policy(struct call *call, const struct bucket *bucket, const struct trail *trail, struct error *err)
{
	struct error why = {0};
	struct bucket_policy policy;

	if (!bucket_policy_take(call->catalog, call->policies, &call->arena, bucket, &policy, err))
		return false;
	bool is_allowed = ask(call, &policy, trail, &why);
	bucket_policy_release(&policy);
	return is_allowed
	    || fail_as(err, ERR_INVALID, "InsufficientS3BucketPolicyException",
	               "Incorrect S3 bucket policy is detected for bucket: %.*s", SLICE_ARG(bucket->name));
}

/* ---- the folders ---- */

static bool put_folders(struct call *call, const struct trail *trail, struct error *err)
{
	const char *folders[3];
	size_t count = list_folders(trail, folders);

	for (size_t i = 0; i < count; i++) {
		struct put_result result;
		const struct put put = {
			.key = key_of(call, trail, folders[i]), .version_id = versions_make_id(&call->arena, call->random),
			.content = { .etag = S(EMPTY_MD5) },
			.attributes = { .headers = S("content-type: application/json\ncontent-encoding: gzip\n") },
		};
		if (!bucket_put(call->catalog, &call->arena, trail->bucket, call->now_ms, &put, &result, err))
			return false;
	}
	return true;
}

bool preflight_bucket(struct call *call, const struct trail *trail, struct error *err)
{
	const struct bucket *bucket = buckets_find(call->catalog, &call->arena, trail->bucket, err);

	if (!bucket && err->kind == ERR_NONE)
		return fail_as(err, ERR_NOT_FOUND, "S3BucketDoesNotExistException", "S3 bucket %.*s does not exist!", SLICE_ARG(trail->bucket));
	if (!bucket)
		return false;
	if (call->environment->attaches_trail_policy && !bucket->has_policy && slice_equal(bucket->account, call->account)) {
		bucket = attach_policy(call, bucket, trail, err);
		if (!bucket)
			return false;
	}
	return check_policy(call, bucket, trail, err) && put_folders(call, trail, err);
}

/* ---- what spoor does not have ---- */

/* "REGION:ACCOUNT:key/ID" or "REGION:ACCOUNT:alias/NAME" behind "arn:aws:kms:". */
static bool is_key_arn(struct slice arn, struct slice *region)
{
	struct slice head, partition, service, account;
	struct slice rest = slice_cut(arn, ':', &head);
	uint64_t number;

	rest = slice_cut(rest, ':', &partition);
	rest = slice_cut(rest, ':', &service);
	rest = slice_cut(rest, ':', region);
	rest = slice_cut(rest, ':', &account);
	return slice_equal(service, S("kms")) && region->len && account.len == 12 && slice_to_u64(account, &number)
	    && ((slice_has_prefix(rest, S("key/")) && rest.len > sizeof "key/" - 1)
	        || (slice_has_prefix(rest, S("alias/")) && rest.len > sizeof "alias/" - 1));
}

static bool check_key(struct call *call, const struct trail *trail, struct error *err)
{
	const struct bucket *bucket = buckets_find(call->catalog, &call->arena, trail->bucket, err);
	struct slice key = trail->kms_key_arn, region;

	if (!bucket)
		return err->kind != ERR_NONE ? false : fail(err, ERR_CORRUPT, "the bucket of a trail is gone within a transaction");
	if (!slice_has_prefix(key, S("arn:")))
		key = arena_format(&call->arena, "arn:aws:kms:%.*s:%.*s:%s%.*s", SLICE_ARG(bucket->region), SLICE_ARG(trail->account),
		                   slice_has_prefix(key, S("alias/")) ? "" : "key/", SLICE_ARG(key));
	if (!is_key_arn(key, &region))
		return fail_as(err, ERR_INVALID, "KmsKeyNotFoundException", "KMS key %.*s does not exist.", SLICE_ARG(slice_sub(key, 0, 300)));
	if (!slice_equal(region, bucket->region))
		return fail_as(err, ERR_INVALID, "KmsKeyNotFoundException", "KMS key %.*s is not in %.*s, the region of S3 bucket %.*s.",
		               SLICE_ARG(slice_sub(key, 0, 300)), SLICE_ARG(bucket->region), SLICE_ARG(bucket->name));
	return fail_as(err, ERR_INVALID, "InsufficientEncryptionPolicyException",
	               "Insufficient permissions to access S3 bucket %.*s or KMS key %.*s.", SLICE_ARG(trail->bucket), SLICE_ARG(key));
}

bool preflight_others(struct call *call, const struct trail *trail, struct error *err)
{
	if (trail->sns_arn.ptr)
		return fail_as(err, ERR_INVALID, "InsufficientSnsTopicPolicyException",
		               "SNS Topic does not exist or the topic policy is incorrect!");
	if (trail->log_group_arn.ptr)
		return fail_as(err, ERR_INVALID, "InvalidCloudWatchLogsLogGroupArnException",
		               "CloudTrail cannot validate the specified log group ARN.");
	return !trail->kms_key_arn.ptr || check_key(call, trail, err);
}
