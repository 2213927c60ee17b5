/* codec/json.h: JSON text <-> values, strict (RFC 8259) and bounded.
 *
 * Nodes live in the arena; text without escapes points into the input, which must outlive the nodes. Numbers keep
 * their literal, so integers are exact. Input must be valid UTF-8; lone surrogates, control characters in strings,
 * trailing text, a byte order mark and (unless allowed) duplicate keys are errors. */
#ifndef SPOOR_CODEC_JSON_H
#define SPOOR_CODEC_JSON_H

#include "base/buffer.h"

enum json_kind { JSON_NULL, JSON_FALSE, JSON_TRUE, JSON_NUMBER, JSON_STRING, JSON_ARRAY, JSON_OBJECT };

struct json {
	enum json_kind     kind;
	uint32_t           count;     /* elements or members */
	struct slice       key;       /* of a member, escapes resolved; SLICE_NONE elsewhere */
	struct slice       text;      /* string: escapes resolved; number: its literal; array, object: the text from bracket to bracket */
	const struct json *first;     /* array, object: children in order */
	const struct json *next;      /* the following sibling, or NULL */
};

struct json_limits {
	uint32_t depth_max;           /* of nesting; a scalar is depth 1 */
	uint32_t nodes_max;
	bool     allow_duplicate_keys;
};

extern const struct json_limits JSON_LIMITS_DEFAULT;   /* depth 64, 200,000 nodes, duplicate keys refused */

/* Errors: ERR_INVALID (the message names the byte offset and what was expected); ERR_LIMIT. */
const struct json *json_parse(struct arena *arena, struct slice text, const struct json_limits *limits, struct error *err);

/* Member `key` of an object; NULL if absent, or if `json` is NULL or no object. */
const struct json *json_get(const struct json *json, struct slice key);

/* Text of a string member; SLICE_NONE if absent or no string. */
struct slice json_get_text(const struct json *json, struct slice key);

/* Exact: false for fractions, exponents that leave a fraction, and overflow. "1e3" and "1.0" are integers. */
bool json_to_i64(const struct json *json, int64_t *value);
bool json_to_double(const struct json *json, double *value);   /* false if no number or not finite */

/* ---- writing: commas are the writer's business ---- */

struct json_writer {
	struct buffer *out;
	bool           needs_comma;
};

void json_writer_init(struct json_writer *writer, struct buffer *out);

void json_object_begin(struct json_writer *writer);
void json_object_end(struct json_writer *writer);
void json_array_begin(struct json_writer *writer);
void json_array_end(struct json_writer *writer);
void json_key(struct json_writer *writer, struct slice key);
void json_string(struct json_writer *writer, struct slice text);       /* escapes; invalid UTF-8 becomes U+FFFD */
void json_i64(struct json_writer *writer, int64_t value);
void json_double(struct json_writer *writer, double value);            /* shortest text that reads back equal; finite */
void json_bool(struct json_writer *writer, bool value);
void json_null(struct json_writer *writer);
void json_raw(struct json_writer *writer, struct slice json_text);     /* already JSON */
void json_value(struct json_writer *writer, const struct json *json);  /* a parsed value, compact */

/* What goes between the quotes of a string, for writers that lay out their own commas and quotes. */
void json_escape(struct buffer *out, struct slice text);

/* `"key":"text"`; nothing at all when text is SLICE_NONE. */
void json_member(struct json_writer *writer, struct slice key, struct slice text);

#endif
