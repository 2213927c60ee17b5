/* auth/sigv4_canonical_test.c: the corners of paths, queries and headers that the vectors leave out. */
#include "auth/sigv4_canonical.h"
#include "tests/test.h"

static const struct http_header host[] = { { S_INIT("Host"), S_INIT("h") } };

static struct slice line_of(struct slice canonical, int line)
{
	struct slice text = SLICE_NONE;

	for (int i = 0; i <= line; i++)
		canonical = slice_cut(canonical, '\n', &text);
	return text;
}

static struct slice canonical(struct test *t, const char *target, bool is_s3, enum sigv4_reason *reason)
{
	struct sigv4_request request = { .method = S("GET"), .target = slice_of(target), .headers = host, .header_count = 1 };

	return sigv4_canonical_request(&t->arena, &request, S("host"), S("hash"), is_s3, reason);
}

TEST(sigv4_canonical_path_is_normalised_and_encoded_twice_but_for_s3)
{
	static const struct { const char *target, *other, *s3; } rows[] = {
		{ "/", "/", "/" }, { "", "/", "/" }, { "//", "/", "//" }, { "/.", "/", "/." }, { "/..", "/", "/.." },
		{ "/../../a", "/a", "/../../a" }, { "/a/..", "/", "/a/.." }, { "/a/../", "/", "/a/../" }, { "/a/.", "/a/", "/a/." },
		{ "/a//b", "/a/b", "/a//b" }, { "/a/b/..", "/a/", "/a/b/.." }, { "/...", "/...", "/..." },
		{ "/%2e%2e/a", "/%252e%252e/a", "/../a" }, { "/a%2Fb", "/a%252Fb", "/a/b" }, { "/~u", "/~u", "/~u" },
		{ "/a?b/../c", "/a", "/a" },
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		enum sigv4_reason reason;

		CHECK_TEXT(t, line_of(canonical(t, rows[i].target, false, &reason), 1), slice_of(rows[i].other));
		CHECK_TEXT(t, line_of(canonical(t, rows[i].target, true, &reason), 1), slice_of(rows[i].s3));
	}
}

TEST(sigv4_canonical_query_reads_a_plus_as_s3_does_but_never_in_a_token)
{
	static const struct { const char *target, *other, *s3; } rows[] = {
		{ "/?a=b+c", "a=b%2Bc", "a=b%20c" },
		{ "/?X-Amz-Security-Token=b+c", "X-Amz-Security-Token=b%2Bc", "X-Amz-Security-Token=b%2Bc" },
		{ "/?b&a=1=2&&", "a=1%3D2&b=", "a=1%3D2&b=" },
		{ "/?X-Amz-Signature=1&x-amz-signature=2", "x-amz-signature=2", "x-amz-signature=2" },
		{ "/?=1", "=1", "=1" }, { "/?", "", "" }, { "/?a?b", "a%3Fb=", "a%3Fb=" },
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		enum sigv4_reason reason;

		CHECK_TEXT(t, line_of(canonical(t, rows[i].target, false, &reason), 2), slice_of(rows[i].other));
		CHECK_TEXT(t, line_of(canonical(t, rows[i].target, true, &reason), 2), slice_of(rows[i].s3));
	}
}

TEST(sigv4_canonical_query_of_many_pairs_is_sorted_and_bounded)
{
	enum sigv4_reason reason;
	struct buffer target, want;

	buffer_init(&target, &t->arena, 1 << 20);
	buffer_init(&want, &t->arena, 1 << 20);
	buffer_add(&target, S("/?"));
	for (int i = 999; i >= 0; i--)
		buffer_printf(&target, "%sk%03d=%d", i == 999 ? "" : "&", i, i);
	for (int i = 0; i < 1000; i++)
		buffer_printf(&want, "%sk%03d=%d", i ? "&" : "", i, i);
	CHECK_TEXT(t, line_of(canonical(t, arena_cstr(&t->arena, buffer_slice(&target)), false, &reason), 2), buffer_slice(&want));
	buffer_add(&target, S("&z"));
	CHECK(t, !canonical(t, arena_cstr(&t->arena, buffer_slice(&target)), false, &reason).ptr && reason == SIGV4_BAD_URI);
}

TEST(sigv4_canonical_request_refuses_broken_escapes)
{
	enum sigv4_reason reason;

	CHECK(t, !canonical(t, "/?a=%z", false, &reason).ptr && reason == SIGV4_BAD_URI);
	CHECK(t, !canonical(t, "/a%z", true, &reason).ptr && reason == SIGV4_BAD_URI);
	CHECK(t, canonical(t, "/a%z", false, &reason).ptr && reason == SIGV4_OK);     /* encoded again, as any text */
}

TEST(sigv4_canonical_headers_keep_to_the_list_and_its_bytes_are_bounded)
{
	char long_list[2000], value[2000];
	enum sigv4_reason reason;
	struct http_header headers[] = { { S("Host"), S("h") }, { S("B"), S(" x \t y ") }, { S("b"), S("\t") } };
	struct sigv4_request request = { .method = S("GET"), .target = S("/"), .headers = headers, .header_count = 3 };
	struct slice text = sigv4_canonical_request(&t->arena, &request, S("B;host"), S("hash"), false, &reason);

	CHECK_TEXT(t, text, S("GET\n/\n\nb:x y,\nhost:h\n\nb;host\nhash"));
	CHECK(t, !sigv4_canonical_request(&t->arena, &request, S("host;;b"), S("hash"), false, &reason).ptr);
	CHECK(t, reason == SIGV4_BAD_SIGNATURE);

	/* A list that names a long header a thousand times does not write it a thousand times. */
	memset(value, 'v', sizeof value);
	headers[1].value = (struct slice){ value, sizeof value };
	for (size_t i = 0; i < sizeof long_list; i += 2)
		memcpy(long_list + i, "b;", 2);
	CHECK(t, !sigv4_canonical_request(&t->arena, &request, (struct slice){ long_list, sizeof long_list - 1 }, S("hash"), false, &reason).ptr);
	CHECK(t, t->arena.used_bytes < 100000);
}
