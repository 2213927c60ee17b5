/* trail/object_list_test.c: pages as S3 writes them; a page that leaves something open is refused. */
#include "trail/object_list.h"

#include "tests/test.h"

#define HEAD "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<ListBucketResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Name>b</Name>"
#define OBJECT(key) "<Contents><Key>" key "</Key><LastModified>2026-01-15T10:01:07.000Z</LastModified><Size>1</Size></Contents>"

TEST(object_list_reads_a_page)
{
	struct object_list list;

	REQUIRE(t, object_list_read(&t->arena, S(HEAD "<IsTruncated>false</IsTruncated></ListBucketResult>"), &list, &t->err));
	CHECK(t, list.count == 0 && !list.next.ptr);
	REQUIRE(t, object_list_read(&t->arena, S(HEAD "<IsTruncated>true</IsTruncated>" OBJECT("a&amp;b") OBJECT("c%2Fd+e")
	                                         "<NextContinuationToken>t/1=</NextContinuationToken></ListBucketResult>"), &list, &t->err));
	CHECK(t, list.count == 2 && list.entries[0].modified_ms == INT64_C(1768471267000));
	CHECK_TEXT(t, list.entries[0].key, S("a&b"));
	CHECK_NUMBER(t, list.entries[0].bytes, 1);
	CHECK_TEXT(t, list.entries[1].key, S("c%2Fd+e"));
	CHECK_TEXT(t, list.next, S("t/1="));
	REQUIRE(t, object_list_read(&t->arena, S(HEAD "<EncodingType>url</EncodingType><IsTruncated>false</IsTruncated>" OBJECT("c%2Fd+e%2B")
	                                         "</ListBucketResult>"), &list, &t->err));
	CHECK_TEXT(t, list.entries[0].key, S("c/d e+"));
}

TEST(object_list_that_leaves_something_open_is_refused)
{
	static const char *const rows[] = {
		"", "<a/>", HEAD "</ListBucketResult>", HEAD "<IsTruncated>maybe</IsTruncated></ListBucketResult>",
		HEAD "<IsTruncated>true</IsTruncated></ListBucketResult>", HEAD "<IsTruncated>true</IsTruncated><NextContinuationToken/></ListBucketResult>",
		HEAD "<IsTruncated>false</IsTruncated><Contents><Key></Key></Contents></ListBucketResult>",
		HEAD "<IsTruncated>false</IsTruncated><Contents><Key>a</Key></Contents></ListBucketResult>",
		HEAD "<IsTruncated>false</IsTruncated><Contents><Key>a</Key><LastModified>now</LastModified></Contents></ListBucketResult>",
		HEAD "<IsTruncated>false</IsTruncated><EncodingType>url</EncodingType>" OBJECT("%2") "</ListBucketResult>",
		"<!DOCTYPE x><ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>",
		"<Error><Code>NoSuchBucket</Code></Error>", HEAD "<IsTruncated>false</IsTruncated>",
	};
	struct object_list list;

	for (size_t i = 0; i < COUNT(rows); i++)
		if (object_list_read(&t->arena, slice_of(rows[i]), &list, &t->err) || t->err.kind != ERR_INVALID)
			test_failed(t, __FILE__, __LINE__, "row %zu was read: %s", i, t->err.message);
}
