/* services/encode_rest_xml.c: a walk along a struct and its shape table: headers first, then the XML. */
#include "services/encode_rest_xml.h"

#include "base/clock.h"
#include "codec/base64.h"
#include "codec/uri.h"
#include "codec/xml.h"

struct writer {
	struct arena  *arena;
	struct buffer *out;
	bool           encodes_keys;                     /* encoding-type=url */
};

/* ---- headers ---- */

struct headers {
	struct arena       *arena;
	struct http_header *items;
	size_t              count, room;
};

static void add_header(struct headers *headers, struct slice name, struct slice value)
{
	if (!value.ptr)
		return;
	for (size_t i = 0; i < headers->count; i++)
		if (slice_equal_nocase(headers->items[i].name, name))
			return;
	if (headers->count < headers->room)
		headers->items[headers->count++] = (struct http_header){ name, value };
}

static bool is_ascii(struct slice text)
{
	for (size_t i = 0; i < text.len; i++)
		if ((unsigned char)text.ptr[i] >= 0x80 || (unsigned char)text.ptr[i] < ' ')
			return false;
	return true;
}

/* A header carries ASCII; user metadata that is not goes as RFC 2047 has it. Source: S3 User Guide, "Working with object
 * metadata". */
static struct slice header_text(struct arena *arena, struct slice text)
{
	return is_ascii(text) ? text : arena_format(arena, "=?UTF-8?B?%.*s?=", SLICE_ARG(base64_text(arena, text)));
}

static struct slice scalar_text(struct arena *arena, const struct shape *shape, const void *value, unsigned time_format)
{
	char *text = arena_alloc(arena, TIME_TEXT_BYTES);

	switch ((enum shape_kind)shape->kind) {
	case SHAPE_STRING:
		return *(const struct slice *)value;
	case SHAPE_BLOB:
		return base64_text(arena, *(const struct slice *)value);
	case SHAPE_BOOLEAN:
		return ((const struct maybe_bool *)value)->value ? S("true") : S("false");
	case SHAPE_INTEGER:
	case SHAPE_LONG:
		return arena_format(arena, "%" PRId64, ((const struct maybe_i64 *)value)->value);
	case SHAPE_TIMESTAMP:
		if (time_format == TIME_FORMAT_EPOCH)
			return arena_format(arena, "%" PRId64, ((const struct maybe_time *)value)->ms / 1000);
		return time_format == TIME_FORMAT_RFC822 ? time_http(((const struct maybe_time *)value)->ms, text)
		                                         : time_iso_ms(((const struct maybe_time *)value)->ms, text);
	default:
		break;
	}
	assert(false);                                   /* the models have no fractions there; aggregates do not come here */
	return SLICE_NONE;
}

static unsigned time_format_of(const struct shape_member *member, unsigned otherwise)
{
	unsigned format = member->time_format ? member->time_format : member->shape->time_format;

	return format ? format : otherwise;
}

static struct slice comma_list(struct arena *arena, const struct shape *shape, const void *value)
{
	struct any_list list;
	struct buffer out;

	memcpy(&list, value, sizeof list);
	buffer_init(&out, arena, 4096);
	for (size_t i = 0; i < list.count; i++) {
		buffer_add(&out, i ? S(",") : S(""));
		buffer_add(&out, scalar_text(arena, shape->members[0].shape, shape_item(shape, value, i), TIME_FORMAT_RFC822));
	}
	return buffer_slice(&out);
}

static void add_prefixed(struct headers *headers, const struct shape_member *member, const void *value)
{
	struct any_list map;

	memcpy(&map, value, sizeof map);
	for (size_t i = 0; i < map.count; i++) {
		const struct slice *entry = shape_item(member->shape, value, i);     /* key and value, both texts */
		add_header(headers, arena_format(headers->arena, "%.*s%.*s", SLICE_ARG(member->xml_name), SLICE_ARG(entry[0])),
		           header_text(headers->arena, entry[1]));
	}
}

static void add_member_header(struct headers *headers, const struct shape_member *member, const void *value)
{
	if (member->location == IN_HEADERS)
		add_prefixed(headers, member, value);
	else if (member->shape->kind == SHAPE_LIST)
		add_header(headers, member->xml_name, comma_list(headers->arena, member->shape, value));
	else
		add_header(headers, member->xml_name, header_text(headers->arena, scalar_text(headers->arena, member->shape, value,
			time_format_of(member, TIME_FORMAT_RFC822))));
}

/* ---- XML ---- */

static void write_content(struct writer *writer, const struct shape_member *member, const void *value);

/* What encoding-type=url covers. Source: S3 API Reference, ListObjectsV2, "Encoding type". */
static bool is_key(const struct shape_member *member)
{
	static const struct slice names[] = {
		S_INIT("Key"), S_INIT("Prefix"), S_INIT("Delimiter"), S_INIT("Marker"), S_INIT("NextMarker"), S_INIT("StartAfter"),
		S_INIT("KeyMarker"), S_INIT("NextKeyMarker"),
	};

	for (size_t i = 0; i < COUNT(names); i++)
		if (slice_equal(member->name, names[i]))
			return true;
	return false;
}

