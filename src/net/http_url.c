/* net/http_url.c: no user, no query, no path: an endpoint is a place and nothing else. */
#include "net/http_url.h"

#include "net/http_parse.h"

enum { HTTP_PORT = 80, HTTPS_PORT = 443, HOST_BYTES_MAX = 255 };

/* Host and port; *port is SLICE_NONE where there is none. */
static bool split(struct slice rest, struct slice *host, struct slice *port)
{
	if (!slice_has_prefix(rest, S("["))) {
		*port = slice_cut(rest, ':', host);
		return true;
	}
	size_t end = slice_find_byte(rest, ']');
	if (end == SLICE_NPOS)
		return false;
	*host = slice_sub(rest, 1, end - 1);
	rest = slice_from(rest, end + 1);
	*port = rest.len ? slice_from(rest, 1) : SLICE_NONE;
	return rest.len == 0 || rest.ptr[0] == ':';
}

static bool is_host(struct slice host)
{
	for (size_t i = 0; i < host.len; i++)
		if (!http_parse_is_token_byte(host.ptr[i]) && host.ptr[i] != ':')
			return false;
	return host.len > 0 && host.len <= HOST_BYTES_MAX;
}

bool http_url_parse(struct slice text, struct http_url *url, struct error *err)
{
	struct slice rest, port;
	uint64_t number;

	*url = (struct http_url){ .is_tls = slice_has_prefix_nocase(text, S("https://")) };
	if (!url->is_tls && !slice_has_prefix_nocase(text, S("http://")))
		return fail(err, ERR_INVALID, "'%.*s' is no URL such as http://127.0.0.1:4566", SLICE_ARG(text));
	rest = slice_from(text, url->is_tls ? sizeof "https://" - 1 : sizeof "http://" - 1);
	if (slice_has_suffix(rest, S("/")))
		rest = slice_sub(rest, 0, rest.len - 1);
	if (!split(rest, &url->host, &port) || !is_host(url->host))
		return fail(err, ERR_INVALID, "'%.*s' must be a host and maybe a port, and nothing else", SLICE_ARG(text));
	url->authority = rest;
	number = url->port = url->is_tls ? HTTPS_PORT : HTTP_PORT;
	if (!port.ptr)
		return true;
	if (!slice_to_u64(port, &number) || number == 0 || number > UINT16_MAX)
		return fail(err, ERR_INVALID, "'%.*s' has no port from 1 to 65535", SLICE_ARG(text));
	if (number == url->port)
		url->authority = slice_sub(rest, 0, rest.len - port.len - 1);
	url->port = (uint16_t)number;
	return true;
}
