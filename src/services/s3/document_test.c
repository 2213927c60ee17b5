/* services/s3/document_test.c: configuration documents of buckets: what they are at first, what may be put, what is read. */
#include "services/s3/document.h"

#include "bucket/canonical_id.h"
#include "tests/s3_fixture.h"

extern const struct operation s3_delete_bucket_cors, s3_delete_bucket_encryption, s3_delete_bucket_lifecycle,
	s3_delete_bucket_ownership_controls, s3_delete_bucket_policy, s3_delete_bucket_replication, s3_delete_bucket_tagging,
	s3_delete_bucket_website, s3_delete_public_access_block, s3_get_bucket_accelerate_configuration, s3_get_bucket_acl, s3_get_bucket_cors,
	s3_get_bucket_encryption, s3_get_bucket_lifecycle_configuration, s3_get_bucket_location, s3_get_bucket_logging,
	s3_get_bucket_notification_configuration, s3_get_bucket_ownership_controls, s3_get_bucket_policy, s3_get_bucket_policy_status,
	s3_get_bucket_replication, s3_get_bucket_request_payment, s3_get_bucket_tagging, s3_get_bucket_website,
	s3_get_object_lock_configuration, s3_get_public_access_block, s3_put_bucket_accelerate_configuration, s3_put_bucket_acl,
	s3_put_bucket_cors, s3_put_bucket_encryption, s3_put_bucket_logging, s3_put_bucket_notification_configuration,
	s3_put_bucket_ownership_controls, s3_put_bucket_policy, s3_put_bucket_request_payment, s3_put_bucket_tagging,
	s3_put_object_lock_configuration, s3_put_public_access_block, s3_preflight_request;

#define NS " xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\""
#define XML "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"

#define CHECK_CODE(answer, wanted_status, wanted_code)                                              \
	do {                                                                                       \
		struct s3_answer got_ = (answer);                                                  \
		CHECK_NUMBER(t, got_.status, (wanted_status));                                     \
		CHECK_TEXT(t, got_.code.ptr ? got_.code : S(""), S(wanted_code));                  \
	} while (0)

/* What Terraform reads after it made a bucket, and must find on its second plan. Source: platform.md 3.10. */
TEST(document_defaults_are_those_of_a_new_bucket)
{
	static const struct { const struct operation *operation; unsigned status; const char *says; } rows[] = {
		{ &s3_get_bucket_policy, 404, "<Code>NoSuchBucketPolicy</Code><Message>The bucket policy does not exist</Message><BucketName>bkt</BucketName>" },
		{ &s3_get_bucket_policy_status, 404, "NoSuchBucketPolicy" },
		{ &s3_get_public_access_block, 200, "<PublicAccessBlockConfiguration" NS "><BlockPublicAcls>true</BlockPublicAcls>"
		  "<IgnorePublicAcls>true</IgnorePublicAcls><BlockPublicPolicy>true</BlockPublicPolicy>"
		  "<RestrictPublicBuckets>true</RestrictPublicBuckets></PublicAccessBlockConfiguration>" },
		{ &s3_get_bucket_encryption, 200, "<SSEAlgorithm>AES256</SSEAlgorithm>" },
		{ &s3_get_bucket_lifecycle_configuration, 404, "NoSuchLifecycleConfiguration" },
		{ &s3_get_bucket_tagging, 404, "<Code>NoSuchTagSet</Code><Message>The TagSet does not exist</Message>" },
		{ &s3_get_bucket_acl, 200, "<Permission>FULL_CONTROL</Permission>" },
		{ &s3_get_bucket_cors, 404, "NoSuchCORSConfiguration" },
		{ &s3_get_bucket_replication, 404, "ReplicationConfigurationNotFoundError" },
		{ &s3_get_bucket_logging, 200, XML "<BucketLoggingStatus" NS "></BucketLoggingStatus>" },
		{ &s3_get_object_lock_configuration, 404, "ObjectLockConfigurationNotFoundError" },
		{ &s3_get_bucket_ownership_controls, 200, "<Rule><ObjectOwnership>BucketOwnerEnforced</ObjectOwnership></Rule>" },
		{ &s3_get_bucket_notification_configuration, 200, XML "<NotificationConfiguration" NS "></NotificationConfiguration>" },
		{ &s3_get_bucket_accelerate_configuration, 200, XML "<AccelerateConfiguration" NS "></AccelerateConfiguration>" },
		{ &s3_get_bucket_request_payment, 200, "<Payer>BucketOwner</Payer>" },
		{ &s3_get_bucket_website, 404, "NoSuchWebsiteConfiguration" },
		{ &s3_get_bucket_location, 200, "<LocationConstraint" NS ">eu-central-1</LocationConstraint>" },
	};
	struct s3_fixture f;

	s3_fixture_begin(t, &f);
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct s3_answer answer = s3_fixture_call(&f, rows[i].operation, &(struct s3_request){0});
		CHECK_NUMBER(t, answer.status, rows[i].status);
		if (slice_find(answer.body, slice_of(rows[i].says)) == SLICE_NPOS)
			test_failed(t, __FILE__, __LINE__, "no %s in %.*s", rows[i].says, SLICE_ARG(answer.body));
		CHECK_CODE(s3_fixture_call(&f, rows[i].operation, &(struct s3_request){ .bucket = "nobody" }), 404, "NoSuchBucket");
		CHECK_CODE(s3_fixture_call(&f, rows[i].operation, &(struct s3_request){ .bucket = "No" }), 400, "InvalidBucketName");
		CHECK_CODE(s3_fixture_call(&f, rows[i].operation, &(struct s3_request){ .headers = "x-amz-expected-bucket-owner: 444455556666" }),
			403, "AccessDenied");
		CHECK_CODE(s3_fixture_call(&f, rows[i].operation, &(struct s3_request){ .headers = "x-amz-expected-bucket-owner: me" }),
			400, "InvalidBucketOwnerAWSAccountID");
	}
	f.caller = (struct principal){ .type = PRINCIPAL_ANONYMOUS, .arn = S("*") };
	for (size_t i = 0; i < COUNT(rows); i++)
		CHECK_CODE(s3_fixture_call(&f, rows[i].operation, &(struct s3_request){0}), 403, "AccessDenied");
	s3_fixture_end(&f);
}

