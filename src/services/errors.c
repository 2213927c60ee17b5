/* services/errors.c: the tables of codes and statuses, and the search through them. */
#include "services/errors.h"

enum spelling { SPELLING_QUERY, SPELLING_JSON, SPELLING_EC2, SPELLING_S3, SPELLING_COUNT };

struct code_row {
	const char *code;
	uint16_t    status;
};

/* Source: "Common errors" in the IAM, CloudTrail, EC2 and S3 API references. */
static const struct code_row front_rows[FRONT_ERROR_COUNT][SPELLING_COUNT] = {
	[FRONT_DENIED]            = { { "AccessDenied", 403 }, { "AccessDeniedException", 400 },
	                              { "UnauthorizedOperation", 403 }, { "AccessDenied", 403 } },
	[FRONT_UNKNOWN_OPERATION] = { { "InvalidAction", 400 }, { "UnknownOperationException", 400 },
	                              { "InvalidAction", 400 }, { "NotImplemented", 501 } },
	[FRONT_BAD_PARAMETER]     = { { "ValidationError", 400 }, { "ValidationException", 400 },
	                              { "InvalidParameterValue", 400 }, { "InvalidArgument", 400 } },
	[FRONT_THROTTLED]         = { { "Throttling", 400 }, { "ThrottlingException", 400 },
	                              { "RequestLimitExceeded", 503 }, { "SlowDown", 503 } },
	[FRONT_INTERNAL]          = { { "InternalFailure", 500 }, { "InternalFailure", 500 },
	                              { "InternalError", 500 }, { "InternalError", 500 } },
	[FRONT_OVERLOADED]        = { { "ServiceUnavailable", 503 }, { "ServiceUnavailableException", 503 },
	                              { "Unavailable", 503 }, { "ServiceUnavailable", 503 } },
};

/* Codes of no particular operation whose status is not 400. */
static const struct code_row common_rows[] = {
	{ "AccessDenied", 403 },        { "AuthorizationError", 403 },    { "ExpiredToken", 403 },
	{ "InternalError", 500 },       { "InternalFailure", 500 },       { "InvalidClientTokenId", 403 },
	{ "MalformedQueryString", 404 }, { "MissingAuthenticationToken", 403 }, { "OptInRequired", 403 },
	{ "ServiceFailure", 500 },      { "ServiceUnavailable", 503 },    { "ServiceUnavailableException", 503 },
	{ "SignatureDoesNotMatch", 403 }, { "UnauthorizedOperation", 403 }, { "Unavailable", 503 },
};

static enum spelling spelling_of(enum protocol protocol)
{
	switch (protocol) {
	case PROTOCOL_QUERY:
		return SPELLING_QUERY;
	case PROTOCOL_EC2_QUERY:
		return SPELLING_EC2;
	case PROTOCOL_REST_XML:
		return SPELLING_S3;
	default:
		return SPELLING_JSON;
	}
}

static struct wire_error from_row(const struct code_row *row, struct slice message)
{
	return (struct wire_error){ slice_of(row->code), message, SLICE_NONE, row->status, row->status >= 500 };
}

struct wire_error errors_front(enum front_error error, enum protocol protocol)
{
	assert(error < FRONT_ERROR_COUNT);
	return from_row(&front_rows[error][spelling_of(protocol)], SLICE_NONE);
}

static enum error_kind kind_of(enum front_error error)
{
	static const enum error_kind kinds[FRONT_ERROR_COUNT] = {
		[FRONT_DENIED] = ERR_DENIED, [FRONT_UNKNOWN_OPERATION] = ERR_NOT_FOUND, [FRONT_BAD_PARAMETER] = ERR_INVALID,
		[FRONT_THROTTLED] = ERR_BUSY, [FRONT_INTERNAL] = ERR_CORRUPT, [FRONT_OVERLOADED] = ERR_BUSY,
	};

	return kinds[error];
}

