/* auth/condition_fuzz.c: one line "operator|policy value|request value": reading and comparing foreign values is safe,
 * and a negated operator says the opposite. */
#include "auth/condition_operator.h"
#include "auth/context.h"
#include "tests/fuzz.h"

FUZZ(condition)
{
	struct slice name, wanted, actual = slice_cut(slice_cut(f->input, '|', &name), '|', &wanted);
	const struct condition_operator *operator = condition_operator_find(name);
	struct condition_value value = {0};
	struct context context;
	struct buffer scratch;

	if (!operator || !operator->matches || !actual.ptr)
		return;
	context_init(&context, &f->arena);
	context_set(&context, S("k:v"), actual);
	buffer_init(&scratch, &f->arena, 1 << 16);
	if (!operator->read(&f->arena, wanted, operator->text_flags, &value))
		return;
	bool matches = operator->matches(&value, actual, &context, &scratch);
	CHECK_FUZZ(f, matches == operator->matches(&value, actual, &context, &scratch));
	if (slice_equal(operator->name, S("StringEquals")) && slice_find_byte(wanted, '$') == SLICE_NPOS)
		CHECK_FUZZ(f, matches == slice_equal(wanted, actual));
}
