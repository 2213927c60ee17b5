/* codec/json_fuzz.c: no text may crash or hang the reader, and what it accepts is written and read back the same. */
#include "codec/json.h"
#include "tests/fuzz.h"

static struct slice rewrite(struct fuzz *f, const struct json *value)
{
	struct buffer out;
	struct json_writer writer;

	buffer_init(&out, &f->arena, 64 << 20);
	json_writer_init(&writer, &out);
	json_value(&writer, value);
	return buffer_slice(&out);
}

FUZZ(json)
{
	const struct json *value = json_parse(&f->arena, f->input, &JSON_LIMITS_DEFAULT, &f->err);

	if (!value) {
		CHECK_FUZZ(f, f->err.kind == ERR_INVALID || f->err.kind == ERR_LIMIT);
		return;
	}
	struct slice once = rewrite(f, value);
	const struct json *again = json_parse(&f->arena, once, &JSON_LIMITS_DEFAULT, &f->err);
	CHECK_FUZZ(f, again != NULL);
	CHECK_FUZZ(f, slice_equal(rewrite(f, again), once));
}
