/* bench/sample_event.h: events like those of a busy account, for what reads archives: 1.5 KB each, 6 to 7 times smaller in gzip.
 *
 * What repeats and what does not decides how fast they inflate and compress: principals, addresses and agents come from pools, a
 * few of them most of the time; ids and tokens are new in every event. The same seed gives the same events. */
#ifndef SPOOR_BENCH_SAMPLE_EVENT_H
#define SPOOR_BENCH_SAMPLE_EVENT_H

#include "base/buffer.h"
#include "base/clock.h"
#include "base/random.h"

static const char *const SAMPLE_REGIONS[] = { "us-east-1", "eu-west-1", "us-west-2", "ap-southeast-2" };
static const char *const SAMPLE_ACCOUNTS[] = { "111122223333", "444455556666" };

static const struct sample_call { const char *source, *name; bool is_read; } SAMPLE_CALLS[] = {
	{ "kms", "Decrypt", true }, { "sts", "AssumeRole", true }, { "ec2", "DescribeInstances", true }, { "s3", "GetBucketAcl", true },
	{ "kms", "GenerateDataKey", true }, { "logs", "CreateLogStream", false }, { "ssm", "UpdateInstanceInformation", false },
	{ "sts", "GetCallerIdentity", true }, { "ec2", "DescribeNetworkInterfaces", true }, { "secretsmanager", "GetSecretValue", true },
	{ "dynamodb", "DescribeTable", true }, { "ec2", "DescribeSecurityGroups", true }, { "monitoring", "DescribeAlarms", true },
	{ "lambda", "GetFunction20150331v2", true }, { "autoscaling", "DescribeAutoScalingGroups", true }, { "iam", "GetRole", true },
	{ "iam", "ListAttachedRolePolicies", true }, { "ec2", "CreateTags", false }, { "iam", "CreateUser", false },
	{ "iam", "PutRolePolicy", false }, { "ec2", "AuthorizeSecurityGroupIngress", false }, { "iam", "CreateAccessKey", false },
	{ "s3", "PutBucketPolicy", false }, { "ec2", "RunInstances", false }, { "iam", "AttachUserPolicy", false },
	{ "cloudtrail", "LookupEvents", true }, { "signin", "ConsoleLogin", false }, { "organizations", "ListAccounts", true },
};
static const char *const SAMPLE_WORDS[] = {
	"payments", "billing", "checkout", "ingest", "frontend", "search", "catalog", "identity", "audit", "metrics", "reports",
	"warehouse", "gateway", "scheduler", "ledger", "inventory",
};
static const char *const SAMPLE_AGENTS[] = {
	"aws-cli/2.15.30 Python/3.11.8 Linux/5.10.0-28-cloud-amd64 exe/x86_64.debian.11 prompt/off command/sts.get-caller-identity",
	"Boto3/1.34.69 md/Botocore#1.34.69 ua/2.0 os/linux#5.10.209-198.858.amzn2.x86_64 md/arch#x86_64 lang/python#3.9.16",
	"aws-sdk-go/1.44.122 (go1.20.3; linux; amd64) exec-env/AWS_ECS_FARGATE", "AWS Internal",
	"APN/1.0 HashiCorp/1.0 Terraform/1.7.4 (+https://www.terraform.io) terraform-provider-aws/5.41.0 aws-sdk-go-v2/1.25.3 os/linux",
	"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/122.0.0.0 Safari/537.36",
};

/* What bench-archive_generate hides among its events; as long as what they are written over. */
#define SAMPLE_NEEDLE_KEY   "AKIASPOORNEEDLE00042"
#define SAMPLE_NEEDLE_EVENT "deadbeef-0000-4000-8000-00005f00d042"

enum { SAMPLE_DANA = 251 };             /* one user by name, in a thousandth of the events */

/* The first of `count` come most often. */
static inline uint32_t sample_rank(struct random *random, uint32_t count)
{
	double share = (double)(random_u64(random) >> 11) * 0x1p-53;

	return (uint32_t)((double)count * share * share * share);
}

static inline const char *sample_word(uint64_t number)
{
	return SAMPLE_WORDS[number % COUNT(SAMPLE_WORDS)];
}

static inline void sample_token(struct buffer *out, struct random *random, size_t count)
{
	char text[256];

	random_text(random, S("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"), text, count);
	buffer_add(out, (struct slice){ text, count });
}

