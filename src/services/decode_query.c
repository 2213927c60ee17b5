/* services/decode_query.c: parameters sorted by their paths, then one walk along the paths and the shape table together.
 *
 * Sorting brings what belongs to one structure or list together and puts list items in order, so that the walk needs no
 * memory of its own: a level is a range of parameters that agree up to an offset. Most requests have a handful of
 * undotted parameters, for which the sort costs next to nothing. */
#include "services/decode_query.h"

#include "base/clock.h"
#include "base/limits.h"
#include "codec/base64.h"
#include "codec/utf8.h"

enum { SORTED_BY_INSERTION_MAX = 16, DEPTH_MAX = REQUEST_DEPTH_MAX, INDEX_DIGITS_MAX = 9, SHOWN_BYTES_MAX = 64 };

struct reader {
	struct arena *arena;
	struct error *err;
	bool          is_ec2;
};

/* Parameters whose names are equal up to `at`, where their next segment begins; at > name.len: they end here. */
struct range {
	const struct uri_pair *pairs;
	size_t                 count, at;
};

/* ---- order ---- */

/* A list index: decimal, not 0, no leading zero. 0 if `segment` is none. */
static uint32_t index_of(struct slice segment)
{
	uint32_t value = 0;

	if (segment.len == 0 || segment.len > INDEX_DIGITS_MAX || segment.ptr[0] == '0')
		return 0;
	for (size_t i = 0; i < segment.len; i++) {
		if (segment.ptr[i] < '0' || segment.ptr[i] > '9')
			return 0;
		value = value * 10 + (uint32_t)(segment.ptr[i] - '0');
	}
	return value;
}

static int compare_segments(struct slice a, struct slice b)
{
	uint32_t index_a = index_of(a), index_b = index_of(b);

	if (index_a && index_b)
		return index_a < index_b ? -1 : index_a > index_b;
	if (index_a || index_b)
		return index_a ? -1 : 1;
	return slice_compare(a, b);
}

/* Segments are equal up to the one that holds the first difference, so only that one is looked at. */
static int compare_paths(struct slice a, struct slice b)
{
	size_t at = 0, start = 0, least = a.len < b.len ? a.len : b.len;
	struct slice head_a, head_b;

	for (; at < least && a.ptr[at] == b.ptr[at]; at++)
		if (a.ptr[at] == '.')
			start = at + 1;
	if (at == a.len && at == b.len)
		return 0;
	slice_cut(slice_from(a, start), '.', &head_a);
	slice_cut(slice_from(b, start), '.', &head_b);
	int order = compare_segments(head_a, head_b);
	return order != 0 ? order : a.len < b.len ? -1 : 1;  /* "Tags" and "Tags.member": where one path ends */
}

static int compare_pairs(const void *a, const void *b)
{
	return compare_paths(((const struct uri_pair *)a)->name, ((const struct uri_pair *)b)->name);
}

static struct range sorted(struct reader *reader, const struct uri_pairs *pairs)
{
	struct uri_pair *copy = arena_array(reader->arena, pairs->count, sizeof *copy);

	if (pairs->count > SORTED_BY_INSERTION_MAX) {
		memcpy(copy, pairs->items, pairs->count * sizeof *copy);
		qsort(copy, pairs->count, sizeof *copy, compare_pairs);
		return (struct range){ copy, pairs->count, 0 };
	}
	for (size_t i = 0; i < pairs->count; i++) {
		size_t at = i;
		for (; at > 0 && compare_pairs(&copy[at - 1], &pairs->items[i]) > 0; at--)
			copy[at] = copy[at - 1];
		copy[at] = pairs->items[i];
	}
	return (struct range){ copy, pairs->count, 0 };
}

/* ---- ranges ---- */

static struct slice segment_of(const struct uri_pair *pair, size_t at)
{
	struct slice segment;

	slice_cut(slice_from(pair->name, at), '.', &segment);
	return segment;
}

static bool ends(const struct range *range)
{
	return range->at > range->pairs[0].name.len;
}

/* Takes the leading parameters that share their next segment off `range`. */
static struct range take_group(struct range *range, struct slice *segment)
{
	struct range group = { range->pairs, 0, 0 };

	*segment = segment_of(range->pairs, range->at);
	while (group.count < range->count && range->pairs[group.count].name.len >= range->at
	       && slice_equal(segment_of(&range->pairs[group.count], range->at), *segment))
		group.count++;
	group.at = range->at + segment->len + 1;
	range->pairs += group.count;
	range->count -= group.count;
	return group;
}