TEST(document_deletes_succeed_where_nothing_is)
{
	static const struct operation *const rows[] = {
		&s3_delete_bucket_policy, &s3_delete_bucket_encryption, &s3_delete_bucket_lifecycle, &s3_delete_bucket_tagging,
		&s3_delete_bucket_cors, &s3_delete_bucket_replication, &s3_delete_bucket_website, &s3_delete_bucket_ownership_controls,
		&s3_delete_public_access_block,
	};
	struct s3_fixture f;

	s3_fixture_begin(t, &f);
	for (size_t i = 0; i < COUNT(rows); i++)
		CHECK_CODE(s3_fixture_call(&f, rows[i], &(struct s3_request){0}), 204, "");
	CHECK_CODE(S3(&f, get_public_access_block, .key = NULL), 404, "NoSuchPublicAccessBlockConfiguration");
	CHECK_CODE(S3(&f, get_bucket_ownership_controls, .key = NULL), 404, "OwnershipControlsNotFoundError");
	CHECK_CODE(S3(&f, get_bucket_encryption, .key = NULL), 200, "");
	s3_fixture_end(&f);
}

TEST(document_tags_are_kept_and_checked)
{
	struct s3_fixture f;

	s3_fixture_begin(t, &f);
	CHECK_CODE(S3(&f, put_bucket_tagging, .body = "<Tagging><TagSet><Tag><Key>a &amp; b</Key><Value>\xc3\xa4</Value></Tag></TagSet></Tagging>"), 400, "InvalidTag");
	CHECK_CODE(S3(&f, put_bucket_tagging, .body = "<t:Tagging xmlns:t='u'><t:TagSet><t:Tag><t:Key>b</t:Key><t:Value>\xc3\xa4</t:Value></t:Tag>"
		"<t:Tag><t:Key>a</t:Key><t:Value></t:Value></t:Tag></t:TagSet></t:Tagging>"), 204, "");
	CHECK_TEXT(t, S3(&f, get_bucket_tagging, .key = NULL).body, S(XML "<Tagging" NS "><TagSet><Tag><Key>b</Key><Value>\xc3\xa4</Value></Tag>"
		"<Tag><Key>a</Key><Value></Value></Tag></TagSet></Tagging>"));
	struct s3_answer bad = S3(&f, put_bucket_tagging, .body = "<Tagging><TagSet><Tag><Key>aws:x</Key><Value>v</Value></Tag></TagSet></Tagging>");
	CHECK_CODE(bad, 400, "InvalidTag");
	CHECK(t, slice_find(bad.body, S("<TagKey>aws:x</TagKey><TagValue>v</TagValue>")) != SLICE_NPOS);
	CHECK_CODE(S3(&f, put_bucket_tagging, .body = "<Tagging><TagSet><Tag><Key>a</Key><Value>1</Value></Tag><Tag><Key>a</Key><Value>2</Value></Tag>"
		"</TagSet></Tagging>"), 400, "InvalidTag");
	CHECK_CODE(S3(&f, put_bucket_tagging, .body = "<Tagging><TagSet/></Tagging>"), 204, "");
	CHECK_CODE(S3(&f, get_bucket_tagging, .key = NULL), 404, "NoSuchTagSet");
	s3_fixture_end(&f);
}

