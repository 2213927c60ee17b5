/* services/audit.c: a walk along a struct and its shape table that writes the event's JSON. */
#include "services/audit.h"

#include "base/clock.h"
#include "base/limits.h"
#include "codec/base64.h"
#include "codec/json.h"
#include "codec/uri.h"

enum { BLANKS_IN_A_ROW = 4 };

struct projection {
	struct arena      *arena;
	struct json_writer writer;
	enum record_time   time;
	unsigned           flags;
	bool               is_response;
	bool               is_compact;             /* JSON texts lose the blanks between their tokens */
};

static void write_value(struct projection *projection, const struct shape *shape, const void *value);

static bool is_dropped(const struct projection *projection, const struct shape_member *member)
{
	return member->redaction == REDACT_DROP
	       || (member->redaction == REDACT_SESSION_TOKEN && !(projection->flags & AUDIT_KEEP_SESSION_TOKEN));
}

/* Replies show a required list even when it is empty (CreateInstanceProfile's roles). */
static bool is_shown_empty(const struct projection *projection, const struct shape_member *member)
{
	return projection->is_response && member->shape->kind == SHAPE_LIST && member->flags & MEMBER_REQUIRED;
}

/* Would the projection of the structure be `{}`? */
static bool is_empty(const struct projection *projection, const struct shape *shape, const void *value)
{
	for (size_t i = 0; i < shape->member_count; i++) {
		const struct shape_member *member = &shape->members[i];
		const void *field = shape_value(member, value);
		if (!field || is_dropped(projection, member))
			continue;
		if (member->shape->kind != SHAPE_STRUCTURE || !is_empty(projection, member->shape, field))
			return false;
	}
	return true;
}

static void write_structure(struct projection *projection, const struct shape *shape, const void *value)
{
	json_object_begin(&projection->writer);
	for (size_t i = 0; i < shape->member_count; i++) {
		const struct shape_member *member = &shape->members[i];
		const void *field = shape_value(member, value);
		if (is_dropped(projection, member) || (!field && !is_shown_empty(projection, member)))
			continue;
		if (member->shape->kind == SHAPE_STRUCTURE && is_empty(projection, member->shape, field))
			continue;
		json_key(&projection->writer, member->record_name);
		if (!field)
			json_raw(&projection->writer, S("[]"));
		else if (member->redaction == REDACT_HIDDEN)
			json_string(&projection->writer, S("HIDDEN_DUE_TO_SECURITY_REASONS"));
		else if (member->redaction == REDACT_REMOVED)
			json_string(&projection->writer, S("<sensitiveDataRemoved>"));
		else
			write_value(projection, member->shape, field);
	}
	json_object_end(&projection->writer);
}

static void write_list(struct projection *projection, const struct shape *shape, const void *value)
{
	struct any_list list;

	memcpy(&list, value, sizeof list);
	json_array_begin(&projection->writer);
	for (size_t i = 0; i < list.count; i++)
		write_value(projection, shape->members[0].shape, (const char *)list.items + i * shape->bytes);
	json_array_end(&projection->writer);
}

static void write_map(struct projection *projection, const struct shape *shape, const void *value)
{
	const struct shape_member *part = &shape->members[1];
	struct any_list list;

	memcpy(&list, value, sizeof list);
	json_object_begin(&projection->writer);
	for (size_t i = 0; i < list.count; i++) {
		const char *entry = (const char *)list.items + i * shape->bytes;
		json_key(&projection->writer, *(const struct slice *)entry);
		write_value(projection, part->shape, entry + part->offset);
	}
	json_object_end(&projection->writer);
}

/* A document without the white space between its tokens, and with at most four blanks in a row inside its strings,
 * neither of which count against a policy's quota; other texts as they are. */
static struct slice compacted(struct arena *arena, struct slice text)
{
	bool is_in_string = false;
	char *out = arena_alloc(arena, text.len);
	size_t length = 0, blanks = 0;

	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];
		bool is_blank = c == ' ' || c == '\t' || c == '\n' || c == '\r';
		blanks = is_blank ? blanks + 1 : 0;
		if (is_blank && (!is_in_string || blanks > BLANKS_IN_A_ROW))
			continue;
		if (length == 0 && c != '{' && c != '[')
			return text;
		out[length++] = c;
		if (is_in_string && c == '\\' && i + 1 < text.len)
			out[length++] = text.ptr[++i];
		else if (c == '"')
			is_in_string = !is_in_string;
	}
	return (struct slice){ out, length };
}

