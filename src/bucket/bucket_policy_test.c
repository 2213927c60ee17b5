/* bucket/bucket_policy_test.c: who is let in: owners, strangers, services, by policy and by public access block. */
#include "bucket/bucket_policy.h"

#include "auth/policy.h"
#include "auth/policy_cache.h"
#include "bucket/bucket_policy_check.h"
#include "bucket/documents.h"
#include "tests/bucket_catalog.h"

#define OBJECT S("arn:aws:s3:::logs/AWSLogs/1")
#define BUCKET S("arn:aws:s3:::logs")
#define TRAIL  S("arn:aws:cloudtrail:us-east-1:111122223333:trail/audit")

enum who { ROOT, ADMIN, NOBODY, OTHER_ADMIN, OTHER_ROOT, ANONYMOUS, SERVICE };

struct story {
	struct catalog *catalog;
	struct bucket  *bucket;
};

static const struct principal *principal_of(struct test *t, enum who who)
{
	static const struct { enum principal_type type; struct slice account, arn; bool is_admin; } rows[] = {
		[ROOT]        = { PRINCIPAL_ROOT, S_INIT("111122223333"), S_INIT("arn:aws:iam::111122223333:root"), false },
		[ADMIN]       = { PRINCIPAL_USER, S_INIT("111122223333"), S_INIT("arn:aws:iam::111122223333:user/ann"), true },
		[NOBODY]      = { PRINCIPAL_USER, S_INIT("111122223333"), S_INIT("arn:aws:iam::111122223333:user/bob"), false },
		[OTHER_ADMIN] = { PRINCIPAL_USER, S_INIT("444455556666"), S_INIT("arn:aws:iam::444455556666:user/eve"), true },
		[OTHER_ROOT]  = { PRINCIPAL_ROOT, S_INIT("444455556666"), S_INIT("arn:aws:iam::444455556666:root"), false },
		[ANONYMOUS]   = { PRINCIPAL_ANONYMOUS, { NULL, 0 }, S_INIT("anonymous"), false },
		[SERVICE]     = { PRINCIPAL_SERVICE, { NULL, 0 }, S_INIT("cloudtrail.amazonaws.com"), false },
	};
	struct principal *principal = arena_new(&t->arena, struct principal);
	const struct policy **policies = arena_array(&t->arena, 1, sizeof *policies);

	*principal = (struct principal){
		.type = rows[who].type, .account = rows[who].account, .arn = rows[who].arn,
		.unique_id = arena_format(&t->arena, "AIDA%d", (int)who), .identity_policies = policies,
		.identity_policy_count = rows[who].is_admin,
	};
	policies[0] = policy_compile(&t->arena, S("{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"*\","
	                             "\"Resource\":\"*\"}]}"), &t->err);
	return principal;
}

static void begin(struct test *t, struct story *story, unsigned block, const char *statements)
{
	bool is_public = false;

	story->catalog = bucket_catalog_open(t);
	story->bucket = bucket_catalog_make(t, story->catalog, "logs", VERSIONING_NEVER);
	story->bucket->public_access_block = block;
	if (!statements)
		return;
	struct slice document = arena_format(&t->arena, "{\"Version\":\"2012-10-17\",\"Statement\":[%s]}", statements);
	struct slice stored = bucket_policy_check(story->catalog, &t->arena, story->bucket, document, &is_public, &t->err);
	CHECK(t, stored.ptr && documents_put(story->catalog, story->bucket, DOCUMENT_POLICY, stored, NOW_MS, &t->err));
	story->bucket->has_policy = true;
	story->bucket->has_public_policy = is_public;
}

static bool is_allowed(struct test *t, struct story *story, enum who who, struct slice action, struct slice resource)
{
	struct context context;
	struct evaluation evaluation;
	const struct principal *principal = principal_of(t, who);

	context_init(&context, &t->arena);
	context_add_principal(&context, principal, NOW_MS);
	struct bucket_question question = { principal, action, resource, &context };
	CHECK(t, bucket_policy_decide(story->catalog, NULL, &t->arena, story->bucket, &question, &evaluation, &t->err));
	return evaluation.decision == DECISION_ALLOW;
}

static struct slice verdicts(struct test *t, struct story *story, struct slice action, struct slice resource)
{
	static const char *const names[] = { "root", "admin", "nobody", "other-admin", "other-root", "anonymous", "service" };
	struct buffer out;

	buffer_init(&out, &t->arena, 1000);
	for (size_t i = 0; i < COUNT(names); i++)
		if (is_allowed(t, story, (enum who)i, action, resource))
			buffer_printf(&out, "%s ", names[i]);
	return buffer_slice(&out);
}

#define STATEMENT(effect, principal, action, resource, more) \
	"{\"Effect\":\"" effect "\",\"Principal\":" principal ",\"Action\":" action ",\"Resource\":" resource more "}"
#define ON_BOTH "[\"arn:aws:s3:::logs\",\"arn:aws:s3:::logs/*\"]"