#define OPEN_POLICY "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"s3:GetBucketTagging\",\"Resource\":\"arn:aws:s3:::bkt\"}]}"

TEST(document_of_a_policy_decides_the_very_next_call)
{
	struct s3_fixture f;

	s3_fixture_begin(t, &f);
	CHECK_CODE(S3(&f, put_bucket_policy, .body = "[]"), 400, "MalformedPolicy");
	CHECK_CODE(S3(&f, put_bucket_policy, .body = ""), 400, "MissingRequestBodyError");
	CHECK_CODE(S3(&f, put_bucket_policy, .body = OPEN_POLICY), 403, "AccessDenied");
	CHECK_CODE(S3(&f, delete_public_access_block, .key = NULL), 204, "");
	CHECK_CODE(S3(&f, put_bucket_policy, .body = OPEN_POLICY), 204, "");
	CHECK_TEXT(t, S3(&f, get_bucket_policy, .key = NULL).body, S(OPEN_POLICY));
	CHECK(t, slice_find(S3(&f, get_bucket_policy_status, .key = NULL).body, S("<IsPublic>true</IsPublic>")) != SLICE_NPOS);

	struct principal owner = f.caller;
	f.caller = (struct principal){ .type = PRINCIPAL_ANONYMOUS, .arn = S("*") };
	CHECK_CODE(S3(&f, get_bucket_tagging, .key = NULL), 404, "NoSuchTagSet");
	CHECK_CODE(S3(&f, get_bucket_acl, .key = NULL), 403, "AccessDenied");
	f.caller = owner;
	CHECK_CODE(S3(&f, put_public_access_block, .body = "<PublicAccessBlockConfiguration><RestrictPublicBuckets>true</RestrictPublicBuckets>"
		"</PublicAccessBlockConfiguration>"), 200, "");
	f.caller = (struct principal){ .type = PRINCIPAL_ANONYMOUS, .arn = S("*") };
	CHECK_CODE(S3(&f, get_bucket_tagging, .key = NULL), 403, "AccessDenied");
	f.caller = owner;
	CHECK_CODE(S3(&f, delete_bucket_policy, .key = NULL), 204, "");
	CHECK_CODE(S3(&f, get_bucket_policy, .key = NULL), 404, "NoSuchBucketPolicy");
	s3_fixture_end(&f);
}