static struct slice attribute_prefix(const struct shape *shape)
{
	for (size_t i = 0; i < shape->member_count; i++)
		if (shape->members[i].flags & MEMBER_ATTRIBUTE)
			return slice_sub(shape->members[i].xml_name, 0, slice_find_byte(shape->members[i].xml_name, ':'));
	return SLICE_NONE;
}

/* <Grantee xmlns:xsi=".." xsi:type=".."> */
static void open_element(struct writer *writer, const struct shape *shape, struct slice name, const void *value)
{
	struct buffer *out = writer->out;
	struct slice prefix = shape->kind == SHAPE_STRUCTURE ? attribute_prefix(shape) : SLICE_NONE;

	if (!prefix.ptr) {
		xml_open(out, name);
		return;
	}
	buffer_byte(out, '<');
	buffer_add(out, name);
	if (shape->xml_namespace)
		buffer_printf(out, " xmlns:%.*s=\"%.*s\"", SLICE_ARG(prefix), SLICE_ARG(*shape->xml_namespace));
	for (size_t i = 0; i < shape->member_count; i++) {
		const struct shape_member *member = &shape->members[i];
		const void *field = member->flags & MEMBER_ATTRIBUTE ? shape_value(member, value) : NULL;
		if (!field)
			continue;
		buffer_printf(out, " %.*s=\"", SLICE_ARG(member->xml_name));
		xml_text(out, scalar_text(writer->arena, member->shape, field, TIME_FORMAT_ISO8601));
		buffer_byte(out, '"');
	}
	buffer_byte(out, '>');
}

static void write_list(struct writer *writer, const struct shape *shape, const void *value, struct slice item_name)
{
	const struct shape_member *item = &shape->members[0];
	struct any_list list;

	memcpy(&list, value, sizeof list);
	for (size_t i = 0; i < list.count; i++) {
		const char *at = (const char *)list.items + i * shape->bytes;
		open_element(writer, item->shape, item_name, at);
		write_content(writer, item, at);
		xml_close(writer->out, item_name);
	}
}

static void write_member(struct writer *writer, const struct shape_member *member, const void *field)
{
	if (member->shape->kind == SHAPE_LIST && member->shape->flags & SHAPE_FLATTENED) {
		write_list(writer, member->shape, field, member->xml_name);
		return;
	}
	open_element(writer, member->shape, member->xml_name, field);
	write_content(writer, member, field);
	xml_close(writer->out, member->xml_name);
}

static void write_structure(struct writer *writer, const struct shape *shape, const void *value)
{
	for (size_t i = 0; i < shape->member_count; i++) {
		const struct shape_member *member = &shape->members[i];
		const void *field = member->location == IN_BODY && !(member->flags & MEMBER_ATTRIBUTE) ? shape_value(member, value)
		                                                                                       : NULL;
		if (field)
			write_member(writer, member, field);
	}
}

static void write_content(struct writer *writer, const struct shape_member *member, const void *value)
{
	const struct shape *shape = member->shape;

	if (shape->kind == SHAPE_STRUCTURE)
		write_structure(writer, shape, value);
	else if (shape->kind == SHAPE_LIST)
		write_list(writer, shape, value, shape->members[0].xml_name);
	else if (writer->encodes_keys && is_key(member))
		uri_encode(writer->out, *(const struct slice *)value, URI_KEEP_SLASH);
	else if (shape->kind != SHAPE_MAP)               /* no output of the models has one in XML */
		xml_text(writer->out, scalar_text(writer->arena, shape, value, time_format_of(member, TIME_FORMAT_ISO8601)));
}

static void write_declaration(struct buffer *out)
{
	buffer_add(out, S("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"));
}

/* A payload's own element, or the operation's root around all members of the body. A root with the name of a member
 * holds that member's content (GetBucketLocation). */
static void write_body(struct writer *writer, const struct operation_shape *operation, const struct shape_member *payload,
                       const void *value)
{
	struct slice root = payload ? payload->xml_name : operation->result_wrapper;
	const struct shape *shape = operation->output;
	const struct shape_member *same = NULL;

	for (size_t i = 0; !payload && i < shape->member_count; i++)
		if (shape->members[i].location == IN_BODY && slice_equal(shape->members[i].xml_name, root))
			same = &shape->members[i];
	write_declaration(writer->out);
	xml_open_in(writer->out, root, operation->service->xml_namespace);
	if (payload)
		write_content(writer, payload, value);
	else if (!same)
		write_structure(writer, shape, value);
	else if (shape_value(same, value))
		write_content(writer, same, shape_value(same, value));
	xml_close(writer->out, root);
}

