/* trail/object_list.c: what is not understood is an error: a key that is left out would be one that is not verified. */
#include "trail/object_list.h"

#include "base/clock.h"
#include "codec/uri.h"
#include "codec/xml_read.h"

enum { ELEMENTS_MAX = 50000 };                 /* a page has 1,000 keys with 5 elements each, and an owner where asked for */

static bool read_entry(struct arena *arena, const struct xml_element *element, bool is_encoded, struct object_list_entry *entry,
                       struct error *err)
{
	const struct xml_element *key = xml_read_child(element, S("Key")), *modified = xml_read_child(element, S("LastModified"));
	const struct xml_element *size = xml_read_child(element, S("Size"));
	uint64_t bytes;

	entry->bytes = size && slice_to_u64(size->text, &bytes) && bytes <= INT64_MAX ? (int64_t)bytes : -1;
	if (!key || !key->text.ptr || key->text.len == 0)
		return fail(err, ERR_INVALID, "the list has an object without a key");
	if (!modified || !time_parse_iso(modified->text, &entry->modified_ms))
		return fail(err, ERR_INVALID, "the list has an object without a time");
	entry->key = is_encoded ? uri_decode(arena, key->text, URI_PLUS_IS_BLANK, err) : key->text;
	return entry->key.ptr != NULL;
}

bool object_list_read(struct arena *arena, struct slice xml, struct object_list *list, struct error *err)
{
	const struct xml_limits limits = { .depth_max = 8, .nodes_max = ELEMENTS_MAX };
	const struct xml_element *root = xml_read(arena, xml, &limits, err);
	const struct xml_element *truncated = xml_read_child(root, S("IsTruncated")), *encoding = xml_read_child(root, S("EncodingType"));

	*list = (struct object_list){0};
	if (!root)
		return false;
	if (!slice_equal(root->name, S("ListBucketResult")) || !truncated)
		return fail(err, ERR_INVALID, "the reply is no list of objects");
	bool is_encoded = encoding && slice_equal(encoding->text, S("url"));
	list->entries = arena_array(arena, root->count, sizeof *list->entries);
	for (const struct xml_element *child = root->first; child; child = child->next)
		if (slice_equal(child->name, S("Contents"))
		    && !read_entry(arena, child, is_encoded, &list->entries[list->count++], err))
			return false;
	if (!slice_equal(truncated->text, S("true")))
		return slice_equal(truncated->text, S("false")) || fail(err, ERR_INVALID, "the list does not say whether it is complete");
	const struct xml_element *next = xml_read_child(root, S("NextContinuationToken"));
	if (!next || !next->text.ptr || next->text.len == 0)
		return fail(err, ERR_INVALID, "the list is not complete and has no token for the rest");
	list->next = next->text;
	return true;
}
