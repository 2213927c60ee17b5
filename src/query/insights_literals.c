/* query/insights_literals.c: of conditions that must all hold the one with the longest text, of alternatives all of them. */
#include "query/insights_literals.h"

static bool is_searchable(const struct insights_literals *set)
{
	struct literals literals;

	return literals_init(&literals, set->texts, set->count);
}

/* Is there a character in it that no number is shown with? A number of the record may be spelled in another way than it is shown:
 * 1e3 is like '1000'. */
static bool is_of_no_number(struct slice text)
{
	for (size_t i = 0; i < text.len; i++)
		if (!strchr("0123456789.-", text.ptr[i]))
			return true;
	return false;
}

static bool add(struct insights_literals *set, struct slice text)
{
	if (set->count == LITERALS_MAX || !is_of_no_number(text))
		return false;
	set->texts[set->count++] = text;
	return true;
}

static bool is_plain(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || (c != '\0' && strchr(" _-:/@,=", c));
}

/* The longest run of characters that stand for themselves, in an alternative that has nothing else but dots, anchors and escaped
 * dots and slashes; SLICE_NONE where there is more in it. */
static struct slice longest_run(struct slice alternative)
{
	struct slice best = SLICE_NONE;
	size_t from = 0;

	for (size_t i = 0; i <= alternative.len; i++) {
		char c = i < alternative.len ? alternative.ptr[i] : '.';
		if (is_plain(c))
			continue;
		if (i - from > best.len)
			best = slice_sub(alternative, from, i - from);
		bool is_escape = c == '\\' && i + 1 < alternative.len && strchr("./", alternative.ptr[i + 1]);
		if (!is_escape && !(c == '.' || c == '$' || (c == '^' && i == 0)))
			return SLICE_NONE;
		i += is_escape;
		from = i + 1;
	}
	return best;
}

static bool add_regex(struct insights_literals *set, struct slice body)
{
	struct slice alternative;

	while (body.ptr) {
		body = slice_cut(body, '|', &alternative);
		struct slice run = longest_run(alternative);
		if (!run.ptr || !add(set, run))
			return false;
	}
	return true;
}

static size_t shortest(const struct insights_literals *set)
{
	size_t length = SIZE_MAX;

	for (size_t i = 0; i < set->count; i++)
		length = set->texts[i].len < length ? set->texts[i].len : length;
	return set->count ? length : 0;
}

static bool find(const struct insights_predicate *p, struct insights_literals *set);

static bool find_both(const struct insights_predicate *p, struct insights_literals *set)
{
	struct insights_literals left = { .count = 0 }, right = { .count = 0 };
	bool has_left = find(p->left, &left), has_right = find(p->right, &right);

	if (p->kind == PREDICATE_OR) {
		*set = left;
		for (size_t i = 0; i < right.count; i++)
			if (!add(set, right.texts[i]))
				return false;
		return has_left && has_right;
	}
	*set = !has_right || (has_left && shortest(&left) >= shortest(&right)) ? left : right;
	return has_left || has_right;
}

static bool find(const struct insights_predicate *p, struct insights_literals *set)
{
	bool is_found = true;

	switch (p->kind) {
	case PREDICATE_AND:
	case PREDICATE_OR:
		return find_both(p, set);
	case PREDICATE_EQUAL:
	case PREDICATE_LIKE:
		for (size_t i = 0; i < p->text_count; i++)
			is_found = is_found && add(set, p->texts[i]);
		break;
	case PREDICATE_REGEX:
		is_found = add_regex(set, p->expr->args[1]->text);
		break;
	case PREDICATE_NOT:
	case PREDICATE_EXPR:
	case PREDICATE_PRESENT:
		return false;
	}
	return is_found && !p->is_negated && is_searchable(set);
}

bool insights_literals_find(const struct insights_program *program, struct insights_literals *literals)
{
	const struct insights_stage *stage = program->stages;

	*literals = (struct insights_literals){ .count = 0 };
	for (size_t i = 0; i < stage->step_count; i++) {
		struct insights_literals found = { .count = 0 };
		if (stage->steps[i].kind == ACTION_TEST && find(stage->steps[i].test, &found) && shortest(&found) > shortest(literals))
			*literals = found;
	}
	return literals->count > 0;
}
