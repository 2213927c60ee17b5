/* event/error_code_test.c: errors are spelled, and parameters kept, as records of real accounts do. */
#include "event/error_code.h"

#include "tests/test.h"

/* T30, T39, T40, A53, A54. */
TEST(error_code_is_recorded_in_the_spelling_of_its_service)
{
	static const struct {
		struct slice     source;
		enum error_cause cause;
		struct slice     wire, want;
		bool             keeps_parameters, keeps_resources;
	} rows[] = {
		{ S_INIT("iam"), ERROR_CAUSE_FAILED, S_INIT("NoSuchEntity"), S_INIT("NoSuchEntityException"), true, true },
		{ S_INIT("iam"), ERROR_CAUSE_FAILED, S_INIT("EntityAlreadyExists"), S_INIT("EntityAlreadyExistsException"), true, true },
		{ S_INIT("iam"), ERROR_CAUSE_FAILED, S_INIT("DeleteConflict"), S_INIT("DeleteConflictException"), true, true },
		{ S_INIT("iam"), ERROR_CAUSE_FAILED, S_INIT("ReportInProgress"), S_INIT("CredentialReportNotReadyException"), true, true },
		{ S_INIT("iam"), ERROR_CAUSE_FAILED, S_INIT("NotSupportedService"), S_INIT("ServiceNotSupportedException"), true, true },
		{ S_INIT("iam"), ERROR_CAUSE_FAILED, S_INIT("ValidationError"), S_INIT("ValidationException"), true, true },
		{ S_INIT("iam"), ERROR_CAUSE_FAILED, S_INIT("InternalFailure"), S_INIT("InternalFailure"), true, true },
		{ S_INIT("iam"), ERROR_CAUSE_DENIED, S_INIT("AccessDenied"), S_INIT("AccessDenied"), false, false },
		{ S_INIT("sts"), ERROR_CAUSE_DENIED, S_INIT("AccessDenied"), S_INIT("AccessDenied"), false, false },
		{ S_INIT("sts"), ERROR_CAUSE_FAILED, S_INIT("AccessDenied"), S_INIT("AccessDenied"), true, true },
		{ S_INIT("sts"), ERROR_CAUSE_FAILED, S_INIT("PackedPolicyTooLarge"), S_INIT("PackedPolicyTooLargeException"), true, true },
		{ S_INIT("sts"), ERROR_CAUSE_FAILED, S_INIT("ExpiredTokenException"), S_INIT("ExpiredTokenException"), true, true },
		{ S_INIT("cloudtrail"), ERROR_CAUSE_FAILED, S_INIT("TrailNotFoundException"), S_INIT("TrailNotFoundException"), true, true },
		{ S_INIT("cloudtrail"), ERROR_CAUSE_DENIED, S_INIT("AccessDeniedException"), S_INIT("AccessDenied"), false, false },
		{ S_INIT("cloudtrail"), ERROR_CAUSE_THROTTLED, S_INIT("ThrottlingException"), S_INIT("ThrottlingException"), false, false },
		{ S_INIT("iam"), ERROR_CAUSE_THROTTLED, S_INIT("Throttling"), S_INIT("ThrottlingException"), false, false },
		{ S_INIT("sns"), ERROR_CAUSE_DENIED, S_INIT("AuthorizationError"), S_INIT("AccessDenied"), false, false },
		{ S_INIT("sns"), ERROR_CAUSE_FAILED, S_INIT("NotFound"), S_INIT("NotFoundException"), true, true },
		{ S_INIT("kms"), ERROR_CAUSE_FAILED, S_INIT("NotFoundException"), S_INIT("NotFoundException"), false, false },
		{ S_INIT("kms"), ERROR_CAUSE_FAILED, S_INIT("DisabledException"), S_INIT("DisabledException"), true, true },
		{ S_INIT("ec2"), ERROR_CAUSE_DENIED, S_INIT("UnauthorizedOperation"), S_INIT("Client.UnauthorizedOperation"), true, true },
		{ S_INIT("ec2"), ERROR_CAUSE_FAILED, S_INIT("InvalidVpcID.NotFound"), S_INIT("Client.InvalidVpcID.NotFound"), true, true },
		{ S_INIT("ec2"), ERROR_CAUSE_THROTTLED, S_INIT("RequestLimitExceeded"), S_INIT("Client.RequestLimitExceeded"), true, true },
		{ S_INIT("ec2"), ERROR_CAUSE_FAILED, S_INIT("InternalError"), S_INIT("Server.InternalError"), true, true },
		{ S_INIT("s3"), ERROR_CAUSE_DENIED, S_INIT("AccessDenied"), S_INIT("AccessDenied"), true, true },
		{ S_INIT("s3"), ERROR_CAUSE_FAILED, S_INIT("NoSuchBucket"), S_INIT("NoSuchBucket"), true, false },
		{ S_INIT("s3"), ERROR_CAUSE_FAILED, S_INIT("BucketNotEmpty"), S_INIT("BucketNotEmpty"), true, true },
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct slice source = arena_format(&t->arena, "%.*s.amazonaws.com", SLICE_ARG(rows[i].source));
		struct error_code_recorded got = error_code_record(&t->arena, source, rows[i].cause, rows[i].wire);
		CHECK_TEXT(t, got.code, rows[i].want);
		CHECK_NUMBER(t, got.keeps_parameters, rows[i].keeps_parameters);
		CHECK_NUMBER(t, got.keeps_resources, rows[i].keeps_resources);
	}
}
