/* net/http_chunked_fuzz.c: any split of any chunked body decodes to the same bytes, in place, and never grows. */
#include "net/http_chunked.h"
#include "tests/fuzz.h"

FUZZ(http_chunked)
{
	struct http_chunked at_once = { 0 }, by_bytes = { 0 };
	struct http_problem problem = { 0 };
	char *whole = arena_alloc(&f->arena, f->input.len + 1), *pieces = arena_alloc(&f->arena, f->input.len + 1);
	size_t used = 0, len = 0, pieces_used = 0, pieces_len = 0;
	enum http_parse stepwise = HTTP_PARSE_MORE;
	enum http_parse result = http_chunked_decode(&at_once, f->input, whole, &used, &len, &problem);

	CHECK_FUZZ(f, used <= f->input.len && len <= used);
	CHECK_FUZZ(f, result != HTTP_PARSE_MORE || used == f->input.len);
	memcpy(pieces, f->input.ptr, f->input.len);
	while (pieces_used < f->input.len && stepwise == HTTP_PARSE_MORE) {
		size_t one_used, one_len;

		stepwise = http_chunked_decode(&by_bytes, (struct slice){ pieces + pieces_used, 1 }, pieces + pieces_len, &one_used,
		                               &one_len, &problem);
		pieces_used += one_used;
		pieces_len += one_len;
	}
	CHECK_FUZZ(f, stepwise == result && pieces_used == used && pieces_len == len && memcmp(whole, pieces, len) == 0);
}
