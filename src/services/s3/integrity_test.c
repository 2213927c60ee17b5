/* services/s3/integrity_test.c: bodies that are, and are not, what their headers say. */
#include "services/s3/integrity.h"

#include "services/s3/shapes.h"
#include "tests/test.h"

TEST(integrity_is_checked_where_it_is_said_and_required_where_it_matters)
{
	static const struct { const struct operation_shape *operation; const char *name, *value, *more, *code; } rows[] = {
		{ &s3_put_bucket_tagging_shape, NULL, NULL, NULL, NULL },
		{ &s3_put_bucket_tagging_shape, "content-md5", "JfnnlDI7RTiF9RgfG2JNCw==", NULL, NULL },
		{ &s3_put_bucket_tagging_shape, "Content-MD5", "AAAAAAAAAAAAAAAAAAAAAA==", NULL, "BadDigest" },
		{ &s3_put_bucket_tagging_shape, "Content-MD5", "short", NULL, "InvalidDigest" },
		{ &s3_put_bucket_tagging_shape, "Content-MD5", "AAAA", NULL, "InvalidDigest" },
		{ &s3_put_bucket_tagging_shape, "x-amz-checksum-crc32", "y/Q5Jg==", NULL, NULL },
		{ &s3_put_bucket_tagging_shape, "X-Amz-Checksum-Crc64nvme", "rosUhgp5mIg=", NULL, NULL },
		{ &s3_put_bucket_tagging_shape, "x-amz-checksum-crc32", "y/Q5Jw==", NULL, "BadDigest" },
		{ &s3_put_bucket_tagging_shape, "x-amz-checksum-crc32", "y/Q5", NULL, "InvalidRequest" },
		{ &s3_put_bucket_tagging_shape, "x-amz-checksum-md5", "JfnnlDI7RTiF9RgfG2JNCw==", NULL, "InvalidRequest" },
		{ &s3_put_bucket_tagging_shape, "x-amz-checksum-crc32", "y/Q5Jg==", "x-amz-checksum-sha1", "InvalidRequest" },
		{ &s3_put_bucket_tagging_shape, "x-amz-checksum-crc32", "y/Q5Jg==", "x-amz-checksum-type", NULL },
		{ &s3_delete_objects_shape, NULL, NULL, NULL, "InvalidRequest" },
		{ &s3_delete_objects_shape, "x-amz-checksum-crc32", "y/Q5Jg==", NULL, NULL },
		{ &s3_put_object_lock_configuration_shape, NULL, NULL, NULL, "InvalidRequest" },
		{ &s3_complete_multipart_upload_shape, "x-amz-checksum-crc32", "AAAAAA==", NULL, NULL },
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct http_header headers[] = { { slice_of(rows[i].name), slice_of(rows[i].value) }, { slice_of(rows[i].more), S("FULL_OBJECT") } };
		struct rest rest = { .body = S("123456789"), .headers = headers, .header_count = rows[i].more ? 2 : rows[i].name ? 1 : 0 };
		struct error err = {0};
		CHECK(t, integrity_check(&t->arena, rows[i].operation, &rest, &err) == (rows[i].code == NULL));
		CHECK_TEXT(t, slice_of(err.name), slice_of(rows[i].code));
	}
}
