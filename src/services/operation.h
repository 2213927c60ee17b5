/* services/operation.h: what an operation and a service are: the row types of the tables.
 *
 * A new operation is its name in operations.list, one function in one file, and one row (style: see services/iam). */
#ifndef SPOOR_SERVICES_OPERATION_H
#define SPOOR_SERVICES_OPERATION_H

#include "services/call.h"

struct operation_shape;         /* services/shape.h: name, input, output, modelled errors */
struct service_shape;           /* services/shape.h: name, version, protocols, namespaces, all known operation names */
struct context;                 /* auth/context.h: the keys that conditions see */

enum access { ACCESS_READ, ACCESS_WRITE };        /* the event's readOnly */

enum place {
	PLACE_FRONT,            /* short reads, on the front's read connection */
	PLACE_WORKER,           /* long reads, and work that takes milliseconds of CPU */
	PLACE_WRITER,           /* changes */
};

/* One thing that the policies are asked about. */
struct target {
	struct slice action;    /* SLICE_NONE: the operation's own */
	struct slice resource;  /* ARN, or "*" */
	struct slice shown;     /* as AWS's refusal names it ("user bob"); SLICE_NONE: as `resource`; S(""): not named */
};

enum { TARGETS_MAX = 20 };                      /* CloudTrail's ListTags is asked about so many trails */

struct targets {
	struct target items[TARGETS_MAX];
	size_t        count;
};

struct operation {
	const struct operation_shape *shape;

	/* What the policies are asked ("iam:CreateUser"), about what: `targets` adds one or more pairs, all of which must be
	 * allowed, in order; without it the resource is "*". A NULL action asks nobody (GetCallerIdentity). May read
	 * `call->catalog` (a reader) to complete an ARN; must not fail because something is missing. */
	const char  *action;
	void       (*targets)(struct call *call, const void *input, struct targets *targets);

	/* Condition keys beyond the global ones, e.g. iam:PolicyARN. */
	void       (*context)(struct call *call, const void *input, struct context *context);

	/* Instead of the standard evaluation, where the resource has a policy of its own (AssumeRole). */
	bool       (*authorise)(struct call *call, const void *input, struct error *err);

	enum access access;
	enum place  place;

	/* True: this call of an operation that is none changes something (a one-time code is used up) and so goes to the
	 * writer. May be NULL. */
	bool       (*changes)(const void *input);

	unsigned    calls_per_second;       /* with throttle = aws: AWS's rate an account and region; 0: not limited */
	bool        changes_trails;         /* which trails want which events: the recorder asks the settings anew */
	bool        changes_authority;      /* touches what decides about an existing principal: caches are dropped */

	/* PLACE_WRITER with a body that streams: on the front when the caller is known to be allowed, before a byte of it is taken;
	 * opens call->rest->incoming. `prepare` comes after the last byte. */
	bool       (*receive)(struct call *call, const void *input, struct error *err);

	/* PLACE_WRITER only, on a worker before the job is queued: hashing and other CPU work. It may read `call->catalog`, a
	 * reader; `perform` then makes sure that what was read still holds, as ChangePassword does with the old hash. */
	bool       (*prepare)(struct call *call, const void *input, struct error *err);

	/* Fills `output` (zeroed, of the shape's size). On the writer inside a savepoint: false undoes what it did. */
	bool       (*perform)(struct call *call, const void *input, void *output, struct error *err);
};

/* Of a call's event, where a service has a form of its own. JSON objects, compact; SLICE_NONE: null or left out. */
struct call_event {
	struct slice request_parameters, response_elements, additional_event_data;
};

struct service {
	const struct service_shape          *shape;
	const char                          *event_source;      /* "iam.amazonaws.com" */
	bool                                 is_global;         /* events carry us-east-1 */
	/* Instead of the projection of input and output (services/audit.h); may fill call->resources. NULL: none. */
	void                               (*describe)(struct call *call, bool is_read_only, struct call_event *event);
	bool                                 names_any_resource; /* its refusals say "on resource: *" where an action has none */
	const struct operation *const       *operations;        /* NULL-terminated */
};

extern const struct service *const services[];                /* NULL-terminated; services/services.c */

#endif
