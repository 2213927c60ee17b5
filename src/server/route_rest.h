/* server/route_rest.h: S3's requests: where they point, and what is said about a signature that does not hold. */
#ifndef SPOOR_SERVER_ROUTE_REST_H
#define SPOOR_SERVER_ROUTE_REST_H

#include "server/request.h"

/* Fills request->rest and selects the operation; `service` NULL: there is none for such requests. NEXT, or DROP with an
 * error. The body may still be on its way: rest.body is what is there. */
enum verdict route_rest(struct request *request, const struct service *service);

/* The elements of a refused signature's error. Source: S3 API Reference, "Error responses". */
void route_rest_explain(struct request *request);

#endif
