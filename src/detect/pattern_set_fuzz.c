/* detect/pattern_set_fuzz.c: of any patterns and any message, a set, each pattern alone and the plainest reader say the same.
 *
 * The input is a pattern a line, an empty line, and the message. */
#include "detect/pattern_set.h"
#include "tests/fuzz.h"
#include "tests/pattern_oracle.h"

enum { PATTERNS_MAX = 80 };

FUZZ(pattern_set)
{
	const struct pattern *patterns[PATTERNS_MAX];
	struct slice texts[PATTERNS_MAX], rest = f->input, line = S("x");
	struct pattern_set_result result;
	size_t count = 0;

	while (rest.ptr && line.len > 0 && count < PATTERNS_MAX) {
		rest = slice_cut(rest, '\n', &line);
		texts[count] = line;
		patterns[count] = pattern_compile(&f->arena, line, NULL, &f->err);
		count += patterns[count] != NULL;
	}
	struct slice message = rest.ptr ? rest : S("");
	struct pattern_set_reader *reader = pattern_set_reader_new(pattern_set_compile(&f->arena, patterns, count));
	if (pattern_set_match(reader, message, &result, &f->err))
		for (size_t i = 0; i < count; i++) {
			bool knows, want = oracle_matches(&f->arena, texts[i], message, &knows);
			CHECK_FUZZ(f, !knows || pattern_set_has(&result, i) == want);
			CHECK_FUZZ(f, pattern_set_has(&result, i) == pattern_matches(patterns[i], message, &f->arena));
		}
	pattern_set_reader_free(reader);
}