TEST(callers_are_let_in_by_bucket_and_identity_policies_together)
{
	static const struct { const char *statements; unsigned block; const char *want; } rows[] = {
		{ NULL, BLOCK_NOT_SET, "root admin " },
		{ STATEMENT("Allow", "\"*\"", "\"s3:GetObject\"", ON_BOTH, ""), BLOCK_NOT_SET,
		  "root admin nobody other-admin other-root anonymous service " },
		{ STATEMENT("Allow", "\"*\"", "\"s3:GetObject\"", ON_BOTH, ""), BLOCK_ALL_PUBLIC, "root admin nobody service " },
		{ STATEMENT("Allow", "\"*\"", "\"s3:GetObject\"", ON_BOTH, ""), BLOCK_PUBLIC_POLICY,
		  "root admin nobody other-admin other-root anonymous service " },
		{ STATEMENT("Allow", "{\"AWS\":\"444455556666\"}", "\"s3:GetObject\"", ON_BOTH, ""), BLOCK_ALL_PUBLIC,
		  "root admin other-admin other-root " },
		{ STATEMENT("Allow", "{\"AWS\":\"111122223333\"}", "\"s3:GetObject\"", ON_BOTH, ""), BLOCK_ALL_PUBLIC, "root admin " },
		{ STATEMENT("Allow", "{\"AWS\":\"arn:aws:iam::444455556666:user/eve\"}", "\"s3:*\"", ON_BOTH, ""), BLOCK_ALL_PUBLIC,
		  "root admin other-admin " },
		{ STATEMENT("Deny", "\"*\"", "\"s3:GetObject\"", ON_BOTH, ""), BLOCK_ALL_PUBLIC, "" },
		{ STATEMENT("Deny", "\"*\"", "\"s3:DeleteObject\"", ON_BOTH, ""), BLOCK_ALL_PUBLIC, "root admin " },
		{ STATEMENT("Allow", "{\"Service\":\"cloudtrail.amazonaws.com\"}", "\"s3:GetObject\"", ON_BOTH, ""), BLOCK_ALL_PUBLIC,
		  "root admin service " },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct story story;
		begin(t, &story, rows[i].block, rows[i].statements);
		if (!CHECK_TEXT(t, verdicts(t, &story, S("s3:GetObject"), OBJECT), slice_of(rows[i].want)))
			test_failed(t, __FILE__, __LINE__, "in row %zu", i);
		catalog_close(story.catalog);
	}
}

/* platform.md, traps 42, 43 and 45. */
TEST(a_denial_stops_the_root_from_deleting_but_not_from_replacing_the_policy)
{
	struct story story;

	begin(t, &story, BLOCK_ALL_PUBLIC, STATEMENT("Deny", "\"*\"", "[\"s3:DeleteObject\",\"s3:*BucketPolicy\"]", ON_BOTH, ""));
	CHECK(t, !is_allowed(t, &story, ROOT, S("s3:DeleteObject"), OBJECT));
	CHECK(t, is_allowed(t, &story, ROOT, S("s3:DeleteObjectVersion"), OBJECT));
	CHECK_TEXT(t, verdicts(t, &story, S("s3:PutBucketPolicy"), BUCKET), S("root "));
	CHECK_TEXT(t, verdicts(t, &story, S("s3:DeleteBucketPolicy"), BUCKET), S("root "));
	CHECK_TEXT(t, verdicts(t, &story, S("s3:GetBucketPolicy"), BUCKET), S("root "));
	CHECK(t, is_allowed(t, &story, ADMIN, S("s3:PutObject"), OBJECT));
	catalog_close(story.catalog);
}

static bool service_may(struct test *t, struct story *story, struct slice source_arn, struct slice account,
                        struct slice action, struct slice resource, struct slice acl)
{
	struct bucket_service service = {
		.name = S("cloudtrail.amazonaws.com"), .source_arn = source_arn, .source_account = account,
		.region = S("us-east-1"), .is_tls = true, .now_ms = NOW_MS,
	};
	struct principal principal;
	struct context context;
	struct evaluation evaluation;

	bucket_policy_service(&t->arena, &service, &principal, &context);
	context_set(&context, S("s3:x-amz-acl"), acl);
	struct bucket_question question = { &principal, action, resource, &context };
	CHECK(t, bucket_policy_decide(story->catalog, NULL, &t->arena, story->bucket, &question, &evaluation, &t->err));
	return evaluation.decision == DECISION_ALLOW;
}

