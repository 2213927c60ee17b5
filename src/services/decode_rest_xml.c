/* services/decode_rest_xml.c: member by member for what is outside the body, then one walk along the XML and the table. */
#include "services/decode_rest_xml.h"

#include "base/clock.h"
#include "base/limits.h"
#include "codec/base64.h"
#include "codec/utf8.h"
#include "codec/xml_read.h"
#include "services/rest_errors.h"
#include "services/validate.h"

static const struct xml_limits limits = { .depth_max = 20, .nodes_max = REST_ELEMENTS_MAX };

struct reader {
	struct arena *arena;
	struct rest  *rest;
	struct error *err;

	const struct xml_element *document;
};

static bool malformed(struct reader *reader)
{
	return rest_errors_fail(reader->err, ERR_INVALID, "MalformedXML");
}

/* ---- scalars ---- */

static bool read_i64(const struct shape *shape, struct slice text, struct maybe_i64 *out)
{
	out->is_set = true;
	return slice_to_i64(text, &out->value)
	    && (shape->kind != SHAPE_INTEGER || (out->value >= INT32_MIN && out->value <= INT32_MAX));
}

static bool read_bool(struct slice text, struct maybe_bool *out)
{
	*out = SET_BOOL(slice_equal_nocase(text, S("true")));
	return out->value || slice_equal_nocase(text, S("false"));
}

static bool read_time(struct slice text, struct maybe_time *out)
{
	out->is_set = true;
	return time_parse_iso(text, &out->ms) || time_parse_http(text, &out->ms);
}

/* `text` is the value as sent; blanks around anything but a text do not count. */
static bool read_scalar(struct reader *reader, const struct shape *shape, struct slice text, void *out)
{
	struct slice trimmed = slice_trim(text);

	switch ((enum shape_kind)shape->kind) {
	case SHAPE_STRING:
		*(struct slice *)out = shape->enum_count ? trimmed : text;
		return utf8_is_valid(text);
	case SHAPE_BLOB:
		*(struct slice *)out = base64_decode(reader->arena, trimmed, NULL);
		return ((struct slice *)out)->ptr != NULL;
	case SHAPE_BOOLEAN:
		return read_bool(trimmed, out);
	case SHAPE_INTEGER:
	case SHAPE_LONG:
		return read_i64(shape, trimmed, out);
	case SHAPE_TIMESTAMP:
		return read_time(trimmed, out);
	default:
		break;
	}
	assert(false);                               /* the models have no fractions there; aggregates do not come here */
	return false;
}

/* ---- XML ---- */

static bool read_element(struct reader *reader, const struct shape *shape, const struct xml_element *element, void *out);

static void *new_structure(struct reader *reader, const struct shape_member *member, void *field)
{
	void *inner = arena_zalloc(reader->arena, member->shape->bytes);

	memcpy(field, &inner, sizeof inner);
	return inner;
}

/* Item elements: all children of a wrapped list, or those of one name among the children of a flattened one's owner. */
static bool read_items(struct reader *reader, const struct shape *shape, const struct xml_element *first, struct slice name,
                       bool is_flat, void *out)
{
	struct any_list list = { .is_set = true };

	for (const struct xml_element *child = first; child; child = child->next)
		if (slice_equal(child->name, name))
			list.count++;
		else if (!is_flat)
			return malformed(reader);
	list.items = arena_array(reader->arena, list.count, shape->bytes);
	memcpy(out, &list, sizeof list);
	char *item = list.items;
	for (const struct xml_element *child = first; child; child = child->next) {
		if (!slice_equal(child->name, name))
			continue;
		if (!read_element(reader, shape->members[0].shape, child, item))
			return false;
		item += shape->bytes;
	}
	return true;
}

/* The part of a name behind the prefix that the model gives it ("xsi:type"). */
static struct slice local_name(struct slice name)
{
	size_t colon = slice_find_byte(name, ':');

	return colon == SLICE_NPOS ? name : slice_from(name, colon + 1);
}

static const struct shape_member *find_member(const struct shape *shape, struct slice name)
{
	for (size_t i = 0; i < shape->member_count; i++)
		if (!(shape->members[i].flags & MEMBER_ATTRIBUTE) && slice_equal(shape->members[i].xml_name, name))
			return &shape->members[i];
	return NULL;
}

