/* event/classify.c: tables of the exceptions, then rules by verb. */
#include "event/classify.h"

struct event_list {
	struct slice        event_source;
	const struct slice *names;
	size_t              count;
};

struct renamed { struct slice operation, event_name; };

/* Records keep names that operations had when they were new. */
static const struct renamed S3_RENAMED[] = {
	{ S_INIT("DeleteBucketLifecycleConfiguration"), S_INIT("DeleteBucketLifecycle") },
	{ S_INIT("DeletePublicAccessBlock"), S_INIT("DeleteBucketPublicAccessBlock") },
	{ S_INIT("GetBucketAccelerateConfiguration"), S_INIT("GetAccelerateConfiguration") },
	{ S_INIT("GetBucketLifecycleConfiguration"), S_INIT("GetBucketLifecycle") },
	{ S_INIT("GetBucketNotificationConfiguration"), S_INIT("GetBucketNotification") },
	{ S_INIT("GetObjectLockConfiguration"), S_INIT("GetBucketObjectLockConfiguration") },
	{ S_INIT("GetPublicAccessBlock"), S_INIT("GetBucketPublicAccessBlock") },
	{ S_INIT("ListObjectsV2"), S_INIT("ListObjects") },
	{ S_INIT("PutBucketAccelerateConfiguration"), S_INIT("PutAccelerateConfiguration") },
	{ S_INIT("PutBucketLifecycleConfiguration"), S_INIT("PutBucketLifecycle") },
	{ S_INIT("PutBucketNotificationConfiguration"), S_INIT("PutBucketNotification") },
	{ S_INIT("PutObjectLockConfiguration"), S_INIT("PutBucketObjectLockConfiguration") },
	{ S_INIT("PutPublicAccessBlock"), S_INIT("PutBucketPublicAccessBlock") },
};

/* Reading without a reading verb. StartQuery is inferred: it only searches. */
static const struct slice STS_READS[] = {
	S_INIT("AssumeRole"), S_INIT("AssumeRoleWithSAML"), S_INIT("AssumeRoleWithWebIdentity"),
	S_INIT("DecodeAuthorizationMessage"),
};
static const struct slice IAM_READS[] = {
	S_INIT("GenerateCredentialReport"), S_INIT("GenerateOrganizationsAccessReport"),
	S_INIT("GenerateServiceLastAccessedDetails"),
};
static const struct slice KMS_READS[] = {
	S_INIT("Decrypt"), S_INIT("DeriveSharedSecret"), S_INIT("Encrypt"), S_INIT("GenerateDataKey"),
	S_INIT("GenerateDataKeyPair"), S_INIT("GenerateDataKeyPairWithoutPlaintext"),
	S_INIT("GenerateDataKeyWithoutPlaintext"), S_INIT("GenerateMac"), S_INIT("GenerateRandom"), S_INIT("ReEncrypt"),
	S_INIT("Sign"), S_INIT("Verify"), S_INIT("VerifyMac"),
};
static const struct slice LOGS_READS[] = { S_INIT("FilterLogEvents"), S_INIT("StartLiveTail"), S_INIT("StartQuery") };
static const struct slice S3_READS[] = { S_INIT("PreflightRequest") };
static const struct slice SQS_READS[] = { S_INIT("ReceiveMessage") };

static const struct event_list READS[] = {
	{ S_INIT("iam.amazonaws.com"), IAM_READS, COUNT(IAM_READS) },
	{ S_INIT("kms.amazonaws.com"), KMS_READS, COUNT(KMS_READS) },
	{ S_INIT("logs.amazonaws.com"), LOGS_READS, COUNT(LOGS_READS) },
	{ S_INIT("s3.amazonaws.com"), S3_READS, COUNT(S3_READS) },
	{ S_INIT("sqs.amazonaws.com"), SQS_READS, COUNT(SQS_READS) },
	{ S_INIT("sts.amazonaws.com"), STS_READS, COUNT(STS_READS) },
};

/* Handing out credentials is no read, whatever the verb. */
static const struct slice STS_WRITES[] = { S_INIT("GetFederationToken"), S_INIT("GetSessionToken") };
static const struct slice SIGNIN_WRITES[] = { S_INIT("CheckMfa"), S_INIT("GetSigninToken") };

static const struct event_list WRITES[] = {
	{ S_INIT("signin.amazonaws.com"), SIGNIN_WRITES, COUNT(SIGNIN_WRITES) },
	{ S_INIT("sts.amazonaws.com"), STS_WRITES, COUNT(STS_WRITES) },
};