static bool malformed(struct reader *reader, const char *why)
{
	return fail_as(reader->err, ERR_INVALID, "MalformedInput", "%s", why);
}

/* ---- scalars ---- */

static bool not_a(struct reader *reader, struct slice value, const char *what)
{
	size_t shown = utf8_prefix(value, SHOWN_BYTES_MAX);

	return fail_as(reader->err, ERR_INVALID, "ValidationError", "The value '%.*s'%s is not a valid %s.", (int)shown, value.ptr,
		shown < value.len ? " ..." : "", what);
}

static bool read_double(struct reader *reader, struct slice text, struct maybe_double *out)
{
	char copy[64], *end;

	if (text.len == 0 || text.len >= sizeof copy || !strchr("+-.0123456789", text.ptr[0]))
		return not_a(reader, text, "Double");
	memcpy(copy, text.ptr, text.len);
	copy[text.len] = '\0';
	*out = SET_DOUBLE(strtod(copy, &end));
	return (end == copy + text.len && isfinite(out->value) && !strpbrk(copy, "xX")) || not_a(reader, text, "Double");
}

static bool read_time(struct reader *reader, struct slice text, struct maybe_time *out)
{
	int64_t seconds;

	out->is_set = true;
	if (time_parse_iso(text, &out->ms))
		return true;
	if (!slice_to_i64(text, &seconds) || (double)seconds < TIME_S_MIN || (double)seconds > TIME_S_MAX)
		return not_a(reader, text, "Timestamp");
	out->ms = seconds * 1000;
	return true;
}

static bool read_scalar(struct reader *reader, const struct shape *shape, struct slice text, void *out)
{
	struct maybe_i64 number = { .is_set = true };

	if (!utf8_is_valid(text))
		return fail_as(reader->err, ERR_INVALID, "MalformedQueryString", "A parameter is not UTF-8.");
	switch ((enum shape_kind)shape->kind) {
	case SHAPE_STRING:
		*(struct slice *)out = text;
		return true;
	case SHAPE_BLOB:
		*(struct slice *)out = base64_decode(reader->arena, text, NULL);
		return ((struct slice *)out)->ptr || not_a(reader, S("..."), "Blob");
	case SHAPE_BOOLEAN:
		*(struct maybe_bool *)out = SET_BOOL(slice_equal(text, S("true")));
		return ((struct maybe_bool *)out)->value || slice_equal(text, S("false")) || not_a(reader, text, "Boolean");
	case SHAPE_INTEGER:
	case SHAPE_LONG:
		if (!slice_to_i64(text, &number.value)
		    || (shape->kind == SHAPE_INTEGER && (number.value < INT32_MIN || number.value > INT32_MAX)))
			return not_a(reader, text, shape->kind == SHAPE_INTEGER ? "Integer" : "Long");
		*(struct maybe_i64 *)out = number;
		return true;
	case SHAPE_FLOAT:
	case SHAPE_DOUBLE:
		return read_double(reader, text, out);
	case SHAPE_TIMESTAMP:
		return read_time(reader, text, out);
	default:
		break;
	}
	assert(false);                               /* aggregates do not come here */
	return false;
}

/* ---- aggregates ---- */

static bool read_value(struct reader *reader, const struct shape *shape, struct range range, void *out, int depth);

static const struct shape_member *member_named(const struct reader *reader, const struct shape *shape, struct slice name)
{
	for (size_t i = 0; i < shape->member_count; i++) {
		const struct shape_member *member = &shape->members[i];
		if (slice_equal(reader->is_ec2 ? member->ec2_name : member->query_name, name))
			return member;
	}
	return NULL;
}

static bool read_structure(struct reader *reader, const struct shape *shape, struct range range, void *out, int depth)
{
	while (range.count > 0) {
		struct slice name;
		struct range group = take_group(&range, &name);
		const struct shape_member *member = member_named(reader, shape, name);
		if (!member)
			continue;
		void *field = (char *)out + member->offset;
		if (member->shape->kind == SHAPE_STRUCTURE && shape->kind == SHAPE_STRUCTURE) {
			void *inner = arena_zalloc(reader->arena, member->shape->bytes);
			memcpy(field, &inner, sizeof inner);
			field = inner;
		}
		if (!read_value(reader, member->shape, group, field, depth + 1))
			return false;
	}
	return true;
}

