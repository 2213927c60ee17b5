/* net/http_url_test.c: endpoints as people write them. */
#include "net/http_url.h"

#include "tests/test.h"

TEST(http_url_is_a_place)
{
	static const struct { const char *text, *host, *authority; int port; bool is_tls; } rows[] = {
		{ "http://127.0.0.1:4566",       "127.0.0.1",   "127.0.0.1:4566",  4566, false },
		{ "http://localhost:4566/",      "localhost",   "localhost:4566",  4566, false },
		{ "HTTPS://s3.example.com",      "s3.example.com", "s3.example.com", 443, true },
		{ "https://s3.example.com:443/", "s3.example.com", "s3.example.com", 443, true },
		{ "https://s3.example.com:80",   "s3.example.com", "s3.example.com:80", 80, true },
		{ "http://[::1]:8080",           "::1",         "[::1]:8080",      8080, false },
		{ "http://[::1]",                "::1",         "[::1]",           80, false },
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct http_url url;
		REQUIRE(t, http_url_parse(slice_of(rows[i].text), &url, &t->err));
		CHECK_TEXT(t, url.host, slice_of(rows[i].host));
		CHECK_TEXT(t, url.authority, slice_of(rows[i].authority));
		CHECK(t, url.port == rows[i].port && url.is_tls == rows[i].is_tls);
	}
}

TEST(http_url_with_more_than_a_place_is_refused)
{
	static const char *const rows[] = {
		"", "localhost:4566", "ftp://a", "http://", "http:///", "http://:80", "http://a:", "http://a:0", "http://a:65536", "http://a:b",
		"http://a/b", "http://a?b", "http://u@a", "http://[::1", "http://[::1]x", "http://a b", "http://[]",
	};
	struct http_url url;

	for (size_t i = 0; i < COUNT(rows); i++)
		if (http_url_parse(slice_of(rows[i]), &url, &t->err))
			test_failed(t, __FILE__, __LINE__, "'%s' was taken", rows[i]);
}
