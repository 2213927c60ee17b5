/* bucket/bucket_get.c: which version, and the order in which conditions are asked. */
#include "bucket/bucket_get.h"

#include "store/catalog.h"

enum { SECOND_MS = 1000 };

static bool no_such_key(struct error *err)
{
	return fail_as(err, ERR_NOT_FOUND, "NoSuchKey", "The specified key does not exist.");
}

bool bucket_get(struct catalog *catalog, struct arena *arena, const struct bucket *bucket, struct slice key,
                struct slice version_id, struct got *got, struct error *err)
{
	struct error failure = { 0 };
	const struct version *version;

	*got = (struct got){ 0 };
	if (version_id.ptr && !versions_check_id(version_id, err))
		return false;
	version = version_id.ptr ? versions_find(catalog, arena, bucket, key, version_id, &failure)
	                         : versions_find_latest(catalog, arena, bucket, key, &failure);
	if (failure.kind != ERR_NONE) {
		*err = failure;
		return false;
	}
	if (!version)
		return version_id.ptr ? fail_as(err, ERR_NOT_FOUND, "NoSuchVersion", "The specified version does not exist.")
		                      : no_such_key(err);
	if (!version->is_marker) {
		got->version = version;
		return true;
	}
	got->marker = version;
	return version_id.ptr ? fail_as(err, ERR_INVALID, "MethodNotAllowed",
	                                "The specified method is not allowed against this resource.")
	                      : no_such_key(err);
}

static struct slice unquoted(struct slice etag)
{
	etag = slice_trim(etag);
	if (slice_has_prefix(etag, S("W/")))
		etag = slice_from(etag, 2);
	if (etag.len && etag.ptr[0] == '"')
		etag = slice_from(etag, 1);
	if (etag.len && etag.ptr[etag.len - 1] == '"')
		etag.len--;
	return etag;
}

bool bucket_get_etag_matches(struct slice header, struct slice etag)
{
	struct slice rest = header, one;

	while (rest.ptr) {
		rest = slice_cut(rest, ',', &one);
		one = unquoted(one);
		if (slice_equal(one, S("*")) || (one.len && slice_equal_nocase(one, unquoted(etag))))
			return true;
	}
	return false;
}

/* Header dates have whole seconds. */
static bool is_after(const struct version *version, int64_t ms)
{
	return version->modified_ms / SECOND_MS > ms / SECOND_MS;
}

static bool precondition_failed(struct error *err)
{
	return fail_as(err, ERR_CONFLICT, "PreconditionFailed", "At least one of the pre-conditions you specified did not hold");
}

/* *is_unchanged: a read need not be answered with the bytes. */
static bool check(const struct version *version, const struct read_condition *condition, int64_t now_ms,
                  bool *is_unchanged, struct error *err)
{
	struct slice etag = version->content.etag;
	struct condition_time since = condition->if_modified_since, unless = condition->if_unmodified_since;

	*is_unchanged = false;
	if (condition->if_match.ptr && !bucket_get_etag_matches(condition->if_match, etag))
		return precondition_failed(err);
	if (!condition->if_match.ptr && unless.is_set && is_after(version, unless.ms))
		return precondition_failed(err);
	if (condition->if_none_match.ptr)
		*is_unchanged = bucket_get_etag_matches(condition->if_none_match, etag);
	else if (since.is_set && since.ms <= now_ms)
		*is_unchanged = !is_after(version, since.ms);
	return true;
}

bool bucket_get_check(const struct version *version, const struct read_condition *condition, int64_t now_ms,
                      struct error *err)
{
	bool is_unchanged;

	if (!check(version, condition, now_ms, &is_unchanged, err))
		return false;
	return !is_unchanged || fail_as(err, ERR_CONFLICT, "NotModified", "Not Modified");
}

bool bucket_get_check_copy(const struct version *version, const struct read_condition *condition, int64_t now_ms,
                           struct error *err)
{
	bool is_unchanged;

	if (!check(version, condition, now_ms, &is_unchanged, err))
		return false;
	return !is_unchanged || precondition_failed(err);
}