static inline void sample_identity(struct buffer *out, struct random *random, const char *account, const char *time)
{
	uint64_t who = sample_rank(random, 500);
	uint64_t mixed = who * UINT64_C(0x9E3779B97F4A7C15);

	if (who == SAMPLE_DANA) {
		buffer_printf(out, "{\"type\":\"IAMUser\",\"principalId\":\"AIDA%017" PRIX64 "\",\"arn\":\"arn:aws:iam::%s:user/dana.whitfield\",\"accountId\""
		              ":\"%s\",\"accessKeyId\":\"AKIA%016" PRIX64 "\",\"userName\":\"dana.whitfield\"}", mixed, account, account, mixed);
		return;
	}
	if (who % 4 == 3) {
		buffer_printf(out, "{\"type\":\"IAMUser\",\"principalId\":\"AIDA%017" PRIX64 "\",\"arn\":\"arn:aws:iam::%s:user/%s.%s%" PRIu64
		              "\",\"accountId\":\"%s\",\"accessKeyId\":\"AKIA%016" PRIX64 "\",\"userName\":\"%s.%s%" PRIu64 "\"}", mixed, account,
		              sample_word(mixed >> 8), sample_word(mixed >> 16), who, account, mixed, sample_word(mixed >> 8),
		              sample_word(mixed >> 16), who);
		return;
	}
	const char *role = sample_word(mixed >> 8), *kind = who % 40 == 0 ? "admin" : "service";
	buffer_printf(out, "{\"type\":\"AssumedRole\",\"principalId\":\"AROA%017" PRIX64 ":i-0%016" PRIx64 "\",\"arn\":\"arn:aws:sts::%s:assumed-role/"
	              "%s-prod-%s/i-0%016" PRIx64 "\",\"accountId\":\"%s\",\"accessKeyId\":\"ASIA", mixed, mixed, account, role, kind, mixed, account);
	sample_token(out, random, 16);
	buffer_printf(out, "\",\"sessionContext\":{\"sessionIssuer\":{\"type\":\"Role\",\"principalId\":\"AROA%017" PRIX64 "\",\"arn\":\"arn:aws:iam::"
	              "%s:role/%s-prod-%s\",\"accountId\":\"%s\",\"userName\":\"%s-prod-%s\"},\"webIdFederationData\":{},\"attributes\":"
	              "{\"creationDate\":\"%s\",\"mfaAuthenticated\":\"false\"}}}", mixed, account, role, kind, account, role, kind, time);
}

