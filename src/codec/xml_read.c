/* codec/xml_read.c: expat's callbacks build the tree; the parser's own memory is gone before anything returns. */
#include "codec/xml_read.h"

#include <expat.h>

#include "base/buffer.h"

enum { NAMES_MAX = 32 };

struct reader {
	struct arena            *arena;
	const struct xml_limits *limits;
	XML_Parser               parser;
	struct xml_element      *root, **open, **last;   /* by depth: the open element, and its last child */
	struct buffer            text;                   /* since the last tag */
	uint32_t                 depth, nodes;
	struct slice             names[NAMES_MAX];       /* a document repeats few names: each is kept once */
	size_t                   name_count;
	enum error_kind          failed;
	const char              *why;
};

static void stop(struct reader *reader, enum error_kind kind, const char *why)
{
	if (reader->failed != ERR_NONE)
		return;
	reader->failed = kind;
	reader->why = why;
	XML_StopParser(reader->parser, XML_FALSE);
}

static struct slice without_prefix(struct reader *reader, const char *full_name)
{
	const char *colon = strrchr(full_name, ':');
	struct slice name = slice_of(colon ? colon + 1 : full_name);

	for (size_t i = 0; i < reader->name_count; i++)
		if (slice_equal(reader->names[i], name))
			return reader->names[i];
	name = arena_copy(reader->arena, name);
	if (reader->name_count < NAMES_MAX)
		reader->names[reader->name_count++] = name;
	return name;
}

static bool count_node(struct reader *reader)
{
	if (++reader->nodes <= reader->limits->nodes_max)
		return true;
	stop(reader, ERR_LIMIT, "too many elements");
	return false;
}

static const struct xml_attribute *read_attributes(struct reader *reader, const char **pairs)
{
	struct xml_attribute *first = NULL, **end = &first;

	for (; *pairs; pairs += 2) {
		if (strncmp(pairs[0], "xmlns:", 6) == 0)
			continue;
		if (!count_node(reader))
			return NULL;
		struct xml_attribute *attribute = arena_new(reader->arena, struct xml_attribute);
		attribute->name = without_prefix(reader, pairs[0]);
		attribute->value = arena_copy(reader->arena, slice_of(pairs[1]));
		*end = attribute;
		end = (struct xml_attribute **)(uintptr_t)&attribute->next;
	}
	return first;
}

static bool is_blank(struct slice text)
{
	for (size_t i = 0; i < text.len; i++)
		if (!strchr(" \t\r\n", text.ptr[i]))
			return false;
	return true;
}

static void XMLCALL on_start(void *user, const char *name, const char **attributes)
{
	struct reader *reader = user;
	struct xml_element *parent = reader->depth ? reader->open[reader->depth - 1] : NULL;

	if (reader->failed || !count_node(reader))
		return;
	if (reader->depth == reader->limits->depth_max) {
		stop(reader, ERR_LIMIT, "elements are nested too deep");
		return;
	}
	if (!is_blank(buffer_slice(&reader->text))) {
		stop(reader, ERR_INVALID, "text beside elements");
		return;
	}
	buffer_truncate(&reader->text, 0);
	struct xml_element *element = arena_new(reader->arena, struct xml_element);
	element->name = without_prefix(reader, name);
	element->attributes = read_attributes(reader, attributes);
	if (!parent) {
		reader->root = element;
	} else {
		struct xml_element **last = &reader->last[reader->depth - 1];
		if (*last)
			(*last)->next = element;
		else
			parent->first = element;
		*last = element;
		parent->count++;
	}
	reader->open[reader->depth] = element;
	reader->last[reader->depth++] = NULL;
}

static void XMLCALL on_end(void *user, const char *name)
{
	struct reader *reader = user;
	struct slice text = buffer_slice(&reader->text);

	(void)name;
	if (reader->failed)
		return;
	struct xml_element *element = reader->open[--reader->depth];
	if (!element->first)
		element->text = text.len ? arena_copy(reader->arena, text) : S("");
	else if (!is_blank(text))
		stop(reader, ERR_INVALID, "text beside elements");
	buffer_truncate(&reader->text, 0);
}

static void XMLCALL on_text(void *user, const char *text, int bytes)
{
	struct reader *reader = user;

	if (!reader->failed)
		buffer_add(&reader->text, (struct slice){ text, (size_t)bytes });
	if (arena_is_over(reader->arena))
		stop(reader, ERR_LIMIT, "too large");
}

static void XMLCALL on_doctype(void *user, const char *name, const char *system_id, const char *public_id, int has_subset)
{
	(void)name;
	(void)system_id;
	(void)public_id;
	(void)has_subset;
	stop(user, ERR_INVALID, "a document type is not allowed");
}

const struct xml_element *xml_read(struct arena *arena, struct slice text, const struct xml_limits *limits, struct error *err)
{
	struct reader reader = { .arena = arena, .limits = limits };

	assert(limits->depth_max > 0);
	if (text.len > INT_MAX) {
		fail(err, ERR_LIMIT, "XML: too large");
		return NULL;
	}
	reader.open = arena_array(arena, limits->depth_max, sizeof(struct xml_element *));
	reader.last = arena_array(arena, limits->depth_max, sizeof(struct xml_element *));
	buffer_init(&reader.text, arena, text.len * 4);  /* expat turns other encodings into UTF-8 */
	reader.parser = XML_ParserCreate(NULL);
	if (!reader.parser)
		abort();                                 /* as xmalloc() does */
	XML_SetUserData(reader.parser, &reader);
	XML_SetElementHandler(reader.parser, on_start, on_end);
	XML_SetCharacterDataHandler(reader.parser, on_text);
	XML_SetStartDoctypeDeclHandler(reader.parser, on_doctype);
	enum XML_Status status = XML_Parse(reader.parser, text.ptr ? text.ptr : "", (int)text.len, XML_TRUE);
	unsigned long line = XML_GetCurrentLineNumber(reader.parser);
	const char *why = reader.why ? reader.why : XML_ErrorString(XML_GetErrorCode(reader.parser));
	XML_ParserFree(reader.parser);
	if (reader.failed == ERR_NONE && status == XML_STATUS_OK && arena_check(arena, err))
		return reader.root;
	if (reader.failed != ERR_NONE || status != XML_STATUS_OK)
		fail(err, reader.failed == ERR_NONE ? ERR_INVALID : reader.failed, "XML, line %lu: %s", line, why);
	return NULL;
}

const struct xml_element *xml_read_child(const struct xml_element *element, struct slice name)
{
	for (const struct xml_element *child = element ? element->first : NULL; child; child = child->next)
		if (slice_equal(child->name, name))
			return child;
	return NULL;
}
