/* codec/base64_fuzz.c: what is accepted is written back the same, and what is written is read back the same. */
#include "codec/base64.h"
#include "tests/fuzz.h"

FUZZ(base64)
{
	struct slice plain = base64_decode(&f->arena, f->input, &f->err);

	if (plain.ptr)
		CHECK_FUZZ(f, slice_equal(base64_text(&f->arena, plain), f->input));
	CHECK_FUZZ(f, slice_equal(base64_decode(&f->arena, base64_text(&f->arena, f->input), &f->err), f->input));
}