static inline void sample_parameters(struct buffer *out, struct random *random, const char *account, const char *region)
{
	uint64_t dice = random_u64(random);
	const char *word = sample_word(dice >> 8), *other = sample_word(dice >> 16);

	switch (dice % 6) {
	case 0: buffer_add(out, S("null,\"responseElements\":null")); return;
	case 1:
		buffer_printf(out, "{\"roleArn\":\"arn:aws:iam::%s:role/%s-%s\",\"roleSessionName\":\"%s-%u\",\"durationSeconds\":3600},"
		              "\"responseElements\":{\"credentials\":{\"accessKeyId\":\"ASIA", account, word, other, word, (unsigned)(dice >> 40 & 8191));
		sample_token(out, random, 16);
		buffer_add(out, S("\",\"sessionToken\":\"IQoJb3JpZ2luX2VjE"));
		sample_token(out, random, 120);
		buffer_printf(out, "\",\"expiration\":\"Jan 15, 2026, 11:05:00 AM\"},\"assumedRoleUser\":{\"assumedRoleId\":\"AROA%016" PRIX64
		              ":%s\",\"arn\":\"arn:aws:sts::%s:assumed-role/%s/%s\"}}", dice, word, account, word, other);
		return;
	case 2:
		buffer_printf(out, "{\"encryptionContext\":{\"aws:s3:arn\":\"arn:aws:s3:::acme-%s-%s/year=2026/part-%012" PRIx64 ".parquet\"},"
		              "\"keyId\":\"arn:aws:kms:%s:%s:key/%08x-1111-4222-8333-123456789abc\",\"keySpec\":\"AES_256\"},\"responseElements\":null,"
		              "\"additionalEventData\":{\"keyMaterialId\":\"%016" PRIx64 "%016" PRIx64 "\"}", word, other, dice >> 16, region, account,
		              (unsigned)(dice & 31), dice, ~dice);
		return;
	case 3:
		buffer_printf(out, "{\"roleName\":\"%s\",\"policyName\":\"%s-inline\",\"policyDocument\":\"{\\\"Version\\\":\\\"2012-10-17\\\",\\n \\\"Statement"
		              "\\\":[{\\\"Effect\\\":\\\"Allow\\\",\\\"Action\\\":[\\\"s3:GetObject\\\",\\\"kms:Decrypt\\\"],\\\"Resource\\\":\\\"arn:aws:s3:::"
		              "acme-%s/*\\\"}]}\"},\"responseElements\":null", word, other, other);
		return;
	case 4:
		buffer_printf(out, "{\"filterSet\":{\"items\":[{\"name\":\"tag:Name\",\"valueSet\":{\"items\":[{\"value\":\"%s\"}]}},{\"name\":\"vpc-id\","
		              "\"valueSet\":{\"items\":[{\"value\":\"vpc-0%016" PRIx64 "\"}]}}]},\"maxResults\":1000},\"responseElements\":null", word,
		              dice % 12 * UINT64_C(0x9E3779B97F4A7C15));
		return;
	default:
		buffer_printf(out, "{\"bucketName\":\"acme-%s-%s\",\"Host\":\"acme-%s-%s.s3.%s.amazonaws.com\",\"acl\":\"\"},\"responseElements\":null,"
		              "\"additionalEventData\":{\"SignatureVersion\":\"SigV4\",\"CipherSuite\":\"ECDHE-RSA-AES128-GCM-SHA256\",\"bytesTransferredIn"
		              "\":0,\"AuthenticationMethod\":\"AuthHeader\",\"x-amz-id-2\":\"", word, other, word, other, region);
		sample_token(out, random, 76);
		buffer_printf(out, "\",\"bytesTransferredOut\":%u}", (unsigned)(dice >> 40 & 0xFFFF));
	}
}

/* One record, compact. */
static inline void sample_event(struct buffer *out, struct random *random, int64_t time_ms, const char *account, const char *region)
{
	const struct sample_call *call = &SAMPLE_CALLS[sample_rank(random, COUNT(SAMPLE_CALLS))];
	const char *agent = SAMPLE_AGENTS[sample_rank(random, COUNT(SAMPLE_AGENTS))];
	char time[TIME_TEXT_BYTES], request_id[UUID_TEXT_BYTES], event_id[UUID_TEXT_BYTES];
	uint32_t address = sample_rank(random, 2000) * UINT32_C(2654435761);

	time_iso(time_ms, time);
	random_uuid(random, request_id);
	random_uuid(random, event_id);
	buffer_add(out, S("{\"eventVersion\":\"1.10\",\"userIdentity\":"));
	sample_identity(out, random, account, time);
	buffer_printf(out, ",\"eventTime\":\"%s\",\"eventSource\":\"%s.amazonaws.com\",\"eventName\":\"%s\",\"awsRegion\":\"%s\",\"sourceIPAddress\":"
	              "\"%u.%u.%u.%u\",\"userAgent\":\"%s\"", time, call->source, call->name, region, address >> 24, address >> 16 & 255,
	              address >> 8 & 255, address & 255, agent);
	if (random_u64(random) % 25 == 0)
		buffer_printf(out, ",\"errorCode\":\"AccessDenied\",\"errorMessage\":\"User: arn:aws:iam::%s:user/%s is not authorized to perform: %s:%s "
		              "because no identity-based policy allows the %s:%s action\"", account, sample_word(address), call->source, call->name,
		              call->source, call->name);
	buffer_add(out, S(",\"requestParameters\":"));
	sample_parameters(out, random, account, region);
	buffer_printf(out, ",\"requestID\":\"%s\",\"eventID\":\"%s\",\"readOnly\":%s,\"eventType\":\"AwsApiCall\",\"managementEvent\":true,"
	              "\"recipientAccountId\":\"%s\",\"eventCategory\":\"Management\",\"tlsDetails\":{\"tlsVersion\":\"TLSv1.3\",\"cipherSuite\":"
	              "\"TLS_AES_128_GCM_SHA256\",\"clientProvidedHostHeader\":\"%s.%s.amazonaws.com\"}}", request_id, event_id,
	              call->is_read ? "true" : "false", account, call->source, region);
}

#endif
