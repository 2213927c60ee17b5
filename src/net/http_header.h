/* net/http_header.h: a header field, for those who read headers and know nothing of servers. */
#ifndef SPOOR_NET_HTTP_HEADER_H
#define SPOOR_NET_HTTP_HEADER_H

#include "base/base.h"

struct http_header {
	struct slice name, value;              /* as received; values without blanks at the ends */
};

#endif
