/* event/lookup.h: what a record can be looked up by: the Resources of LookupEvents and the attributes of its frame.
 *
 * Resources are the record's own plus those that a const table finds in the request and response of an event. An event
 * of a service without rows costs a few comparisons; nothing is parsed for it.
 * Source: CloudTrail API Reference, LookupEvents, Event; answers of real accounts. */
#ifndef SPOOR_EVENT_LOOKUP_H
#define SPOOR_EVENT_LOOKUP_H

#include "codec/json.h"
#include "event/record.h"
#include "store/event_frame.h"

enum { LOOKUP_RESOURCES_MAX = 24 };       /* more are not found; with the other attributes they fit a frame */

struct lookup_resource {
	struct slice type;                /* "AWS::IAM::User" */
	struct slice name;                /* name, id or ARN, as the call spelled it */
};

struct lookup_resources {
	struct lookup_resource items[LOOKUP_RESOURCES_MAX];
	size_t                 count;
};

/* No pair twice, in order of discovery. `request` and `response` are the parsed objects when somebody has them, else NULL:
 * the record's texts are parsed if a row asks for them. Names point into the record or into `arena`. */
void lookup_resources_derive(struct arena *arena, const struct record *record, const struct json *request,
                             const struct json *response, struct lookup_resources *resources);

/* Fills the frame of `record`, whose text is `json`, without stamps. Its slices point to what the record and the
 * resources point to. */
void lookup_frame(const struct record *record, const struct lookup_resources *resources, struct slice json,
                  struct event_frame *frame);

#endif
