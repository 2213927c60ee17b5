/* services/errors_test.c: codes and statuses of each protocol. */
#include "services/errors.h"

#include "services/cloudtrail/shapes.h"
#include "services/iam/shapes.h"
#include "services/sts/shapes.h"
#include "tests/test.h"

static void check_wire(struct test *t, const struct operation_shape *operation, const char *name, enum protocol protocol,
                       const char *code, int status, bool is_receiver)
{
	const struct error err = { .kind = ERR_INVALID, .name = name, .message = "why" };
	const struct wire_error wire = errors_resolve(operation, operation ? operation->service : NULL, protocol, &err);

	CHECK_TEXT(t, wire.code, slice_of(code));
	CHECK_TEXT(t, wire.message, S("why"));
	CHECK_NUMBER(t, wire.status, status);
	CHECK(t, wire.is_receiver == is_receiver);
}

TEST(errors_have_the_code_and_status_of_the_model)
{
	check_wire(t, &iam_create_user_shape, "EntityAlreadyExists", PROTOCOL_QUERY, "EntityAlreadyExists", 409, false);
	check_wire(t, &iam_create_user_shape, "EntityAlreadyExistsException", PROTOCOL_QUERY, "EntityAlreadyExists", 409, false);
	check_wire(t, &iam_get_user_shape, "NoSuchEntity", PROTOCOL_QUERY, "NoSuchEntity", 404, false);
	check_wire(t, &iam_create_user_shape, "ServiceFailure", PROTOCOL_QUERY, "ServiceFailure", 500, true);
	check_wire(t, &sts_assume_role_shape, "RegionDisabledException", PROTOCOL_QUERY, "RegionDisabledException", 403, false);
	check_wire(t, &cloudtrail_lookup_events_shape, "InvalidMaxResultsException", PROTOCOL_JSON_1_1, "InvalidMaxResultsException", 400, false);
	/* Modelled for another operation of the service. */
	check_wire(t, &iam_get_user_shape, "DeleteConflict", PROTOCOL_QUERY, "DeleteConflict", 409, false);
}

TEST(errors_of_every_service_have_their_usual_status)
{
	check_wire(t, &iam_create_user_shape, "ValidationError", PROTOCOL_QUERY, "ValidationError", 400, false);
	check_wire(t, &iam_create_user_shape, "AccessDenied", PROTOCOL_QUERY, "AccessDenied", 403, false);
	check_wire(t, &cloudtrail_lookup_events_shape, "AccessDeniedException", PROTOCOL_JSON_1_1, "AccessDeniedException", 400, false);
	check_wire(t, &iam_create_user_shape, "MalformedQueryString", PROTOCOL_QUERY, "MalformedQueryString", 404, false);
	check_wire(t, &iam_create_user_shape, "MalformedInput", PROTOCOL_QUERY, "MalformedInput", 400, false);
	check_wire(t, NULL, "SerializationException", PROTOCOL_JSON_1_1, "SerializationException", 400, false);
	check_wire(t, NULL, "MissingAction", PROTOCOL_QUERY, "MissingAction", 400, false);
	check_wire(t, NULL, "InvalidClientTokenId", PROTOCOL_QUERY, "InvalidClientTokenId", 403, false);
}

