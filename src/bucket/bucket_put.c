/* bucket/bucket_put.c: the new row goes in before the one that it replaces goes out: a copy of an object onto itself names
 * the same file, which must not die between. */
#include "bucket/bucket_put.h"

#include "base/limits.h"
#include "bucket/bucket_get.h"
#include "codec/utf8.h"
#include "store/catalog.h"

static const int64_t DAY_MS = INT64_C(86400) * 1000;

enum { YEAR_DAYS = 365 };

bool bucket_check_key(struct slice key, struct error *err)
{
	if (key.len > S3_KEY_BYTES_MAX)
		return fail_as(err, ERR_INVALID, "KeyTooLongError", "Your key is too long");
	return (key.len > 0 && utf8_is_valid(key))
	    || fail_as(err, ERR_INVALID, "InvalidURI", "Couldn't parse the specified URI.");
}

/* ---- conditions ---- */

static bool check_condition(const struct version *latest, const struct put_condition *condition, struct error *err)
{
	bool exists = latest && !latest->is_marker;

	if (!condition->if_match.ptr && !condition->if_none_match.ptr)
		return true;
	if ((condition->if_match.ptr && condition->if_none_match.ptr)
	    || (condition->if_none_match.ptr && !slice_equal(condition->if_none_match, S("*"))))
		return fail_as(err, ERR_INVALID, "NotImplemented",
		               "A header you provided implies functionality that is not implemented");
	if (condition->if_match.ptr && !exists)
		return fail_as(err, ERR_NOT_FOUND, "NoSuchKey", "The specified key does not exist.");
	bool holds = condition->if_match.ptr ? bucket_get_etag_matches(condition->if_match, latest->content.etag) : !exists;
	return holds || fail_as(err, ERR_CONFLICT, "PreconditionFailed",
	                        "At least one of the pre-conditions you specified did not hold");
}

bool bucket_put_check(struct catalog *catalog, struct arena *arena, const struct bucket *bucket, struct slice key,
                      const struct put_condition *condition, struct error *err)
{
	struct error failure = { 0 };
	const struct version *latest;

	if (!condition->if_match.ptr && !condition->if_none_match.ptr)
		return true;
	latest = versions_find_latest(catalog, arena, bucket, key, &failure);
	if (failure.kind != ERR_NONE) {
		*err = failure;
		return false;
	}
	return check_condition(latest, condition, err);
}

/* ---- object lock ---- */

static bool refuse_lock(struct error *err, const char *code, const char *text)
{
	return fail_as(err, ERR_INVALID, code, "%s", text);
}

bool bucket_put_lock(const struct bucket *bucket, int64_t now_ms, struct attributes *attributes, struct error *err)
{
	const struct retention *retention = &bucket->retention;
	bool has_mode = attributes->lock_mode.ptr != NULL, has_date = attributes->retain_until_ms != 0;

	if (!bucket->has_object_lock)
		return (!has_mode && !has_date && !attributes->has_legal_hold)
		    || refuse_lock(err, "InvalidRequest", "Bucket is missing Object Lock Configuration");
	if (has_mode != has_date)
		return refuse_lock(err, "InvalidArgument",
		                   "x-amz-object-lock-retain-until-date and x-amz-object-lock-mode must both be supplied");
	if (has_mode && !slice_equal(attributes->lock_mode, S("GOVERNANCE")) && !slice_equal(attributes->lock_mode, S("COMPLIANCE")))
		return refuse_lock(err, "InvalidArgument", "Unknown wormMode directive.");
	if (has_mode && attributes->retain_until_ms <= now_ms)
		return refuse_lock(err, "InvalidArgument", "The retain until date must be in the future!");
	if (!has_mode && retention->mode.ptr) {
		attributes->lock_mode = retention->mode;
		attributes->retain_until_ms = now_ms + (retention->days + retention->years * YEAR_DAYS) * DAY_MS;
	}
	return true;
}

/* ---- putting ---- */

/* The null version, which a put without versioning replaces; NULL in *replaced if there is none. */
static bool find_replaced(struct catalog *catalog, struct arena *arena, const struct bucket *bucket,
                          const struct version *latest, struct slice key, const struct version **replaced,
                          struct error *err)
{
	struct error failure = { 0 };

	*replaced = NULL;
	if (bucket->versioning == VERSIONING_ENABLED || !latest)
		return true;
	if (slice_equal(latest->version_id, S("null"))) {
		*replaced = latest;
		return true;
	}
	*replaced = versions_find(catalog, arena, bucket, key, S("null"), &failure);
	if (failure.kind != ERR_NONE)
		*err = failure;
	return failure.kind == ERR_NONE;
}

bool bucket_put_version(struct catalog *catalog, struct arena *arena, const struct bucket *bucket,
                        const struct version *version, const struct put_condition *condition, struct error *err)
{
	struct error failure = { 0 };
	const struct version *latest = versions_find_latest(catalog, arena, bucket, version->key, &failure), *replaced;

	if (failure.kind != ERR_NONE) {
		*err = failure;
		return false;
	}
	if (!check_condition(latest, condition, err)
	    || !find_replaced(catalog, arena, bucket, latest, version->key, &replaced, err)
	    || !versions_insert(catalog, bucket, version, err))
		return false;
	if (!replaced)
		return true;
	struct version old = *replaced;
	old.is_latest = false;
	return versions_delete(catalog, bucket, &old, version->modified_ms, err);
}

bool bucket_put(struct catalog *catalog, struct arena *arena, struct slice bucket_name, int64_t now_ms,
                const struct put *put, struct put_result *result, struct error *err)
{
	const struct bucket *bucket = buckets_get(catalog, arena, bucket_name, err);
	struct version version = {
		.key = put->key, .modified_ms = now_ms, .content = put->content, .attributes = put->attributes,
	};

	if (!bucket || !bucket_check_key(put->key, err) || !bucket_put_lock(bucket, now_ms, &version.attributes, err))
		return false;
	version.version_id = bucket->versioning == VERSIONING_ENABLED ? put->version_id : S("null");
	assert(version.version_id.ptr != NULL);
	if (!bucket_put_version(catalog, arena, bucket, &version, &put->condition, err))
		return false;
	*result = (struct put_result){
		.version_id = bucket->versioning == VERSIONING_ENABLED ? put->version_id : SLICE_NONE,
		.modified_ms = now_ms,
	};
	return true;
}
