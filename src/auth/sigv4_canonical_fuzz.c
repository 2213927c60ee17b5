/* auth/sigv4_canonical_fuzz.c: canonicalising what is canonical changes nothing (S3's path, every query).
 *
 * Input: a request target. */
#include "auth/sigv4_canonical.h"
#include "tests/fuzz.h"

static struct slice line_of(struct slice canonical, int line)
{
	struct slice text = SLICE_NONE;

	for (int i = 0; i <= line; i++)
		canonical = slice_cut(canonical, '\n', &text);
	return text;
}

static struct slice canonical_of(struct fuzz *f, struct slice target, bool is_s3)
{
	const struct http_header headers[] = { { S("Host"), S(" a \t b ") } };
	struct sigv4_request request = { .method = S("GET"), .target = target, .headers = headers, .header_count = 1 };
	enum sigv4_reason reason;
	struct slice canonical = sigv4_canonical_request(&f->arena, &request, S("host"), S("hash"), is_s3, &reason);

	CHECK_FUZZ(f, (canonical.ptr != NULL) == (reason == SIGV4_OK));
	return canonical;
}

static bool is_target(struct slice text)
{
	for (size_t i = 0; i < text.len; i++)
		if ((unsigned char)text.ptr[i] <= ' ')
			return false;
	return true;
}

FUZZ(sigv4_canonical)
{
	for (int is_s3 = 0; is_target(f->input) && is_s3 < 2; is_s3++) {
		struct slice once = canonical_of(f, f->input, is_s3);

		if (!once.ptr)
			continue;
		struct slice path = line_of(once, 1), query = line_of(once, 2);
		CHECK_FUZZ(f, path.len && slice_has_suffix(once, S("\nhost:a b\n\nhost\nhash")));
		struct slice target = arena_format(&f->arena, "%.*s?%.*s", SLICE_ARG(path), SLICE_ARG(query));
		struct slice twice = canonical_of(f, target, is_s3);
		CHECK_FUZZ(f, twice.ptr && slice_equal(line_of(twice, 2), query));
		if (is_s3)
			CHECK_FUZZ(f, slice_equal(line_of(twice, 1), path));
	}
}
