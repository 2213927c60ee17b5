/* regex/regex_literal.c: runs of single characters in a tree, and the longest of them. */
#include "regex/regex_literal.h"

#include "base/limits.h"
#include "codec/utf8.h"

struct finder {
	struct buffer now;                      /* the run at hand, */
	bool          is_first;                 /* which begins the expression */
	bool          is_all;                   /* nothing but characters so far */
	struct regex_literal best;
};

/* The only character of a set. The one that stands for broken UTF-8 is none: its bytes need not be in the text. */
static bool is_single(const struct regex_set *set, uint32_t *code_point)
{
	uint64_t low = set->ascii[0], high = set->ascii[1];

	if (set->is_negated)
		return false;
	if (set->range_count == 1 && low == 0 && high == 0 && set->ranges[0].from == set->ranges[0].to) {
		*code_point = set->ranges[0].from;
		return *code_point != 0xfffd && !(*code_point >= 0xd800 && *code_point <= 0xdfff);
	}
	if (set->range_count > 0 || __builtin_popcountll(low) + __builtin_popcountll(high) != 1)
		return false;
	*code_point = (uint32_t)(low ? __builtin_ctzll(low) : 64 + __builtin_ctzll(high));
	return true;
}

/* Something else than a character: a run ends here. */
static void end_run(struct finder *f)
{
	struct slice text = f->now.len ? buffer_slice(&f->now) : S("");

	if (text.len > f->best.text.len) {
		f->best.text = arena_copy(f->now.arena, text);
		f->best.is_first = f->is_first;
	}
	buffer_truncate(&f->now, 0);
	f->is_first = false;
}

static void visit(struct finder *f, const struct regex_node *node)
{
	uint32_t code_point;
	char bytes[4];

	switch (node->kind) {
	case NODE_NOTHING:
		return;
	case NODE_ASSERT:                       /* takes no character: what is around it stands together */
		f->is_all = false;
		return;
	case NODE_SET:
		if (is_single(&node->set, &code_point)) {
			buffer_add(&f->now, (struct slice){ bytes, utf8_encode(code_point, bytes) });
			return;
		}
		break;
	case NODE_SEQUENCE:
		for (const struct regex_node *part = node->first; part; part = part->next)
			visit(f, part);
		return;
	case NODE_GROUP:
		visit(f, node->first);
		return;
	case NODE_CHOICE:
	case NODE_REPEAT:
		break;
	}
	end_run(f);
	f->is_all = false;
}

struct regex_literal regex_literal_find(struct arena *arena, const struct regex_node *root)
{
	struct finder f = { .is_first = true, .is_all = true, .best = { .text = S("") } };

	buffer_init(&f.now, arena, 4 * REGEX_BYTES_MAX);
	visit(&f, root);
	end_run(&f);
	f.best.is_all = f.is_all && f.best.text.len > 0;
	return f.best;
}
