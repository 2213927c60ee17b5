/* services/decode_rest_xml.h: a REST-XML request -> the operation's input struct.
 *
 * Members come from the address (labels), the query, headers, headers of one prefix (x-amz-meta-), and the body: an XML
 * document whose root and elements must be the model's, or a text or blob as it is. A streamed payload stays absent: the
 * owner of the stream has it. Source: Smithy "AWS restXml protocol"; S3 API Reference (2006-03-01), "Error responses". */
#ifndef SPOOR_SERVICES_DECODE_REST_XML_H
#define SPOOR_SERVICES_DECODE_REST_XML_H

#include "services/rest.h"
#include "services/shape.h"

/* The input struct, valid by its model; NULL with an error in S3's words, its elements in `rest->elements`:
 * MalformedXML (not XML, unknown or missing elements, values that are no member of an enum), InvalidArgument (a header or
 * parameter), MissingRequestBodyError, or the member's own from models/additions.list. Leaves `rest->document` on success. */
void *decode_rest_xml(struct arena *arena, const struct operation_shape *operation, struct rest *rest, struct error *err);

/* The payload of an input, from what encode_rest_xml_payload() wrote; NULL if it is not that. */
const void *decode_rest_xml_payload(struct arena *arena, const struct operation_shape *operation, struct slice text);

#endif
