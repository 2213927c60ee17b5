/* net/http_parse.c: memchr for the lines, a table for the tokens, eight bytes at a time for the values.
 *
 * Nothing here is lenient: a byte that two readers could understand differently is how requests are smuggled. */
#include "net/http_parse.h"

#include "base/limits.h"

/* 1: token byte, RFC 9110 5.6.2. */
static const unsigned char TOKEN[256] = {
	['!'] = 1, ['#'] = 1, ['$'] = 1, ['%'] = 1, ['&'] = 1, ['\''] = 1, ['*'] = 1, ['+'] = 1, ['-'] = 1, ['.'] = 1,
	['^'] = 1, ['_'] = 1, ['`'] = 1, ['|'] = 1, ['~'] = 1,
	['0'] = 1, ['1'] = 1, ['2'] = 1, ['3'] = 1, ['4'] = 1, ['5'] = 1, ['6'] = 1, ['7'] = 1, ['8'] = 1, ['9'] = 1,
	['A'] = 1, ['B'] = 1, ['C'] = 1, ['D'] = 1, ['E'] = 1, ['F'] = 1, ['G'] = 1, ['H'] = 1, ['I'] = 1, ['J'] = 1,
	['K'] = 1, ['L'] = 1, ['M'] = 1, ['N'] = 1, ['O'] = 1, ['P'] = 1, ['Q'] = 1, ['R'] = 1, ['S'] = 1, ['T'] = 1,
	['U'] = 1, ['V'] = 1, ['W'] = 1, ['X'] = 1, ['Y'] = 1, ['Z'] = 1,
	['a'] = 1, ['b'] = 1, ['c'] = 1, ['d'] = 1, ['e'] = 1, ['f'] = 1, ['g'] = 1, ['h'] = 1, ['i'] = 1, ['j'] = 1,
	['k'] = 1, ['l'] = 1, ['m'] = 1, ['n'] = 1, ['o'] = 1, ['p'] = 1, ['q'] = 1, ['r'] = 1, ['s'] = 1, ['t'] = 1,
	['u'] = 1, ['v'] = 1, ['w'] = 1, ['x'] = 1, ['y'] = 1, ['z'] = 1,
};

static bool refuse(struct http_problem *problem, enum http_reason reason, const char *detail)
{
	*problem = (struct http_problem){ reason, detail };
	return false;
}

bool http_parse_is_token_byte(char byte)
{
	return TOKEN[(unsigned char)byte] != 0;
}

/* Per byte of `word`: the high bit set where the byte is below `bound` (1 to 128); bytes above 0x7F never are. */
static uint64_t bytes_below(uint64_t word, uint64_t bound)
{
	const uint64_t high = 0x8080808080808080u;

	return ~(((word & ~high) + (128 - bound) * 0x0101010101010101u) | word) & high;
}

bool http_parse_is_value(struct slice value)
{
	size_t at = 0;

	for (; at + 8 <= value.len; at += 8) {
		uint64_t word;

		memcpy(&word, value.ptr + at, 8);
		if (bytes_below(word, 0x20) | bytes_below(word ^ 0x7f7f7f7f7f7f7f7fu, 1))
			break;                          /* a control byte; maybe only a tab */
	}
	for (; at < value.len; at++) {
		unsigned char byte = (unsigned char)value.ptr[at];

		if ((byte < 0x20 && byte != '\t') || byte == 0x7f)
			return false;
	}
	return true;
}

enum http_parse http_parse_find_end(struct http_parse_search *search, struct slice received,
                                    const struct http_parse_limits *limits, size_t *head_bytes,
                                    struct http_problem *problem)
{
	if (received.len > 0 && search->at == 0 && received.ptr[0] != '\r' && !http_parse_is_token_byte(received.ptr[0])) {
		refuse(problem, HTTP_MALFORMED, "The request does not begin with a method.");
		return HTTP_PARSE_REFUSED;              /* at once: a TLS greeting has no lines to wait for */
	}
	while (search->at < received.len) {
		const char *newline = memchr(received.ptr + search->at, '\n', received.len - search->at);

		if (!newline) {
			search->at = received.len;
			break;
		}
		size_t end = (size_t)(newline - received.ptr);
		if (end == 0 || received.ptr[end - 1] != '\r') {
			refuse(problem, HTTP_MALFORMED, "A line ends with LF alone; CRLF is required.");
			return HTTP_PARSE_REFUSED;
		}
		search->at = end + 1;
		if (search->line == end - 1 && search->line > 0) {
			*head_bytes = search->at;
			if (*head_bytes <= limits->head_bytes_max)
				return HTTP_PARSE_DONE;
			break;
		}
		search->line = search->at;
	}
	if (search->line <= 2 && received.len > limits->target_bytes_max + HTTP_METHOD_BYTES_MAX + sizeof " HTTP/1.1\r\n") {
		refuse(problem, HTTP_TARGET_TOO_LONG, "The request target is too long.");
		return HTTP_PARSE_REFUSED;
	}
	if (received.len >= limits->head_bytes_max) {
		refuse(problem, HTTP_HEAD_TOO_LARGE, "The request's headers are too large.");
		return HTTP_PARSE_REFUSED;
	}
	return HTTP_PARSE_MORE;
}