static bool read_attributes(struct reader *reader, const struct shape *shape, const struct xml_element *element, void *out)
{
	for (size_t i = 0; i < shape->member_count; i++) {
		const struct shape_member *member = &shape->members[i];
		if (!(member->flags & MEMBER_ATTRIBUTE))
			continue;
		for (const struct xml_attribute *attribute = element->attributes; attribute; attribute = attribute->next)
			if (slice_equal(attribute->name, local_name(member->xml_name))
			    && !read_scalar(reader, member->shape, attribute->value, (char *)out + member->offset))
				return malformed(reader);
	}
	return true;
}

static bool read_structure(struct reader *reader, const struct shape *shape, const struct xml_element *element, void *out)
{
	if (element->text.ptr && slice_trim(element->text).len && slice_trim(element->text).ptr[0] > ' ')
		return malformed(reader);
	if (!read_attributes(reader, shape, element, out))
		return false;
	for (const struct xml_element *child = element->first; child; child = child->next) {
		const struct shape_member *member = find_member(shape, child->name);
		if (!member)
			return malformed(reader);
		char *field = (char *)out + member->offset;
		if (shape_value(member, out)) {
			if (member->shape->kind == SHAPE_LIST && member->shape->flags & SHAPE_FLATTENED)
				continue;                /* its first element has read them all */
			return malformed(reader);
		}
		bool ok = member->shape->kind == SHAPE_LIST && member->shape->flags & SHAPE_FLATTENED
		          ? read_items(reader, member->shape, child, child->name, true, field)
		          : read_element(reader, member->shape, child,
		                         member->shape->kind == SHAPE_STRUCTURE ? new_structure(reader, member, field) : field);
		if (!ok)
			return false;
	}
	return true;
}

static bool read_element(struct reader *reader, const struct shape *shape, const struct xml_element *element, void *out)
{
	switch ((enum shape_kind)shape->kind) {
	case SHAPE_STRUCTURE:
		return read_structure(reader, shape, element, out);
	case SHAPE_LIST:
		return read_items(reader, shape, element->first, shape->members[0].xml_name, false, out);
	case SHAPE_MAP:
		return malformed(reader);            /* no input of the models has one in XML */
	default:
		return (!element->first && read_scalar(reader, shape, element->text, out)) || malformed(reader);
	}
}

static bool read_payload(struct reader *reader, const struct shape_member *member, void *input)
{
	struct rest *rest = reader->rest;
	char *field = (char *)input + member->offset;
	bool is_empty = rest->body.len == 0;

	if (member->shape->kind == SHAPE_BLOB)
		return true;                         /* the owner of the stream has it */
	if (is_empty && member->flags & MEMBER_REQUIRED)
		return fail_as(reader->err, ERR_INVALID, "MissingRequestBodyError", "Request Body is empty");
	if (is_empty)
		return true;
	if (member->shape->kind == SHAPE_STRING) {
		*(struct slice *)(void *)field = rest->body;
		return utf8_is_valid(rest->body) || malformed(reader);
	}
	reader->document = xml_read(reader->arena, rest->body, &limits, NULL);
	if (!reader->document || !slice_equal(reader->document->name, member->xml_name))
		return malformed(reader);
	return read_element(reader, member->shape, reader->document, new_structure(reader, member, field));
}

/* ---- headers, query, labels ---- */

/* What a constraint's violation is called, by the shape that has it. Source: S3 API Reference, "Error responses". */
static const struct { struct slice shape; const char *code, *message; } argument_errors[] = {
	{ S_INIT("StorageClass"), "InvalidStorageClass", "The storage class you specified is not valid" },
	{ S_INIT("ChecksumAlgorithm"), "InvalidRequest",
	  "Checksum algorithm provided is unsupported. Please try again with any of the valid types: "
	  "[CRC32, CRC32C, CRC64NVME, SHA1, SHA256]" },
	{ S_INIT("ChecksumType"), "InvalidRequest", "Value for x-amz-checksum-type header is invalid." },
	{ S_INIT("EncodingType"), "InvalidArgument", "Invalid Encoding Method specified in Request" },
	{ S_INIT("MaxKeys"), "InvalidArgument", "Provided max-keys not an integer or within integer range" },
	{ S_INIT("PartNumber"), "InvalidArgument", "Part number must be an integer between 1 and 10000, inclusive" },
	{ S_INIT("MetadataDirective"), "InvalidArgument", "Unknown metadata directive." },
	{ S_INIT("TaggingDirective"), "InvalidArgument", "Unknown tagging directive." },
	{ S_INIT("ObjectLockMode"), "InvalidArgument", "Unknown wormMode directive." },
	{ S_INIT("ObjectLockLegalHoldStatus"), "InvalidArgument", "Legal Hold must be either of 'ON' or 'OFF'" },
	{ S_INIT("ObjectAttributesList"), "InvalidArgument", "Invalid attribute name specified." },
	{ S_INIT("ObjectOwnership"), "InvalidArgument", "Invalid x-amz-object-ownership header: the value is unknown" },
};

