/* event/classify_test.c: classification agrees with every event name of the record sets, and with the documented lists. */
#include "event/classify.h"

#include "tests/test.h"

VECTORS(classify_read_only_as_in_real_records, "observed-events.jsonl")
{
	CHECK(t, classify_is_read_only(field_text(t, "event_source"), field_text(t, "event_name")) == field_bool(t, "read_only"));
	CHECK(t, !classify_is_data(field_text(t, "event_source"), field_text(t, "event_name")));
}

TEST(classify_read_only_exceptions_and_verbs)
{
	static const struct { struct slice source, name; bool want; } rows[] = {
		{ S_INIT("sts.amazonaws.com"), S_INIT("AssumeRole"), true },                /* T29 */
		{ S_INIT("sts.amazonaws.com"), S_INIT("AssumeRoleWithWebIdentity"), true },
		{ S_INIT("sts.amazonaws.com"), S_INIT("GetFederationToken"), false },
		{ S_INIT("sts.amazonaws.com"), S_INIT("GetSessionToken"), false },
		{ S_INIT("signin.amazonaws.com"), S_INIT("ConsoleLogin"), false },
		{ S_INIT("signin.amazonaws.com"), S_INIT("CheckMfa"), false },
		{ S_INIT("signin.amazonaws.com"), S_INIT("SwitchRole"), false },
		{ S_INIT("kms.amazonaws.com"), S_INIT("Decrypt"), true },                   /* T43 */
		{ S_INIT("kms.amazonaws.com"), S_INIT("GenerateDataKeyPair"), true },
		{ S_INIT("kms.amazonaws.com"), S_INIT("DisableKey"), false },
		{ S_INIT("iam.amazonaws.com"), S_INIT("GenerateCredentialReport"), true },
		{ S_INIT("iam.amazonaws.com"), S_INIT("SimulateCustomPolicy"), true },
		{ S_INIT("logs.amazonaws.com"), S_INIT("FilterLogEvents"), true },
		{ S_INIT("logs.amazonaws.com"), S_INIT("StopQuery"), false },
		{ S_INIT("logs.amazonaws.com"), S_INIT("TestMetricFilter"), true },
		{ S_INIT("cloudtrail.amazonaws.com"), S_INIT("LookupEvents"), true },
		{ S_INIT("x.amazonaws.com"), S_INIT("VerifyEmailIdentity"), false },
		{ S_INIT("x.amazonaws.com"), S_INIT("Listen"), false },                     /* no whole word */
		{ S_INIT("x.amazonaws.com"), S_INIT("Query"), true },
	};
	for (size_t i = 0; i < COUNT(rows); i++)
		CHECK(t, classify_is_read_only(rows[i].source, rows[i].name) == rows[i].want);
}

/* T36, T43. */
TEST(classify_names_and_categories_of_exceptions)
{
	static const struct slice s3 = S_INIT("s3.amazonaws.com");

	CHECK_TEXT(t, classify_event_name(s3, S("ListObjectsV2")), S("ListObjects"));
	CHECK_TEXT(t, classify_event_name(s3, S("PutBucketLifecycleConfiguration")), S("PutBucketLifecycle"));
	CHECK_TEXT(t, classify_event_name(s3, S("GetPublicAccessBlock")), S("GetBucketPublicAccessBlock"));
	CHECK_TEXT(t, classify_event_name(s3, S("GetObject")), S("GetObject"));
	CHECK_TEXT(t, classify_event_name(S("iam.amazonaws.com"), S("ListObjectsV2")), S("ListObjectsV2"));
	CHECK(t, classify_is_data(s3, S("HeadBucket")) && classify_is_data(s3, S("ListObjects")));
	CHECK(t, !classify_is_data(s3, S("ListBuckets")) && !classify_is_data(s3, S("PutBucketPolicy")));
	CHECK(t, classify_is_data(S("sns.amazonaws.com"), S("Publish")));
	CHECK(t, classify_is_data(S("monitoring.amazonaws.com"), S("ListMetrics")));
	CHECK(t, !classify_is_data(S("kms.amazonaws.com"), S("Decrypt")));
	CHECK_TEXT(t, classify_api_version(S("logs.amazonaws.com")), S("20140328"));
	CHECK_TEXT(t, classify_api_version(S("iam.amazonaws.com")), SLICE_NONE);
	CHECK(t, !classify_is_recorded(S("logs.amazonaws.com"), S("PutLogEvents")));
	CHECK(t, classify_is_recorded(S("logs.amazonaws.com"), S("CreateLogGroup")));
}
