/* regex/regex_fuzz.c: an expression is found by its table, by its literal and by the machine with many heads, or by none of them.
 *
 * The input is the expression, a line break, and the text. */
#include "regex/regex_dfa.h"

#include "base/limits.h"
#include "tests/fuzz.h"

enum { TEXT_BYTES = 4096 };

static void check_replaced(struct fuzz *f, const struct regex *regex, struct slice text)
{
	struct buffer same, gone;
	struct slice whole;

	buffer_init(&same, &f->arena, SIZE_MAX / 2);
	buffer_init(&gone, &f->arena, SIZE_MAX / 2);
	if (!regex_replace(regex, text, S(""), &gone))
		return;
	CHECK_FUZZ(f, gone.len <= text.len);
	if (!regex_search(regex, text, 0, &whole, NULL))
		CHECK_FUZZ(f, slice_equal(gone.len ? buffer_slice(&gone) : S(""), text));
}

FUZZ(regex)
{
	struct slice body, text = slice_cut(f->input, '\n', &body), whole, groups[REGEX_GROUPS_MAX];
	struct regex_fault fault = { SIZE_MAX, SIZE_MAX, NULL };
	const struct regex *regex = regex_compile(&f->arena, body, &fault);

	text = slice_sub(text.ptr ? text : S(""), 0, TEXT_BYTES);
	if (!regex) {
		CHECK_FUZZ(f, fault.reason && fault.from <= fault.to && fault.to <= body.len);
		return;
	}
	bool finds = regex_run_finds(regex, text, 0);
	CHECK_FUZZ(f, regex_finds(regex, text) == finds);
	CHECK_FUZZ(f, !regex->dfa || regex_dfa_finds(regex->dfa, text, 0) == finds);
	for (size_t from = text.len / 2; regex->dfa && from <= text.len && from < text.len / 2 + 4; from++)
		CHECK_FUZZ(f, regex_dfa_finds(regex->dfa, text, from) == regex_run_finds(regex, text, from));
	CHECK_FUZZ(f, regex_search(regex, text, 0, &whole, groups) == finds);
	if (finds) {
		CHECK_FUZZ(f, whole.ptr >= text.ptr && whole.ptr + whole.len <= text.ptr + text.len);
		CHECK_FUZZ(f, regex->literal.len == 0 || slice_find(whole, regex->literal) != SLICE_NPOS);
		for (size_t i = 0; i < regex_group_count(regex); i++)
			CHECK_FUZZ(f, !groups[i].ptr || (groups[i].ptr >= whole.ptr && groups[i].ptr + groups[i].len <= whole.ptr + whole.len));
	}
	check_replaced(f, regex, text);
}
