/* services/errors.h: an error of the program -> what the client is told: code, status, whose fault.
 *
 * Three sources, in this order: the errors that the model gives the operation, those of its service, and a table of what
 * every AWS service may answer. Refused signatures have a table of their own, auth/sigv4_errors.h. Source: "Common
 * errors" of each API reference. */
#ifndef SPOOR_SERVICES_ERRORS_H
#define SPOOR_SERVICES_ERRORS_H

#include "services/shape.h"

/* What goes wrong in front of every operation. */
enum front_error {
	FRONT_DENIED,              /* the policies said no */
	FRONT_UNKNOWN_OPERATION,
	FRONT_BAD_PARAMETER,
	FRONT_THROTTLED,
	FRONT_INTERNAL,            /* a bug */
	FRONT_OVERLOADED,          /* busy, or the journal cannot be written */
	FRONT_ERROR_COUNT
};

struct wire_error {
	struct slice code;         /* as the protocol spells it */
	struct slice message;
	struct slice query_code;   /* for x-amzn-query-error; SLICE_NONE: no such header */
	uint16_t     status;
	bool         is_receiver;  /* <Type>Receiver</Type> */
};

/* The name and status of a front-layer error in a protocol's spelling. */
struct wire_error errors_front(enum front_error error, enum protocol protocol);

/* Fills `err` with that name; the kind fits the error. Returns false. */
bool errors_fail_front(struct error *err, enum front_error error, enum protocol protocol, const char *format, ...)
	PRINTF_LIKE(4, 5);

/* Says that `name` is no operation, or one of the model that spoor does not serve, each in AWS's code. Returns false. */
bool errors_fail_operation(struct error *err, const struct service_shape *service, struct slice name, enum protocol protocol);

/* What to answer for `err`, whose name may be a wire code or an error shape's name. `operation` and `service` may be NULL.
 * A kind without a name becomes a front-layer error; of internal ones the message stays inside. The message lives in `err`. */
struct wire_error errors_resolve(const struct operation_shape *operation, const struct service_shape *service,
                                 enum protocol protocol, const struct error *err);

#endif
