/* services/iam/listing.c: a marker is base64 of eight bytes of binding and the key. */
#include "services/iam/listing.h"

#include "base/limits.h"
#include "codec/base64.h"
#include "services/iam/member.h"

static const uint64_t BINDING_SEED = 0x6d61726b65723031;        /* another one when the meaning of keys changes */

/* All that was asked but the page itself. */
static uint64_t binding_of(const struct call *call, const void *input)
{
	const struct shape *shape = call->operation->shape->input;
	uint64_t hash = hash64_seeded(call->account, hash64_seeded(call->operation->shape->name, BINDING_SEED));

	for (size_t i = 0; i < shape->member_count; i++) {
		const struct shape_member *member = &shape->members[i];
		const void *field = (const char *)input + member->offset;

		if (slice_equal(member->name, S("Marker")) || slice_equal(member->name, S("MaxItems")))
			continue;
		if (member->shape->kind == SHAPE_STRING) {
			const struct slice *text = field;
			hash = hash64_seeded(text->ptr ? *text : S(""), hash + text->len);
		} else if (member->shape->kind == SHAPE_BOOLEAN) {
			hash = hash64_seeded(((const struct maybe_bool *)field)->value ? S("1") : S("0"), hash);
		} else if (member->shape->kind == SHAPE_LIST && member->shape->members[0].shape->kind == SHAPE_STRING) {
			const struct text_list *list = field;
			for (size_t k = 0; k < list->count; k++)
				hash = hash64_seeded(list->items[k], hash);
		}
	}
	return hash;
}

bool listing_begin(struct listing *listing, struct call *call, const void *input, struct error *err)
{
	struct maybe_i64 max_items = member_i64(call, input, S("MaxItems"));
	struct slice marker = member_text(call, input, S("Marker")), plain;
	struct error ignored;
	uint64_t binding;

	*listing = (struct listing){
		.page = {
			.path_prefix = member_text(call, input, S("PathPrefix")),
			.limit = max_items.is_set ? (size_t)max_items.value : IAM_PAGE_ITEMS_DEFAULT,
		},
		.binding = binding_of(call, input),
	};
	assert(listing->page.limit >= 1 && listing->page.limit <= IAM_PAGE_ITEMS_MAX);
	if (!marker.ptr)
		return true;
	plain = marker.len <= IAM_MARKER_BYTES_MAX ? base64_decode(&call->arena, marker, &ignored) : SLICE_NONE;
	if (!plain.ptr || plain.len < sizeof binding)
		return fail_as(err, ERR_INVALID, "ValidationError", "Invalid Marker.");
	memcpy(&binding, plain.ptr, sizeof binding);
	if (binding != listing->binding)
		return fail_as(err, ERR_INVALID, "ValidationError", "Invalid Marker.");
	listing->page.after = slice_from(plain, sizeof binding);
	return true;
}

void listing_end(const struct listing *listing, struct call *call, void *output, bool is_truncated,
                 struct slice last_key)
{
	struct maybe_bool *truncated = member_output(call, output, S("IsTruncated"));
	struct slice *marker = member_output(call, output, S("Marker"));
	char *plain;

	*truncated = SET_BOOL(is_truncated);
	if (!is_truncated)
		return;
	plain = arena_alloc(&call->arena, sizeof listing->binding + last_key.len);
	memcpy(plain, &listing->binding, sizeof listing->binding);
	memcpy(plain + sizeof listing->binding, last_key.ptr, last_key.len);
	*marker = base64_text(&call->arena, (struct slice){ plain, sizeof listing->binding + last_key.len });
}

enum listing_verdict listing_admit(const struct listing *listing, struct slice key, size_t *shown)
{
	if (slice_compare(key, page_after(&listing->page)) <= 0)
		return LISTING_SKIP;
	if (*shown == listing->page.limit)
		return LISTING_FULL;
	++*shown;
	return LISTING_SHOW;
}