static bool parse_version(struct slice text, struct http_request *request, struct http_problem *problem)
{
	if (text.len != 8 || memcmp(text.ptr, "HTTP/", 5) != 0 || text.ptr[5] < '0' || text.ptr[5] > '9' || text.ptr[6] != '.'
	    || text.ptr[7] < '0' || text.ptr[7] > '9')
		return refuse(problem, HTTP_MALFORMED, "The request line does not end with an HTTP version.");
	if (text.ptr[5] != '1' || text.ptr[7] > '1')
		return refuse(problem, HTTP_VERSION_UNKNOWN, "Only HTTP/1.1 and HTTP/1.0 are spoken here.");
	request->version_minor = (unsigned)(text.ptr[7] - '0');
	return true;
}

/* Host and authority: a name or address and a port; no user, no path. RFC 3986 3.2.2. */
static bool is_authority(struct slice text)
{
	for (size_t i = 0; i < text.len; i++) {
		char byte = text.ptr[i];

		if (!http_parse_is_token_byte(byte) && !strchr("():;,=[]", byte))
			return false;
		if (byte == '\0' || strchr("#^`|", byte))
			return false;
	}
	return true;
}

static bool parse_target(struct http_request *request, struct http_problem *problem)
{
	struct slice target = request->target, rest;

	for (size_t i = 0; i < target.len; i++)
		if (target.ptr[i] <= 0x20 || target.ptr[i] >= 0x7f || target.ptr[i] == '#')
			return refuse(problem, HTTP_MALFORMED, "The request target contains a byte that must be percent-encoded.");
	if (slice_equal(request->method, S("CONNECT")))
		return refuse(problem, HTTP_NOT_IMPLEMENTED, "CONNECT is not implemented.");
	request->path = target;
	if (slice_has_prefix(target, S("/")))
		return true;
	if (slice_equal(target, S("*")))
		return slice_equal(request->method, S("OPTIONS"))
		    || refuse(problem, HTTP_MALFORMED, "Only OPTIONS may ask for *.");

	if (slice_has_prefix_nocase(target, S("http://")))
		rest = slice_from(target, 7);
	else if (slice_has_prefix_nocase(target, S("https://")))
		rest = slice_from(target, 8);
	else
		return refuse(problem, HTTP_MALFORMED, "The request target is neither a path nor an http URL.");
	size_t slash = slice_find_byte(rest, '/');
	request->authority = slash == SLICE_NPOS ? rest : slice_sub(rest, 0, slash);
	request->path = slash == SLICE_NPOS ? S("/") : slice_from(rest, slash);
	return (request->authority.len > 0 && is_authority(request->authority))
	    || refuse(problem, HTTP_MALFORMED, "The request target names no valid host.");
}

static bool parse_request_line(struct slice line, const struct http_parse_limits *limits, struct http_request *request,
                               struct http_problem *problem)
{
	struct slice method, target;
	struct slice rest = slice_cut(line, ' ', &method);
	struct slice version = slice_cut(rest, ' ', &target);

	for (size_t i = 0; i < method.len; i++)
		if (!http_parse_is_token_byte(method.ptr[i]))
			return refuse(problem, HTTP_MALFORMED, "The request does not begin with a method.");
	if (!version.ptr || method.len == 0 || target.len == 0)
		return refuse(problem, HTTP_MALFORMED, "The request line is not: method, target, version, one blank between.");
	if (method.len > HTTP_METHOD_BYTES_MAX)
		return refuse(problem, HTTP_NOT_IMPLEMENTED, "The method is not implemented.");
	if (target.len > limits->target_bytes_max)
		return refuse(problem, HTTP_TARGET_TOO_LONG, "The request target is too long.");
	request->method = method;
	request->target = target;
	return parse_version(version, request, problem) && parse_target(request, problem);
}

/* What the server itself must know of the headers, gathered while they are parsed. */
struct framing {
	struct slice host, transfer_encoding, expect;
	bool         says_close, says_keep_alive;
};

static void parse_connection(struct slice value, struct framing *framing)
{
	while (value.ptr) {
		struct slice option;

		value = slice_cut(value, ',', &option);
		option = slice_trim(option);
		framing->says_close |= slice_equal_nocase(option, S("close"));
		framing->says_keep_alive |= slice_equal_nocase(option, S("keep-alive"));
	}
}

static bool parse_content_length(struct slice value, struct http_request *request, struct http_problem *problem)
{
	if (request->has_content_length)
		return refuse(problem, HTTP_FRAMING, "There is more than one Content-Length.");
	request->has_content_length = true;
	return slice_to_u64(value, &request->content_length)
	    || refuse(problem, HTTP_FRAMING, "Content-Length is not a number.");
}