TEST(document_of_encryption_knows_one_algorithm)
{
#define ENCRYPTION(rule) "<ServerSideEncryptionConfiguration><Rule><ApplyServerSideEncryptionByDefault>" rule \
	"</ApplyServerSideEncryptionByDefault><BucketKeyEnabled>true</BucketKeyEnabled></Rule></ServerSideEncryptionConfiguration>"
	struct s3_fixture f;

	s3_fixture_begin(t, &f);
	CHECK_CODE(S3(&f, put_bucket_encryption, .body = ENCRYPTION("<SSEAlgorithm>aws:kms</SSEAlgorithm>")), 501, "NotImplemented");
	CHECK_CODE(S3(&f, put_bucket_encryption, .body = ENCRYPTION("<SSEAlgorithm>AES256</SSEAlgorithm><KMSMasterKeyID>k</KMSMasterKeyID>")), 400, "InvalidArgument");
	CHECK_CODE(S3(&f, put_bucket_encryption, .body = ENCRYPTION("<SSEAlgorithm>ROT13</SSEAlgorithm>")), 400, "MalformedXML");
	CHECK_CODE(S3(&f, put_bucket_encryption, .body = ENCRYPTION("<SSEAlgorithm>AES256</SSEAlgorithm>")), 200, "");
	CHECK(t, slice_find(S3(&f, get_bucket_encryption, .key = NULL).body, S("<BucketKeyEnabled>true</BucketKeyEnabled>")) != SLICE_NPOS);
	CHECK_CODE(S3(&f, delete_bucket_encryption, .key = NULL), 204, "");
	CHECK(t, slice_find(S3(&f, get_bucket_encryption, .key = NULL).body, S("<BucketKeyEnabled>false</BucketKeyEnabled>")) != SLICE_NPOS);
	s3_fixture_end(&f);
}

TEST(document_of_ownership_is_what_acls_ask)
{
#define OWNERSHIP(value) "<OwnershipControls><Rule><ObjectOwnership>" value "</ObjectOwnership></Rule></OwnershipControls>"
	struct s3_fixture f;

	s3_fixture_begin(t, &f);
	CHECK_CODE(S3(&f, put_bucket_acl, .headers = "x-amz-acl: private"), 400, "AccessControlListNotSupported");
	CHECK_CODE(S3(&f, put_bucket_ownership_controls, .body = OWNERSHIP("Nobody")), 400, "MalformedXML");
	CHECK_CODE(S3(&f, put_bucket_ownership_controls, .body = OWNERSHIP("ObjectWriter")), 200, "");
	CHECK_CODE(S3(&f, put_bucket_acl, .headers = "x-amz-acl: private"), 200, "");
	CHECK_CODE(S3(&f, put_bucket_acl, .headers = "x-amz-acl: public-read"), 403, "AccessDenied");
	CHECK_CODE(S3(&f, put_bucket_acl, .headers = "x-amz-grant-read: id=1"), 501, "NotImplemented");
	CHECK_CODE(S3(&f, put_bucket_acl, .headers = "x-amz-grant-read: id=1\nx-amz-acl: private"), 400, "UnexpectedContent");
	CHECK_CODE(S3(&f, put_bucket_acl, .key = NULL), 400, "MissingSecurityHeader");
	struct slice id = canonical_id_of(&t->arena, ACCOUNT);
	const char *own = arena_printf(&t->arena, "<AccessControlPolicy><AccessControlList><Grant><Grantee xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" "
		"xsi:type=\"CanonicalUser\"><ID>%.*s</ID></Grantee><Permission>FULL_CONTROL</Permission></Grant></AccessControlList></AccessControlPolicy>", SLICE_ARG(id));
	CHECK_CODE(S3(&f, put_bucket_acl, .body = own), 200, "");
	CHECK(t, slice_find(S3(&f, get_bucket_acl, .key = NULL).body, id) != SLICE_NPOS);
	CHECK_CODE(S3(&f, delete_bucket_ownership_controls, .key = NULL), 204, "");
	CHECK_CODE(S3(&f, get_bucket_ownership_controls, .key = NULL), 404, "OwnershipControlsNotFoundError");
	s3_fixture_end(&f);
}