static bool bad_argument(struct reader *reader, const struct shape_member *member, struct slice value)
{
	const char *code = "InvalidArgument", *message = "Argument is invalid.";

	for (size_t i = 0; i < COUNT(argument_errors); i++)
		if (slice_equal(argument_errors[i].shape, member->shape->name)) {
			code = argument_errors[i].code;
			message = argument_errors[i].message;
		}
	if (strcmp(code, "InvalidStorageClass") == 0) {
		rest_add_element(reader->rest, S("StorageClassRequested"), value);
	} else if (strcmp(code, "InvalidArgument") == 0) {
		rest_add_element(reader->rest, S("ArgumentName"), member->xml_name);
		rest_add_element(reader->rest, S("ArgumentValue"), value.ptr ? value : S(""));
	}
	return fail_as(reader->err, ERR_INVALID, code, "%s", message);
}

/* Headers of one name, in the order of arrival, joined. SLICE_NONE where there is none, or only empty ones. */
static struct slice joined_header(struct reader *reader, struct slice name)
{
	struct slice value = SLICE_NONE;

	for (size_t i = 0; i < reader->rest->header_count; i++) {
		const struct http_header *header = &reader->rest->headers[i];
		if (header->value.len == 0 || !slice_equal_nocase(header->name, name))
			continue;
		value = value.ptr ? arena_format(reader->arena, "%.*s,%.*s", SLICE_ARG(value), SLICE_ARG(header->value))
		                  : header->value;
	}
	return value;
}

/* Bytes that are no UTF-8 are what HTTP once said they are: Latin-1. */
static struct slice as_utf8(struct arena *arena, struct slice text)
{
	struct buffer out;

	if (utf8_is_valid(text))
		return text;
	buffer_init(&out, arena, 2 * text.len);
	for (size_t i = 0; i < text.len; i++) {
		char bytes[4];
		buffer_add(&out, (struct slice){ bytes, utf8_encode((unsigned char)text.ptr[i], bytes) });
	}
	return buffer_slice(&out);
}

static struct slice lower(struct arena *arena, struct slice text)
{
	char *out = arena_alloc(arena, text.len);

	for (size_t i = 0; i < text.len; i++)
		out[i] = text.ptr[i] >= 'A' && text.ptr[i] <= 'Z' ? (char)(text.ptr[i] + 'a' - 'A') : text.ptr[i];
	return (struct slice){ out, text.len };
}

struct text_entry { struct slice key, value; };

/* Names are lower-case from here on; equal ones become one, as a reader of headers may do anyway. */
static bool read_prefixed(struct reader *reader, const struct shape_member *member, void *field)
{
	const struct rest *rest = reader->rest;
	struct any_list map = {0};
	struct text_entry *entries = arena_array(reader->arena, rest->header_count, sizeof *entries);

	assert(member->shape->bytes == sizeof *entries);
	for (size_t i = 0; i < rest->header_count; i++) {
		const struct http_header *header = &rest->headers[i];
		if (!slice_has_prefix_nocase(header->name, member->xml_name) || header->name.len == member->xml_name.len)
			continue;
		struct slice key = lower(reader->arena, slice_from(header->name, member->xml_name.len));
		struct slice value = as_utf8(reader->arena, header->value);
		size_t at = 0;
		while (at < map.count && !slice_equal(entries[at].key, key))
			at++;
		if (at < map.count)
			value = arena_format(reader->arena, "%.*s,%.*s", SLICE_ARG(entries[at].value), SLICE_ARG(value));
		else
			map.count++;
		entries[at] = (struct text_entry){ key, value };
	}
	map.items = entries;
	map.is_set = map.count > 0;
	memcpy(field, &map, sizeof map);
	return true;
}

