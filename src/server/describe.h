/* server/describe.h: the event of a call, as the frame that the journal keeps. */
#ifndef SPOOR_SERVER_DESCRIBE_H
#define SPOOR_SERVER_DESCRIBE_H

#include "event/record.h"
#include "server/request.h"

/* Fills the event of a call that went as call->error and request->outcome say, and request->copy where another account
 * gets one too. False: such a call has no event. On the front or on the recorder's thread. */
bool describe_call(struct request *request, struct event_frame *frame);

/* Slices of the frame point into `arena` and into the record. */
void describe_frame(struct arena *arena, const struct record *record, struct event_frame *frame);

#endif
