/* services/reference.c: the tables as Markdown. */
#include "services/reference.h"

#include "services/shape.h"

static const struct { enum protocol protocol; const char *name; } protocol_names[] = {
	{ PROTOCOL_JSON_1_0, "JSON 1.0" }, { PROTOCOL_JSON_1_1, "JSON 1.1" }, { PROTOCOL_QUERY, "Query" },
	{ PROTOCOL_EC2_QUERY, "EC2 Query" }, { PROTOCOL_REST_XML, "REST-XML" }, { PROTOCOL_REST_JSON, "REST-JSON" },
	{ PROTOCOL_RPC_V2_CBOR, "RPC v2 CBOR" },
};
_Static_assert(COUNT(protocol_names) == PROTOCOL_COUNT, "a name for each protocol");

static const char *const kind_names[SHAPE_KIND_COUNT] = {
	[SHAPE_STRUCTURE] = "structure", [SHAPE_LIST] = "list", [SHAPE_MAP] = "map", [SHAPE_STRING] = "string",
	[SHAPE_BLOB] = "blob", [SHAPE_BOOLEAN] = "boolean", [SHAPE_INTEGER] = "integer", [SHAPE_LONG] = "long",
	[SHAPE_FLOAT] = "float", [SHAPE_DOUBLE] = "double", [SHAPE_TIMESTAMP] = "timestamp",
};

static void write_kind(struct buffer *out, const struct shape *shape)
{
	if (shape->kind == SHAPE_LIST) {
		buffer_add(out, S("list of "));
		write_kind(out, shape->members[0].shape);
	} else if (shape->kind == SHAPE_STRUCTURE) {
		buffer_add(out, shape->name);
	} else {
		buffer_add(out, slice_of(kind_names[shape->kind]));
	}
}

/* A pipe would end the table's cell. */
static void write_cell(struct buffer *out, struct slice text)
{
	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] == '|')
			buffer_byte(out, '\\');
		buffer_byte(out, text.ptr[i]);
	}
}

static void write_bounds(struct buffer *out, const struct shape *shape)
{
	if (shape->flags & SHAPE_HAS_MIN)
		buffer_printf(out, "at least %" PRId64 "; ", shape->min);
	if (shape->flags & SHAPE_HAS_MAX)
		buffer_printf(out, "at most %" PRId64 "; ", shape->max);
	if (shape->pattern) {
		buffer_add(out, S("`"));
		write_cell(out, shape->pattern->source);
		buffer_add(out, S("`; "));
	}
	if (shape->enum_count == 0)
		return;
	buffer_add(out, S("one of "));
	for (size_t i = 0; i < shape->enum_count; i++)
		buffer_printf(out, "%s`%.*s`", i > 0 ? ", " : "", SLICE_ARG(shape->enum_values[i]));
	buffer_add(out, S("; "));
}

static void write_members(struct buffer *out, const struct shape *shape)
{
	buffer_add(out, S("\n| member | kind | |\n|---|---|---|\n"));
	for (size_t i = 0; i < shape->member_count; i++) {
		const struct shape_member *member = &shape->members[i];
		buffer_printf(out, "| %.*s | ", SLICE_ARG(member->name));
		write_kind(out, member->shape);
		buffer_add(out, S(" | "));
		if (member->flags & MEMBER_REQUIRED)
			buffer_add(out, S("required; "));
		write_bounds(out, member->shape);
		if (member->redaction != REDACT_NONE)
			buffer_add(out, S("never in an event; "));
		if (slice_has_suffix(buffer_slice(out), S("; ")))
			buffer_truncate(out, out->len - 2);
		buffer_add(out, S(" |\n"));
	}
}

static void write_operation(struct buffer *out, const struct operation_shape *operation)
{
	buffer_printf(out, "\n### %.*s\n", SLICE_ARG(operation->name));
	if (operation->input && operation->input->member_count > 0) {
		buffer_add(out, S("\nInput:\n"));
		write_members(out, operation->input);
	}
	if (operation->output && operation->output->member_count > 0) {
		buffer_add(out, S("\nOutput:\n"));
		write_members(out, operation->output);
	}
	if (operation->error_count == 0)
		return;
	buffer_add(out, S("\nErrors: "));
	for (size_t i = 0; i < operation->error_count; i++)
		buffer_printf(out, "%s%.*s (%u)", i > 0 ? ", " : "", SLICE_ARG(operation->errors[i]->code), operation->errors[i]->status);
	buffer_add(out, S(".\n"));
}

static bool is_served(const struct service *service, struct slice name)
{
	for (const struct operation *const *operation = service->operations; *operation; operation++)
		if (slice_equal((*operation)->shape->name, name))
			return true;
	return false;
}

static void write_service(struct buffer *out, const struct service *service)
{
	const struct service_shape *shape = service->shape;
	bool is_first = true;
	unsigned served = 0;

	for (size_t i = 0; i < shape->known_count; i++)
		served += is_served(service, shape->known_names[i]);
	buffer_printf(out, "\n## %.*s (`%.*s`)\n\nVersion %.*s, ", SLICE_ARG(shape->title), SLICE_ARG(shape->name),
		SLICE_ARG(shape->api_version));
	for (size_t i = 0; i < COUNT(protocol_names); i++) {
		if (!(shape->protocols & 1u << protocol_names[i].protocol))
			continue;
		buffer_printf(out, "%s%s", is_first ? "" : ", ", protocol_names[i].name);
		is_first = false;
	}
	buffer_printf(out, "; as of %.*s. %u of %u operations are served.\n", SLICE_ARG(shape->model), served, shape->known_count);
	for (size_t i = 0; i < shape->operation_count; i++)
		if (is_served(service, shape->operations[i]->name))
			write_operation(out, shape->operations[i]);
	if (served == shape->known_count)
		return;
	buffer_add(out, S("\nNot served: "));
	is_first = true;
	for (size_t i = 0; i < shape->known_count; i++) {
		if (is_served(service, shape->known_names[i]))
			continue;
		buffer_printf(out, "%s%.*s", is_first ? "" : ", ", SLICE_ARG(shape->known_names[i]));
		is_first = false;
	}
	buffer_add(out, S(".\n"));
}

void reference_write_markdown(struct buffer *out, const struct service *const *all)
{
	buffer_add(out, S("# Operations\n\nPrinted by `spoor operations --markdown` from the tables that serve them.\n"));
	for (; *all; all++)
		write_service(out, *all);
}

void reference_write_names(struct buffer *out, const struct service *const *all)
{
	for (; *all; all++)
		for (size_t i = 0; i < (*all)->shape->known_count; i++)
			if (is_served(*all, (*all)->shape->known_names[i]))
				buffer_printf(out, "%.*s %.*s\n", SLICE_ARG((*all)->shape->name), SLICE_ARG((*all)->shape->known_names[i]));
}
