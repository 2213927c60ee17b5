/* net/http_parse_fuzz.c: no head may crash the parser; where it is split changes nothing; its slices lie inside it. */
#include "net/http_parse.h"
#include "tests/fuzz.h"

static const struct http_parse_limits LIMITS = { .head_bytes_max = 4096, .target_bytes_max = 1024, .headers_max = 16 };

static bool lies_inside(struct slice part, struct slice whole)
{
	return !part.ptr || (part.ptr >= whole.ptr && part.ptr + part.len <= whole.ptr + whole.len);
}

FUZZ(http_parse)
{
	struct http_parse_search at_once = { 0 }, by_bytes = { 0 };
	struct http_problem problem = { 0 }, problem_by_bytes = { 0 };
	struct http_header headers[16];
	struct http_request request;
	size_t head_bytes = 0, head_bytes_by_bytes = 0;
	enum http_parse stepwise = HTTP_PARSE_MORE;
	enum http_parse found = http_parse_find_end(&at_once, f->input, &LIMITS, &head_bytes, &problem);

	for (size_t len = 1; len <= f->input.len && stepwise == HTTP_PARSE_MORE; len++)
		stepwise = http_parse_find_end(&by_bytes, slice_sub(f->input, 0, len), &LIMITS, &head_bytes_by_bytes,
		                               &problem_by_bytes);
	if (f->input.len < LIMITS.target_bytes_max)     /* a limit may be met before a later fault is seen */
		CHECK_FUZZ(f, f->input.len == 0 || stepwise == found);
	if (found != HTTP_PARSE_DONE)
		return;
	CHECK_FUZZ(f, stepwise != HTTP_PARSE_DONE || head_bytes == head_bytes_by_bytes);

	struct slice head = slice_sub(f->input, 0, head_bytes);
	if (!http_parse_head(head, &LIMITS, headers, &request, &problem)) {
		CHECK_FUZZ(f, problem.detail && http_reason_status(problem.reason) >= 400);
		return;
	}
	CHECK_FUZZ(f, lies_inside(request.method, head) && lies_inside(request.target, head));
	CHECK_FUZZ(f, request.header_count <= COUNT(headers));
	CHECK_FUZZ(f, !(request.is_chunked && request.has_content_length));
	for (size_t i = 0; i < request.header_count; i++) {
		CHECK_FUZZ(f, lies_inside(headers[i].name, head) && lies_inside(headers[i].value, head));
		CHECK_FUZZ(f, !memchr(headers[i].value.ptr, '\n', headers[i].value.len));
	}
}
