/* net/http_url.h: where a server is: scheme, host and port. */
#ifndef SPOOR_NET_HTTP_URL_H
#define SPOOR_NET_HTTP_URL_H

#include "base/base.h"

struct http_url {                              /* "https://host:port": slices of the text */
	struct slice host;                     /* without brackets */
	struct slice authority;                /* as Host has it: the port only where it is not the scheme's own */
	uint16_t     port;
	bool         is_tls;
};

/* A path of "/" at the end is allowed, any other is refused. Errors: ERR_INVALID. */
bool http_url_parse(struct slice text, struct http_url *url, struct error *err);

#endif
