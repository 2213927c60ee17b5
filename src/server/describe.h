/* server/describe.h: the event of a call, as the frame that the journal keeps. */
#ifndef SPOOR_SERVER_DESCRIBE_H
#define SPOOR_SERVER_DESCRIBE_H

#include "event/record.h"
#include "server/request.h"

/* Fills the event of a call that went as call->error and request->outcome say, and request->copy where another account
 * gets one too. False: such a call has no event. On the front or on the recorder's thread. The frames have no stamps yet. */
bool describe_call(struct request *request, struct event_frame *frame);

/* Stamps the events of a call by the trails of this moment: on the recorder's thread, right before they are appended.
 * `changed_trails`: the call has just changed them. */
void describe_stamp(struct request *request, bool changed_trails, struct event_frame *frame);

/* Slices of the frame point into `arena` and into the record. */
void describe_frame(struct arena *arena, const struct record *record, struct event_frame *frame);

#endif
