/* archive/fields_read.c: walks a record and the tree of steps together; members that no path names are stepped over. */
#include "archive/fields_tree.h"

#include "codec/json.h"
#include "codec/json_unescape.h"

enum { DEPTH_MAX = 64 };

struct walk {
	const struct fields     *fields;
	const struct json_index *index;
	struct slice             text;
	struct field            *values;
	size_t                   leaves_left;
	bool                     counts_leaves;         /* so every value is looked into */

	/* the quotes from here on, one after the other: to step to the next is cheaper than to look for it at a place */
	const struct json_block *block, *last;
	uint64_t                 quotes;
};

static inline size_t skip_space(struct slice text, size_t at)
{
	if (at < text.len && (unsigned char)text.ptr[at] > ' ')
		return at;                       /* nearly always */
	while (at < text.len && (text.ptr[at] == ' ' || text.ptr[at] == '\n' || text.ptr[at] == '\r' || text.ptr[at] == '\t'))
		at++;
	return at;
}

static size_t skip_digits(struct slice text, size_t at)
{
	while (at < text.len && text.ptr[at] >= '0' && text.ptr[at] <= '9')
		at++;
	return at;
}

static bool is_at(struct slice text, size_t at, char byte)
{
	return at < text.len && text.ptr[at] == byte;
}

/* Offset behind the number at `at`, or SLICE_NPOS. */
static size_t number_end(struct slice text, size_t at)
{
	size_t digits = at + is_at(text, at, '-');

	at = is_at(text, digits, '0') ? digits + 1 : skip_digits(text, digits);
	if (at == digits)
		return SLICE_NPOS;
	if (is_at(text, at, '.')) {
		digits = at + 1;
		at = skip_digits(text, digits);
		if (at == digits)
			return SLICE_NPOS;
	}
	if (is_at(text, at, 'e') || is_at(text, at, 'E')) {
		digits = at + 1 + (is_at(text, at + 1, '+') || is_at(text, at + 1, '-'));
		at = skip_digits(text, digits);
		if (at == digits)
			return SLICE_NPOS;
	}
	return at;
}

static size_t word_end(struct slice text, size_t at, struct slice word)
{
	return slice_has_prefix(slice_from(text, at), word) ? at + word.len : SLICE_NPOS;
}

/* What is at `at`, as a field; containers are stepped over. Offset behind it, or SLICE_NPOS. */
static size_t read_value(const struct json_index *index, size_t at, struct field *value)
{
	struct slice text = index->text;
	size_t end;

	*value = (struct field){0};
	if (at >= text.len)
		return SLICE_NPOS;
	switch (text.ptr[at]) {
	case '"':
		value->kind = FIELD_STRING;
		end = json_index_string_end(index, at, &value->has_escapes);
		if (end != SLICE_NPOS)
			value->raw = (struct slice){ text.ptr + at + 1, end - at - 1 };
		return end == SLICE_NPOS ? end : end + 1;
	case '{': case '[':
		value->kind = text.ptr[at] == '{' ? FIELD_OBJECT : FIELD_ARRAY;
		end = json_index_container_end(index, at);
		if (end != SLICE_NPOS && text.ptr[end] != (value->kind == FIELD_OBJECT ? '}' : ']'))
			end = SLICE_NPOS;
		end = end == SLICE_NPOS ? end : end + 1;
		break;
	case 't': value->kind = FIELD_TRUE;   end = word_end(text, at, S("true"));  break;
	case 'f': value->kind = FIELD_FALSE;  end = word_end(text, at, S("false")); break;
	case 'n': value->kind = FIELD_NULL;   end = word_end(text, at, S("null"));  break;
	default:  value->kind = FIELD_NUMBER; end = number_end(text, at);
	}
	if (end != SLICE_NPOS)
		value->raw = (struct slice){ text.ptr + at, end - at };
	return end;
}

static const struct node *find_in_table(const struct node *node, struct slice key, uint32_t hash)
{
	for (uint32_t at = hash >> 6 & node->mask; node->table[at].key.ptr; at = (at + 1) & node->mask)
		if (slice_equal(node->table[at].key, key))
			return node->table[at].node;
	return NULL;
}

static inline const struct node *find_plain_key(const struct node *node, struct slice key)
{
	uint32_t hash = fields_tree_hash(key);

	return node->filter & fields_tree_filter(hash) ? find_in_table(node, key, hash) : NULL;
}

/* Nobody writes keys like that, but they are the same keys. No byte takes more than six to write. */
static __attribute__((noinline)) const struct node *find_escaped_key(const struct node *node, struct slice key)
{
	char plain[FIELDS_KEY_BYTES_MAX * 6];

	return key.len <= sizeof plain ? find_plain_key(node, (struct slice){ plain, json_unescape(key, plain) }) : NULL;
}