static bool read_comma_list(struct reader *reader, const struct shape_member *member, struct slice value, void *field)
{
	const struct shape *item = member->shape->members[0].shape;
	struct any_list list = { .is_set = true };
	size_t most = 1;

	for (size_t i = 0; i < value.len; i++)
		most += value.ptr[i] == ',';
	list.items = arena_array(reader->arena, most, member->shape->bytes);
	for (struct slice rest = value, one; rest.ptr; ) {
		rest = slice_cut(rest, ',', &one);
		one = slice_trim(one);
		const char *own_error;
		char *to = (char *)list.items + list.count * member->shape->bytes;
		if (one.len && (!read_scalar(reader, item, one, to) || !validate_value(item, to, &own_error)))
			return bad_argument(reader, member, value);
		list.count += one.len != 0;
	}
	memcpy(field, &list, sizeof list);
	return true;
}

static bool query_value(struct reader *reader, const struct shape_member *member, struct slice *value)
{
	const struct uri_pairs *query = &reader->rest->query;
	size_t count = 0;

	for (size_t i = 0; i < query->count; i++)
		if (slice_equal(query->items[i].name, member->xml_name)) {
			*value = query->items[i].value.ptr ? query->items[i].value : S("");
			count++;
		}
	return count < 2 || bad_argument(reader, member, *value);
}

static bool is_condition(const struct shape_member *member)
{
	return member->location == IN_HEADER && member->shape->kind == SHAPE_TIMESTAMP
	    && slice_find(member->xml_name, S("odified-")) != SLICE_NPOS;
}

static bool read_outside(struct reader *reader, const struct shape_member *member, void *input)
{
	char *field = (char *)input + member->offset;
	struct slice value = SLICE_NONE;
	const char *own_error;

	if (member->location == IN_HEADERS)
		return read_prefixed(reader, member, field);
	if (member->location == IN_URI)
		value = slice_equal(member->xml_name, S("Key")) ? reader->rest->key : reader->rest->bucket;
	else if (member->location == IN_HEADER)
		value = joined_header(reader, member->xml_name);
	else if (!query_value(reader, member, &value))
		return false;
	if (!value.ptr)
		return !(member->flags & MEMBER_REQUIRED) || bad_argument(reader, member, value);
	if (member->shape->kind == SHAPE_LIST)
		return read_comma_list(reader, member, value, field);
	if (member->location == IN_HEADER && member->shape->kind == SHAPE_STRING)
		value = as_utf8(reader->arena, value);
	bool ok = read_scalar(reader, member->shape, value, field);
	if (!ok && is_condition(member)) {           /* RFC 9110, 13.1.3: what is no date is as if it were not there */
		*(struct maybe_time *)(void *)field = (struct maybe_time){0};
		return true;
	}
	return (ok && validate_value(member->shape, field, &own_error)) || bad_argument(reader, member, value);
}

/* What the document lacks, and values that are not the model's. */
static bool is_valid_payload(struct reader *reader, const struct shape_member *member, const void *input)
{
	const void *value = shape_value(member, input);
	const char *own_error;

	if (!value || validate_value(member->shape, value, &own_error))
		return true;
	if (!own_error)
		own_error = member->constraint_error;
	return own_error ? rest_errors_fail(reader->err, ERR_INVALID, own_error) : malformed(reader);
}

void *decode_rest_xml(struct arena *arena, const struct operation_shape *operation, struct rest *rest, struct error *err)
{
	const struct shape *shape = operation->input;
	struct reader reader = { arena, rest, err, NULL };
	void *input = arena_zalloc(arena, shape ? shape->bytes : sizeof(int64_t));

	for (size_t i = 0; shape && i < shape->member_count; i++)
		if (shape->members[i].location != IN_PAYLOAD && !read_outside(&reader, &shape->members[i], input))
			return NULL;
	for (size_t i = 0; shape && i < shape->member_count; i++)
		if (shape->members[i].location == IN_PAYLOAD
		    && !(read_payload(&reader, &shape->members[i], input) && is_valid_payload(&reader, &shape->members[i], input)))
			return NULL;
	rest->document = reader.document;            /* only now: whoever shows it relies on its names */
	return arena_check(arena, err) ? input : NULL;
}

const void *decode_rest_xml_payload(struct arena *arena, const struct operation_shape *operation, struct slice text)
{
	const struct shape *shape = operation->input;
	struct rest rest = { .body = text };
	struct error err = {0};
	struct reader reader = { arena, &rest, &err, NULL };
	void *input = arena_zalloc(arena, shape->bytes);

	for (size_t i = 0; i < shape->member_count; i++)
		if (shape->members[i].location == IN_PAYLOAD)
			return read_payload(&reader, &shape->members[i], input) && arena_check(arena, &err)
				? shape_value(&shape->members[i], input) : NULL;
	return NULL;
}
