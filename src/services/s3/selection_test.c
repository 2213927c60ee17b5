/* services/s3/selection_test.c: operations by method, address and sub-resource. */
#include "services/s3/selection.h"

#include "services/s3/shapes.h"
#include "tests/test.h"

static struct slice find(struct test *t, const char *method, const char *bucket, const char *key, const char *query, const char *header,
                         struct rest *rest)
{
	struct http_header *headers = arena_array(&t->arena, 1, sizeof *headers);

	headers[0] = (struct http_header){ slice_of(header), S("/b/k") };
	*rest = (struct rest){ .method = slice_of(method), .bucket = slice_of(bucket), .key = slice_of(key), .headers = headers,
		.header_count = header != NULL };
	t->err = (struct error){0};
	CHECK(t, uri_pairs_read(&t->arena, slice_of(query), URI_PLUS_IS_BLANK, 100, &rest->query, &t->err));
	return selection_find(rest, &t->err);
}

TEST(selection_knows_each_operation)
{
	static const struct { const char *method, *bucket, *key, *query, *header, *operation; } rows[] = {
		{ "GET", NULL, NULL, "", NULL, "ListBuckets" }, { "GET", NULL, NULL, "x-id=ListBuckets", NULL, "ListBuckets" },
		{ "GET", "b", NULL, "", NULL, "ListObjects" }, { "GET", "b", NULL, "list-type=2", NULL, "ListObjectsV2" },
		{ "GET", "b", NULL, "prefix=policy&x-id=policy", NULL, "ListObjects" },
		{ "HEAD", "b", NULL, "", NULL, "HeadBucket" }, { "PUT", "b", NULL, "", NULL, "CreateBucket" },
		{ "DELETE", "b", NULL, "", NULL, "DeleteBucket" },
		{ "GET", "b", NULL, "policy", NULL, "GetBucketPolicy" }, { "GET", "b", NULL, "policy=", NULL, "GetBucketPolicy" },
		{ "PUT", "b", NULL, "policy=x", NULL, "PutBucketPolicy" }, { "GET", "b", "policy", "", NULL, "GetObject" },
		{ "POST", "b", NULL, "delete", NULL, "DeleteObjects" }, { "POST", "b", NULL, "delete=&x-id=DeleteObjects", NULL, "DeleteObjects" },
		{ "GET", "b", NULL, "versions&prefix=a", NULL, "ListObjectVersions" }, { "GET", "b", NULL, "uploads", NULL, "ListMultipartUploads" },
		{ "GET", "b", NULL, "inventory", NULL, "ListBucketInventoryConfigurations" },
		{ "GET", "b", NULL, "inventory&id=1", NULL, "GetBucketInventoryConfiguration" },
		{ "GET", "b", NULL, "metrics", NULL, "ListBucketMetricsConfigurations" },
		{ "GET", "b", "k", "", NULL, "GetObject" }, { "GET", "b", "k", "versionId=v&partNumber=2", NULL, "GetObject" },
		{ "HEAD", "b", "k", "", NULL, "HeadObject" }, { "DELETE", "b", "k", "versionId=v", NULL, "DeleteObject" },
		{ "PUT", "b", "k", "x-id=PutObject", NULL, "PutObject" }, { "PUT", "b", "k", "", "X-Amz-Copy-Source", "CopyObject" },
		{ "PUT", "b", "k", "partNumber=1&uploadId=u", NULL, "UploadPart" },
		{ "PUT", "b", "k", "uploadId=u&partNumber=1", "x-amz-copy-source", "UploadPartCopy" },
		{ "POST", "b", "k", "uploads", NULL, "CreateMultipartUpload" }, { "POST", "b", "k", "uploads=", NULL, "CreateMultipartUpload" },
		{ "POST", "b", "k", "uploadId=u", NULL, "CompleteMultipartUpload" }, { "DELETE", "b", "k", "uploadId=u", NULL, "AbortMultipartUpload" },
		{ "GET", "b", "k", "uploadId=u", NULL, "ListParts" }, { "GET", "b", "k", "tagging", NULL, "GetObjectTagging" },
		{ "GET", "b", "k", "attributes", NULL, "GetObjectAttributes" }, { "POST", "b", "k", "restore", NULL, "RestoreObject" },
		{ "PUT", "b", "k", "retention&versionId=v", NULL, "PutObjectRetention" },
		{ "POST", "b", "k", "select&select-type=2", NULL, "SelectObjectContent" },
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct rest rest;
		CHECK_TEXT(t, find(t, rows[i].method, rows[i].bucket, rows[i].key, rows[i].query, rows[i].header, &rest), slice_of(rows[i].operation));
	}
}

