/* bucket/bucket_delete.c: a marker is a version like others, so it goes in as a put does. */
#include "bucket/bucket_delete.h"

#include "bucket/bucket_get.h"
#include "bucket/bucket_put.h"
#include "store/catalog.h"

static bool is_locked(const struct version *version, int64_t now_ms, bool bypasses_governance)
{
	bool is_retained = version->attributes.lock_mode.ptr && version->attributes.retain_until_ms > now_ms;

	if (version->attributes.has_legal_hold)
		return true;
	return is_retained && !(bypasses_governance && slice_equal(version->attributes.lock_mode, S("GOVERNANCE")));
}

static bool check_match(const struct version *version, const struct removal *removal, struct error *err)
{
	if (!removal->if_match.ptr)
		return true;
	if (!version || version->is_marker)
		return fail_as(err, ERR_NOT_FOUND, "NoSuchKey", "The specified key does not exist.");
	return bucket_get_etag_matches(removal->if_match, version->content.etag)
	    || fail_as(err, ERR_CONFLICT, "PreconditionFailed", "At least one of the pre-conditions you specified did not hold");
}

static bool delete_version(struct catalog *catalog, struct arena *arena, const struct bucket *bucket, int64_t now_ms,
                           const struct removal *removal, struct removed *removed, struct error *err)
{
	struct error failure = { 0 };
	const struct version *version;

	if (!versions_check_id(removal->version_id, err))
		return false;
	version = versions_find(catalog, arena, bucket, removal->key, removal->version_id, &failure);
	if (failure.kind != ERR_NONE) {
		*err = failure;
		return false;
	}
	if (!check_match(version, removal, err))
		return false;
	removed->version_id = removal->version_id;
	if (!version)
		return true;
	if (is_locked(version, now_ms, removal->bypasses_governance))
		return fail_as(err, ERR_DENIED, "AccessDenied", "Access Denied because object protected by object lock.");
	removed->is_marker = version->is_marker;
	return versions_delete(catalog, bucket, version, now_ms, err);
}

static bool put_marker(struct catalog *catalog, struct arena *arena, const struct bucket *bucket, int64_t now_ms,
                       const struct removal *removal, struct removed *removed, struct error *err)
{
	struct version marker = {
		.key = removal->key, .is_marker = true, .modified_ms = now_ms,
		.version_id = bucket->versioning == VERSIONING_ENABLED ? removal->marker_id : S("null"),
	};

	*removed = (struct removed){ .version_id = marker.version_id, .is_marker = true, .is_new_marker = true };
	return bucket_put_version(catalog, arena, bucket, &marker, &(struct put_condition){ 0 }, err);
}

bool bucket_delete(struct catalog *catalog, struct arena *arena, const struct bucket *bucket, int64_t now_ms,
                   const struct removal *removal, struct removed *removed, struct error *err)
{
	struct error failure = { 0 };
	const struct version *latest = NULL;

	*removed = (struct removed){ 0 };
	if (!bucket_check_key(removal->key, err))
		return false;
	if (removal->version_id.ptr)
		return delete_version(catalog, arena, bucket, now_ms, removal, removed, err);
	if (bucket->versioning == VERSIONING_NEVER || removal->if_match.ptr)
		latest = versions_find_latest(catalog, arena, bucket, removal->key, &failure);
	if (failure.kind != ERR_NONE) {
		*err = failure;
		return false;
	}
	if (!check_match(latest, removal, err))
		return false;
	if (bucket->versioning != VERSIONING_NEVER)
		return put_marker(catalog, arena, bucket, now_ms, removal, removed, err);
	return !latest || versions_delete(catalog, bucket, latest, now_ms, err);
}