/* CloudTrail User Guide, "Amazon S3 bucket policy for CloudTrail". */
TEST(the_documented_policy_lets_cloudtrail_deliver_for_its_trail_only)
{
	static const char statements[] =
		"{\"Sid\":\"AWSCloudTrailAclCheck20150319\",\"Effect\":\"Allow\",\"Principal\":{\"Service\":\"cloudtrail.amazonaws.com\"},"
		"\"Action\":\"s3:GetBucketAcl\",\"Resource\":\"arn:aws:s3:::logs\",\"Condition\":{\"StringEquals\":{\"aws:SourceArn\":"
		"\"arn:aws:cloudtrail:us-east-1:111122223333:trail/audit\"}}},"
		"{\"Sid\":\"AWSCloudTrailWrite20150319\",\"Effect\":\"Allow\",\"Principal\":{\"Service\":\"cloudtrail.amazonaws.com\"},"
		"\"Action\":\"s3:PutObject\",\"Resource\":\"arn:aws:s3:::logs/AWSLogs/111122223333/*\",\"Condition\":{\"StringEquals\":"
		"{\"s3:x-amz-acl\":\"bucket-owner-full-control\","
		"\"aws:SourceArn\":\"arn:aws:cloudtrail:us-east-1:111122223333:trail/audit\"}}}";
	struct slice key = S("arn:aws:s3:::logs/AWSLogs/111122223333/CloudTrail/x"), acl = S("bucket-owner-full-control");
	struct story story;

	begin(t, &story, BLOCK_ALL_PUBLIC, statements);
	CHECK(t, !story.bucket->has_public_policy);
	CHECK(t, service_may(t, &story, TRAIL, ACCOUNT, S("s3:GetBucketAcl"), BUCKET, SLICE_NONE));
	CHECK(t, service_may(t, &story, TRAIL, ACCOUNT, S("s3:PutObject"), key, acl));
	CHECK(t, !service_may(t, &story, TRAIL, ACCOUNT, S("s3:PutObject"), key, SLICE_NONE));
	CHECK(t, !service_may(t, &story, TRAIL, ACCOUNT, S("s3:PutObject"), S("arn:aws:s3:::logs/p/AWSLogs/111122223333/x"), acl));
	CHECK(t, !service_may(t, &story, TRAIL, ACCOUNT, S("s3:GetObject"), key, acl));
	CHECK(t, !service_may(t, &story, S("arn:aws:cloudtrail:us-east-1:111122223333:trail/other"), ACCOUNT, S("s3:PutObject"), key, acl));
	CHECK(t, !is_allowed(t, &story, NOBODY, S("s3:PutObject"), key));
	catalog_close(story.catalog);
}

TEST(a_service_condition_reads_the_keys_of_its_call)
{
	struct story story;

	begin(t, &story, BLOCK_ALL_PUBLIC, STATEMENT("Allow", "\"*\"", "\"s3:PutObject\"", "\"arn:aws:s3:::logs/*\"",
	      ",\"Condition\":{\"Bool\":{\"aws:PrincipalIsAWSService\":\"true\"},\"StringEquals\":{\"aws:SourceAccount\":\"111122223333\","
	      "\"aws:PrincipalServiceName\":\"cloudtrail.amazonaws.com\"}}"));
	CHECK(t, service_may(t, &story, TRAIL, ACCOUNT, S("s3:PutObject"), OBJECT, SLICE_NONE));
	CHECK(t, !service_may(t, &story, TRAIL, OTHER_ACCOUNT, S("s3:PutObject"), OBJECT, SLICE_NONE));
	CHECK_TEXT(t, verdicts(t, &story, S("s3:PutObject"), OBJECT), S("root admin "));
	catalog_close(story.catalog);
}

/* platform.md 4.10: only the owner's account is told why. */
TEST(refusals_do_not_tell_strangers_what_there_is)
{
	static const struct { enum who who; const char *message; } rows[] = {
		{ NOBODY, "User: arn:aws:iam::111122223333:user/bob is not authorized to perform: s3:GetObject on resource: "
		          "\"arn:aws:s3:::logs/AWSLogs/1\" because no identity-based policy allows the s3:GetObject action" },
		{ OTHER_ADMIN, "Access Denied" }, { OTHER_ROOT, "Access Denied" }, { ANONYMOUS, "Access Denied" },
	};
	struct story story;
	struct context context;

	begin(t, &story, BLOCK_ALL_PUBLIC, NULL);
	context_init(&context, &t->arena);
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct bucket_question question = { principal_of(t, rows[i].who), S("s3:GetObject"), OBJECT, &context };
		CHECK(t, !bucket_policy_allow(story.catalog, NULL, &t->arena, story.bucket, &question, &t->err));
		CHECK(t, t->err.kind == ERR_DENIED);
		CHECK_REFUSED(t, "AccessDenied", rows[i].message);
	}
	catalog_close(story.catalog);
}

TEST(a_cached_policy_decides_as_a_fresh_one_and_is_let_go)
{
	struct policy_cache *cache = policy_cache_new(0, 1);
	struct story story;
	struct context context;
	struct evaluation evaluation;

	begin(t, &story, BLOCK_NOT_SET, STATEMENT("Allow", "\"*\"", "\"s3:GetObject\"", ON_BOTH, ""));
	context_init(&context, &t->arena);
	struct bucket_question question = { principal_of(t, ANONYMOUS), S("s3:GetObject"), OBJECT, &context };
	for (int i = 0; i < 2; i++) {
		CHECK(t, bucket_policy_decide(story.catalog, cache, &t->arena, story.bucket, &question, &evaluation, &t->err));
		CHECK(t, evaluation.decision == DECISION_ALLOW);
	}
	CHECK_NUMBER(t, policy_cache_count(cache), 0);          /* nothing may stay that nobody holds */
	policy_cache_free(cache);
	catalog_close(story.catalog);
}
