/* services/s3/list_object_versions.c: every version and delete marker, newest first within a key.
 * Source: Amazon S3 API Reference (2006-03-01), ListObjectVersions. */
#include "services/s3/access.h"
#include "services/s3/object_listing.h"
#include "services/s3/output.h"

static bool read_markers(struct call *call, const struct s3_list_object_versions_request *in, struct list_wanted *wanted,
                         struct error *err)
{
	wanted->after = in->key_marker;
	wanted->after_id = in->version_id_marker;
	if (in->version_id_marker.ptr && !in->key_marker.len)
		return object_listing_refuse(call, "version-id-marker", in->version_id_marker,
		                      "A version-id marker cannot be specified without a key marker.", err);
	if (in->version_id_marker.ptr && !in->version_id_marker.len)
		return object_listing_refuse(call, "version-id-marker", S(""), "A version-id marker cannot be empty.", err);
	return !in->version_id_marker.ptr || versions_check_id(in->version_id_marker, err);
}

static void add_versions(struct call *call, const struct listed *listed, struct s3_owner *owner,
                         struct s3_list_object_versions_output *out)
{
	out->versions.items = arena_array(&call->arena, listed->count, sizeof *out->versions.items);
	out->delete_markers.items = arena_array(&call->arena, listed->count, sizeof *out->delete_markers.items);
	for (size_t i = 0; i < listed->count; i++) {
		const struct version *version = &listed->versions[i];
		if (version->is_marker) {
			out->delete_markers.items[out->delete_markers.count++] = (struct s3_delete_marker_entry){
				.owner = owner, .key = version->key, .version_id = version->version_id,
				.is_latest = SET_BOOL(version->is_latest), .last_modified = SET_TIME(version->modified_ms),
			};
			continue;
		}
		out->versions.items[out->versions.count++] = (struct s3_object_version){
			.e_tag = output_etag(call, version->content.etag), .size = SET_I64(version->content.bytes),
			.storage_class = output_class(&version->attributes), .key = version->key, .version_id = version->version_id,
			.is_latest = SET_BOOL(version->is_latest), .last_modified = SET_TIME(version->modified_ms), .owner = owner,
		};
	}
}

static bool perform(struct call *call, const void *input, void *output, struct error *err)
{
	const struct s3_list_object_versions_request *in = input;
	struct s3_list_object_versions_output *out = output;
	const struct bucket *bucket = access_bucket_now(call, err);
	struct list_wanted wanted;
	struct listed listed;

	if (!bucket || !object_listing_begin(call, in->encoding_type, in->max_keys, "maxKeys", &wanted, err)
	    || !read_markers(call, in, &wanted, err))
		return false;
	wanted.prefix = in->prefix;
	wanted.delimiter = in->delimiter;
	if (!bucket_list_versions(call->catalog, &call->arena, bucket, &wanted, &listed, err))
		return false;
	*out = (struct s3_list_object_versions_output){
		.name = bucket->name, .prefix = in->prefix.ptr ? in->prefix : S(""),
		.key_marker = in->key_marker.ptr ? in->key_marker : S(""),
		.version_id_marker = in->version_id_marker.ptr ? in->version_id_marker : S(""),
		.delimiter = in->delimiter.len ? in->delimiter : SLICE_NONE, .encoding_type = in->encoding_type,
		.max_keys = SET_I64((int64_t)wanted.limit), .is_truncated = SET_BOOL(listed.is_truncated),
	};
	if (listed.is_truncated) {
		out->next_key_marker = listed.next;
		out->next_version_id_marker = listed.next_id;
	}
	add_versions(call, &listed, output_owner(call, bucket->account), out);
	object_listing_prefixes(call, &listed, &out->common_prefixes);
	return true;
}

const struct operation s3_list_object_versions = {
	.shape     = &s3_list_object_versions_shape,
	.action    = "s3:ListBucketVersions",
	.authorise = access_bucket,
	.access    = ACCESS_READ,
	.place     = PLACE_WORKER,
	.perform   = perform,
};
