/* codec/json.c: recursive descent over a bounded depth; strings without escapes are not copied. */
#include "codec/json.h"

#include "codec/json_text.h"
#include "codec/json_unescape.h"
#include "codec/utf8.h"

const struct json_limits JSON_LIMITS_DEFAULT = { .depth_max = 64, .nodes_max = 200000 };

enum { KEYS_COMPARED_PAIRWISE = 16 };

struct parser {
	struct arena             *arena;
	struct slice              text;
	size_t                    at;
	uint32_t                  nodes;
	const struct json_limits *limits;
	struct error             *err;
};

static bool bad(struct parser *p, size_t at, const char *what)
{
	return fail(p->err, ERR_INVALID, "JSON, byte %zu: %s", at, what);
}

static void skip_space(struct parser *p)
{
	while (p->at < p->text.len) {
		char c = p->text.ptr[p->at];
		if (c != ' ' && c != '\n' && c != '\r' && c != '\t')
			return;
		p->at++;
	}
}

static int peek(const struct parser *p)
{
	return p->at < p->text.len ? (unsigned char)p->text.ptr[p->at] : -1;
}

static bool one_escape(struct parser *p, char out[4], size_t *bytes)
{
	size_t used;
	const char *wrong = json_unescape_one(slice_from(p->text, p->at), &used, out, bytes);

	p->at += used;
	return !wrong || bad(p, p->at, wrong);
}

/* Steps over the run of UTF-8 at `at`. */
static bool step_utf8(struct parser *p)
{
	uint32_t code_point;
	size_t bytes = utf8_decode(slice_from(p->text, p->at), &code_point);

	if (bytes == 0)
		return bad(p, p->at, "not UTF-8");
	p->at += bytes;
	return true;
}

/* The slow half: from the first escape on, into a copy. The copy is never longer than the source. */
static bool string_with_escapes(struct parser *p, size_t start, struct slice *out)
{
	size_t end = p->at, len = p->at - start;

	while (end < p->text.len && p->text.ptr[end] != '"')
		end += p->text.ptr[end] == '\\' ? 2 : 1;
	char *copy = arena_alloc(p->arena, (end < p->text.len ? end : p->text.len) - start + 4);
	memcpy(copy, p->text.ptr + start, len);
	for (;;) {
		size_t from = p->at;
		size_t bytes = 0;
		int c;
		p->at = json_text_plain_run(p->text, p->at);
		while ((c = peek(p)) >= 0x80) {
			if (!step_utf8(p))
				return false;
			p->at = json_text_plain_run(p->text, p->at);
		}
		memcpy(copy + len, p->text.ptr + from, p->at - from);
		len += p->at - from;
		if (c == '"')
			break;
		if (c < 0)
			return bad(p, p->at, "the text ends within a string");
		if (c < 0x20)
			return bad(p, p->at, "a control character within a string");
		if (!one_escape(p, copy + len, &bytes))
			return false;
		len += bytes;
	}
	p->at++;
	*out = (struct slice){ copy, len };
	return true;
}

static bool parse_string(struct parser *p, struct slice *out)
{
	size_t start = ++p->at;

	for (;;) {
		p->at = json_text_plain_run(p->text, p->at);
		int c = peek(p);
		if (c == '"') {
			*out = slice_sub(p->text, start, p->at - start);
			p->at++;
			return true;
		}
		if (c == '\\')
			return string_with_escapes(p, start, out);
		if (c < 0)
			return bad(p, p->at, "the text ends within a string");
		if (c < 0x20)
			return bad(p, p->at, "a control character within a string");
		if (!step_utf8(p))
			return false;
	}
}

static size_t digits(struct parser *p)
{
	size_t start = p->at;

	while (peek(p) >= '0' && peek(p) <= '9')
		p->at++;
	return p->at - start;
}

static bool parse_number(struct parser *p, struct slice *out)
{
	size_t start = p->at;

	if (peek(p) == '-')
		p->at++;
	if (peek(p) == '0')
		p->at++;
	else if (digits(p) == 0)
		return bad(p, p->at, "expected a value");
	if (peek(p) == '.') {
		p->at++;
		if (digits(p) == 0)
			return bad(p, p->at, "expected a digit");
	}
	if (peek(p) == 'e' || peek(p) == 'E') {
		p->at++;
		if (peek(p) == '+' || peek(p) == '-')
			p->at++;
		if (digits(p) == 0)
			return bad(p, p->at, "expected a digit");
	}
	*out = slice_sub(p->text, start, p->at - start);
	return true;
}

static bool parse_literal(struct parser *p, struct slice word)
{
	if (!slice_has_prefix(slice_from(p->text, p->at), word))
		return bad(p, p->at, "expected a value");
	p->at += word.len;
	return true;
}

/* Few keys are compared pair by pair; many go through a table, so that a hostile object stays linear. */
static bool keys_are_unique(struct parser *p, const struct json *object)
{
	if (object->count <= KEYS_COMPARED_PAIRWISE) {
		for (const struct json *a = object->first; a; a = a->next)
			for (const struct json *b = a->next; b; b = b->next)
				if (slice_equal(a->key, b->key))
					return bad(p, (size_t)(object->text.ptr - p->text.ptr), "a duplicate key");
		return true;
	}
	size_t room = 64;
	while (room < (size_t)object->count * 2)
		room *= 2;
	const struct json **table = arena_array(p->arena, room, sizeof *table);
	for (const struct json *member = object->first; member; member = member->next) {
		size_t at = hash64_seeded(member->key, (uint64_t)(uintptr_t)p->arena) & (room - 1);
		for (; table[at]; at = (at + 1) & (room - 1))
			if (slice_equal(table[at]->key, member->key))
				return bad(p, (size_t)(object->text.ptr - p->text.ptr), "a duplicate key");
		table[at] = member;
	}
	return true;
}

