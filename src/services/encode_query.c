/* services/encode_query.c: a walk along a struct and its shape table that writes XML. */
#include "services/encode_query.h"

#include "base/clock.h"
#include "codec/base64.h"
#include "codec/json.h"
#include "codec/uri.h"
#include "codec/xml.h"

enum { REPLY_BYTES_USUAL = 1000 };               /* room for most replies at once */

static void write_content(struct buffer *out, const struct shape *shape, const void *value, unsigned time_format);

static void write_time(struct buffer *out, int64_t ms, unsigned time_format)
{
	char text[TIME_TEXT_BYTES];

	if (time_format == TIME_FORMAT_EPOCH)
		buffer_i64(out, ms / 1000);
	else if (time_format == TIME_FORMAT_RFC822)
		buffer_add(out, time_http(ms, text));
	else
		buffer_add(out, time_iso(ms, text));
}

static void write_double(struct buffer *out, double value)
{
	struct json_writer writer;

	json_writer_init(&writer, out);
	json_double(&writer, value);
}

static unsigned time_format_of(const struct shape_member *member)
{
	return member->time_format ? member->time_format : member->shape->time_format;
}

static void write_list(struct buffer *out, const struct shape *shape, const void *value, struct slice item_name)
{
	const struct shape_member *item = &shape->members[0];
	struct any_list list;

	memcpy(&list, value, sizeof list);
	for (size_t i = 0; i < list.count; i++) {
		xml_open(out, item_name);
		write_content(out, item->shape, (const char *)list.items + i * shape->bytes, time_format_of(item));
		xml_close(out, item_name);
	}
}

static void write_map(struct buffer *out, const struct shape *shape, const void *value, struct slice entry_name)
{
	struct any_list list;

	memcpy(&list, value, sizeof list);
	for (size_t i = 0; i < list.count; i++) {
		const char *entry = (const char *)list.items + i * shape->bytes;
		xml_open(out, entry_name);
		for (size_t side = 0; side < 2; side++) {
			const struct shape_member *part = &shape->members[side];
			xml_open(out, part->xml_name);
			write_content(out, part->shape, entry + part->offset, time_format_of(part));
			xml_close(out, part->xml_name);
		}
		xml_close(out, entry_name);
	}
}

static void write_member(struct buffer *out, const struct shape_member *member, const void *field)
{
	bool is_flat = member->shape->flags & SHAPE_FLATTENED;

	if (is_flat && member->shape->kind == SHAPE_LIST) {
		write_list(out, member->shape, field, member->xml_name);
	} else if (is_flat && member->shape->kind == SHAPE_MAP) {
		write_map(out, member->shape, field, member->xml_name);
	} else {
		xml_open(out, member->xml_name);
		write_content(out, member->shape, field, time_format_of(member));
		xml_close(out, member->xml_name);
	}
}

static void write_structure(struct buffer *out, const struct shape *shape, const void *value, bool is_result)
{
	for (size_t i = 0; i < shape->member_count; i++) {
		const struct shape_member *member = &shape->members[i];
		const void *field = shape_value(member, value);
		bool is_list = member->shape->kind == SHAPE_LIST && (is_result || member->flags & MEMBER_REQUIRED);
		if (field)
			write_member(out, member, field);
		else if (is_list && !(member->shape->flags & SHAPE_FLATTENED))
			xml_element(out, member->xml_name, S(""));
	}
}

static void write_text(struct buffer *out, const struct shape *shape, struct slice text)
{
	if (shape->flags & SHAPE_URL_ENCODED)
		uri_encode(out, text, URI_ENCODE_SLASH);
	else
		xml_text(out, text);
}

static void write_content(struct buffer *out, const struct shape *shape, const void *value, unsigned time_format)
{
	switch ((enum shape_kind)shape->kind) {
	case SHAPE_STRUCTURE:
		write_structure(out, shape, value, false);
		break;
	case SHAPE_LIST:
		write_list(out, shape, value, shape->members[0].xml_name);
		break;
	case SHAPE_MAP:
		write_map(out, shape, value, S("entry"));
		break;
	case SHAPE_STRING:
		write_text(out, shape, *(const struct slice *)value);
		break;
	case SHAPE_BLOB:
		base64_encode(out, *(const struct slice *)value);
		break;
	case SHAPE_BOOLEAN:
		buffer_add(out, ((const struct maybe_bool *)value)->value ? S("true") : S("false"));
		break;
	case SHAPE_INTEGER:
	case SHAPE_LONG:
		buffer_i64(out, ((const struct maybe_i64 *)value)->value);
		break;
	case SHAPE_FLOAT:
	case SHAPE_DOUBLE:
		write_double(out, ((const struct maybe_double *)value)->value);
		break;
	case SHAPE_TIMESTAMP:
		write_time(out, ((const struct maybe_time *)value)->ms, time_format);
		break;
	case SHAPE_KIND_COUNT:
		break;
	}
}

void encode_query(struct buffer *out, const struct operation_shape *operation, const void *value, struct slice request_id)
{
	(void)buffer_reserve(out, REPLY_BYTES_USUAL);
	buffer_byte(out, '<');
	buffer_add(out, operation->name);
	buffer_add(out, S("Response xmlns=\""));
	xml_text(out, operation->service->xml_namespace);
	buffer_add(out, S("\">"));
	if (operation->result_wrapper.ptr) {
		xml_open(out, operation->result_wrapper);
		if (operation->output)
			write_structure(out, operation->output, value, true);
		xml_close(out, operation->result_wrapper);
	}
	buffer_add(out, S("<ResponseMetadata>"));
	xml_element(out, S("RequestId"), request_id);
	buffer_add(out, S("</ResponseMetadata></"));
	buffer_add(out, operation->name);
	buffer_add(out, S("Response>"));
}

void encode_query_error(struct buffer *out, struct slice xml_namespace, struct slice code, bool is_receiver,
                        struct slice message, struct slice request_id)
{
	xml_open_in(out, S("ErrorResponse"), xml_namespace);
	xml_open(out, S("Error"));
	xml_element(out, S("Type"), is_receiver ? S("Receiver") : S("Sender"));
	xml_element(out, S("Code"), code);
	xml_element(out, S("Message"), message.ptr ? message : S(""));
	xml_close(out, S("Error"));
	xml_element(out, S("RequestId"), request_id);
	xml_close(out, S("ErrorResponse"));
}
