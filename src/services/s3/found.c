/* services/s3/found.c: a delete marker in the way is told in headers, as GetObject does. */
#include "services/s3/found.h"

#include "bucket/bucket_get.h"
#include "services/rest.h"
#include "services/s3/access.h"

bool found_version(struct call *call, const void *input, struct found *found, struct error *err)
{
	struct got got = { 0 };

	*found = (struct found){ .bucket = access_bucket_now(call, err) };
	if (!found->bucket)
		return false;
	if (!bucket_get(call->catalog, &call->arena, found->bucket, call->rest->key, rest_query(call->rest, S("versionId")), &got, err)) {
		if (got.marker)
			rest_add_header(call->rest, S("x-amz-delete-marker"), S("true"));
		return access_hide(call, input, found->bucket, err);
	}
	found->version = got.version;
	if (found->bucket->versioning != VERSIONING_NEVER)
		found->version_id = got.version->version_id;
	return true;
}
