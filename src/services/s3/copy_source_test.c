/* services/s3/copy_source_test.c: what the header names. */
#include "services/s3/copy_source.h"

#include "tests/auth_catalog.h"

/* platform.md, trap 38. */
TEST(a_copy_source_is_decoded_once_and_its_version_cut_off_before)
{
	static const struct { const char *text, *bucket, *key, *version_id; } rows[] = {
		{ "books/a", "books", "a", NULL },
		{ "/books/a/b", "books", "a/b", NULL },
		{ "books/a%20b%2Fc", "books", "a b/c", NULL },
		{ "books%2Fa", "books", "a", NULL },
		{ "books/a+b", "books", "a+b", NULL },
		{ "books/a?versionId=null", "books", "a", "null" },
		{ "books/a%3FversionId=x", "books", "a?versionId=x", NULL },
		{ "books/a%3F?versionId=v.1_", "books", "a?", "v.1_" },
		{ "books/a%2541", "books", "a%41", NULL },
		{ "books/%C3%A9", "books", "\xc3\xa9", NULL },
		{ "books//a", "books", "/a", NULL },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct copy_source source;
		CHECK(t, copy_source_read(&t->arena, slice_of(rows[i].text), &source, &t->err));
		CHECK_TEXT(t, source.bucket, slice_of(rows[i].bucket));
		CHECK_TEXT(t, source.key, slice_of(rows[i].key));
		CHECK_TEXT(t, source.version_id, slice_of(rows[i].version_id));
	}
}

TEST(a_copy_source_without_bucket_or_key_is_refused)
{
	static const char form[] = "Copy Source must mention the source bucket and key: sourcebucket/sourcekey";
	static const struct { const char *text, *name, *message; } rows[] = {
		{ "", "InvalidArgument", form }, { "books", "InvalidArgument", form }, { "/books", "InvalidArgument", form },
		{ "books/", "InvalidArgument", form }, { "?versionId=x", "InvalidArgument", form }, { "//a", "InvalidArgument", form },
		{ "books/%zz", "InvalidArgument", "Invalid copy source encoding." },
		{ "books/%ff", "InvalidURI", "Couldn't parse the specified URI." },
		{ "arn:aws:s3:us-east-1:111122223333:accesspoint/x/object/y", "NotImplemented", "spoor has no access points to copy from." },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct copy_source source;
		CHECK(t, !copy_source_read(&t->arena, slice_of(rows[i].text), &source, &t->err));
		CHECK_REFUSED(t, rows[i].name, rows[i].message);
	}
}