static bool encodes_keys(const struct shape *shape, const void *value)
{
	const struct shape_member *member = shape_member_find(shape, S("EncodingType"));
	const struct slice *type = member ? shape_value(member, value) : NULL;

	return type && slice_equal(*type, S("url"));
}

static const struct shape_member *find_payload(const struct shape *shape)
{
	for (size_t i = 0; i < shape->member_count; i++)
		if (shape->members[i].location == IN_PAYLOAD)
			return &shape->members[i];
	return NULL;
}

static void add_own_headers(struct headers *headers, const struct rest *rest)
{
	for (size_t i = 0; i < rest->headers_out.count; i++)
		add_header(headers, rest->headers_out.items[i].name, rest->headers_out.items[i].value);
}

static void begin(struct arena *arena, struct headers *headers, const struct rest *rest, size_t bytes_max, size_t room,
                  struct rest_reply *reply)
{
	*headers = (struct headers){ arena, arena_array(arena, room, sizeof *headers->items), 0, room };
	buffer_init(&reply->body, arena, bytes_max);
	add_own_headers(headers, rest);
}

/* Enough for every member, and for each pair of a map. */
static size_t header_room(const struct shape *shape, const void *value)
{
	size_t room = REST_PAIRS_MAX + 1;
	struct any_list map;

	for (size_t i = 0; i < shape->member_count; i++) {
		const void *field = shape_value(&shape->members[i], value);
		room++;
		if (field && shape->members[i].location == IN_HEADERS) {
			memcpy(&map, field, sizeof map);
			room += map.count;
		}
	}
	return room;
}

void encode_rest_xml(struct arena *arena, const struct operation_shape *operation, const void *value, const struct rest *rest,
                     size_t bytes_max, struct rest_reply *reply)
{
	const struct shape *shape = operation->output;
	struct writer writer = { arena, &reply->body, shape && encodes_keys(shape, value) };
	const struct shape_member *payload = shape ? find_payload(shape) : NULL;
	const void *content = payload ? shape_value(payload, value) : NULL;
	struct headers headers;

	begin(arena, &headers, rest, bytes_max, shape ? header_room(shape, value) : REST_PAIRS_MAX, reply);
	reply->status = rest->status ? rest->status : operation->status;
	for (size_t i = 0; shape && i < shape->member_count; i++) {
		const struct shape_member *member = &shape->members[i];
		const void *field = shape_value(member, value);
		if (slice_equal(member->xml_name, S("Content-Length")))
			continue;                        /* the HTTP server knows it */
		if (field && (member->location == IN_HEADER || member->location == IN_HEADERS))
			add_member_header(&headers, member, field);
		else if (field && member->location == IN_STATUS)
			reply->status = (unsigned)((const struct maybe_i64 *)field)->value;
	}
	if (payload && payload->shape->kind == SHAPE_STRING && content) {
		add_header(&headers, S("Content-Type"), S("application/json"));      /* a bucket's policy */
		buffer_add(&reply->body, *(const struct slice *)content);
	} else if (payload ? content && payload->shape->kind == SHAPE_STRUCTURE : operation->result_wrapper.ptr != NULL) {
		add_header(&headers, S("Content-Type"), S("application/xml"));
		write_body(&writer, operation, payload, payload ? content : value);
	}
	reply->headers = headers.items;
	reply->header_count = headers.count;
}

struct slice encode_rest_xml_payload(struct arena *arena, const struct operation_shape *operation, const void *input,
                                     size_t bytes_max)
{
	const struct shape_member *payload = find_payload(operation->input);
	const void *content = payload ? shape_value(payload, input) : NULL;
	struct buffer out;
	struct writer writer = { arena, &out, false };

	if (!content)
		return SLICE_NONE;
	buffer_init(&out, arena, bytes_max);
	write_body(&writer, operation, payload, content);
	return out.is_over ? SLICE_NONE : buffer_slice(&out);
}

void encode_rest_xml_error(struct arena *arena, const struct wire_error *error, const struct rest *rest,
                           struct slice request_id, struct rest_reply *reply)
{
	struct buffer *out = &reply->body;
	struct headers headers;

	begin(arena, &headers, rest, SIZE_MAX / 2, REST_PAIRS_MAX + 1, reply);
	reply->status = error->status;
	if (!slice_equal(rest->method, S("HEAD")) && error->status != 304) {
		add_header(&headers, S("Content-Type"), S("application/xml"));
		write_declaration(out);
		xml_open(out, S("Error"));
		xml_element(out, S("Code"), error->code);
		xml_element(out, S("Message"), error->message.ptr ? error->message : S(""));
		for (size_t i = 0; i < rest->elements.count; i++)
			xml_element(out, rest->elements.items[i].name, rest->elements.items[i].value);
		xml_element(out, S("RequestId"), request_id);
		xml_element(out, S("HostId"), slice_of(rest->host_id));
		xml_close(out, S("Error"));
	}
	reply->headers = headers.items;
	reply->header_count = headers.count;
}
