/* services/rest_errors_test.c: statuses and elements of S3's errors. */
#include "services/rest_errors.h"

#include "tests/test.h"

TEST(rest_errors_have_the_documented_statuses)
{
	static const struct { const char *code; enum error_kind kind; int status; const char *element; } rows[] = {
		{ "NoSuchBucket", ERR_NOT_FOUND, 404, "BucketName" }, { "BucketNotEmpty", ERR_CONFLICT, 409, "BucketName" },
		{ "NoSuchUpload", ERR_NOT_FOUND, 404, "UploadId" }, { "NoSuchVersion", ERR_NOT_FOUND, 404, "VersionId" },
		{ "MethodNotAllowed", ERR_INVALID, 405, "Method" }, { "PreconditionFailed", ERR_CONFLICT, 412, NULL },
		{ "NotModified", ERR_CONFLICT, 304, NULL }, { "InvalidRange", ERR_INVALID, 416, NULL }, { "NotImplemented", ERR_INVALID, 501, NULL },
		{ "MissingContentLength", ERR_INVALID, 411, NULL }, { NULL, ERR_CORRUPT, 500, NULL }, { NULL, ERR_DENIED, 403, NULL },
		{ "SomethingNew", ERR_INVALID, 400, NULL },
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct uri_pair pairs[] = { { S("versionId"), S("v") }, { S("uploadId"), S("u") } };
		struct rest rest = { .method = S("GET"), .bucket = S("b"), .key = S("k"), .query = { pairs, 2 } };
		struct error err = {0};
		fail_as(&err, rows[i].kind, rows[i].code, "said");
		struct wire_error wire = rest_errors_resolve(&err, &rest);
		CHECK_NUMBER(t, wire.status, rows[i].status);
		bool is_found = rows[i].element == NULL;
		for (size_t k = 0; k < rest.elements.count; k++)
			is_found |= rows[i].element && slice_equal(rest.elements.items[k].name, slice_of(rows[i].element));
		CHECK(t, is_found);
	}
}
