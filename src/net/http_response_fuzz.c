/* net/http_response_fuzz.c: no head may crash the parser; where it is split changes nothing; its slices lie inside it. */
#include "net/http_response.h"
#include "tests/fuzz.h"

static bool lies_inside(struct slice part, struct slice whole)
{
	return part.ptr >= whole.ptr && part.ptr + part.len <= whole.ptr + whole.len;
}

FUZZ(http_response)
{
	struct http_header headers[16];
	struct http_response response;
	struct http_content_range range;
	size_t searched = 0, stepwise_searched = 0, stepwise = 0;
	size_t bytes = http_response_find_end(f->input, &searched);

	for (size_t len = 1; len <= f->input.len && stepwise == 0; len++)
		stepwise = http_response_find_end(slice_sub(f->input, 0, len), &stepwise_searched);
	CHECK_FUZZ(f, stepwise == bytes);

	struct slice head = bytes ? slice_sub(f->input, 0, bytes) : f->input;
	if (!http_response_parse(head, headers, COUNT(headers), &response, &f->err)) {
		CHECK_FUZZ(f, f->err.kind == ERR_CORRUPT);
		return;
	}
	CHECK_FUZZ(f, response.status >= 100 && response.status <= 599 && response.header_count <= COUNT(headers));
	CHECK_FUZZ(f, !(response.is_chunked && response.has_content_length));
	for (size_t i = 0; i < response.header_count; i++) {
		CHECK_FUZZ(f, lies_inside(headers[i].name, head) && lies_inside(headers[i].value, head));
		CHECK_FUZZ(f, http_response_header(&response, headers[i].name).ptr);
		if (http_response_content_range(headers[i].value, &range))
			CHECK_FUZZ(f, range.first <= range.last && range.last < range.total);
	}
}
