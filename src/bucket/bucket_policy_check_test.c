/* bucket/bucket_policy_check_test.c: which documents may be put, and the words of each refusal. */
#include "bucket/bucket_policy_check.h"

#include "auth/users.h"
#include "base/limits.h"
#include "bucket/bucket_policy.h"
#include "tests/bucket_catalog.h"

static struct slice check(struct test *t, struct catalog *catalog, struct slice document, bool *is_public)
{
	struct bucket bucket = { .account = ACCOUNT, .name = S("logs") };

	return bucket_policy_check(catalog, &t->arena, &bucket, document, is_public, &t->err);
}

#define ALLOW(principal, action, resource, more) \
	"{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\",\"Principal\":" principal ",\"Action\":" action \
	",\"Resource\":" resource more "}}"
#define EVERYBODY "\"*\""
#define OBJECTS "\"arn:aws:s3:::logs/*\""

TEST(bucket_policies_must_mean_something_about_the_bucket)
{
	static const struct { const char *document, *message; } rows[] = {
		{ ALLOW(EVERYBODY, "\"s3:GetObject\"", OBJECTS, ""), NULL },
		{ ALLOW(EVERYBODY, "[\"s3:ListBucket\",\"s3:GetObject\"]", "[\"arn:aws:s3:::logs\"," OBJECTS "]", ""), NULL },
		{ ALLOW(EVERYBODY, "\"s3:*\"", "\"arn:aws:s3:::logs\"", ""), NULL },
		{ ALLOW(EVERYBODY, "\"*\"", "\"arn:aws:s3:::logs*\"", ""), NULL },
		{ ALLOW(EVERYBODY, "\"s3:GetObject\"", "\"arn:aws:s3:::logs/${aws:username}/*\"", ""), NULL },
		{ ALLOW(EVERYBODY, "\"s3:ListBucket\"", "\"arn:aws:s3:::logs\"", ",\"Condition\":{\"StringLike\":{\"s3:prefix\":\"a/*\"}}"),
		  NULL },
		{ "{\"Version\":\"2008-10-17\",\"Id\":\"x\",\"Statement\":[{\"Sid\":\"a b\",\"Effect\":\"Deny\",\"NotPrincipal\":{\"AWS\":"
		  "\"111122223333\"},\"NotAction\":\"s3:GetObject\",\"Resource\":" OBJECTS "}]}", NULL },
		{ "", "Policies must be valid JSON and the first byte must be '{'" },
		{ "[]", "Policies must be valid JSON and the first byte must be '{'" },
		{ "{\"Version\":\"2012-10-17\"", "Policies must be valid JSON and the first byte must be '{'" },
		{ "{\"Version\":\"2012-10-17\"}", "Missing required field Statement" },
		{ "{\"Version\":\"2020-01-01\",\"Statement\":[]}", "The policy must contain a valid version string" },
		{ "{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"s3:*\",\"Resource\":" OBJECTS "}}",
		  "Missing required field Principal" },
		{ ALLOW("{\"AWS\":\"arn:aws:iam::111122223333:user/*\"}", "\"s3:GetObject\"", OBJECTS, ""), "Invalid principal in policy" },
		{ ALLOW("{\"AWS\":\"arn:aws:iam::111122223333:user/absent\"}", "\"s3:GetObject\"", OBJECTS, ""), "Invalid principal in policy" },
		{ ALLOW("{\"Service\":\"cloudtrail\"}", "\"s3:GetObject\"", OBJECTS, ""), "Invalid principal in policy" },
		{ ALLOW(EVERYBODY, "\"s3:FlyAway\"", OBJECTS, ""), "Policy has invalid action" },
		{ ALLOW(EVERYBODY, "\"s3:ListAllMyBuckets\"", OBJECTS, ""), "Policy has invalid action" },
		{ ALLOW(EVERYBODY, "\"iam:GetUser\"", OBJECTS, ""), "Policy has invalid action" },
		{ ALLOW(EVERYBODY, "\"s3:GetObject\"", "\"*\"", ""), "Policy has invalid resource" },
		{ ALLOW(EVERYBODY, "\"s3:GetObject\"", "\"arn:aws:s3:::other/*\"", ""), "Policy has invalid resource" },
		{ ALLOW(EVERYBODY, "\"s3:GetObject\"", "\"arn:aws:s3:::logs-2/*\"", ""), "Policy has invalid resource" },
		{ ALLOW(EVERYBODY, "\"s3:GetObject\"", "\"logs/*\"", ""), "Policy has invalid resource" },
		{ ALLOW(EVERYBODY, "\"s3:GetObject\"", "[" OBJECTS ",\"arn:aws:s3:::other\"]", ""), "Policy has invalid resource" },
		{ ALLOW(EVERYBODY, "\"s3:GetObject\"", "\"arn:aws:s3:::logs\"", ""), "Action does not apply to any resource(s) in statement" },
		{ ALLOW(EVERYBODY, "\"s3:ListBucket\"", OBJECTS, ""), "Action does not apply to any resource(s) in statement" },
		{ ALLOW(EVERYBODY, "[\"s3:GetObject\",\"s3:ListBucket\"]", OBJECTS, ""),
		  "Action does not apply to any resource(s) in statement" },
		{ ALLOW(EVERYBODY, "\"s3:GetObject\"", OBJECTS, ",\"Condition\":{\"StringEquals\":{\"s3:colour\":\"red\"}}"),
		  "Policy has an invalid condition key" },
		{ ALLOW(EVERYBODY, "\"s3:GetObject\"", OBJECTS, ",\"Condition\":{\"StringEquals\":{\"colour\":\"red\"}}"),
		  "Policy has an invalid condition key" },
		{ ALLOW(EVERYBODY, "\"s3:GetObject\"", OBJECTS, ",\"Condition\":{\"StringAlmost\":{\"aws:userid\":\"x\"}}"),
		  "Invalid Condition type : StringAlmost" },
		{ ALLOW(EVERYBODY, "\"s3:GetObject\"", OBJECTS, ",\"Condition\":{\"StringEquals\":{\"s3:prefix\":\"x\"}}"),
		  "Conditions do not apply to combination of actions and resources in statement" },
	};
	struct catalog *catalog = bucket_catalog_open(t);
	bool is_public;

	CHECK(t, catalog_run(catalog, &t->err, "INSERT INTO accounts (account, created_ms) VALUES (?1, 0)", "t", ACCOUNT));
	for (size_t i = 0; i < COUNT(rows); i++) {
		bool is_good = check(t, catalog, slice_of(rows[i].document), &is_public).ptr != NULL;
		if (is_good != !rows[i].message)
			test_failed(t, __FILE__, __LINE__, "row %zu: %s", i, t->err.message);
		if (rows[i].message)
			CHECK_REFUSED(t, "MalformedPolicy", rows[i].message);
	}
	catalog_close(catalog);
}

