/* event/error_code.c: one rule a family of services, from records of real accounts. */
#include "event/error_code.h"

struct code_pair { struct slice wire, recorded; };

/* The shape's name is not the wire code and "Exception". */
static const struct code_pair IRREGULAR[] = {
	{ S_INIT("NotSupportedService"), S_INIT("ServiceNotSupportedException") },
	{ S_INIT("ParameterValueInvalid"), S_INIT("InvalidParameterValueException") },
	{ S_INIT("ReportExpired"), S_INIT("CredentialReportExpiredException") },
	{ S_INIT("ReportInProgress"), S_INIT("CredentialReportNotReadyException") },
	{ S_INIT("ReportNotPresent"), S_INIT("CredentialReportNotPresentException") },
	{ S_INIT("Throttling"), S_INIT("ThrottlingException") },
	{ S_INIT("ValidationError"), S_INIT("ValidationException") },
};

/* Codes that every service has and no shape declares. */
static const struct slice COMMON[] = {
	S_INIT("AccessDenied"), S_INIT("InternalFailure"), S_INIT("InvalidAction"), S_INIT("InvalidClientTokenId"),
	S_INIT("InvalidParameterCombination"), S_INIT("InvalidParameterValue"), S_INIT("InvalidQueryParameter"),
	S_INIT("MalformedQueryString"), S_INIT("MissingAction"), S_INIT("MissingAuthenticationToken"),
	S_INIT("MissingParameter"), S_INIT("NotAuthorized"), S_INIT("OptInRequired"), S_INIT("RequestExpired"),
	S_INIT("ServiceUnavailable"),
};

/* Services of the Query protocol whose records name the error's shape. */
static const struct slice SHAPE_NAMING[] = {
	S_INIT("iam.amazonaws.com"), S_INIT("sns.amazonaws.com"), S_INIT("sts.amazonaws.com"),
};

static const struct slice EC2_SERVER_CODES[] = {
	S_INIT("InsufficientInstanceCapacity"), S_INIT("InternalError"), S_INIT("InternalFailure"), S_INIT("ServiceUnavailable"),
	S_INIT("Unavailable"),
};

static bool is_one_of(struct slice text, const struct slice *list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (slice_equal(text, list[i]))
			return true;
	return false;
}

static struct slice shape_name(struct arena *arena, struct slice wire_code)
{
	for (size_t i = 0; i < COUNT(IRREGULAR); i++)
		if (slice_equal(wire_code, IRREGULAR[i].wire))
			return IRREGULAR[i].recorded;
	if (slice_has_suffix(wire_code, S("Exception")) || is_one_of(wire_code, COMMON, COUNT(COMMON)))
		return wire_code;
	return arena_format(arena, "%.*sException", SLICE_ARG(wire_code));
}

static struct error_code_recorded record_ec2(struct arena *arena, struct slice wire_code)
{
	const char *side = is_one_of(wire_code, EC2_SERVER_CODES, COUNT(EC2_SERVER_CODES)) ? "Server" : "Client";

	return (struct error_code_recorded){
		.code = arena_format(arena, "%s.%.*s", side, SLICE_ARG(wire_code)),
		.keeps_parameters = true, .keeps_resources = true,
	};
}

static struct error_code_recorded record_s3(struct slice wire_code)
{
	return (struct error_code_recorded){
		.code = wire_code, .keeps_parameters = true,
		.keeps_resources = !slice_equal(wire_code, S("NoSuchBucket")),
	};
}

struct error_code_recorded error_code_record(struct arena *arena, struct slice event_source, enum error_cause cause,
                                             struct slice wire_code)
{
	if (slice_equal(event_source, S("ec2.amazonaws.com")))
		return record_ec2(arena, wire_code);
	if (slice_equal(event_source, S("s3.amazonaws.com")))
		return record_s3(wire_code);
	if (cause == ERROR_CAUSE_DENIED)
		return (struct error_code_recorded){ .code = S("AccessDenied") };
	if (cause == ERROR_CAUSE_THROTTLED)
		return (struct error_code_recorded){ .code = S("ThrottlingException") };

	struct error_code_recorded recorded = { .code = wire_code, .keeps_parameters = true, .keeps_resources = true };
	if (slice_equal(wire_code, S("AccessDeniedException")) || slice_equal(wire_code, S("AuthorizationError")))
		recorded.code = S("AccessDenied");       /* of the operation itself, as GetSessionToken's bogus serialNumber */
	else if (is_one_of(event_source, SHAPE_NAMING, COUNT(SHAPE_NAMING)))
		recorded.code = shape_name(arena, wire_code);
	if (slice_equal(event_source, S("kms.amazonaws.com")) && slice_equal(wire_code, S("NotFoundException")))
		recorded.keeps_parameters = recorded.keeps_resources = false;
	return recorded;
}
