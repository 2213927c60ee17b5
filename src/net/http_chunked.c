/* net/http_chunked.c: a state machine, one byte at a time but for the chunks' data. */
#include "net/http_chunked.h"

#include "base/limits.h"

enum state {
	SIZE,                  /* 0: the first digit of a size comes next, or more of them */
	EXTENSION, SIZE_LF,
	DATA, DATA_CR, DATA_LF,
	TRAILER, TRAILER_NAME, TRAILER_VALUE, TRAILER_LF,
	END_LF,
};

static bool refuse(struct http_problem *problem, enum http_reason reason, const char *detail)
{
	*problem = (struct http_problem){ reason, detail };
	return false;
}

static int hex_digit(char byte)
{
	if (byte >= '0' && byte <= '9')
		return byte - '0';
	if (byte >= 'a' && byte <= 'f')
		return byte - 'a' + 10;
	if (byte >= 'A' && byte <= 'F')
		return byte - 'A' + 10;
	return -1;
}

static bool take_size_byte(struct http_chunked *chunked, char byte, struct http_problem *problem)
{
	int digit = hex_digit(byte);

	if (digit >= 0) {
		if (chunked->digits++ == 15)            /* 60 bits: sums with it cannot overflow */
			return refuse(problem, HTTP_MALFORMED, "A chunk's size is too long.");
		chunked->left = chunked->left * 16 + (unsigned)digit;
		return true;
	}
	if (chunked->digits == 0)
		return refuse(problem, HTTP_MALFORMED, "A chunk does not begin with its size.");
	if (byte == '\r')
		chunked->state = SIZE_LF;
	else if (byte == ';')
		chunked->state = EXTENSION;
	else
		return refuse(problem, HTTP_MALFORMED, "A chunk's size is not a hexadecimal number.");
	return true;
}

static bool take_line_feed(struct http_chunked *chunked, char byte, struct http_problem *problem)
{
	if (byte != '\n')
		return refuse(problem, HTTP_MALFORMED, "A line of a chunked body does not end with CRLF.");
	switch ((enum state)chunked->state) {
	case SIZE_LF:
		chunked->state = chunked->left > 0 ? DATA : TRAILER;
		chunked->digits = 0;
		break;
	case DATA_LF:
		chunked->state = SIZE;
		break;
	default:
		chunked->state = TRAILER;
		break;
	}
	return true;
}

static bool take_trailer_byte(struct http_chunked *chunked, char byte, struct http_problem *problem)
{
	if (++chunked->trailer_bytes > HTTP_TRAILER_BYTES_MAX)
		return refuse(problem, HTTP_HEAD_TOO_LARGE, "The trailers are too large.");
	if (chunked->state == TRAILER_VALUE) {
		if (byte == '\r')
			chunked->state = TRAILER_LF;
		else if (!http_parse_is_value((struct slice){ &byte, 1 }))
			return refuse(problem, HTTP_MALFORMED, "A trailer contains a control character.");
		return true;
	}
	if (chunked->state == TRAILER && byte == '\r')
		chunked->state = END_LF;
	else if (http_parse_is_token_byte(byte))
		chunked->state = TRAILER_NAME;
	else if (chunked->state == TRAILER_NAME && byte == ':')
		chunked->state = TRAILER_VALUE;
	else
		return refuse(problem, HTTP_MALFORMED, "A trailer is not a name, a colon and a value.");
	return true;
}

static bool take_control_byte(struct http_chunked *chunked, char byte, struct http_problem *problem)
{
	switch ((enum state)chunked->state) {
	case SIZE:
		return take_size_byte(chunked, byte, problem);
	case EXTENSION:
		if (++chunked->extension_bytes > HTTP_CHUNK_EXTENSION_BYTES_MAX)
			return refuse(problem, HTTP_HEAD_TOO_LARGE, "The chunk extensions are too large.");
		if (byte == '\r')
			chunked->state = SIZE_LF;
		else if (!http_parse_is_value((struct slice){ &byte, 1 }))
			return refuse(problem, HTTP_MALFORMED, "A chunk extension contains a control character.");
		return true;
	case DATA_CR:
		chunked->state = DATA_LF;
		return byte == '\r' || refuse(problem, HTTP_MALFORMED, "A chunk is longer than its size says.");
	case SIZE_LF:
	case DATA_LF:
	case TRAILER_LF:
		return take_line_feed(chunked, byte, problem);
	case TRAILER:
	case TRAILER_NAME:
	case TRAILER_VALUE:
		return take_trailer_byte(chunked, byte, problem);
	case DATA:
	case END_LF:
		break;
	}
	assert(false);
	return false;
}

enum http_parse http_chunked_decode(struct http_chunked *chunked, struct slice in, char *out, size_t *in_used,
                                    size_t *out_len, struct http_problem *problem)
{
	size_t at = 0;

	*out_len = 0;
	while (at < in.len) {
		if (chunked->state == DATA) {
			size_t bytes = chunked->left < in.len - at ? (size_t)chunked->left : in.len - at;

			memmove(out + *out_len, in.ptr + at, bytes);
			*out_len += bytes;
			at += bytes;
			chunked->left -= bytes;
			if (chunked->left == 0)
				chunked->state = DATA_CR;
		} else if (chunked->state == END_LF) {
			*in_used = at + 1;
			if (in.ptr[at] == '\n')
				return HTTP_PARSE_DONE;
			refuse(problem, HTTP_MALFORMED, "A chunked body does not end with CRLF.");
			return HTTP_PARSE_REFUSED;
		} else if (!take_control_byte(chunked, in.ptr[at++], problem)) {
			*in_used = at;
			return HTTP_PARSE_REFUSED;
		}
	}
	*in_used = at;
	return HTTP_PARSE_MORE;
}
