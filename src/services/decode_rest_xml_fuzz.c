/* services/decode_rest_xml_fuzz.c: no request may crash the decoder, the validation or the encoder. The first byte picks the
 * operation; then lines: the query, one header, and the body. */
#include "services/decode_rest_xml.h"

#include "services/encode_rest_xml.h"
#include "services/rest_errors.h"
#include "services/s3/shapes.h"
#include "tests/fuzz.h"

FUZZ(decode_rest_xml)
{
	const struct operation_shape *operation = s3_shapes.operations[(f->input.len ? (unsigned char)f->input.ptr[0] : 0)
	                                                               % s3_shapes.operation_count];
	struct slice query, line, name, body = slice_cut(slice_cut(slice_from(f->input, 1), '\n', &query), '\n', &line);
	struct slice value = slice_cut(line, ':', &name);
	struct http_header headers[] = { { name, value.ptr ? value : S("") } };
	struct rest rest = { .method = S("PUT"), .bucket = S("b"), .key = S("k"), .headers = headers, .header_count = 1, .body = body };
	struct rest_reply reply;

	if (!uri_pairs_read(&f->arena, query, URI_PLUS_IS_BLANK, 100, &rest.query, &f->err))
		return;
	if (decode_rest_xml(&f->arena, operation, &rest, &f->err))
		return;
	CHECK_FUZZ(f, f->err.kind == ERR_LIMIT || (f->err.kind == ERR_INVALID && f->err.name));
	struct wire_error wire = rest_errors_resolve(&f->err, &rest);
	encode_rest_xml_error(&f->arena, &wire, &rest, S("r"), &reply);
	CHECK_FUZZ(f, reply.status >= 400);
}
