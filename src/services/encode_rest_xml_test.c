/* services/encode_rest_xml_test.c: replies as S3's clients read them. */
#include "services/encode_rest_xml.h"

#include "services/rest_errors.h"
#include "services/s3/shapes.h"
#include "tests/test.h"

#define XML     "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
#define IN_S3   " xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">"

static struct slice header(const struct rest_reply *reply, const char *name)
{
	for (size_t i = 0; i < reply->header_count; i++)
		if (slice_equal_nocase(reply->headers[i].name, slice_of(name)))
			return reply->headers[i].value;
	return SLICE_NONE;
}

static struct rest_reply encode(struct test *t, const struct operation_shape *operation, const void *value)
{
	static const struct rest rest;
	struct rest_reply reply;

	encode_rest_xml(&t->arena, operation, value, &rest, 1 << 20, &reply);
	return reply;
}

TEST(encode_rest_xml_writes_the_documented_roots)
{
	static const struct s3_get_bucket_location_output no_location;
	static const struct s3_get_bucket_versioning_output no_versioning;
	static const struct s3_delete_object_output nothing_deleted;
	struct s3_tag tag = { S("k"), S("<v>") };
	struct s3_grant grant = { &(struct s3_grantee){ .id = S("1"), .type = S("CanonicalUser") }, S("FULL_CONTROL") };
	struct s3_server_side_encryption_rule rule = { .apply_server_side_encryption_by_default =
		&(struct s3_server_side_encryption_by_default){ .sse_algorithm = S("AES256") }, .bucket_key_enabled = SET_BOOL(false) };
	struct s3_bucket bucket = { .name = S("b"), .creation_date = SET_TIME(1768471267250) };
	const struct { const struct operation_shape *operation; const void *value; const char *body; } rows[] = {
		{ &s3_get_bucket_location_shape, &no_location, XML "<LocationConstraint" IN_S3 "</LocationConstraint>" },
		{ &s3_get_bucket_location_shape, &(struct s3_get_bucket_location_output){ S("eu-west-1") },
		  XML "<LocationConstraint" IN_S3 "eu-west-1</LocationConstraint>" },
		{ &s3_get_bucket_versioning_shape, &no_versioning,
		  XML "<VersioningConfiguration" IN_S3 "</VersioningConfiguration>" },
		{ &s3_get_bucket_versioning_shape, &(struct s3_get_bucket_versioning_output){ S("Enabled"), S("Disabled") },
		  XML "<VersioningConfiguration" IN_S3 "<Status>Enabled</Status><MfaDelete>Disabled</MfaDelete></VersioningConfiguration>" },
		{ &s3_get_bucket_tagging_shape, &(struct s3_get_bucket_tagging_output){ { &tag, 1, true } },
		  XML "<Tagging" IN_S3 "<TagSet><Tag><Key>k</Key><Value>&lt;v&gt;</Value></Tag></TagSet></Tagging>" },
		{ &s3_get_bucket_acl_shape, &(struct s3_get_bucket_acl_output){ &(struct s3_owner){ .id = S("1") }, { &grant, 1, true } },
		  XML "<AccessControlPolicy" IN_S3 "<Owner><ID>1</ID></Owner><AccessControlList><Grant>"
		  "<Grantee xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:type=\"CanonicalUser\"><ID>1</ID></Grantee>"
		  "<Permission>FULL_CONTROL</Permission></Grant></AccessControlList></AccessControlPolicy>" },
		{ &s3_get_bucket_encryption_shape, &(struct s3_get_bucket_encryption_output){ &(struct s3_server_side_encryption_configuration){ { &rule, 1, true } } },
		  XML "<ServerSideEncryptionConfiguration" IN_S3 "<Rule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>AES256</SSEAlgorithm>"
		  "</ApplyServerSideEncryptionByDefault><BucketKeyEnabled>false</BucketKeyEnabled></Rule></ServerSideEncryptionConfiguration>" },
		{ &s3_list_buckets_shape, &(struct s3_list_buckets_output){ .buckets = { &bucket, 1, true } },
		  XML "<ListAllMyBucketsResult" IN_S3 "<Buckets><Bucket><Name>b</Name><CreationDate>2026-01-15T10:01:07.250Z</CreationDate></Bucket>"
		  "</Buckets></ListAllMyBucketsResult>" },
		{ &s3_list_buckets_shape, &(struct s3_list_buckets_output){ .buckets = { NULL, 0, true } },
		  XML "<ListAllMyBucketsResult" IN_S3 "<Buckets></Buckets></ListAllMyBucketsResult>" },
		{ &s3_get_bucket_policy_shape, &(struct s3_get_bucket_policy_output){ S("{}") }, "{}" },
		{ &s3_put_bucket_policy_shape, NULL, "" },
		{ &s3_delete_object_shape, &nothing_deleted, "" },
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct rest_reply reply = encode(t, rows[i].operation, rows[i].value);
		struct slice body = buffer_slice(&reply.body);
		CHECK_TEXT(t, body.ptr ? body : S(""), slice_of(rows[i].body));
		CHECK_TEXT(t, header(&reply, "content-type").ptr ? header(&reply, "content-type") : S(""),
			body.len == 0 ? S("") : slice_has_prefix(body, S("{")) ? S("application/json") : S("application/xml"));
		CHECK_NUMBER(t, reply.status, rows[i].operation->status);
	}
}

