/* services/s3/event_test.c: events of S3's calls, compared with those of a real account (tests/data). */
#include "services/s3/event.h"

#include "services/decode_rest_xml.h"
#include "services/s3/shapes.h"
#include "tests/test.h"

struct told {
	struct call      call;
	struct operation operation;
	struct rest      rest;
	struct call_event event;
};

static struct told *begin(struct test *t, const struct operation_shape *shape, const char *bucket, const char *key, const char *query,
                          const char *body)
{
	struct told *told = arena_new(&t->arena, struct told);

	told->operation.shape = shape;
	arena_init(&told->call.arena, 1 << 20);
	told->call.operation = &told->operation;
	told->call.rest = &told->rest;
	told->call.host = S("b.s3.amazonaws.com");
	told->rest = (struct rest){ .method = shape->method, .bucket = slice_of(bucket), .key = slice_of(key), .body = slice_of(body),
		.bytes_in = slice_of(body).len, .bucket_owner = S("123837392027") };
	memcpy(told->rest.host_id, "HOSTID", 7);
	CHECK(t, uri_pairs_read(&t->arena, slice_of(query), URI_PLUS_IS_BLANK, 100, &told->rest.query, &t->err));
	return told;
}

static void tell(struct test *t, struct told *told, bool is_read_only)
{
	told->call.input = decode_rest_xml(&told->call.arena, told->operation.shape, &told->rest, &t->err);
	CHECK(t, told->call.input);
	event_describe(&told->call, is_read_only, &told->event);
}

TEST(event_shows_documents_as_real_records_do)
{
	static const struct { const struct operation_shape *shape; const char *query, *body, *parameters; } rows[] = {
		{ &s3_put_bucket_tagging_shape, "tagging", "<Tagging xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><TagSet><Tag><Value>true</Value>"
		  "<Key>StratusRedTeam</Key></Tag></TagSet></Tagging>",
		  "{\"bucketName\":\"b\",\"Host\":\"b.s3.amazonaws.com\",\"tagging\":\"\",\"Tagging\":{\"xmlns\":\"http://s3.amazonaws.com/doc/2006-03-01/\","
		  "\"TagSet\":{\"Tag\":{\"Value\":true,\"Key\":\"StratusRedTeam\"}}}}" },
		{ &s3_put_bucket_lifecycle_configuration_shape, "lifecycle", "<LifecycleConfiguration xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">"
		  "<Rule><Status>Enabled</Status><Filter><Prefix>*</Prefix></Filter><Expiration><Days>1</Days></Expiration>"
		  "<ID>nuke-cloudtrail-logs-after-1-day</ID></Rule></LifecycleConfiguration>",
		  "{\"bucketName\":\"b\",\"Host\":\"b.s3.amazonaws.com\",\"lifecycle\":\"\",\"LifecycleConfiguration\":{"
		  "\"xmlns\":\"http://s3.amazonaws.com/doc/2006-03-01/\",\"Rule\":{\"Status\":\"Enabled\",\"Filter\":{\"Prefix\":\"*\"},"
		  "\"Expiration\":{\"Days\":1},\"ID\":\"nuke-cloudtrail-logs-after-1-day\"}}}" },
		{ &s3_put_bucket_policy_shape, "policy", "{\"Version\": \"2012-10-17\", \"Statement\": []}",
		  "{\"bucketName\":\"b\",\"Host\":\"b.s3.amazonaws.com\",\"policy\":\"\",\"bucketPolicy\":{\"Version\":\"2012-10-17\",\"Statement\":[]}}" },
		{ &s3_put_bucket_cors_shape, "cors", "<CORSConfiguration><CORSRule><AllowedMethod>GET</AllowedMethod><AllowedOrigin>*</AllowedOrigin>"
		  "<AllowedMethod>PUT</AllowedMethod><MaxAgeSeconds>007</MaxAgeSeconds><ID></ID></CORSRule></CORSConfiguration>",
		  "{\"bucketName\":\"b\",\"Host\":\"b.s3.amazonaws.com\",\"cors\":\"\",\"CORSConfiguration\":{\"CORSRule\":{"
		  "\"AllowedMethod\":[\"GET\",\"PUT\"],\"AllowedOrigin\":\"*\",\"MaxAgeSeconds\":\"007\",\"ID\":\"\"}}}" },
		{ &s3_get_bucket_policy_status_shape, "policyStatus", NULL, "{\"bucketName\":\"b\",\"Host\":\"b.s3.amazonaws.com\",\"policyStatus\":\"\"}" },
		{ &s3_delete_objects_shape, "delete=", "<Delete><Object><Key>secret plan</Key></Object></Delete>",
		  "{\"bucketName\":\"b\",\"Host\":\"b.s3.amazonaws.com\",\"delete\":\"\"}" },
		{ &s3_create_bucket_shape, "", "<CreateBucketConfiguration xmlns=\"urn:x\"><LocationConstraint>us-east-2</LocationConstraint></CreateBucketConfiguration>",
		  "{\"bucketName\":\"b\",\"Host\":\"b.s3.amazonaws.com\",\"CreateBucketConfiguration\":{\"xmlns\":\"urn:x\",\"LocationConstraint\":\"us-east-2\"}}" },
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct told *told = begin(t, rows[i].shape, "b", NULL, rows[i].query, rows[i].body);
		tell(t, told, false);
		CHECK_TEXT(t, told->event.request_parameters, slice_of(rows[i].parameters));
		CHECK(t, !told->event.response_elements.ptr);
		CHECK_NUMBER(t, told->call.resource_count, slice_equal(rows[i].shape->name, S("CreateBucket")) ? 0 : 1);
		arena_fini(&told->call.arena);
	}
}

