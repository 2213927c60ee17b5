/* services/decode_rest_xml_test.c: from request to struct, by S3's own shapes. */
#include "services/decode_rest_xml.h"

#include "codec/xml_read.h"
#include "services/encode_json.h"
#include "services/rest_errors.h"
#include "services/s3/shapes.h"
#include "tests/test.h"

struct sent {
	const char               *bucket, *key, *query, *body;
	const struct http_header *headers;
	size_t                    header_count;
};

static void *decode(struct test *t, const struct operation_shape *operation, const struct sent *sent, struct rest *rest)
{
	*rest = (struct rest){
		.method = operation->method, .bucket = slice_of(sent->bucket), .key = slice_of(sent->key),
		.headers = sent->headers, .header_count = sent->header_count, .body = slice_of(sent->body),
	};
	t->err = (struct error){0};
	if (!uri_pairs_read(&t->arena, slice_of(sent->query ? sent->query : ""), URI_PLUS_IS_BLANK, 100, &rest->query, &t->err))
		return NULL;
	return decode_rest_xml(&t->arena, operation, rest, &t->err);
}

static struct slice as_json(struct test *t, const struct shape *shape, const void *value)
{
	struct buffer out;

	buffer_init(&out, &t->arena, 1 << 20);
	encode_json(&out, shape, value);
	return buffer_slice(&out);
}

#define HEADER(name, value) { S_INIT(name), S_INIT(value) }

TEST(decode_rest_xml_takes_labels_query_and_headers)
{
	static const struct http_header headers[] = {
		HEADER("X-Amz-Meta-Colour", "red"), HEADER("x-amz-meta-", "no name"), HEADER("x-amz-meta-colour", "blue"),
		HEADER("x-amz-meta-umlaut", "\xe4"), HEADER("CONTENT-TYPE", "text/plain"), HEADER("Cache-Control", ""),
		HEADER("x-amz-storage-class", "STANDARD_IA"), HEADER("Content-Length", "5000000000"),
		HEADER("x-amz-object-lock-retain-until-date", "2030-01-01T00:00:00.5Z"),
		HEADER("x-amz-server-side-encryption-bucket-key-enabled", "TRUE"),
	};
	struct rest rest;
	const struct s3_put_object_request *put = decode(t, &s3_put_object_shape,
		&(struct sent){ "b", "a//b/../c", "x-id=PutObject", "bytes", headers, COUNT(headers) }, &rest);

	REQUIRE(t, put);
	CHECK_TEXT(t, put->bucket, S("b"));
	CHECK_TEXT(t, put->key, S("a//b/../c"));
	CHECK_TEXT(t, put->content_type, S("text/plain"));
	CHECK(t, !put->cache_control.ptr && !put->body.ptr);
	CHECK_NUMBER(t, put->content_length.value, 5000000000);
	CHECK_NUMBER(t, put->object_lock_retain_until_date.ms, 1893456000500);
	CHECK(t, put->bucket_key_enabled.value);
	REQUIRE(t, put->metadata.count == 2);
	CHECK_TEXT(t, put->metadata.items[0].key, S("colour"));
	CHECK_TEXT(t, put->metadata.items[0].value, S("red,blue"));
	CHECK_TEXT(t, put->metadata.items[1].value, S("\xc3\xa4"));

	const struct s3_list_objects_v2_request *list = decode(t, &s3_list_objects_v2_shape,
		&(struct sent){ "b", NULL, "list-type=2&prefix=a+b%2Fc&delimiter=%2F&max-keys=10&fetch-owner=true&continuation-token", NULL, NULL, 0 },
		&rest);
	REQUIRE(t, list);
	CHECK_TEXT(t, list->prefix, S("a b/c"));
	CHECK_NUMBER(t, list->max_keys.value, 10);
	CHECK(t, list->fetch_owner.value && list->continuation_token.ptr && list->continuation_token.len == 0);

	static const struct http_header wanted[] = { HEADER("x-amz-object-attributes", "ETag, Checksum"), HEADER("x-amz-object-attributes", "ObjectSize") };
	const struct s3_get_object_attributes_request *attributes = decode(t, &s3_get_object_attributes_shape,
		&(struct sent){ "b", "k", NULL, NULL, wanted, COUNT(wanted) }, &rest);
	REQUIRE(t, attributes && attributes->object_attributes.count == 3);
	CHECK_TEXT(t, attributes->object_attributes.items[1], S("Checksum"));
}

TEST(decode_rest_xml_ignores_conditions_that_are_no_dates)
{
	static const struct http_header headers[] = { HEADER("If-Modified-Since", "yesterday"), HEADER("If-Unmodified-Since", "Thu, 15 Jan 2026 10:01:07 GMT") };
	struct rest rest;
	const struct s3_get_object_request *get = decode(t, &s3_get_object_shape, &(struct sent){ "b", "k", NULL, NULL, headers, 2 }, &rest);

	REQUIRE(t, get);
	CHECK(t, !get->if_modified_since.is_set && get->if_unmodified_since.is_set);
}

