/* services/decode_json_fuzz.c: no body may crash the decoder or what reads its structs, and what it accepts is written and
 * read back the same. The first byte of the input picks the shape. */
#include "services/audit.h"
#include "services/cloudtrail/shapes.h"
#include "services/decode_json.h"
#include "services/encode_json.h"
#include "services/iam/shapes.h"
#include "services/validate.h"

#include "tests/fuzz.h"
#include "tests/sample_shapes.h"

static struct slice encoded(struct fuzz *f, const struct shape *shape, const void *value)
{
	struct buffer out;

	buffer_init(&out, &f->arena, 32 << 20);
	encode_json(&out, shape, value);
	return buffer_slice(&out);
}

FUZZ(decode_json)
{
	const struct operation_shape sample = { .service = &iam_shapes, .input = &sample_shape };
	const struct operation_shape *const operations[] = { &sample, &cloudtrail_lookup_events_shape, &iam_create_role_shape };
	const struct operation_shape *operation = operations[f->input.len ? (unsigned char)f->input.ptr[0] % COUNT(operations) : 0];
	void *value = decode_json(&f->arena, operation->input, slice_from(f->input, 1), &f->err);

	if (!value) {
		CHECK_FUZZ(f, f->err.kind == ERR_LIMIT || strcmp(f->err.name, "SerializationException") == 0);
		return;
	}
	(void)audit_request(&f->arena, operation, value, 0);
	if (!validate(operation->input, value, PROTOCOL_JSON_1_1, &f->err))
		CHECK_FUZZ(f, f->err.kind == ERR_INVALID && f->err.message[0] != '\0');
	struct slice once = encoded(f, operation->input, value);
	void *again = decode_json(&f->arena, operation->input, once, &f->err);
	CHECK_FUZZ(f, again != NULL);
	CHECK_FUZZ(f, slice_equal(encoded(f, operation->input, again), once));
}
