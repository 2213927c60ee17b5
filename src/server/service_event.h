/* server/service_event.h: events of what spoor did by itself, in the form of AWS's AwsServiceEvent.
 * Source: CloudTrail User Guide, "AWS service events". */
#ifndef SPOOR_SERVER_SERVICE_EVENT_H
#define SPOOR_SERVER_SERVICE_EVENT_H

#include "base/random.h"
#include "store/event_frame.h"

struct stamper;

struct service_event {
	struct slice name;                     /* "SpoorAccountCreated" */
	struct slice account, region;
	struct slice details;                  /* JSON object, or SLICE_NONE */
	int64_t      now_ms;
	const struct stamper *stamper;         /* on the recorder's thread; NULL: the account is new and has no trails */
};

/* Slices of the frame point into `arena` and into the event. */
void service_event_describe(const struct service_event *event, struct random *random, struct arena *arena,
                            struct event_frame *frame);

#endif
