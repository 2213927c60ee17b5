/* server/upload.h: request bodies that become objects: windows from the front to a worker and back.
 *
 * Such a request is judged by its head, from its route to what its policies and promised digests say: what is refused is
 * not read. Then each window is a worker's job, while the server fills the next one; the end of the body is
 * the operation's `prepare`. Nothing of the body is ever in memory but two windows and a frame. */
#ifndef SPOOR_SERVER_UPLOAD_H
#define SPOOR_SERVER_UPLOAD_H

#include "server/request.h"

/* May the request be one? By its head, before it is routed. */
bool upload_is_possible(const struct http_request *http);

/* The next window, once the step `receive` was passed. WAIT; or DROP: nobody has time for it. */
enum verdict upload_take(struct request *request);

/* The window was used up: NEXT; or what broke. */
enum verdict upload_taken(struct request *request);

/* The client went away in the middle: a failed call, whose record outlives the exchange. Described while the caller is still
 * known; false: it is nobody's call. Then recorded: true, and the request is freed afterwards; false, nothing can be recorded
 * now, and the request is still the caller's. */
bool upload_describe_abandoned(struct request *request);
bool upload_record_abandoned(struct request *request);

/* The call has ended: the file stays if a row may name it. */
void upload_close(struct request *request);

#endif