/* Steps over ".member" (a list) or ".entry" (a map) and counts the indices behind it; `range` is then one of indices. */
static bool open_list(struct reader *reader, const struct shape *shape, struct range *range, struct any_list *list)
{
	struct slice wrapper = shape->kind == SHAPE_MAP ? S("entry") : shape->members[0].query_name, segment;

	list->is_set = true;
	if (ends(range))                             /* "Tags=" is how clients write an empty list */
		return (range->count == 1 && range->pairs[0].value.len == 0)
			|| malformed(reader, "Unexpected list element termination");
	if (!(shape->flags & SHAPE_FLATTENED) && !reader->is_ec2) {
		size_t total = range->count;
		struct range inner = take_group(range, &segment);
		if (index_of(segment))
			return malformed(reader, "Top level element may not be treated as a list");
		if (!slice_equal(segment, wrapper) || inner.count != total || ends(&inner))
			return malformed(reader, "Unexpected list element termination");
		*range = inner;
	}
	for (struct range left = *range; left.count > 0; list->count++) {
		take_group(&left, &segment);
		if (!index_of(segment))
			return malformed(reader, "Key is not a list index");
	}
	list->items = arena_array(reader->arena, list->count, shape->bytes);
	return arena_check(reader->arena, reader->err);
}

static bool read_list(struct reader *reader, const struct shape *shape, struct range range, void *out, int depth)
{
	struct any_list list = {0};
	struct slice segment;

	if (!open_list(reader, shape, &range, &list))
		return false;
	memcpy(out, &list, sizeof list);
	char *item = list.items;
	for (size_t i = 0; i < list.count; i++, item += shape->bytes)
		if (!read_value(reader, shape->members[0].shape, take_group(&range, &segment), item, depth + 1))
			return false;
	return true;
}

static int compare_keys(const void *a, const void *b)
{
	return slice_compare(*(const struct slice *)a, *(const struct slice *)b);
}

static bool keys_are_unique(struct reader *reader, const struct shape *shape, const struct any_list *list)
{
	struct slice *keys = arena_array(reader->arena, list->count, sizeof *keys);

	for (size_t i = 0; i < list->count; i++)
		memcpy(&keys[i], (const char *)list->items + i * shape->bytes, sizeof *keys);
	qsort(keys, list->count, sizeof *keys, compare_keys);
	for (size_t i = 1; i < list->count; i++)
		if (slice_equal(keys[i - 1], keys[i]))
			return malformed(reader, "A map has a key twice");
	return true;
}

static bool read_map(struct reader *reader, const struct shape *shape, struct range range, void *out, int depth)
{
	struct any_list list = {0};
	struct slice segment;

	if (!open_list(reader, shape, &range, &list))
		return false;
	memcpy(out, &list, sizeof list);
	char *entry = list.items;
	for (size_t i = 0; i < list.count; i++, entry += shape->bytes) {
		struct range group = take_group(&range, &segment);
		struct slice key;
		if (ends(&group))
			return malformed(reader, "Unexpected map element termination");
		if (!read_structure(reader, shape, group, entry, depth + 1))
			return false;
		memcpy(&key, entry, sizeof key);
		if (!key.ptr)
			return malformed(reader, "A map entry has no key");
	}
	return list.count < 2 || keys_are_unique(reader, shape, &list);
}

static bool read_value(struct reader *reader, const struct shape *shape, struct range range, void *out, int depth)
{
	if (depth > DEPTH_MAX)
		return malformed(reader, "Parameters are nested too deep");
	switch ((enum shape_kind)shape->kind) {
	case SHAPE_STRUCTURE:
		if (ends(&range))
			return malformed(reader, "Unexpected complex element termination");
		return read_structure(reader, shape, range, out, depth);
	case SHAPE_LIST:
		return read_list(reader, shape, range, out, depth);
	case SHAPE_MAP:
		return read_map(reader, shape, range, out, depth);
	default:
		break;
	}
	struct slice value = range.pairs[0].value;
	if (!ends(&(struct range){ &range.pairs[range.count - 1], 1, range.at }))
		return malformed(reader, "Start of list found where not expected");
	if (range.count > 1)
		return fail_as(reader->err, ERR_INVALID, "MalformedQueryString", "A parameter is given twice.");
	return read_scalar(reader, shape, value.ptr ? value : S(""), out);
}

void *decode_query(struct arena *arena, const struct shape *input, const struct uri_pairs *pairs, enum protocol protocol,
                   struct error *err)
{
	struct reader reader = { arena, err, protocol == PROTOCOL_EC2_QUERY };
	void *out = arena_zalloc(arena, input ? input->bytes : sizeof(int64_t));

	if (input && input->member_count > 0 && !read_structure(&reader, input, sorted(&reader, pairs), out, 0))
		return NULL;
	return arena_check(arena, err) ? out : NULL;
}