static const struct node *find_index(const struct node *node, size_t index)
{
	for (size_t i = 0; node && i < node->indexes.count; i++)
		if (node->indexes.items[i].index == index)
			return node->indexes.items[i].node;
	return NULL;
}

static inline void seek(struct walk *walk, size_t at)
{
	walk->block = walk->index->blocks + at / JSON_BLOCK_BYTES;
	walk->quotes = walk->block <= walk->last ? walk->block->quote & ~UINT64_C(0) << at % JSON_BLOCK_BYTES : 0;
}

/* SLICE_NPOS: there is none. */
static inline size_t next_quote(struct walk *walk)
{
	while (walk->quotes == 0) {
		if (walk->block >= walk->last)
			return SLICE_NPOS;
		walk->quotes = (++walk->block)->quote;
	}
	size_t at = (size_t)(walk->block - walk->index->blocks) * JSON_BLOCK_BYTES + (size_t)__builtin_ctzll(walk->quotes);
	walk->quotes &= walk->quotes - 1;
	return at;
}

/* The string that opens at `at`, without its quotes. False: none does, or it has no end. */
static inline bool next_string(struct walk *walk, size_t at, struct slice *string)
{
	size_t open = next_quote(walk), close = next_quote(walk);

	*string = (struct slice){ walk->text.ptr + at + 1, close - at - 1 };
	return open == at && close != SLICE_NPOS;
}

static bool has_backslash(const struct json_index *index, struct slice string)
{
	size_t from = (size_t)(string.ptr - index->text.ptr), to = from + string.len;

	for (size_t block = from / JSON_BLOCK_BYTES; block <= to / JSON_BLOCK_BYTES; block++) {
		uint64_t bits = index->blocks[block].backslash;
		if (bits && block == from / JSON_BLOCK_BYTES)
			bits &= ~UINT64_C(0) << from % JSON_BLOCK_BYTES;
		if (bits && block == to / JSON_BLOCK_BYTES)
			bits &= (UINT64_C(1) << to % JSON_BLOCK_BYTES) - 1;
		if (bits)
			return true;
	}
	return false;
}

static inline const struct node *find_key(const struct walk *walk, const struct node *node, struct slice key)
{
	if (!node || !node->table)
		return NULL;
	return has_backslash(walk->index, key) ? find_escaped_key(node, key) : find_plain_key(node, key);
}

static inline char byte_at(const struct walk *walk, size_t at)
{
	return at < walk->text.len ? walk->text.ptr[at] : 0;
}

/* A value that nobody asks for. Offset behind it, or SLICE_NPOS. */
static inline size_t skip_value(struct walk *walk, size_t at)
{
	char first = byte_at(walk, at);
	struct slice ignored;
	struct field value;
	size_t end;

	if (first == '"')
		return next_string(walk, at, &ignored) ? at + ignored.len + 2 : SLICE_NPOS;
	if (first != '{' && first != '[')
		return read_value(walk->index, at, &value);
	end = json_index_container_end(walk->index, at);
	if (end == SLICE_NPOS || walk->text.ptr[end] != (first == '{' ? '}' : ']'))
		return SLICE_NPOS;
	seek(walk, end + 1);
	return end + 1;
}

static size_t walk_children(struct walk *walk, const struct node *node, size_t at, unsigned depth);

static bool is_wanted_from(const struct walk *walk, const struct node *node, char open)
{
	if (open != '{' && open != '[')
		return false;
	return walk->counts_leaves || (node && (open == '{' ? node->keys.count : node->indexes.count) > 0);
}

/* A value, which `node` stands for (NULL: none does). Offset behind it, or SLICE_NPOS. */
static size_t walk_value(struct walk *walk, const struct node *node, size_t at, unsigned depth)
{
	struct field value = {0};
	char first = byte_at(walk, at);
	size_t end;

	for (size_t i = 0; node && i < node->below_count; i++)
		walk->values[walk->fields->order[node->below + i]] = (struct field){0};
	if (depth < DEPTH_MAX && is_wanted_from(walk, node, first)) {
		value.kind = first == '{' ? FIELD_OBJECT : FIELD_ARRAY;
		end = walk_children(walk, node, at, depth);
		value.raw = (struct slice){ walk->text.ptr + at, end - at };
	} else {
		end = first == '"' ? skip_value(walk, at) : read_value(walk->index, at, &value);
		if (end == SLICE_NPOS)
			return end;
		if (first == '"') {
			value.kind = FIELD_STRING;
			value.raw = (struct slice){ walk->text.ptr + at + 1, end - at - 2 };
			value.has_escapes = has_backslash(walk->index, value.raw);
		} else {
			seek(walk, end);
		}
		if (walk->counts_leaves && value.kind != FIELD_NULL && value.kind < FIELD_OBJECT && walk->leaves_left-- == 0) {
			walk->leaves_left = 0;
			value = (struct field){0};
		}
	}
	if (node && node->value != FIELDS_NO_VALUE)
		walk->values[node->value] = value;
	return end;
}

