/* archive/fields.h: the fields that a query or a pattern names, taken out of a record without parsing the rest of it.
 *
 * All paths of a query are one set, so a record is walked once however many there are. A set is built, sealed, and from then on
 * read by all threads. Values come out as they stand in the record: whoever needs the text of a string without escapes, or a
 * number's value, asks for it. What it means to compare an absent field is each language's own business.
 *
 *     struct fields *fields = fields_new(arena, FIELD_JOINED);
 *     size_t name, arn;
 *     if (!fields_add_name(fields, S("eventName"), &name, err) || !fields_add_name(fields, S("userIdentity.arn"), &arn, err)) ...
 *     fields_seal(fields);
 *     struct field *values = arena_array(arena, fields_count(fields), sizeof *values);      (one a thread)
 *     if (fields_read(fields, batch->index, record->text, values)) ... values[name], values[arn] */
#ifndef SPOOR_ARCHIVE_FIELDS_H
#define SPOOR_ARCHIVE_FIELDS_H

#include "base/arena.h"
#include "codec/json_index.h"

enum field_kind {
	FIELD_ABSENT,                   /* no such key, index past the end, or a path that leads through a scalar */
	FIELD_NULL, FIELD_FALSE, FIELD_TRUE, FIELD_NUMBER, FIELD_STRING, FIELD_OBJECT, FIELD_ARRAY
};

struct field {
	struct slice    raw;            /* from the record: a string's text between its quotes; a number's literal; an object or
	                                 * array from bracket to bracket; a word; SLICE_NONE if absent */
	enum field_kind kind;
	bool            has_escapes;    /* a string whose text is not `raw` itself */
};

struct fields;

enum field_naming {
	FIELD_STEPS,                    /* each step is one key or one index: {"a.b":1} has the key 'a.b' and no a, as in $.['a.b'] */
	FIELD_JOINED,                   /* keys and indexes joined by dots, as Insights names what it discovers: a.b.0 is found in
	                                 * {"a":{"b":[1]}}, {"a.b":[1]}, {"a":{"b":{"0":1}}} and {"a":{"b.0":1}} */
};

struct field_step {
	struct slice key;               /* of an object's member, exactly; SLICE_NONE: `index` */
	uint32_t     index;             /* of an array's element, from 0 */
};

/* All of it is in `arena`. */
struct fields *fields_new(struct arena *arena, enum field_naming naming);

/* *number: where fields_read() puts the value; the same path again has the same number. Numbers are given from 0 up. A path
 * without steps is the record itself. Copies the keys. Each is for sets of its own naming.
 * Errors: ERR_LIMIT (more than FIELDS_MAX paths, or FIELD_STEPS_MAX steps in one). */
bool fields_add_steps(struct fields *fields, const struct field_step *steps, size_t count, size_t *number, struct error *err);
bool fields_add_name(struct fields *fields, struct slice name, size_t *number, struct error *err);

/* Only the first `leaves_max` leaves of a record exist: values that are no object, no array and not null, in the order of the
 * text. (Insights discovers 200.) 0, as at first: all of them. */
void fields_limit_leaves(struct fields *fields, size_t leaves_max);

void   fields_seal(struct fields *fields);              /* nothing is added from here on */
size_t fields_count(const struct fields *fields);

/* Fills `values`, one for each path. `record` is an object or array within index->text, from bracket to bracket: one of a batch,
 * or the `raw` of a field. A key that comes twice counts as its last one. False: not JSON, as far as it was looked into, which is
 * every member of each object that a path leads through; `values` then hold nothing of use.
 * The texts in `values` live as long as the text that was indexed. */
bool fields_read(const struct fields *fields, const struct json_index *index, struct slice record, struct field *values);

/* ---- one value ---- */

/* The text of a string, unescaped into the arena if it must be; a number's literal; true, false. SLICE_NONE for others. */
struct slice fields_text(const struct field *field, struct arena *arena);

/* A number's value, nearest double; false for every other kind and beyond what a double holds. */
bool fields_to_double(const struct field *field, double *value);

/* ---- what is in an object or array, for wildcards and for unnest ---- */

struct field_children {
	const struct json_index *index;
	size_t                   at, end;       /* offsets in index->text */
	bool                     is_object;
	bool                     is_broken;     /* it ended because what follows is not JSON */
};

/* `parent` came from fields_read() or fields_next() with this index; a scalar has no children. */
struct field_children fields_children(const struct json_index *index, const struct field *parent);

/* The next child in the order of the text: false behind the last. *key (may be NULL): a FIELD_STRING, or absent in an array. */
bool fields_next(struct field_children *children, struct field *key, struct field *child);

#endif
