/* bucket/actions_test.c: what names and patterns are about. */
#include "bucket/actions.h"

#include "tests/test.h"

TEST(patterns_of_s3_actions_are_about_what_they_could_match)
{
	static const struct { struct slice pattern; unsigned want; } rows[] = {
		{ S_INIT("s3:PutObject"), ABOUT_OBJECT }, { S_INIT("s3:putobject"), ABOUT_OBJECT },
		{ S_INIT("S3:ListBucket"), ABOUT_BUCKET | ABOUT_LIST }, { S_INIT("s3:GetBucketAcl"), ABOUT_BUCKET },
		{ S_INIT("s3:Get*"), ABOUT_BUCKET | ABOUT_OBJECT }, { S_INIT("s3:*Object"), ABOUT_OBJECT },
		{ S_INIT("s3:GetObject?cl"), ABOUT_OBJECT }, { S_INIT("s3:*"), ABOUT_BUCKET | ABOUT_OBJECT | ABOUT_LIST },
		{ S_INIT("*"), ABOUT_BUCKET | ABOUT_OBJECT | ABOUT_LIST },
		{ S_INIT("s3:ListAllMyBuckets"), 0 }, { S_INIT("s3:Fly*"), 0 }, { S_INIT("s3:"), 0 }, { S_INIT("iam:*"), 0 },
	};

	for (size_t i = 0; i < COUNT(rows); i++)
		if (actions_about(rows[i].pattern) != rows[i].want)
			test_failed(t, __FILE__, __LINE__, "%.*s is about %u", SLICE_ARG(rows[i].pattern), actions_about(rows[i].pattern));
}

TEST(condition_keys_of_s3_are_known_and_global_ones_pass)
{
	unsigned about;

	CHECK(t, actions_key(S("s3:x-amz-acl"), &about) && about == 0);
	CHECK(t, actions_key(S("S3:Prefix"), &about) && about == ABOUT_LIST);
	CHECK(t, actions_key(S("s3:ExistingObjectTag/team"), &about) && about == ABOUT_OBJECT);
	CHECK(t, actions_key(S("aws:SourceArn"), &about) && actions_key(S("accounts.google.com:aud"), &about));
	CHECK(t, !actions_key(S("s3:colour"), &about) && !actions_key(S("ec2:Region"), &about));
}