TEST(event_of_an_upload_shows_what_was_asked_and_no_secret)
{
	static const struct http_header headers[] = {
		{ S_INIT("X-Amz-Acl"), S_INIT("private") }, { S_INIT("x-amz-meta-diary"), S_INIT("private thoughts") },
		{ S_INIT("x-amz-content-sha256"), S_INIT("UNSIGNED-PAYLOAD") }, { S_INIT("X-Amz-Security-Token"), S_INIT("SECRET") },
		{ S_INIT("x-amz-checksum-crc32"), S_INIT("AAAAAA==") }, { S_INIT("x-amz-mfa"), S_INIT("serial 123456") },
		{ S_INIT("x-amz-server-side-encryption-customer-key"), S_INIT("SECRET") }, { S_INIT("Content-Type"), S_INIT("text/plain") },
	};
	struct s3_put_object_output out = { .server_side_encryption = S("AES256"), .e_tag = S("\"x\""), .version_id = S("v1"), .checksum_crc32 = S("AAAAAA==") };
	struct told *told = begin(t, &s3_put_object_shape, "b", "dir/o.txt",
		"x-id=PutObject&X-Amz-Signature=SECRET&X-Amz-Credential=SECRET&X-Amz-Date=20260115T100107Z&X-Amz-Expires=60&X-Amz-Security-Token=SECRET", NULL);

	told->rest.headers = headers;
	told->rest.header_count = COUNT(headers);
	told->rest.is_presigned = true;
	told->rest.bytes_in = 1234;
	told->call.tls_cipher = S("TLS_AES_128_GCM_SHA256");
	told->call.output = &out;
	tell(t, told, false);
	CHECK_TEXT(t, told->event.request_parameters, S("{\"bucketName\":\"b\",\"Host\":\"b.s3.amazonaws.com\",\"key\":\"dir/o.txt\",\"x-id\":\"PutObject\","
		"\"X-Amz-Date\":\"20260115T100107Z\",\"X-Amz-Expires\":\"60\",\"x-amz-acl\":\"private\"}"));
	CHECK_TEXT(t, told->event.response_elements, S("{\"x-amz-server-side-encryption\":\"AES256\",\"x-amz-version-id\":\"v1\"}"));
	CHECK_TEXT(t, told->event.additional_event_data, S("{\"SignatureVersion\":\"SigV4\",\"CipherSuite\":\"TLS_AES_128_GCM_SHA256\","
		"\"bytesTransferredIn\":1234,\"SSEApplied\":\"Default_SSE_S3\",\"AuthenticationMethod\":\"QueryString\",\"x-amz-id-2\":\"HOSTID\","
		"\"bytesTransferredOut\":0}"));
	REQUIRE(t, told->call.resource_count == 2);
	CHECK_TEXT(t, told->call.resources[0].arn, S("arn:aws:s3:::b/dir/o.txt"));
	CHECK(t, !told->call.resources[0].account.ptr);
	CHECK_TEXT(t, told->call.resources[1].arn, S("arn:aws:s3:::b"));
	CHECK_TEXT(t, told->call.resources[1].account, S("123837392027"));
	arena_fini(&told->call.arena);
}

TEST(event_of_a_listing_covers_a_prefix)
{
	struct told *told = begin(t, &s3_list_objects_v2_shape, "b", NULL, "list-type=2&prefix=a%2F", NULL);

	tell(t, told, true);
	CHECK_TEXT(t, told->event.request_parameters, S("{\"bucketName\":\"b\",\"Host\":\"b.s3.amazonaws.com\",\"list-type\":\"2\",\"prefix\":\"a/\"}"));
	REQUIRE(t, told->call.resource_count == 2);
	CHECK_TEXT(t, told->call.resources[0].arn_prefix, S("arn:aws:s3:::b/a/"));
	CHECK(t, !told->call.resources[0].arn.ptr);
	arena_fini(&told->call.arena);
}

TEST(event_names_no_bucket_that_is_not_there)
{
	struct told *told = begin(t, &s3_get_bucket_acl_shape, "b", NULL, "acl", NULL);

	told->rest.bucket_owner = SLICE_NONE;
	told->rest.is_anonymous = true;
	tell(t, told, true);
	CHECK_NUMBER(t, told->call.resource_count, 0);
	CHECK_TEXT(t, told->event.additional_event_data, S("{\"bytesTransferredIn\":0,\"x-amz-id-2\":\"HOSTID\",\"bytesTransferredOut\":0}"));
	arena_fini(&told->call.arena);
}
