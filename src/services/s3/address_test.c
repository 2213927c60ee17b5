/* services/s3/address_test.c: buckets in hosts and in paths. */
#include "services/s3/address.h"

#include "tests/test.h"

#define DOMAINS S("localhost s3.example.org")

TEST(address_finds_the_bucket_and_the_key)
{
	static const struct { const char *host, *path, *bucket, *key; bool is_hosted; } rows[] = {
		{ "127.0.0.1:4566", "/", NULL, NULL, false },
		{ "127.0.0.1:4566", "/b", "b", NULL, false },
		{ "127.0.0.1:4566", "/b/", "b", NULL, false },
		{ "localhost", "/b/k", "b", "k", false },
		{ "LOCALHOST:4566", "/b//k", "b", "/k", false },
		{ "localhost", "/b/a//b/../c/.", "b", "a//b/../c/.", false },
		{ "localhost", "/b/a%20b%2Fc+d%253F", "b", "a b/c+d%3F", false },
		{ "localhost", "/b/policy", "b", "policy", false },
		{ "[::1]:4566", "/b/k", "b", "k", false },
		{ "other.host", "/b/k", "b", "k", false },
		{ "b.localhost:4566", "/", "b", NULL, true },
		{ "B.LocalHost", "/k/l", "b", "k/l", true },
		{ "b.c.localhost", "/k", "b.c", "k", true },
		{ "b.s3.localhost", "/k", "b", "k", true },
		{ "b.s3.eu-west-1.localhost", "/k", "b", "k", true },
		{ "b.s3-eu-west-1.localhost", "/k", "b", "k", true },
		{ "s3.localhost", "/b/k", "b", "k", false },
		{ "s3.eu-west-1.localhost", "/b/k", "b", "k", false },
		{ "b.s3.example.org", "/k", "b", "k", true },
		{ "s3.example.org", "/b/k", "b", "k", false },
		{ "notlocalhost", "/b/k", "b", "k", false },
		{ ".localhost", "/b/k", "b", "k", false },
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct address address;
		CHECK(t, address_read(&t->arena, slice_of(rows[i].host), slice_of(rows[i].path), DOMAINS, &address, &t->err));
		CHECK_TEXT(t, address.bucket, slice_of(rows[i].bucket));
		CHECK_TEXT(t, address.key, slice_of(rows[i].key));
		CHECK(t, (address.key.ptr != NULL) == (rows[i].key != NULL));
		CHECK(t, address.is_virtual_hosted == rows[i].is_hosted);
	}
}

TEST(address_refuses_what_is_no_text)
{
	static const char *const paths[] = { "/b/%zz", "/b/%", "/b/%ff", "/%zz/k" };
	for (size_t i = 0; i < COUNT(paths); i++) {
		struct address address;
		CHECK(t, !address_read(&t->arena, S("localhost"), slice_of(paths[i]), DOMAINS, &address, &t->err));
		CHECK_TEXT(t, slice_of(t->err.name), S("InvalidURI"));
	}
}