static struct json *parse_value(struct parser *p, uint32_t depth);

static bool parse_children(struct parser *p, struct json *parent, uint32_t depth, char close)
{
	const struct json **tail = &parent->first;
	size_t start = p->at++;

	skip_space(p);
	if (peek(p) == close) {
		p->at++;
		parent->text = slice_sub(p->text, start, p->at - start);
		return true;
	}
	for (;;) {
		struct slice key = SLICE_NONE;
		skip_space(p);
		if (parent->kind == JSON_OBJECT) {
			if (peek(p) != '"')
				return bad(p, p->at, "expected a member name");
			if (!parse_string(p, &key))
				return false;
			skip_space(p);
			if (peek(p) != ':')
				return bad(p, p->at, "expected ':'");
			p->at++;
			skip_space(p);
		}
		struct json *child = parse_value(p, depth + 1);
		if (!child)
			return false;
		child->key = key;
		*tail = child;
		tail = &child->next;
		parent->count++;
		skip_space(p);
		int c = peek(p);
		if (c != ',' && c != close)
			return bad(p, p->at, close == '}' ? "expected ',' or '}'" : "expected ',' or ']'");
		p->at++;
		if (c == close)
			break;
	}
	parent->text = slice_sub(p->text, start, p->at - start);
	return parent->kind != JSON_OBJECT || p->limits->allow_duplicate_keys || keys_are_unique(p, parent);
}

static struct json *parse_value(struct parser *p, uint32_t depth)
{
	struct json *node = arena_new(p->arena, struct json);
	bool ok;

	if (depth > p->limits->depth_max) {
		fail(p->err, ERR_LIMIT, "JSON, byte %zu: nested deeper than %u", p->at, p->limits->depth_max);
		return NULL;
	}
	if (++p->nodes > p->limits->nodes_max || arena_is_over(p->arena)) {
		fail(p->err, ERR_LIMIT, "JSON, byte %zu: more than %u values", p->at, p->limits->nodes_max);
		return NULL;
	}
	switch (peek(p)) {
	case '{':
		node->kind = JSON_OBJECT;
		ok = parse_children(p, node, depth, '}');
		break;
	case '[':
		node->kind = JSON_ARRAY;
		ok = parse_children(p, node, depth, ']');
		break;
	case '"':
		node->kind = JSON_STRING;
		ok = parse_string(p, &node->text);
		break;
	case 't':
		node->kind = JSON_TRUE;
		ok = parse_literal(p, S("true"));
		break;
	case 'f':
		node->kind = JSON_FALSE;
		ok = parse_literal(p, S("false"));
		break;
	case 'n':
		node->kind = JSON_NULL;
		ok = parse_literal(p, S("null"));
		break;
	default:
		node->kind = JSON_NUMBER;
		ok = parse_number(p, &node->text);
	}
	return ok ? node : NULL;
}

const struct json *json_parse(struct arena *arena, struct slice text, const struct json_limits *limits, struct error *err)
{
	struct parser p = { .arena = arena, .text = text, .limits = limits, .err = err };

	skip_space(&p);
	const struct json *value = parse_value(&p, 1);
	if (!value)
		return NULL;
	skip_space(&p);
	if (p.at < text.len) {
		bad(&p, p.at, "expected the end of the text");
		return NULL;
	}
	return value;
}

const struct json *json_get(const struct json *json, struct slice key)
{
	if (!json || json->kind != JSON_OBJECT)
		return NULL;
	for (const struct json *member = json->first; member; member = member->next)
		if (slice_equal(member->key, key))
			return member;
	return NULL;
}

struct slice json_get_text(const struct json *json, struct slice key)
{
	const struct json *member = json_get(json, key);

	return member && member->kind == JSON_STRING ? member->text : SLICE_NONE;
}

bool json_to_double(const struct json *json, double *value)
{
	char text[64];
	char *end;

	if (!json || json->kind != JSON_NUMBER)
		return false;
	if (json->text.len < sizeof text) {
		memcpy(text, json->text.ptr, json->text.len);
		text[json->text.len] = 0;
		*value = strtod(text, &end);
		return isfinite(*value);
	}
	char *copy = xmalloc(json->text.len + 1);
	memcpy(copy, json->text.ptr, json->text.len);
	copy[json->text.len] = 0;
	*value = strtod(copy, &end);
	free(copy);
	return isfinite(*value);
}

bool json_to_i64(const struct json *json, int64_t *value)
{
	double number;

	if (!json || json->kind != JSON_NUMBER)
		return false;
	if (slice_to_i64(json->text, value))
		return true;
	if (slice_find_byte(json->text, '.') == SLICE_NPOS && slice_find_byte(json->text, 'e') == SLICE_NPOS
	    && slice_find_byte(json->text, 'E') == SLICE_NPOS)
		return false;                            /* plain digits that overflow */
	if (!json_to_double(json, &number) || number != floor(number) || fabs(number) > 9007199254740992.0)
		return false;                            /* beyond 2^53 a double is no longer the literal */
	*value = (int64_t)number;
	return true;
}
