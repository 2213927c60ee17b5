/* event/lookup.h: what a record can be looked up by: the Resources of LookupEvents and the attributes of its frame.
 *
 * Resources are the record's own plus those that a const table finds in the request and response of an event. An event
 * without a row costs two comparisons; nothing is parsed for it. Source: CloudTrail API Reference, LookupEvents, Event. */
#ifndef SPOOR_EVENT_LOOKUP_H
#define SPOOR_EVENT_LOOKUP_H

#include "codec/json.h"
#include "event/record.h"

enum { LOOKUP_RESOURCES_MAX = 24 };

struct lookup_resource {
	struct slice type;                /* "AWS::IAM::User" */
	struct slice name;                /* name, id or ARN, as the call spelled it */
};

struct lookup_resources {
	struct lookup_resource items[LOOKUP_RESOURCES_MAX];
	size_t                 count;
};

/* `request` and `response` are the parsed objects when somebody has them, else NULL and the record's texts are parsed
 * if the event has a row. Names point into the record or into `arena`. */
void lookup_resources_derive(struct arena *arena, const struct record *record, const struct json *request,
                             const struct json *response, struct lookup_resources *resources);

#endif