/* The members or elements of the container at `at`. Offset behind it, or SLICE_NPOS. */
static size_t walk_children(struct walk *walk, const struct node *node, size_t at, unsigned depth)
{
	struct slice text = walk->text, key;
	bool is_object = text.ptr[at] == '{';
	char close = is_object ? '}' : ']';

	at = skip_space(text, at + 1);
	if (byte_at(walk, at) == close)
		return at + 1;
	for (size_t index = 0;; index++) {
		const struct node *child;
		if (is_object) {
			if (!next_string(walk, at, &key))
				return SLICE_NPOS;
			at = skip_space(text, at + key.len + 2);
			if (byte_at(walk, at) != ':')
				return SLICE_NPOS;
			at = skip_space(text, at + 1);
			child = find_key(walk, node, key);
		} else {
			child = find_index(node, index);
		}
		at = child || walk->counts_leaves ? walk_value(walk, child, at, depth + 1) : skip_value(walk, at);
		if (at == SLICE_NPOS)
			return SLICE_NPOS;
		at = skip_space(text, at);
		if (byte_at(walk, at) != ',')
			return byte_at(walk, at) == close ? at + 1 : SLICE_NPOS;
		at = skip_space(text, at + 1);
	}
}

bool fields_read(const struct fields *fields, const struct json_index *index, struct slice record, struct field *values)
{
	struct walk walk = { .fields = fields, .index = index, .text = index->text, .values = values };
	size_t at = (size_t)(record.ptr - index->text.ptr);

	assert(fields->is_sealed && record.len > 0 && at + record.len <= index->text.len);
	for (size_t i = 0; i < fields->count; i++)
		values[i] = (struct field){0};
	walk.leaves_left = fields->leaves_max;
	walk.counts_leaves = fields->leaves_max > 0 && json_index_commas(index, at, at + record.len) >= fields->leaves_max;
	walk.last = index->blocks + (index->text.len - 1) / JSON_BLOCK_BYTES;
	seek(&walk, at);
	return walk_value(&walk, fields->root, at, 1) == at + record.len;
}

/* ---- values ---- */

struct slice fields_text(const struct field *field, struct arena *arena)
{
	switch (field->kind) {
	case FIELD_STRING:
		if (!field->has_escapes)
			return field->raw;
		char *text = arena_alloc(arena, field->raw.len);
		return (struct slice){ text, json_unescape(field->raw, text) };
	case FIELD_NUMBER: case FIELD_TRUE: case FIELD_FALSE:
		return field->raw;
	default:
		return SLICE_NONE;
	}
}

bool fields_to_double(const struct field *field, double *value)
{
	struct json number = { .kind = JSON_NUMBER, .text = field->raw };

	return field->kind == FIELD_NUMBER && json_to_double(&number, value);
}

struct field_children fields_children(const struct json_index *index, const struct field *parent)
{
	struct field_children children = { .index = index, .is_object = parent->kind == FIELD_OBJECT };

	if (parent->kind == FIELD_OBJECT || parent->kind == FIELD_ARRAY) {
		children.end = (size_t)(parent->raw.ptr - index->text.ptr) + parent->raw.len - 1;
		children.at = skip_space(index->text, children.end - parent->raw.len + 2);
	}
	return children;
}

bool fields_next(struct field_children *children, struct field *key, struct field *child)
{
	struct slice text = children->index->text;
	size_t at = children->at;
	struct field name = {0};

	if (at >= children->end)
		return false;
	children->is_broken = true;
	children->at = children->end;                    /* whatever is wrong, it is wrong for good */
	if (children->is_object) {
		at = is_at(text, at, '"') ? read_value(children->index, at, &name) : SLICE_NPOS;
		at = at == SLICE_NPOS ? at : skip_space(text, at);
		if (at == SLICE_NPOS || !is_at(text, at, ':'))
			return false;
		at = skip_space(text, at + 1);
	}
	at = read_value(children->index, at, child);
	if (at == SLICE_NPOS || at > children->end)
		return false;
	at = skip_space(text, at);
	if (at < children->end) {
		if (text.ptr[at] != ',')
			return false;
		at = skip_space(text, at + 1);
		if (at >= children->end)
			return false;                    /* a comma, and nothing behind it */
	}
	if (key)
		*key = name;
	children->at = at;
	children->is_broken = false;
	return true;
}