static void write_text(struct projection *projection, const struct shape *shape, struct slice text)
{
	bool is_encoded = projection->is_response && shape->flags & SHAPE_URL_ENCODED;

	if (shape->flags & SHAPE_SENSITIVE)          /* an item of a list; members are dropped earlier */
		text = S("HIDDEN_DUE_TO_SECURITY_REASONS");
	if (projection->is_compact)
		text = compacted(projection->arena, text);
	json_string(&projection->writer, is_encoded ? uri_encode_text(projection->arena, text, URI_ENCODE_SLASH) : text);
}

static void write_time(struct projection *projection, int64_t ms)
{
	char text[TIME_TEXT_BYTES];

	json_string(&projection->writer,
		projection->time == RECORD_TIME_ISO ? time_iso(ms, text) : time_us(ms, projection->time == RECORD_TIME_US_COMMA, text));
}

static void write_value(struct projection *projection, const struct shape *shape, const void *value)
{
	switch ((enum shape_kind)shape->kind) {
	case SHAPE_STRUCTURE:
		write_structure(projection, shape, value);
		break;
	case SHAPE_LIST:
		write_list(projection, shape, value);
		break;
	case SHAPE_MAP:
		write_map(projection, shape, value);
		break;
	case SHAPE_STRING:
		write_text(projection, shape, *(const struct slice *)value);
		break;
	case SHAPE_BLOB:
		json_string(&projection->writer, base64_text(projection->arena, *(const struct slice *)value));
		break;
	case SHAPE_BOOLEAN:
		json_bool(&projection->writer, ((const struct maybe_bool *)value)->value);
		break;
	case SHAPE_INTEGER:
	case SHAPE_LONG:
		json_i64(&projection->writer, ((const struct maybe_i64 *)value)->value);
		break;
	case SHAPE_FLOAT:
	case SHAPE_DOUBLE:
		json_double(&projection->writer, ((const struct maybe_double *)value)->value);
		break;
	case SHAPE_TIMESTAMP:
		write_time(projection, ((const struct maybe_time *)value)->ms);
		break;
	case SHAPE_KIND_COUNT:
		break;
	}
}

static struct slice project_as(struct projection *projection, const struct shape *shape, const void *value, bool is_compact)
{
	struct buffer out;

	if (!shape || !value || is_empty(projection, shape, value))
		return SLICE_NONE;
	projection->is_compact = is_compact;
	buffer_init(&out, projection->arena, AUDIT_BYTES_MAX);
	json_writer_init(&projection->writer, &out);
	write_structure(projection, shape, value);
	if (out.is_over)                             /* twenty times what the record keeps */
		return S("{\"omitted\":true,\"reason\":\"too large\"}");
	return buffer_slice(&out);
}

/* Policies padded with blanks do not push themselves out of their own records, as they do at AWS. */
static struct slice project(struct projection *projection, const struct shape *shape, const void *value)
{
	struct slice whole = project_as(projection, shape, value, false);

	return whole.len <= RECORD_OBJECT_BYTES_MAX ? whole : project_as(projection, shape, value, true);
}

struct slice audit_request(struct arena *arena, const struct operation_shape *operation, const void *input, unsigned flags)
{
	struct projection projection = { .arena = arena, .time = operation->service->record_time, .flags = flags };

	return project(&projection, operation->input, input);
}

struct slice audit_response(struct arena *arena, const struct operation_shape *operation, const void *output,
                            bool is_read_only, unsigned flags)
{
	struct projection projection = { arena, { 0 }, operation->service->record_time, flags, true, false };
	bool keeps_response = slice_equal(operation->service->name, S("sts")) && slice_has_prefix(operation->name, S("AssumeRole"));

	if (is_read_only && !keeps_response)
		return SLICE_NONE;
	return project(&projection, operation->output, output);
}