TEST(a_policy_over_20_kilobytes_is_refused)
{
	struct catalog *catalog = bucket_catalog_open(t);
	char *document = arena_alloc(&t->arena, S3_POLICY_BYTES_MAX + 1);
	static const char policy[] = ALLOW(EVERYBODY, "\"s3:GetObject\"", OBJECTS, "");
	bool is_public;

	memset(document, ' ', S3_POLICY_BYTES_MAX + 1);
	memcpy(document, policy, sizeof policy - 1);
	CHECK(t, check(t, catalog, (struct slice){ document, S3_POLICY_BYTES_MAX }, &is_public).ptr);
	CHECK(t, !check(t, catalog, (struct slice){ document, S3_POLICY_BYTES_MAX + 1 }, &is_public).ptr);
	CHECK_REFUSED(t, "MalformedPolicy", "The policy exceeds the maximum allowed document size.");
	catalog_close(catalog);
}

/* platform.md, trap 52. */
TEST(a_user_in_a_bucket_policy_is_bound_to_the_unique_id)
{
	struct catalog *catalog = bucket_catalog_open(t);
	struct slice document = S(ALLOW("{\"AWS\":\"arn:aws:iam::111122223333:user/bob\"}", "\"s3:GetObject\"", OBJECTS, "")), stored;
	struct user bob = { .name = S("bob"), .path = S("/"), .user_id = S("AIDAABCDEFGHIJKLMNOPQ"), .created_ms = NOW_MS };
	bool is_public = true;

	CHECK(t, catalog_run(catalog, &t->err, "INSERT INTO accounts (account, created_ms) VALUES (?1, 0)", "t", ACCOUNT));
	CHECK(t, users_insert(catalog, ACCOUNT, &bob, &t->err));
	stored = check(t, catalog, document, &is_public);
	CHECK(t, !is_public && slice_find(stored, S("\"AIDAABCDEFGHIJKLMNOPQ\"")) != SLICE_NPOS);
	CHECK_TEXT(t, bucket_policy_show(catalog, &t->arena, stored, &t->err), document);
	CHECK(t, users_delete(catalog, ACCOUNT, bob.user_id, &t->err));
	bob.user_id = S("AIDAZZZZZZZZZZZZZZZZZ");
	CHECK(t, users_insert(catalog, ACCOUNT, &bob, &t->err));
	CHECK_TEXT(t, bucket_policy_show(catalog, &t->arena, stored, &t->err), stored);
	catalog_close(catalog);
}
