/* services/decode_query_fuzz.c: no form may crash the decoder or what reads its structs, and the order of parameters never
 * matters. The first byte of the input picks the shape and the protocol. */
#include "services/audit.h"
#include "services/decode_query.h"
#include "services/encode_json.h"
#include "services/encode_query.h"
#include "services/iam/shapes.h"
#include "services/sts/shapes.h"
#include "services/validate.h"

#include "codec/json.h"
#include "tests/fuzz.h"
#include "tests/sample_shapes.h"

static struct slice encoded(struct fuzz *f, const struct shape *shape, const void *value)
{
	struct buffer out;

	buffer_init(&out, &f->arena, 32 << 20);
	encode_json(&out, shape, value);
	return buffer_slice(&out);
}

static void reverse(struct uri_pairs *pairs)
{
	for (size_t i = 0, j = pairs->count; j > 0 && i < --j; i++) {
		struct uri_pair kept = pairs->items[i];
		pairs->items[i] = pairs->items[j];
		pairs->items[j] = kept;
	}
}

FUZZ(decode_query)
{
	const struct operation_shape sample = { .name = S_INIT("Sample"), .service = &iam_shapes, .input = &sample_shape,
		.output = &sample_shape, .result_wrapper = S_INIT("SampleResult") };
	const struct operation_shape *const operations[] = { &sample, &iam_create_user_shape, &sts_assume_role_shape };
	unsigned char first = f->input.len ? (unsigned char)f->input.ptr[0] : 0;
	const struct operation_shape *operation = operations[first % COUNT(operations)];
	enum protocol protocol = first & 0x80 ? PROTOCOL_EC2_QUERY : PROTOCOL_QUERY;
	struct uri_pairs pairs;
	struct buffer xml;

	if (!uri_pairs_read(&f->arena, slice_from(f->input, 1), URI_PLUS_IS_BLANK, 5000, &pairs, &f->err))
		return;
	void *value = decode_query(&f->arena, operation->input, &pairs, protocol, &f->err);
	if (!value) {
		CHECK_FUZZ(f, f->err.kind == ERR_LIMIT || f->err.name != NULL);
		return;
	}
	reverse(&pairs);
	void *again = decode_query(&f->arena, operation->input, &pairs, protocol, &f->err);
	CHECK_FUZZ(f, again != NULL);
	CHECK_FUZZ(f, slice_equal(encoded(f, operation->input, again), encoded(f, operation->input, value)));
	if (!validate(operation->input, value, protocol, &f->err))
		CHECK_FUZZ(f, f->err.kind == ERR_INVALID && f->err.message[0] != '\0');
	struct slice event = audit_request(&f->arena, operation, value, 0);
	CHECK_FUZZ(f, !event.ptr || json_parse(&f->arena, event, &JSON_LIMITS_DEFAULT, &f->err) || f->err.kind == ERR_LIMIT);
	buffer_init(&xml, &f->arena, 32 << 20);
	encode_query(&xml, &sample, operation == &sample ? value : &(struct sample){0}, S("r"));
}
