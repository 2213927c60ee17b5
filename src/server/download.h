/* server/download.h: objects on their way to the client: a window from a worker, sent, and the next one.
 *
 * The call is performed and recorded before its first byte leaves; what breaks then cuts the connection, so that the client
 * sees a body shorter than announced. */
#ifndef SPOOR_SERVER_DOWNLOAD_H
#define SPOOR_SERVER_DOWNLOAD_H

#include "server/request.h"

/* The reply's head and, unless it has no body, its bytes: from request->rest.outgoing. False: there is no memory for it now,
 * and nothing was sent. */
bool download_begin(struct request *request, unsigned status, const struct http_header *headers, size_t header_count);

void download_resumed(struct request *request);         /* a window was read */
void download_sent(struct request *request);            /* a window has gone */
void download_close(struct request *request);

#endif