TEST(decode_rest_xml_reads_documents_whatever_their_prefixes)
{
	static const struct { const struct operation_shape *operation; const char *body, *json; } rows[] = {
		{ &s3_delete_objects_shape,
		  "<Delete xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Object><Key> a &amp; b </Key></Object><Quiet>true</Quiet>"
		  "<Object><Key>c</Key><VersionId>v</VersionId></Object></Delete>",
		  "{\"Bucket\":\"b\",\"Delete\":{\"Objects\":[{\"Key\":\" a & b \"},{\"Key\":\"c\",\"VersionId\":\"v\"}],\"Quiet\":true}}" },
		{ &s3_put_bucket_versioning_shape, "<s3:VersioningConfiguration xmlns:s3='urn:any'>\n <s3:Status> Enabled </s3:Status>\n</s3:VersioningConfiguration>",
		  "{\"Bucket\":\"b\",\"VersioningConfiguration\":{\"Status\":\"Enabled\"}}" },
		{ &s3_put_bucket_tagging_shape, "<?xml version='1.0'?><Tagging><TagSet><Tag><Key>k</Key><Value/></Tag></TagSet></Tagging>",
		  "{\"Bucket\":\"b\",\"Tagging\":{\"TagSet\":[{\"Key\":\"k\",\"Value\":\"\"}]}}" },
		{ &s3_put_bucket_tagging_shape, "<Tagging><TagSet></TagSet></Tagging>", "{\"Bucket\":\"b\",\"Tagging\":{\"TagSet\":[]}}" },
		{ &s3_put_bucket_lifecycle_configuration_shape, "<LifecycleConfiguration><Rule><ID>r</ID><Filter/><Status>Enabled</Status>"
		  "<Expiration><Date>2030-01-01</Date></Expiration><Transition><Days>30</Days><StorageClass>GLACIER</StorageClass></Transition>"
		  "</Rule></LifecycleConfiguration>",
		  "{\"Bucket\":\"b\",\"LifecycleConfiguration\":{\"Rules\":[{\"Expiration\":{\"Date\":\"2030-01-01T00:00:00Z\"},\"ID\":\"r\",\"Filter\":{},"
		  "\"Status\":\"Enabled\",\"Transitions\":[{\"Days\":30,\"StorageClass\":\"GLACIER\"}]}]}}" },
		{ &s3_put_bucket_acl_shape, "<AccessControlPolicy><AccessControlList><Grant><Grantee xmlns:x=\"http://www.w3.org/2001/XMLSchema-instance\""
		  " x:type=\"CanonicalUser\"><ID>1</ID></Grantee><Permission>READ</Permission></Grant></AccessControlList><Owner><ID>1</ID></Owner>"
		  "</AccessControlPolicy>",
		  "{\"AccessControlPolicy\":{\"Grants\":[{\"Grantee\":{\"ID\":\"1\",\"Type\":\"CanonicalUser\"},\"Permission\":\"READ\"}],\"Owner\":{\"ID\":\"1\"}},"
		  "\"Bucket\":\"b\"}" },
		{ &s3_put_bucket_policy_shape, "{\"any\": 1}", "{\"Bucket\":\"b\",\"Policy\":\"{\\\"any\\\": 1}\"}" },
		{ &s3_create_bucket_shape, NULL, "{\"Bucket\":\"b\"}" },
		{ &s3_put_bucket_logging_shape, "<BucketLoggingStatus/>", "{\"Bucket\":\"b\",\"BucketLoggingStatus\":{}}" },
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct rest rest;
		void *input = decode(t, rows[i].operation, &(struct sent){ "b", NULL, NULL, rows[i].body, NULL, 0 }, &rest);
		CHECK(t, input);
		if (input)
			CHECK_TEXT(t, as_json(t, rows[i].operation->input, input), slice_of(rows[i].json));
	}
}