TEST(front_errors_are_spelled_as_the_protocol_does)
{
	static const struct { enum front_error error; enum protocol protocol; const char *code; int status; } rows[] = {
		{ FRONT_DENIED, PROTOCOL_QUERY, "AccessDenied", 403 }, { FRONT_DENIED, PROTOCOL_JSON_1_1, "AccessDeniedException", 400 },
		{ FRONT_DENIED, PROTOCOL_EC2_QUERY, "UnauthorizedOperation", 403 }, { FRONT_DENIED, PROTOCOL_REST_XML, "AccessDenied", 403 },
		{ FRONT_UNKNOWN_OPERATION, PROTOCOL_QUERY, "InvalidAction", 400 },
		{ FRONT_UNKNOWN_OPERATION, PROTOCOL_JSON_1_0, "UnknownOperationException", 400 },
		{ FRONT_BAD_PARAMETER, PROTOCOL_RPC_V2_CBOR, "ValidationException", 400 },
		{ FRONT_THROTTLED, PROTOCOL_QUERY, "Throttling", 400 }, { FRONT_THROTTLED, PROTOCOL_JSON_1_1, "ThrottlingException", 400 },
		{ FRONT_THROTTLED, PROTOCOL_EC2_QUERY, "RequestLimitExceeded", 503 }, { FRONT_THROTTLED, PROTOCOL_REST_XML, "SlowDown", 503 },
		{ FRONT_INTERNAL, PROTOCOL_QUERY, "InternalFailure", 500 }, { FRONT_INTERNAL, PROTOCOL_EC2_QUERY, "InternalError", 500 },
		{ FRONT_OVERLOADED, PROTOCOL_QUERY, "ServiceUnavailable", 503 },
		{ FRONT_OVERLOADED, PROTOCOL_JSON_1_1, "ServiceUnavailableException", 503 },
		{ FRONT_OVERLOADED, PROTOCOL_EC2_QUERY, "Unavailable", 503 },
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct wire_error wire = errors_front(rows[i].error, rows[i].protocol);
		CHECK_TEXT(t, wire.code, slice_of(rows[i].code));
		CHECK_NUMBER(t, wire.status, rows[i].status);
		CHECK(t, wire.is_receiver == (rows[i].status >= 500));
	}
}

TEST(an_unknown_operation_and_one_not_served_are_told_apart)
{
	CHECK(t, !errors_fail_operation(&t->err, &iam_shapes, S("MakeUser"), PROTOCOL_QUERY));
	CHECK_TEXT(t, slice_of(t->err.name), S("InvalidAction"));
	CHECK_TEXT(t, slice_of(t->err.message), S("Could not find operation MakeUser for version 2010-05-08"));
	CHECK(t, !errors_fail_operation(&t->err, &iam_shapes, S("CreateSAMLProvider"), PROTOCOL_QUERY));
	CHECK_TEXT(t, slice_of(t->err.name), S("InvalidAction"));
	CHECK_TEXT(t, slice_of(t->err.message), S("spoor does not serve CreateSAMLProvider of AWS Identity and Access Management."));
	CHECK(t, !errors_fail_operation(&t->err, &cloudtrail_shapes, S("Nope"), PROTOCOL_JSON_1_1));
	CHECK_TEXT(t, slice_of(t->err.name), S("UnknownOperationException"));
	CHECK(t, !errors_fail_operation(&t->err, &cloudtrail_shapes, S("StartImport"), PROTOCOL_JSON_1_1));
	CHECK_TEXT(t, slice_of(t->err.name), S("UnsupportedOperationException"));
}

TEST(an_error_without_a_name_shows_no_insides)
{
	const struct error inside = { .kind = ERR_IO, .message = "catalog.db: disk I/O error" };
	const struct error busy = { .kind = ERR_BUSY, .message = "The journal is full." };
	struct wire_error wire = errors_resolve(&iam_create_user_shape, &iam_shapes, PROTOCOL_QUERY, &inside);

	CHECK_TEXT(t, wire.code, S("InternalFailure"));
	CHECK(t, slice_find(wire.message, S("disk")) == SLICE_NPOS && wire.is_receiver && wire.status == 500);
	wire = errors_resolve(NULL, NULL, PROTOCOL_JSON_1_1, &busy);
	CHECK_TEXT(t, wire.code, S("ServiceUnavailableException"));
	CHECK_TEXT(t, wire.message, S("The journal is full."));
	CHECK(t, !errors_fail_front(&t->err, FRONT_DENIED, PROTOCOL_QUERY, "User: %s", "bob"));
	CHECK(t, t->err.kind == ERR_DENIED);
	CHECK_TEXT(t, slice_of(t->err.message), S("User: bob"));
}
