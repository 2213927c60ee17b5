/* codec/xml.h: writing XML 1.0.
 *
 * A writer of elements is three appends; what needs care is text: characters that XML cannot carry, not even as
 * references, become U+FFFD. */
#ifndef SPOOR_CODEC_XML_H
#define SPOOR_CODEC_XML_H

#include "base/buffer.h"

/* The content of an element or of an attribute in double quotes. */
void xml_text(struct buffer *out, struct slice text);

void xml_open(struct buffer *out, struct slice name);                            /* <name> */
void xml_open_in(struct buffer *out, struct slice name, struct slice xml_namespace); /* with xmlns; SLICE_NONE: without */
void xml_close(struct buffer *out, struct slice name);                           /* </name> */
void xml_element(struct buffer *out, struct slice name, struct slice text);      /* <name>text</name>; nothing for SLICE_NONE */

#endif