TEST(decode_rest_xml_refuses_documents_that_are_not_the_models)
{
	static const struct { const struct operation_shape *operation; const char *body, *code; } rows[] = {
		{ &s3_put_bucket_versioning_shape, "", "MissingRequestBodyError" },
		{ &s3_put_bucket_versioning_shape, "<VersioningConfiguration>", "MalformedXML" },
		{ &s3_put_bucket_versioning_shape, "<Versioning><Status>Enabled</Status></Versioning>", "MalformedXML" },
		{ &s3_put_bucket_versioning_shape, "<VersioningConfiguration><Status>On</Status></VersioningConfiguration>",
		  "IllegalVersioningConfigurationException" },
		{ &s3_put_bucket_versioning_shape, "<VersioningConfiguration><Status>Enabled</Status><Status>Enabled</Status></VersioningConfiguration>",
		  "MalformedXML" },
		{ &s3_put_bucket_versioning_shape, "<!DOCTYPE x [<!ENTITY e 'Enabled'>]><VersioningConfiguration><Status>&e;</Status></VersioningConfiguration>",
		  "MalformedXML" },
		{ &s3_put_bucket_cors_shape, "<CORSConfiguration><CORSRule><AllowedMethod>GET</AllowedMethod><Nope/></CORSRule></CORSConfiguration>", "MalformedXML" },
		{ &s3_put_bucket_cors_shape, "<CORSConfiguration><CORSRule><AllowedMethod>GET</AllowedMethod></CORSRule></CORSConfiguration>", "MalformedXML" },
		{ &s3_put_bucket_cors_shape, "<CORSConfiguration>text</CORSConfiguration>", "MalformedXML" },
		{ &s3_put_bucket_tagging_shape, "<Tagging><TagSet><Label/></TagSet></Tagging>", "MalformedXML" },
		{ &s3_put_bucket_tagging_shape, "<Tagging><TagSet><Tag><Key><b/></Key><Value/></Tag></TagSet></Tagging>", "MalformedXML" },
		{ &s3_put_bucket_lifecycle_configuration_shape, "<LifecycleConfiguration><Rule><Status>Enabled</Status><Expiration><Days>soon</Days>"
		  "</Expiration></Rule></LifecycleConfiguration>", "MalformedXML" },
		{ &s3_create_bucket_shape, "<CreateBucketConfiguration><LocationConstraint>us-east-1</LocationConstraint></CreateBucketConfiguration>",
		  "InvalidLocationConstraint" },
		{ &s3_put_public_access_block_shape, "<PublicAccessBlockConfiguration><BlockPublicAcls>yes</BlockPublicAcls></PublicAccessBlockConfiguration>",
		  "MalformedXML" },
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct rest rest;
		CHECK(t, !decode(t, rows[i].operation, &(struct sent){ "b", NULL, NULL, rows[i].body, NULL, 0 }, &rest));
		CHECK_TEXT(t, slice_of(t->err.name), slice_of(rows[i].code));
		CHECK_NUMBER(t, rest_errors_resolve(&t->err, &rest).status, 400);
		CHECK(t, rest_errors_resolve(&t->err, &rest).message.len > 0);
	}
}

TEST(decode_rest_xml_names_the_argument_that_is_wrong)
{
	static const struct http_header storage[] = { HEADER("x-amz-storage-class", "WARM") };
	static const struct http_header acl[] = { HEADER("x-amz-acl", "open") };
	static const struct http_header sum[] = { HEADER("x-amz-sdk-checksum-algorithm", "ADLER") };
	static const struct { const struct operation_shape *operation; const char *query; const struct http_header *headers; const char *code, *name, *value; } rows[] = {
		{ &s3_list_objects_shape, "max-keys=many", NULL, "InvalidArgument", "ArgumentName", "max-keys" },
		{ &s3_list_objects_shape, "max-keys=2147483648", NULL, "InvalidArgument", "ArgumentValue", "2147483648" },
		{ &s3_list_objects_shape, "encoding-type=base64", NULL, "InvalidArgument", "ArgumentName", "encoding-type" },
		{ &s3_list_objects_shape, "prefix=a&prefix=b", NULL, "InvalidArgument", "ArgumentName", "prefix" },
		{ &s3_list_objects_shape, "prefix=%ff", NULL, "InvalidArgument", "ArgumentName", "prefix" },
		{ &s3_upload_part_shape, "partNumber=one&uploadId=u", NULL, "InvalidArgument", "ArgumentName", "partNumber" },
		{ &s3_upload_part_shape, "partNumber=1", NULL, "InvalidArgument", "ArgumentName", "uploadId" },
		{ &s3_put_object_shape, NULL, storage, "InvalidStorageClass", "StorageClassRequested", "WARM" },
		{ &s3_put_object_shape, NULL, acl, "InvalidArgument", "ArgumentName", "x-amz-acl" },
		{ &s3_put_object_shape, NULL, sum, "InvalidRequest", NULL, NULL },
		{ &s3_copy_object_shape, NULL, NULL, "InvalidArgument", "ArgumentName", "x-amz-copy-source" },
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct rest rest;
		bool is_found = rows[i].name == NULL;
		CHECK(t, !decode(t, rows[i].operation, &(struct sent){ "b", "k", rows[i].query, NULL, rows[i].headers, rows[i].headers != NULL }, &rest));
		CHECK_TEXT(t, slice_of(t->err.name), slice_of(rows[i].code));
		for (size_t k = 0; k < rest.elements.count; k++)
			is_found |= rows[i].name && slice_equal(rest.elements.items[k].name, slice_of(rows[i].name))
			          && slice_equal(rest.elements.items[k].value, slice_of(rows[i].value));
		CHECK(t, is_found);
	}
}
