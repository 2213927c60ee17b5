/* services/encode_json.c: a walk along a struct and its shape table that writes JSON. */
#include "services/encode_json.h"

#include "base/clock.h"
#include "codec/base64.h"
#include "codec/json.h"

static void write_value(struct json_writer *writer, const struct shape *shape, const void *value, unsigned time_format);

/* Whole seconds and the milliseconds that are not zero: 1441139757.497. */
static void write_epoch(struct json_writer *writer, int64_t ms)
{
	char text[32];
	uint64_t distance = ms < 0 ? 0 - (uint64_t)ms : (uint64_t)ms;
	int bytes = snprintf(text, sizeof text, "%s%" PRIu64 ".%03" PRIu64, ms < 0 ? "-" : "", distance / 1000, distance % 1000);
	size_t len = (size_t)bytes;

	while (text[len - 1] == '0')
		len--;
	if (text[len - 1] == '.')
		len--;
	json_raw(writer, (struct slice){ text, len });
}

static void write_time(struct json_writer *writer, int64_t ms, unsigned time_format)
{
	char text[TIME_TEXT_BYTES];

	switch ((enum time_format)time_format) {
	case TIME_FORMAT_ISO8601:
		json_string(writer, ms % 1000 ? time_iso_ms(ms, text) : time_iso(ms, text));
		break;
	case TIME_FORMAT_RFC822:
		json_string(writer, time_http(ms, text));
		break;
	case TIME_FORMAT_DEFAULT:
	case TIME_FORMAT_EPOCH:
		write_epoch(writer, ms);
		break;
	}
}

static void write_blob(struct json_writer *writer, struct slice bytes)
{
	struct buffer text;

	buffer_init(&text, writer->out->arena, BASE64_TEXT_BYTES(bytes.len));
	base64_encode(&text, bytes);
	json_string(writer, bytes.len ? buffer_slice(&text) : S(""));
}

static void write_structure(struct json_writer *writer, const struct shape *shape, const void *value)
{
	json_object_begin(writer);
	for (size_t i = 0; i < shape->member_count; i++) {
		const struct shape_member *member = &shape->members[i];
		const void *field = shape_value(member, value);
		if (!field)
			continue;
		json_key(writer, member->name);
		write_value(writer, member->shape, field, member->time_format ? member->time_format : member->shape->time_format);
	}
	json_object_end(writer);
}

static void write_list(struct json_writer *writer, const struct shape *shape, const void *value)
{
	const struct shape *item = shape->members[0].shape;
	struct any_list list;

	memcpy(&list, value, sizeof list);
	json_array_begin(writer);
	for (size_t i = 0; i < list.count; i++)
		write_value(writer, item, (const char *)list.items + i * shape->bytes, item->time_format);
	json_array_end(writer);
}

static void write_map(struct json_writer *writer, const struct shape *shape, const void *value)
{
	const struct shape_member *part = &shape->members[1];
	struct any_list list;

	memcpy(&list, value, sizeof list);
	json_object_begin(writer);
	for (size_t i = 0; i < list.count; i++) {
		const char *entry = (const char *)list.items + i * shape->bytes;
		json_key(writer, *(const struct slice *)entry);
		write_value(writer, part->shape, entry + part->offset, part->shape->time_format);
	}
	json_object_end(writer);
}

static void write_value(struct json_writer *writer, const struct shape *shape, const void *value, unsigned time_format)
{
	switch ((enum shape_kind)shape->kind) {
	case SHAPE_STRUCTURE:
		write_structure(writer, shape, value);
		break;
	case SHAPE_LIST:
		write_list(writer, shape, value);
		break;
	case SHAPE_MAP:
		write_map(writer, shape, value);
		break;
	case SHAPE_STRING:
		json_string(writer, *(const struct slice *)value);
		break;
	case SHAPE_BLOB:
		write_blob(writer, *(const struct slice *)value);
		break;
	case SHAPE_BOOLEAN:
		json_bool(writer, ((const struct maybe_bool *)value)->value);
		break;
	case SHAPE_INTEGER:
	case SHAPE_LONG:
		json_i64(writer, ((const struct maybe_i64 *)value)->value);
		break;
	case SHAPE_FLOAT:
	case SHAPE_DOUBLE:
		json_double(writer, ((const struct maybe_double *)value)->value);
		break;
	case SHAPE_TIMESTAMP:
		write_time(writer, ((const struct maybe_time *)value)->ms, time_format);
		break;
	case SHAPE_KIND_COUNT:
		break;
	}
}

void encode_json(struct buffer *out, const struct shape *output, const void *value)
{
	struct json_writer writer;

	json_writer_init(&writer, out);
	if (output) {
		write_structure(&writer, output, value);
	} else {
		json_object_begin(&writer);
		json_object_end(&writer);
	}
}

void encode_json_error(struct buffer *out, struct slice code, struct slice message)
{
	struct json_writer writer;

	json_writer_init(&writer, out);
	json_object_begin(&writer);
	json_member(&writer, S("__type"), code);
	json_member(&writer, slice_equal(code, S("AccessDeniedException")) ? S("Message") : S("message"), message);
	json_object_end(&writer);
}
