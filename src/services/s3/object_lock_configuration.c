/* services/s3/object_lock_configuration.c: object lock of a bucket, on for good, and the retention that new objects get.
 * Source: Amazon S3 API Reference (2006-03-01), PutObjectLockConfiguration, GetObjectLockConfiguration. */
#include "base/limits.h"
#include "services/rest.h"
#include "services/rest_errors.h"
#include "services/s3/access.h"
#include "services/s3/shapes.h"

enum { RETENTION_DAYS_MAX = 36500, RETENTION_YEARS_MAX = 100 };

static bool perform_get(struct call *call, const void *input, void *output, struct error *err)
{
	struct s3_get_object_lock_configuration_output *out = output;
	const struct bucket *bucket = access_bucket_now(call, err);
	struct s3_object_lock_configuration *lock = arena_new(&call->arena, struct s3_object_lock_configuration);

	(void)input;
	if (!bucket)
		return false;
	if (!bucket->has_object_lock)
		return rest_errors_fail(err, ERR_NOT_FOUND, "ObjectLockConfigurationNotFoundError");
	lock->object_lock_enabled = S("Enabled");
	if (bucket->retention.mode.ptr) {
		struct s3_default_retention *retention = arena_new(&call->arena, struct s3_default_retention);
		retention->mode = bucket->retention.mode;
		if (bucket->retention.days)
			retention->days = SET_I64(bucket->retention.days);
		else
			retention->years = SET_I64(bucket->retention.years);
		lock->rule = arena_new(&call->arena, struct s3_object_lock_rule);
		lock->rule->default_retention = retention;
	}
	out->object_lock_configuration = lock;
	return true;
}

static bool bad_period(struct call *call, const char *name, int64_t value, struct error *err)
{
	rest_add_element(call->rest, S("ArgumentName"), slice_of(name));
	rest_add_element(call->rest, S("ArgumentValue"), arena_format(&call->arena, "%" PRId64, value));
	return fail_as(err, ERR_INVALID, "InvalidArgument", value <= 0 ? "Default retention period must be a positive integer value."
		: "Default retention period is too large.");
}

static bool read_retention(struct call *call, const struct s3_default_retention *in, struct retention *out, struct error *err)
{
	if (!in->mode.ptr || in->days.is_set == in->years.is_set)
		return rest_errors_fail(err, ERR_INVALID, "MalformedXML");
	if (in->days.is_set && (in->days.value <= 0 || in->days.value > RETENTION_DAYS_MAX))
		return bad_period(call, "Days", in->days.value, err);
	if (in->years.is_set && (in->years.value <= 0 || in->years.value > RETENTION_YEARS_MAX))
		return bad_period(call, "Years", in->years.value, err);
	*out = (struct retention){ .mode = in->mode, .days = in->days.value, .years = in->years.value };
	return true;
}

static bool perform_put(struct call *call, const void *input, void *output, struct error *err)
{
	const struct s3_put_object_lock_configuration_request *in = input;
	const struct s3_object_lock_configuration *lock = in->object_lock_configuration;
	const struct bucket *bucket = access_bucket_now(call, err);
	struct retention retention = { .mode = SLICE_NONE };

	(void)output;
	if (!bucket)
		return false;
	if (!lock || !lock->object_lock_enabled.ptr || (lock->rule && !lock->rule->default_retention))
		return rest_errors_fail(err, ERR_INVALID, "MalformedXML");
	if (lock->rule && !read_retention(call, lock->rule->default_retention, &retention, err))
		return false;
	if (bucket->versioning != VERSIONING_ENABLED)
		return fail_as(err, ERR_CONFLICT, "InvalidBucketState",
			"Versioning must be 'Enabled' on the bucket to apply a Object Lock configuration");
	return buckets_set_object_lock(call->catalog, bucket, &retention, err);
}

const struct operation s3_get_object_lock_configuration = {
	.shape = &s3_get_object_lock_configuration_shape, .action = "s3:GetBucketObjectLockConfiguration", .authorise = access_bucket,
	.access = ACCESS_READ, .place = PLACE_FRONT, .perform = perform_get,
};

const struct operation s3_put_object_lock_configuration = {
	.shape = &s3_put_object_lock_configuration_shape, .action = "s3:PutBucketObjectLockConfiguration", .authorise = access_bucket,
	.access = ACCESS_WRITE, .place = PLACE_WRITER, .perform = perform_put,
};