static bool note_header(const struct http_header *header, struct http_request *request, struct framing *framing,
                        struct http_problem *problem)
{
	struct slice name = header->name, value = header->value;

	switch (name.len) {
	case 4:
		if (!slice_equal_nocase(name, S("host")))
			return true;
		if (framing->host.ptr)
			return refuse(problem, HTTP_FRAMING, "There is more than one Host.");
		framing->host = value;
		return is_authority(value) || refuse(problem, HTTP_FRAMING, "Host is not a host.");
	case 6:
		if (slice_equal_nocase(name, S("expect")))
			framing->expect = value;
		return true;
	case 10:
		if (slice_equal_nocase(name, S("connection")))
			parse_connection(value, framing);
		return true;
	case 14:
		return !slice_equal_nocase(name, S("content-length")) || parse_content_length(value, request, problem);
	case 17:
		if (!slice_equal_nocase(name, S("transfer-encoding")))
			return true;
		if (framing->transfer_encoding.ptr)
			return refuse(problem, HTTP_FRAMING, "There is more than one Transfer-Encoding.");
		framing->transfer_encoding = value;
		return true;
	default:
		return true;
	}
}

static bool settle_framing(const struct framing *framing, struct http_request *request, struct http_problem *problem)
{
	if (framing->transfer_encoding.ptr) {
		if (request->has_content_length)
			return refuse(problem, HTTP_FRAMING, "Content-Length stands beside Transfer-Encoding.");
		if (request->version_minor == 0)
			return refuse(problem, HTTP_FRAMING, "HTTP/1.0 has no Transfer-Encoding.");
		if (!slice_equal_nocase(framing->transfer_encoding, S("chunked")))
			return refuse(problem, HTTP_NOT_IMPLEMENTED, "The only Transfer-Encoding understood is chunked.");
		request->is_chunked = true;
	}
	if (request->version_minor >= 1 && !framing->host.ptr)
		return refuse(problem, HTTP_FRAMING, "Host is missing.");
	if (!request->authority.ptr)
		request->authority = framing->host;
	else if (framing->host.ptr && !slice_equal_nocase(request->authority, framing->host))
		return refuse(problem, HTTP_FRAMING, "Host is not the host of the request target.");
	request->keeps_alive = request->version_minor >= 1 ? !framing->says_close
	                                                   : framing->says_keep_alive && !framing->says_close;
	if (framing->expect.ptr && request->version_minor >= 1) {
		if (!slice_equal_nocase(framing->expect, S("100-continue")))
			return refuse(problem, HTTP_EXPECTATION_UNKNOWN, "The only expectation understood is 100-continue.");
		request->expects_continue = true;
	}
	return true;
}

static bool parse_header(struct slice line, struct http_header *header, struct http_problem *problem)
{
	size_t colon = 0;

	if (line.ptr[0] == ' ' || line.ptr[0] == '\t')
		return refuse(problem, HTTP_MALFORMED, "A header is folded over two lines.");
	while (colon < line.len && http_parse_is_token_byte(line.ptr[colon]))
		colon++;
	if (colon == 0 || colon == line.len || line.ptr[colon] != ':')
		return refuse(problem, HTTP_MALFORMED, "A header is not a name, a colon and a value.");
	header->name = slice_sub(line, 0, colon);
	header->value = slice_trim(slice_from(line, colon + 1));
	return http_parse_is_value(header->value)
	    || refuse(problem, HTTP_MALFORMED, "A header's value contains a control character.");
}

/* The next line without its CRLF; `head` ends with one, as http_parse_find_end() saw to. */
static struct slice next_line(struct slice head, size_t *at)
{
	const char *newline = memchr(head.ptr + *at, '\n', head.len - *at);
	size_t end = newline ? (size_t)(newline - head.ptr) : head.len;
	struct slice line = slice_sub(head, *at, end - *at);

	*at = end + 1;
	if (line.len > 0 && line.ptr[line.len - 1] == '\r')
		line.len--;
	return line;
}

bool http_parse_head(struct slice head, const struct http_parse_limits *limits, struct http_header *headers,
                     struct http_request *request, struct http_problem *problem)
{
	size_t at = slice_has_prefix(head, S("\r\n")) ? 2 : 0;
	struct framing framing = { 0 };

	*request = (struct http_request){ .headers = headers };
	assert(slice_has_suffix(head, S("\r\n\r\n")));
	if (!parse_request_line(next_line(head, &at), limits, request, problem))
		return false;
	while (at < head.len) {
		struct slice line = next_line(head, &at);

		if (line.len == 0)
			break;
		if (request->header_count == limits->headers_max)
			return refuse(problem, HTTP_HEAD_TOO_LARGE, "There are too many headers.");
		struct http_header *header = &headers[request->header_count++];
		if (!parse_header(line, header, problem) || !note_header(header, request, &framing, problem))
			return false;
	}
	return settle_framing(&framing, request, problem);
}
