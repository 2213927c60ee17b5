/* services/s3/object_lock.c: retention and legal hold of one version.
 *
 * Retention may always be lengthened. Shortening or removing it takes, in governance mode, a header and a permission; in
 * compliance mode nothing helps. Source: Amazon S3 API Reference (2006-03-01), PutObjectRetention, GetObjectRetention,
 * PutObjectLegalHold, GetObjectLegalHold; User Guide, "Object Lock considerations". */
#include "services/rest.h"
#include "services/rest_errors.h"
#include "services/s3/access.h"
#include "services/s3/found.h"
#include "services/s3/shapes.h"

static bool find_locked(struct call *call, const void *input, struct found *found, struct error *err)
{
	return found_version(call, input, found, err)
	    && (found->bucket->has_object_lock
	        || fail_as(err, ERR_INVALID, "InvalidRequest", "Bucket is missing Object Lock Configuration"));
}

/* ---- retention ---- */

static bool perform_get_retention(struct call *call, const void *input, void *output, struct error *err)
{
	struct s3_get_object_retention_output *out = output;
	struct found found;

	if (!find_locked(call, input, &found, err))
		return false;
	const struct attributes *attributes = &found.version->attributes;
	if (!attributes->lock_mode.ptr)
		return rest_errors_fail(err, ERR_NOT_FOUND, "NoSuchObjectLockConfiguration");
	out->retention = arena_new(&call->arena, struct s3_object_lock_retention);
	out->retention->mode = attributes->lock_mode;
	out->retention->retain_until_date = SET_TIME(attributes->retain_until_ms);
	return true;
}

static bool loosens(const struct attributes *now, const struct s3_object_lock_retention *wanted)
{
	bool is_compliance = slice_equal(now->lock_mode, S("COMPLIANCE"));

	if (!wanted->mode.ptr || wanted->retain_until_date.ms < now->retain_until_ms)
		return true;
	return is_compliance && !slice_equal(wanted->mode, now->lock_mode);
}

static bool may_change(struct call *call, const struct attributes *now, const struct s3_object_lock_retention *wanted, bool bypasses,
                       struct error *err)
{
	bool is_active = now->lock_mode.ptr && now->retain_until_ms > call->now_ms;

	if (!is_active || !loosens(now, wanted) || (bypasses && slice_equal(now->lock_mode, S("GOVERNANCE"))))
		return true;
	return fail_as(err, ERR_DENIED, "AccessDenied", "Access Denied because object protected by object lock.");
}

static bool perform_put_retention(struct call *call, const void *input, void *output, struct error *err)
{
	static const struct s3_object_lock_retention none;
	const struct s3_put_object_retention_request *in = input;
	const struct s3_object_lock_retention *wanted = in->retention ? in->retention : &none;
	struct found found;

	(void)output;
	if (!find_locked(call, input, &found, err))
		return false;
	if ((wanted->mode.ptr != NULL) != wanted->retain_until_date.is_set)
		return rest_errors_fail(err, ERR_INVALID, "MalformedXML");
	if (wanted->mode.ptr && wanted->retain_until_date.ms <= call->now_ms) {
		rest_add_element(call->rest, S("ArgumentName"), S("RetainUntilDate"));
		return fail_as(err, ERR_INVALID, "InvalidArgument", "The retain until date must be in the future!");
	}
	return may_change(call, &found.version->attributes, wanted, in->bypass_governance_retention.value, err)
	    && versions_set_retention(call->catalog, found.bucket, found.version, wanted->mode, wanted->retain_until_date.ms, err);
}

static bool authorise_put_retention(struct call *call, const void *input, struct error *err)
{
	const struct s3_put_object_retention_request *in = input;
	struct context context;

	if (!access_object(call, input, err))
		return false;
	if (!in->bypass_governance_retention.value)
		return true;
	const struct bucket *bucket = access_bucket_now(call, err);
	if (!bucket)
		return false;
	access_context(call, input, bucket, &context);
	return access_ask(call, bucket, "s3:BypassGovernanceRetention", in->key, &context, err);
}

/* ---- legal hold ---- */

static bool perform_get_hold(struct call *call, const void *input, void *output, struct error *err)
{
	struct s3_get_object_legal_hold_output *out = output;
	struct found found;

	if (!find_locked(call, input, &found, err))
		return false;
	out->legal_hold = arena_new(&call->arena, struct s3_object_lock_legal_hold);
	out->legal_hold->status = found.version->attributes.has_legal_hold ? S("ON") : S("OFF");
	return true;
}

static bool perform_put_hold(struct call *call, const void *input, void *output, struct error *err)
{
	const struct s3_put_object_legal_hold_request *in = input;
	struct found found;

	(void)output;
	if (!find_locked(call, input, &found, err))
		return false;
	if (!in->legal_hold || !in->legal_hold->status.ptr)
		return rest_errors_fail(err, ERR_INVALID, "MalformedXML");
	return versions_set_legal_hold(call->catalog, found.bucket, found.version, slice_equal(in->legal_hold->status, S("ON")), err);
}

const struct operation s3_get_object_retention = {
	.shape = &s3_get_object_retention_shape, .action = "s3:GetObjectRetention", .authorise = access_object,
	.access = ACCESS_READ, .place = PLACE_FRONT, .perform = perform_get_retention,
};

const struct operation s3_put_object_retention = {
	.shape = &s3_put_object_retention_shape, .action = "s3:PutObjectRetention", .authorise = authorise_put_retention,
	.access = ACCESS_WRITE, .place = PLACE_WRITER, .perform = perform_put_retention,
};

const struct operation s3_get_object_legal_hold = {
	.shape = &s3_get_object_legal_hold_shape, .action = "s3:GetObjectLegalHold", .authorise = access_object,
	.access = ACCESS_READ, .place = PLACE_FRONT, .perform = perform_get_hold,
};

const struct operation s3_put_object_legal_hold = {
	.shape = &s3_put_object_legal_hold_shape, .action = "s3:PutObjectLegalHold", .authorise = access_object,
	.access = ACCESS_WRITE, .place = PLACE_WRITER, .perform = perform_put_hold,
};
