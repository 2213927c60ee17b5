/* services/encode_rest_xml.h: an output struct or an error -> status, headers and body of REST-XML.
 * Source: Smithy "AWS restXml protocol"; S3 API Reference (2006-03-01), "Error responses". */
#ifndef SPOOR_SERVICES_ENCODE_REST_XML_H
#define SPOOR_SERVICES_ENCODE_REST_XML_H

#include "base/buffer.h"
#include "net/http_header.h"
#include "services/errors.h"
#include "services/rest.h"
#include "services/shape.h"

struct rest_reply {
	unsigned            status;
	struct http_header *headers;
	size_t              header_count;
	struct buffer       body;                /* nothing for a payload that streams */
};

/* Where the output has a member EncodingType of "url", keys, prefixes, markers and delimiters are percent-encoded.
 * `body.is_over`: the reply passes `bytes_max`. Headers of `rest->headers_out` are included. */
void encode_rest_xml(struct arena *arena, const struct operation_shape *operation, const void *value, const struct rest *rest,
                     size_t bytes_max, struct rest_reply *reply);

/* The payload of an input as a client would send it; SLICE_NONE if there is none, or it passes `bytes_max`. */
struct slice encode_rest_xml_payload(struct arena *arena, const struct operation_shape *operation, const void *input,
                                     size_t bytes_max);

/* <Error><Code/><Message/>elements<RequestId/><HostId/></Error>; no body for HEAD and 304. */
void encode_rest_xml_error(struct arena *arena, const struct wire_error *error, const struct rest *rest,
                           struct slice request_id, struct rest_reply *reply);

#endif
