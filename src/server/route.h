/* server/route.h: which service and operation a request asks for. */
#ifndef SPOOR_SERVER_ROUTE_H
#define SPOOR_SERVER_ROUTE_H

#include "server/request.h"

/* The request as its signature covers it; slices point into the exchange. */
struct sigv4_request route_signed_request(const struct request *request);

/* By its headers, so that it can be asked before the body is there: false for what is surely another protocol's. */
bool route_may_be_rest(const struct http_request *http);

/* NULL if the service does not serve it. */
const struct operation *route_operation(const struct service *service, struct slice name);

#endif
