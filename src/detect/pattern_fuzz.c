/* detect/pattern_fuzz.c: no text is too much for the compiler of patterns, and what it takes, it takes twice. */
#include "detect/pattern.h"
#include "tests/fuzz.h"

FUZZ(pattern)
{
	struct pattern_fault fault = { SIZE_MAX, NULL };
	const struct pattern *pattern = pattern_compile(&f->arena, f->input, &fault, &f->err);
	struct pattern_value *values;

	if (!pattern) {
		CHECK_FUZZ(f, f->err.kind == ERR_INVALID && fault.at_byte <= f->input.len && fault.reason);
		return;
	}
	const struct pattern *again = pattern_compile(&f->arena, f->input, NULL, &f->err);
	bool matches = pattern_matches(pattern, f->input, &f->arena);
	CHECK_FUZZ(f, again && pattern_matches(again, f->input, &f->arena) == matches);
	CHECK_FUZZ(f, pattern_has_regex(again) == pattern_has_regex(pattern));
	if (!matches)
		CHECK_FUZZ(f, pattern_extract(pattern, f->input, &f->arena, &values) == 0);
}
