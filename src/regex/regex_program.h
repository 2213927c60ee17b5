/* regex/regex_program.h: what a regular expression is compiled to: steps of a machine with many heads. */
#ifndef SPOOR_REGEX_REGEX_PROGRAM_H
#define SPOOR_REGEX_REGEX_PROGRAM_H

#include "regex/regex.h"

struct regex_range {
	uint32_t from, to;                      /* code points, both included */
};

struct regex_set {                              /* of characters */
	uint64_t                  ascii[2];
	struct regex_range       *ranges;       /* beyond ASCII; once regex_set_settle() has been there in order and apart */
	size_t                    range_count;
	bool                      is_negated;   /* of the ranges only; `ascii` is as it is */
};

enum regex_step_kind { STEP_SET, STEP_SPLIT, STEP_JUMP, STEP_SAVE, STEP_ASSERT, STEP_MATCH };

enum regex_assertion { ASSERT_TEXT_START, ASSERT_TEXT_END, ASSERT_LINE_START, ASSERT_LINE_END, ASSERT_WORD, ASSERT_NO_WORD };

struct regex_step {
	enum regex_step_kind    kind;
	const struct regex_set *set;            /* SET, then the next step */
	size_t                  first, second;  /* SPLIT: where to, and which is liked better; JUMP: first; SAVE: which place */
	enum regex_assertion    assertion;
};

struct regex {
	struct regex_step  *steps;
	size_t              step_count;
	const struct slice *names;
	size_t              group_count;
	struct slice        literal;            /* without which there is no match; may be empty */
	bool                literal_is_first;   /* every match begins with it */
	bool                literal_is_all;     /* and is nothing else */
	const struct regex_dfa *dfa;            /* NULL: it would be too large */
};

bool regex_program_takes(const struct regex_set *set, uint32_t code_point);

/* Is it found at or behind `from`? By the machine with many heads alone. */
bool regex_run_finds(const struct regex *regex, struct slice text, size_t from);

/* As regex_search(). *left (may be NULL) is how many characters may still be read, and how many then; at 0 it gives up, and finds
 * nothing. */
bool regex_run_search(const struct regex *regex, struct slice text, size_t from, struct slice *whole, struct slice *groups,
                      size_t *left);

#endif
