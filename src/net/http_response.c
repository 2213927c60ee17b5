/* net/http_response.c: as strict as net/http_parse.c is with requests: what could be read in two ways is refused. */
#include "net/http_response.h"

#include "net/http_parse.h"

enum { VERSION_BYTES = 8, STATUS_DIGITS = 3 };

size_t http_response_find_end(struct slice received, size_t *searched)
{
	size_t from = *searched > 3 ? *searched - 3 : 0;
	size_t at = slice_find(slice_from(received, from), S("\r\n\r\n"));

	*searched = received.len;
	return at == SLICE_NPOS ? 0 : from + at + 4;
}

static bool refuse(struct error *err, const char *what)
{
	return fail(err, ERR_CORRUPT, "the reply is not HTTP: %s", what);
}

static bool parse_status_line(struct slice line, struct http_response *response, unsigned *minor, struct error *err)
{
	struct slice digits = slice_sub(line, VERSION_BYTES + 1, STATUS_DIGITS);
	uint64_t status;

	if (line.len < VERSION_BYTES + 1 + STATUS_DIGITS || !slice_has_prefix(line, S("HTTP/1.")) || line.ptr[VERSION_BYTES] != ' '
	    || (line.ptr[VERSION_BYTES - 1] != '0' && line.ptr[VERSION_BYTES - 1] != '1'))
		return refuse(err, "its first line does not begin with a version");
	if (!slice_to_u64(digits, &status) || status < 100 || status > 599
	    || (line.len > VERSION_BYTES + 1 + STATUS_DIGITS && line.ptr[VERSION_BYTES + 1 + STATUS_DIGITS] != ' ')
	    || !http_parse_is_value(slice_from(line, VERSION_BYTES + 1 + STATUS_DIGITS)))
		return refuse(err, "its first line has no status");
	response->status = (unsigned)status;
	*minor = (unsigned)(line.ptr[VERSION_BYTES - 1] - '0');
	return true;
}

static bool note_length(struct http_response *response, struct slice value, struct error *err)
{
	if (response->has_content_length)
		return refuse(err, "it has more than one Content-Length");
	response->has_content_length = true;
	return slice_to_u64(value, &response->content_length) || refuse(err, "its Content-Length is no number");
}

/* What the connection itself must know. */
static bool note_header(struct http_response *response, const struct http_header *header, struct error *err)
{
	if (slice_equal_nocase(header->name, S("content-length")))
		return note_length(response, header->value, err);
	if (slice_equal_nocase(header->name, S("transfer-encoding"))) {
		if (response->is_chunked || !slice_equal_nocase(header->value, S("chunked")))
			return refuse(err, "its Transfer-Encoding is not chunked");
		response->is_chunked = true;
	}
	if (slice_equal_nocase(header->name, S("connection")))
		response->keeps_alive = response->keeps_alive && !slice_equal_nocase(header->value, S("close"));
	return true;
}

static bool parse_header(struct slice line, struct http_header *header, struct error *err)
{
	size_t colon = slice_find_byte(line, ':');

	if (colon == SLICE_NPOS || colon == 0)
		return refuse(err, "a header has no name");
	*header = (struct http_header){ slice_sub(line, 0, colon), slice_trim(slice_from(line, colon + 1)) };
	for (size_t i = 0; i < header->name.len; i++)
		if (!http_parse_is_token_byte(header->name.ptr[i]))
			return refuse(err, "a header's name is no token");
	return http_parse_is_value(header->value) || refuse(err, "a header's value has a control byte");
}

/* Up to the next CRLF, which is skipped. */
static struct slice next_line(struct slice *rest)
{
	size_t end = slice_find(*rest, S("\r\n"));
	struct slice line = end == SLICE_NPOS ? *rest : slice_sub(*rest, 0, end);

	*rest = end == SLICE_NPOS ? SLICE_NONE : slice_from(*rest, end + 2);
	return line;
}

bool http_response_parse(struct slice head, struct http_header *headers, size_t headers_max, struct http_response *response,
                         struct error *err)
{
	struct slice rest = head;
	unsigned minor = 0;

	*response = (struct http_response){ .headers = headers };
	if (!parse_status_line(next_line(&rest), response, &minor, err))
		return false;
	response->keeps_alive = minor == 1;
	for (struct slice line = next_line(&rest); line.len > 0; line = next_line(&rest)) {
		if (response->header_count == headers_max)
			return refuse(err, "it has too many headers");
		struct http_header *header = &headers[response->header_count++];
		if (!parse_header(line, header, err) || !note_header(response, header, err))
			return false;
	}
	return !(response->is_chunked && response->has_content_length) || refuse(err, "it has a length and chunks");
}

struct slice http_response_header(const struct http_response *response, struct slice name)
{
	for (size_t i = 0; i < response->header_count; i++)
		if (slice_equal_nocase(response->headers[i].name, name))
			return response->headers[i].value;
	return SLICE_NONE;
}

bool http_response_content_range(struct slice text, struct http_content_range *range)
{
	struct slice unit, first, last;
	struct slice rest = slice_cut(text, ' ', &unit);

	rest = rest.ptr ? slice_cut(rest, '-', &first) : rest;
	rest = rest.ptr ? slice_cut(rest, '/', &last) : rest;
	return rest.ptr && slice_equal(unit, S("bytes")) && slice_to_u64(first, &range->first) && slice_to_u64(last, &range->last)
	    && slice_to_u64(rest, &range->total) && range->first <= range->last && range->last < range->total;
}
