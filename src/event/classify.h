/* event/classify.h: what kind of event an operation makes: its name, readOnly, management or data.
 *
 * Tables of the exceptions first, then the verb. Source: CloudTrail User Guide, "Logging management events" and
 * "Logging data events"; S3 User Guide, "Amazon S3 CloudTrail events"; the record sets in tests/data. */
#ifndef SPOOR_EVENT_CLASSIFY_H
#define SPOOR_EVENT_CLASSIFY_H

#include "base/base.h"

/* The eventName of an API operation: its own name but for a few of S3. */
struct slice classify_event_name(struct slice event_source, struct slice operation);

bool classify_is_read_only(struct slice event_source, struct slice event_name);

/* Data events: managementEvent false, eventCategory Data. */
bool classify_is_data(struct slice event_source, struct slice event_name);

/* SLICE_NONE for nearly all services. Only successful calls carry it. */
struct slice classify_api_version(struct slice event_source);

/* Not recorded at all: bulk ingestion that would record itself. */
bool classify_is_recorded(struct slice event_source, struct slice event_name);

#endif
