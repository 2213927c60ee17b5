/* services/s3/object_listing.c: one page. */
#include "services/s3/object_listing.h"

#include "base/limits.h"
#include "services/rest.h"
#include "services/s3/output.h"

bool object_listing_refuse(struct call *call, const char *argument, struct slice value, const char *text, struct error *err)
{
	rest_add_element(call->rest, S("ArgumentName"), slice_of(argument));
	rest_add_element(call->rest, S("ArgumentValue"), value);
	return fail_as(err, ERR_INVALID, "InvalidArgument", "%s", text);
}

bool object_listing_begin(struct call *call, struct slice encoding_type, struct maybe_i64 items, const char *argument,
                   struct list_wanted *wanted, struct error *err)
{
	int64_t limit = items.is_set ? items.value : S3_PAGE_ITEMS_MAX;

	if (encoding_type.ptr && !slice_equal(encoding_type, S("url")))
		return object_listing_refuse(call, "encoding-type", encoding_type, "Invalid Encoding Method specified in Request", err);
	if (limit < 0 || limit > INT32_MAX)
		return object_listing_refuse(call, argument, arena_format(&call->arena, "%" PRId64, limit), arena_printf(&call->arena,
		                      "Argument %s must be an integer between 0 and 2147483647", argument), err);
	*wanted = (struct list_wanted){ .limit = limit > S3_PAGE_ITEMS_MAX ? S3_PAGE_ITEMS_MAX : (size_t)limit };
	return true;
}

void object_listing_prefixes(struct call *call, const struct listed *listed, struct s3_common_prefix_list *prefixes)
{
	prefixes->items = arena_array(&call->arena, listed->prefix_count, sizeof *prefixes->items);
	prefixes->count = listed->prefix_count;
	for (size_t i = 0; i < listed->prefix_count; i++)
		prefixes->items[i].prefix = listed->prefixes[i];
}

static void add_checksum(struct call *call, const struct content *content, struct s3_object *object)
{
	if (!content->checksum.ptr)
		return;
	object->checksum_algorithm.items = arena_array(&call->arena, 1, sizeof *object->checksum_algorithm.items);
	object->checksum_algorithm.items[0] = content->checksum_algorithm;
	object->checksum_algorithm.count = 1;
	object->checksum_type = content->checksum_type;
}

void object_listing_objects(struct call *call, const struct listed *listed, struct s3_owner *owner, struct s3_object_list *objects)
{
	objects->items = arena_array(&call->arena, listed->count, sizeof *objects->items);
	objects->count = listed->count;
	for (size_t i = 0; i < listed->count; i++) {
		const struct version *version = &listed->versions[i];
		objects->items[i] = (struct s3_object){
			.key = version->key, .last_modified = SET_TIME(version->modified_ms), .e_tag = output_etag(call, version->content.etag),
			.size = SET_I64(version->content.bytes), .storage_class = output_class(&version->attributes), .owner = owner,
		};
		add_checksum(call, &version->content, &objects->items[i]);
	}
}
