/* services/reference_test.c: the printed reference says what the tables say. */
#include "services/reference.h"

#include "tests/test.h"

extern const struct service iam, sts;

static const struct service *const printed[] = { &iam, &sts, NULL };

TEST(reference_lists_members_with_their_bounds_errors_and_what_is_not_served)
{
	static const char *const lines[] = {
		"## AWS Identity and Access Management (`iam`)\n\nVersion 2010-05-08, Query; as of botocore ",
		"\n### CreateUser\n",
		"| UserName | string | required; at least 1; at most 64; `[\\w+=,.@-]+` |\n",
		"| Tags | list of Tag | at most 50 |\n",
		"| Password | string | at least 1; at most 128; `[\\u0009\\u000A\\u000D\\u0020-\\u00FF]+`; never in an event |\n",
		"| Path | string | at least 1; at most 512; `(\\u002F)\\|(\\u002F[\\u0021-\\u007E]+\\u002F)` |\n",
		"Errors: LimitExceeded (409), EntityAlreadyExists (409), ",
		"## AWS Security Token Service (`sts`)",
		"\nNot served: ",
	};
	struct buffer out;

	buffer_init(&out, &t->arena, 1 << 20);
	reference_write_markdown(&out, printed);
	for (size_t i = 0; i < COUNT(lines); i++)
		if (slice_find(buffer_slice(&out), slice_of(lines[i])) == SLICE_NPOS)
			test_failed(t, __FILE__, __LINE__, "the reference lacks: %s", lines[i]);
	CHECK(t, !out.is_over);
}

TEST(reference_names_are_one_a_line)
{
	struct buffer out;

	buffer_init(&out, &t->arena, 1 << 20);
	reference_write_names(&out, printed);
	CHECK(t, slice_find(buffer_slice(&out), S("\niam CreateUser\n")) != SLICE_NPOS);
	CHECK(t, slice_has_suffix(buffer_slice(&out), S("sts GetSessionToken\n")));
}