bool errors_fail_front(struct error *err, enum front_error error, enum protocol protocol, const char *format, ...)
{
	char text[ERROR_MESSAGE_BYTES_MAX + 1];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof text, format, arguments);
	va_end(arguments);
	return fail_as(err, kind_of(error), front_rows[error][spelling_of(protocol)].code, "%s", text);
}

static const struct error_shape *find_shape(const struct error_shape *const *rows, size_t count, struct slice name)
{
	for (size_t i = 0; i < count; i++)
		if (slice_equal(rows[i]->code, name) || slice_equal(rows[i]->name, name))
			return rows[i];
	return NULL;
}

static const struct error_shape *find_modelled(const struct operation_shape *operation, const struct service_shape *service,
                                               struct slice name)
{
	const struct error_shape *found = operation ? find_shape(operation->errors, operation->error_count, name) : NULL;

	for (size_t i = 0; service && !found && i < service->error_count; i++) {
		const struct error_shape *row = &service->errors[i];
		found = find_shape(&row, 1, name);
	}
	return found;
}

bool errors_fail_operation(struct error *err, const struct service_shape *service, struct slice name, enum protocol protocol)
{
	bool is_json = spelling_of(protocol) == SPELLING_JSON;
	int shown = (int)(name.len < 128 ? name.len : 128);

	if (!service_shape_knows(service, name)) {
		if (is_json)
			return errors_fail_front(err, FRONT_UNKNOWN_OPERATION, protocol, "%.*s is no operation of %.*s.", shown, name.ptr,
				SLICE_ARG(service->title));
		return errors_fail_front(err, FRONT_UNKNOWN_OPERATION, protocol, "Could not find operation %.*s for version %.*s",
			shown, name.ptr, SLICE_ARG(service->api_version));
	}
	if (is_json && find_modelled(NULL, service, S("UnsupportedOperationException")))
		return fail_as(err, ERR_INVALID, "UnsupportedOperationException", "spoor does not serve %.*s of %.*s.", shown, name.ptr,
			SLICE_ARG(service->title));
	return errors_fail_front(err, FRONT_UNKNOWN_OPERATION, protocol, "spoor does not serve %.*s of %.*s.", shown, name.ptr,
		SLICE_ARG(service->title));
}

static enum front_error front_error_of(enum error_kind kind)
{
	switch (kind) {
	case ERR_DENIED:
		return FRONT_DENIED;
	case ERR_INVALID:
	case ERR_LIMIT:
		return FRONT_BAD_PARAMETER;
	case ERR_BUSY:
		return FRONT_OVERLOADED;
	default:
		return FRONT_INTERNAL;
	}
}

static struct wire_error unnamed(enum protocol protocol, const struct error *err)
{
	enum front_error front = front_error_of(err->kind);
	struct wire_error wire = errors_front(front, protocol);

	wire.message = front == FRONT_INTERNAL ? S("We encountered an internal error. Please try again.") : slice_of(err->message);
	return wire;
}

struct wire_error errors_resolve(const struct operation_shape *operation, const struct service_shape *service,
                                 enum protocol protocol, const struct error *err)
{
	struct slice name = slice_of(err->name), message = slice_of(err->message);
	const struct error_shape *shape;

	if (!name.ptr)
		return unnamed(protocol, err);
	shape = find_modelled(operation, service, name);
	if (shape)
		return (struct wire_error){ shape->code, message, shape->query_code, shape->status, shape->is_receiver };
	for (size_t i = 0; i < FRONT_ERROR_COUNT; i++)
		if (slice_equal(slice_of(front_rows[i][spelling_of(protocol)].code), name))
			return from_row(&front_rows[i][spelling_of(protocol)], message);
	for (size_t i = 0; i < COUNT(common_rows); i++)
		if (slice_equal(slice_of(common_rows[i].code), name))
			return from_row(&common_rows[i], message);
	return (struct wire_error){ name, message, SLICE_NONE, 400, false };
}