/* Every operation with a shape is reached by its own method and address, so none is missing from the table. */
TEST(selection_reaches_every_shape)
{
	for (size_t i = 0; i < s3_shapes.operation_count; i++) {
		const struct operation_shape *shape = s3_shapes.operations[i];
		struct slice path, query = slice_cut(shape->uri, '?', &path);
		bool has_key = slice_find(path, S("{Key+}")) != SLICE_NPOS, has_bucket = slice_find(path, S("{Bucket}")) != SLICE_NPOS;
		bool is_copy = slice_equal(shape->name, S("CopyObject")) || slice_equal(shape->name, S("UploadPartCopy"));
		const struct shape_member *upload = shape_member_find(shape->input, S("UploadId")), *part = shape_member_find(shape->input, S("PartNumber"));
		bool has_upload = upload && upload->flags & MEMBER_REQUIRED, has_part = part && part->flags & MEMBER_REQUIRED;
		struct rest rest;
		CHECK_TEXT(t, find(t, arena_cstr(&t->arena, shape->method), has_bucket ? "b" : NULL, has_key ? "k" : NULL,
			arena_printf(&t->arena, "%.*s%s%s", SLICE_ARG(query), has_upload ? "&uploadId=u" : "", has_part ? "&partNumber=1" : ""),
			is_copy ? "x-amz-copy-source" : NULL, &rest), shape->name);
	}
}

TEST(selection_refuses_other_methods_and_contradictions)
{
	static const struct { const char *method, *bucket, *key, *query, *code, *element, *value; } rows[] = {
		{ "POST", NULL, NULL, "", "MethodNotAllowed", "ResourceType", "SERVICE" },
		{ "PATCH", "b", NULL, "", "MethodNotAllowed", "ResourceType", "BUCKET" },
		{ "POST", "b", NULL, "policy", "MethodNotAllowed", "ResourceType", "BUCKETPOLICY" },
		{ "DELETE", "b", NULL, "acl", "MethodNotAllowed", "Method", "DELETE" },
		{ "GET", "b", NULL, "delete", "MethodNotAllowed", "Method", "GET" },
		{ "HEAD", "b", NULL, "versions", "MethodNotAllowed", "Method", "HEAD" },
		{ "POST", "b", "k", "", "MethodNotAllowed", "ResourceType", "OBJECT" },
		{ "POST", "b", NULL, "", "NotImplemented", NULL, NULL },
		{ "PUT", "b", "k", "partNumber=1", "InvalidArgument", "ArgumentName", "partNumber" },
		{ "PUT", "b", "k", "uploadId=1", "InvalidArgument", "ArgumentName", "uploadId" },
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct rest rest;
		bool is_found = rows[i].element == NULL;
		CHECK(t, !find(t, rows[i].method, rows[i].bucket, rows[i].key, rows[i].query, NULL, &rest).ptr);
		CHECK_TEXT(t, slice_of(t->err.name), slice_of(rows[i].code));
		for (size_t k = 0; k < rest.elements.count; k++)
			is_found |= rows[i].element && slice_equal(rest.elements.items[k].name, slice_of(rows[i].element))
			          && slice_equal(rest.elements.items[k].value, slice_of(rows[i].value));
		CHECK(t, is_found);
	}
}