static const struct slice READING_VERBS[] = {
	S_INIT("BatchGet"), S_INIT("Check"), S_INIT("Describe"), S_INIT("Estimate"), S_INIT("Get"), S_INIT("Head"),
	S_INIT("List"), S_INIT("Lookup"), S_INIT("Preview"), S_INIT("Query"), S_INIT("Scan"), S_INIT("Search"),
	S_INIT("Select"), S_INIT("Simulate"), S_INIT("Test"), S_INIT("Validate"),
};

static const struct slice S3_DATA[] = {
	S_INIT("AbortMultipartUpload"), S_INIT("CompleteMultipartUpload"), S_INIT("CopyObject"),
	S_INIT("CreateMultipartUpload"), S_INIT("DeleteObject"), S_INIT("DeleteObjectTagging"), S_INIT("DeleteObjects"),
	S_INIT("GetObject"), S_INIT("GetObjectAcl"), S_INIT("GetObjectAttributes"), S_INIT("GetObjectLegalHold"),
	S_INIT("GetObjectRetention"), S_INIT("GetObjectTagging"), S_INIT("GetObjectTorrent"), S_INIT("HeadBucket"),
	S_INIT("HeadObject"), S_INIT("ListMultipartUploads"), S_INIT("ListObjectVersions"), S_INIT("ListObjects"),
	S_INIT("ListParts"), S_INIT("PreflightRequest"), S_INIT("PutObject"), S_INIT("PutObjectAcl"),
	S_INIT("PutObjectLegalHold"), S_INIT("PutObjectRetention"), S_INIT("PutObjectTagging"), S_INIT("RestoreObject"),
	S_INIT("SelectObjectContent"), S_INIT("UploadPart"), S_INIT("UploadPartCopy"),
};
static const struct slice SNS_DATA[] = { S_INIT("Publish"), S_INIT("PublishBatch") };
static const struct slice MONITORING_DATA[] = {
	S_INIT("GetMetricData"), S_INIT("GetMetricStatistics"), S_INIT("GetMetricWidgetImage"), S_INIT("ListMetrics"),
	S_INIT("PutMetricData"),
};
static const struct slice INGESTION_DATA[] = { S_INIT("PutAuditEvents") };

static const struct event_list DATA[] = {
	{ S_INIT("cloudtrail-data.amazonaws.com"), INGESTION_DATA, COUNT(INGESTION_DATA) },
	{ S_INIT("monitoring.amazonaws.com"), MONITORING_DATA, COUNT(MONITORING_DATA) },
	{ S_INIT("s3.amazonaws.com"), S3_DATA, COUNT(S3_DATA) },
	{ S_INIT("sns.amazonaws.com"), SNS_DATA, COUNT(SNS_DATA) },
};

static bool lists_have(const struct event_list *lists, size_t count, struct slice event_source, struct slice event_name)
{
	for (size_t i = 0; i < count; i++) {
		if (!slice_equal(lists[i].event_source, event_source))
			continue;
		for (size_t k = 0; k < lists[i].count; k++)
			if (slice_equal(lists[i].names[k], event_name))
				return true;
	}
	return false;
}

struct slice classify_event_name(struct slice event_source, struct slice operation)
{
	if (slice_equal(event_source, S("s3.amazonaws.com")))
		for (size_t i = 0; i < COUNT(S3_RENAMED); i++)
			if (slice_equal(S3_RENAMED[i].operation, operation))
				return S3_RENAMED[i].event_name;
	return operation;
}

/* The verb is a whole word: "Listen" is not "List". */
static bool has_verb(struct slice event_name, struct slice verb)
{
	return slice_has_prefix(event_name, verb)
	    && (event_name.len == verb.len || event_name.ptr[verb.len] < 'a' || event_name.ptr[verb.len] > 'z');
}

bool classify_is_read_only(struct slice event_source, struct slice event_name)
{
	if (lists_have(WRITES, COUNT(WRITES), event_source, event_name))
		return false;
	if (lists_have(READS, COUNT(READS), event_source, event_name))
		return true;
	for (size_t i = 0; i < COUNT(READING_VERBS); i++)
		if (has_verb(event_name, READING_VERBS[i]))
			return true;
	return false;
}

bool classify_is_data(struct slice event_source, struct slice event_name)
{
	return lists_have(DATA, COUNT(DATA), event_source, event_name);
}

struct slice classify_api_version(struct slice event_source)
{
	return slice_equal(event_source, S("logs.amazonaws.com")) ? S("20140328") : SLICE_NONE;
}

bool classify_is_recorded(struct slice event_source, struct slice event_name)
{
	return !(slice_equal(event_source, S("logs.amazonaws.com")) && slice_equal(event_name, S("PutLogEvents")));
}
