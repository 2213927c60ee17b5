/* bucket/tags.c: the form of x-amz-tagging both ways, and the rules for a set of tags. */
#include "bucket/tags.h"

#include "base/limits.h"
#include "codec/uri.h"
#include "codec/utf8.h"

bool tags_read(struct arena *arena, struct slice text, struct tag_list *list, struct error *err)
{
	struct uri_pairs pairs;
	struct error why = { 0 };

	*list = (struct tag_list){ 0 };
	if (!text.ptr)
		return true;
	if (!uri_pairs_read(arena, text, URI_PLUS_IS_BLANK, S3_BUCKET_TAGS_MAX + 1, &pairs, &why))
		return fail_as(err, ERR_INVALID, "InvalidArgument",
		               "The header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded URL query parameters without tag "
		               "name duplicates.");
	list->items = arena_array(arena, pairs.count, sizeof *list->items);
	for (; list->count < pairs.count; list->count++) {
		const struct uri_pair *pair = &pairs.items[list->count];
		list->items[list->count] = (struct tag){ pair->name, pair->value.ptr ? pair->value : S("") };
	}
	return true;
}

struct slice tags_write(struct arena *arena, const struct tag_list *list)
{
	struct buffer out;

	if (list->count == 0)
		return SLICE_NONE;
	buffer_init(&out, arena, SIZE_MAX);
	for (size_t i = 0; i < list->count; i++) {
		if (i)
			buffer_byte(&out, '&');
		uri_encode(&out, list->items[i].key, URI_ENCODE_SLASH);
		buffer_byte(&out, '=');
		uri_encode(&out, list->items[i].value, URI_ENCODE_SLASH);
	}
	return buffer_slice(&out);
}

/* Letters, digits and blanks of any script, and _ . : / = + - @. Outside ASCII everything is let pass. */
static bool is_tag_text(struct slice text, size_t characters_min, size_t characters_max)
{
	if (!utf8_is_valid(text) || utf8_length(text) > characters_max || utf8_length(text) < characters_min)
		return false;
	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];
		bool is_word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || (unsigned char)c >= 0x80;
		if (!is_word && (c == '\0' || !strchr(" _.:/=+-@\t", c)))
			return false;
	}
	return true;
}

bool tags_check(const struct tag_list *list, enum tags_of of, struct error *err)
{
	if (of == TAGS_OF_OBJECT && list->count > S3_OBJECT_TAGS_MAX)
		return fail_as(err, ERR_INVALID, "BadRequest", "Object tags cannot be greater than %d", S3_OBJECT_TAGS_MAX);
	if (of == TAGS_OF_BUCKET && list->count > S3_BUCKET_TAGS_MAX)
		return fail_as(err, ERR_INVALID, "BadRequest", "Bucket tag count cannot be greater than %d", S3_BUCKET_TAGS_MAX);
	for (size_t i = 0; i < list->count; i++) {
		const struct tag *tag = &list->items[i];
		if (!is_tag_text(tag->key, 1, S3_TAG_KEY_CHARACTERS_MAX))
			return fail_as(err, ERR_INVALID, "InvalidTag", "The TagKey you have provided is invalid");
		if (!is_tag_text(tag->value, 0, S3_TAG_VALUE_CHARACTERS_MAX))
			return fail_as(err, ERR_INVALID, "InvalidTag", "The TagValue you have provided is invalid");
		if (slice_has_prefix_nocase(tag->key, S("aws:")))
			return fail_as(err, ERR_INVALID, "InvalidTag", "System tags cannot be added/updated by requester");
		for (size_t k = 0; k < i; k++)
			if (slice_equal(list->items[k].key, tag->key))
				return fail_as(err, ERR_INVALID, "InvalidTag", "Cannot provide multiple Tags with the same key");
	}
	return true;
}