TEST(document_of_object_lock_needs_versions)
{
#define LOCK(rule) "<ObjectLockConfiguration><ObjectLockEnabled>Enabled</ObjectLockEnabled>" rule "</ObjectLockConfiguration>"
#define RULE(text) "<Rule><DefaultRetention>" text "</DefaultRetention></Rule>"
	struct s3_fixture f;

	s3_fixture_begin(t, &f);
	CHECK_CODE(S3(&f, put_object_lock_configuration, .body = LOCK("")), 409, "InvalidBucketState");
	REQUIRE(t, buckets_set_versioning(f.catalog, f.bucket, VERSIONING_ENABLED, false, &t->err));
	CHECK_CODE(S3(&f, put_object_lock_configuration, .body = LOCK(RULE("<Mode>GOVERNANCE</Mode><Days>1</Days><Years>1</Years>"))), 400, "MalformedXML");
	CHECK_CODE(S3(&f, put_object_lock_configuration, .body = LOCK(RULE("<Mode>GOVERNANCE</Mode>"))), 400, "MalformedXML");
	CHECK_CODE(S3(&f, put_object_lock_configuration, .body = LOCK(RULE("<Mode>GOVERNANCE</Mode><Days>0</Days>"))), 400, "InvalidArgument");
	CHECK_CODE(S3(&f, put_object_lock_configuration, .body = LOCK(RULE("<Mode>GOVERNANCE</Mode><Days>36501</Days>"))), 400, "InvalidArgument");
	CHECK_CODE(S3(&f, put_object_lock_configuration, .body = LOCK(RULE("<Mode>FOREVER</Mode><Days>1</Days>"))), 400, "MalformedXML");
	CHECK_CODE(S3(&f, put_object_lock_configuration, .body = "<ObjectLockConfiguration/>"), 400, "MalformedXML");
	CHECK_CODE(S3(&f, put_object_lock_configuration, .body = LOCK("")), 200, "");
	CHECK_TEXT(t, S3(&f, get_object_lock_configuration, .key = NULL).body, S(XML "<ObjectLockConfiguration" NS "><ObjectLockEnabled>Enabled</ObjectLockEnabled></ObjectLockConfiguration>"));
	CHECK_CODE(S3(&f, put_object_lock_configuration, .body = LOCK(RULE("<Mode>COMPLIANCE</Mode><Years>2</Years>"))), 200, "");
	CHECK(t, slice_find(S3(&f, get_object_lock_configuration, .key = NULL).body, S("<Rule><DefaultRetention><Mode>COMPLIANCE</Mode><Years>2</Years></DefaultRetention></Rule>")) != SLICE_NPOS);
	s3_fixture_end(&f);
}

TEST(document_of_nothing_may_be_put_and_more_is_refused_by_name)
{
	static const struct { const struct operation *operation; const char *body; unsigned status; const char *code; } rows[] = {
		{ &s3_put_bucket_logging, "<BucketLoggingStatus/>", 200, "" },
		{ &s3_put_bucket_logging, "<BucketLoggingStatus><LoggingEnabled><TargetBucket>nobody</TargetBucket><TargetPrefix/></LoggingEnabled></BucketLoggingStatus>", 400, "InvalidTargetBucketForLogging" },
		{ &s3_put_bucket_logging, "<BucketLoggingStatus><LoggingEnabled><TargetBucket>bkt</TargetBucket><TargetPrefix/></LoggingEnabled></BucketLoggingStatus>", 501, "NotImplemented" },
		{ &s3_put_bucket_notification_configuration, "<NotificationConfiguration/>", 200, "" },
		{ &s3_put_bucket_notification_configuration, "<NotificationConfiguration><EventBridgeConfiguration/></NotificationConfiguration>", 501, "NotImplemented" },
		{ &s3_put_bucket_request_payment, "<RequestPaymentConfiguration><Payer>BucketOwner</Payer></RequestPaymentConfiguration>", 200, "" },
		{ &s3_put_bucket_request_payment, "<RequestPaymentConfiguration><Payer>Requester</Payer></RequestPaymentConfiguration>", 501, "NotImplemented" },
		{ &s3_put_bucket_accelerate_configuration, "<AccelerateConfiguration><Status>Enabled</Status></AccelerateConfiguration>", 501, "NotImplemented" },
		{ &s3_put_bucket_accelerate_configuration, "<AccelerateConfiguration/>", 400, "MalformedXML" },
		{ &s3_put_bucket_accelerate_configuration, "<AccelerateConfiguration><Status>Suspended</Status></AccelerateConfiguration>", 200, "" },
	};
	struct s3_fixture f;

	s3_fixture_begin(t, &f);
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct s3_answer answer = s3_fixture_call(&f, rows[i].operation, &(struct s3_request){ .body = rows[i].body });
		CHECK_NUMBER(t, answer.status, rows[i].status);
		CHECK_TEXT(t, answer.code.ptr ? answer.code : S(""), slice_of(rows[i].code));
	}
	CHECK(t, slice_find(S3(&f, get_bucket_accelerate_configuration, .key = NULL).body, S("<Status>Suspended</Status>")) != SLICE_NPOS);
	s3_fixture_end(&f);
}