TEST(encode_rest_xml_encodes_keys_when_they_are_asked_for_so)
{
	struct s3_object object = { .key = S("a b+c/\xc3\xa4&\x01"), .size = SET_I64(3) };
	struct s3_common_prefix prefix = { S("p q/") };
	struct s3_list_objects_v2_output out = {
		.contents = { &object, 1, true }, .common_prefixes = { &prefix, 1, true }, .prefix = S("a b"), .delimiter = S("/ "),
		.start_after = S("+"), .continuation_token = S("t+"), .encoding_type = S("url"),
	};
	struct rest_reply reply = encode(t, &s3_list_objects_v2_shape, &out);

	CHECK_TEXT(t, buffer_slice(&reply.body), S(XML "<ListBucketResult" IN_S3
		"<Contents><Key>a%20b%2Bc/%C3%A4%26%01</Key><Size>3</Size></Contents><Prefix>a%20b</Prefix><Delimiter>/%20</Delimiter>"
		"<CommonPrefixes><Prefix>p%20q/</Prefix></CommonPrefixes><EncodingType>url</EncodingType><ContinuationToken>t+</ContinuationToken>"
		"<StartAfter>%2B</StartAfter></ListBucketResult>"));
	out.encoding_type = SLICE_NONE;
	object.key = S("a b+c");
	reply = encode(t, &s3_list_objects_v2_shape, &out);
	CHECK(t, slice_find(buffer_slice(&reply.body), S("<Key>a b+c</Key>")) != SLICE_NPOS);
}

TEST(encode_rest_xml_gives_headers_their_forms)
{
	struct s3_metadata_entry metadata[] = { { S("plain"), S("red") }, { S("umlaut"), S("\xc3\xa4") } };
	struct s3_get_object_output out = {
		.e_tag = S("\"abc\""), .last_modified = SET_TIME(1768471267250), .delete_marker = SET_BOOL(true), .tag_count = SET_I64(2),
		.metadata = { metadata, 2, true }, .content_type = S("text/plain"), .object_lock_retain_until_date = SET_TIME(1893456000500),
		.content_length = SET_I64(9),
	};
	struct rest_reply reply = encode(t, &s3_get_object_shape, &out);

	CHECK_TEXT(t, header(&reply, "ETag"), S("\"abc\""));
	CHECK_TEXT(t, header(&reply, "Last-Modified"), S("Thu, 15 Jan 2026 10:01:07 GMT"));
	CHECK_TEXT(t, header(&reply, "x-amz-delete-marker"), S("true"));
	CHECK_TEXT(t, header(&reply, "x-amz-tagging-count"), S("2"));
	CHECK_TEXT(t, header(&reply, "x-amz-meta-plain"), S("red"));
	CHECK_TEXT(t, header(&reply, "x-amz-meta-umlaut"), S("=?UTF-8?B?w6Q=?="));
	CHECK_TEXT(t, header(&reply, "content-type"), S("text/plain"));
	CHECK_TEXT(t, header(&reply, "x-amz-object-lock-retain-until-date"), S("2030-01-01T00:00:00.500Z"));
	CHECK(t, !header(&reply, "content-length").ptr);      /* the server's business */
	CHECK_NUMBER(t, reply.body.len, 0);
}

TEST(encode_rest_xml_errors_say_what_the_request_named)
{
	struct rest rest = { .method = S("GET"), .bucket = S("b"), .key = S("k<") };
	struct error err = {0};
	struct rest_reply reply;

	memcpy(rest.host_id, "HOST", 5);
	fail_as(&err, ERR_NOT_FOUND, "NoSuchKey", "%s", "");
	rest_add_header(&rest, S("x-amz-delete-marker"), S("true"));
	struct wire_error wire = rest_errors_resolve(&err, &rest);
	encode_rest_xml_error(&t->arena, &wire, &rest, S("REQ"), &reply);
	CHECK_NUMBER(t, reply.status, 404);
	CHECK_TEXT(t, buffer_slice(&reply.body), S(XML "<Error><Code>NoSuchKey</Code><Message>The specified key does not exist.</Message>"
		"<Key>k&lt;</Key><RequestId>REQ</RequestId><HostId>HOST</HostId></Error>"));
	CHECK_TEXT(t, header(&reply, "x-amz-delete-marker"), S("true"));

	rest.method = S("HEAD");
	encode_rest_xml_error(&t->arena, &wire, &rest, S("REQ"), &reply);
	CHECK_NUMBER(t, reply.status, 404);
	CHECK_NUMBER(t, reply.body.len, 0);
}
