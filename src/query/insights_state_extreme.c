/* query/insights_state_extreme.c: the aggregates that are one value of a group's: min, max, sortsFirst, sortsLast, earliest, latest. */
#include "query/insights_state.h"

enum { JSON_DEPTH_MAX = 65 };                   /* jsonParse() takes 64, and values() gives a list */

/* ---- one value of all ---- */

struct kept {                                   /* a copy of a value */
	struct insights_order order;            /* of its row */
	enum value_kind       kind;
	bool                  has_text;
	uint32_t              text_bytes, text_room;    /* a text that is replaced again and again is not allocated each time */
	double                number;
	int64_t               time_ms;
	char                 *text;             /* of an object or array: as JSON */
};

static bool keep(struct insights_keeper *keeper, struct kept *kept, const struct value *value, const struct insights_order *order)
{
	struct slice text = value->kind == VALUE_JSON ? value_to_text(value, &keeper->scratch) : value->text;

	kept->order = *order;
	kept->kind = value->kind;
	kept->number = value->number;
	kept->time_ms = value->time_ms;
	kept->has_text = value->kind != VALUE_TIME && text.ptr;
	if (!kept->has_text)
		return true;
	if (text.len > kept->text_room) {
		size_t room = kept->text && 2 * text.len < UINT32_MAX ? 2 * text.len : text.len;
		char *copy = text.len <= UINT32_MAX ? pool_zalloc(&keeper->pool, room) : NULL;
		if (!copy)
			return false;
		pool_free(&keeper->pool, kept->text, kept->text_room);
		kept->text = copy;
		kept->text_room = (uint32_t)room;
	}
	if (text.len > 0)
		memcpy(kept->text, text.ptr, text.len);
	kept->text_bytes = (uint32_t)text.len;
	return true;
}

/* What it is without a copy; of an object or array, its text. */
static struct value kept_value(const struct kept *kept)
{
	struct value value = { .kind = kept->kind, .number = kept->number, .time_ms = kept->time_ms };

	if (kept->has_text)
		value.text = kept->text_bytes ? (struct slice){ kept->text, kept->text_bytes } : S("");
	return value;
}

static struct value kept_result(const struct kept *kept, struct arena *arena)
{
	static const struct json_limits all = { .depth_max = JSON_DEPTH_MAX, .nodes_max = UINT32_MAX, .allow_duplicate_keys = true };
	struct value value = kept_value(kept);

	if (value.kind == VALUE_JSON)
		return value.text.ptr ? value_of_json(json_parse(arena, value.text, &all, NULL)) : value_none();
	return value;
}

/* ---- min, max ---- */

struct extreme {
	bool        has_number;                 /* then texts do not matter any more */
	double      number;
	struct kept text;
};

static bool extreme_number(struct extreme *extreme, double number, int sign)
{
	if (!extreme->has_number || sign * number > sign * extreme->number)
		extreme->number = number;
	extreme->has_number = true;
	return true;
}

static bool extreme_text(struct insights_keeper *keeper, struct extreme *extreme, const struct value *value,
                         const struct insights_order *order, int sign)
{
	bool is_better = extreme->text.kind == VALUE_NONE
	              || sign * slice_compare(value->text, kept_value(&extreme->text).text) > 0;

	return !is_better || keep(keeper, &extreme->text, value, order);
}

static bool extreme_add(struct insights_keeper *keeper, struct extreme *extreme, const struct insights_fact *fact, int sign)
{
	double number;

	if (value_to_number(fact->arg, &number))
		return extreme_number(extreme, number, sign);
	if (extreme->has_number || fact->arg->kind != VALUE_TEXT)
		return true;
	return extreme_text(keeper, extreme, fact->arg, fact->order, sign);
}

static bool extreme_merge(struct insights_keeper *keeper, struct extreme *into, struct extreme *from, int sign)
{
	struct value text = kept_value(&from->text);

	if (from->has_number)
		return extreme_number(into, from->number, sign);
	return into->has_number || text.kind == VALUE_NONE || extreme_text(keeper, into, &text, &from->text.order, sign);
}

STATE_ADD(min_add)
{
	return extreme_add(keeper, state, fact, -1);
}

STATE_ADD(max_add)
{
	return extreme_add(keeper, state, fact, 1);
}

STATE_MERGE(min_merge)
{
	return extreme_merge(keeper, into, from, -1);
}

STATE_MERGE(max_merge)
{
	return extreme_merge(keeper, into, from, 1);
}

STATE_RESULT(extreme_result)
{
	const struct extreme *extreme = state;

	return extreme->has_number ? value_number(extreme->number) : kept_result(&extreme->text, arena);
}

/* ---- sortsFirst, sortsLast: of several that sort alike, that of the first row ---- */

static bool sorted_offer(struct insights_keeper *keeper, struct kept *kept, const struct value *value, const struct insights_order *order,
                         int sign)
{
	struct value best = kept_value(kept);
	int sorts = best.kind == VALUE_NONE ? 1 : sign * value_sort_order(value, &best);

	if (value->kind == VALUE_NONE || value->kind == VALUE_JSON || sorts < 0
	    || (sorts == 0 && !insights_order_is_before(order, &kept->order)))
		return true;
	return keep(keeper, kept, value, order);
}

static bool sorted_merge(struct insights_keeper *keeper, struct kept *into, const struct kept *from, int sign)
{
	struct value value = kept_value(from);

	return sorted_offer(keeper, into, &value, &from->order, sign);
}

STATE_ADD(sorts_first_add)
{
	return sorted_offer(keeper, state, fact->arg, fact->order, -1);
}

STATE_ADD(sorts_last_add)
{
	return sorted_offer(keeper, state, fact->arg, fact->order, 1);
}

STATE_MERGE(sorts_first_merge)
{
	return sorted_merge(keeper, into, from, -1);
}

STATE_MERGE(sorts_last_merge)
{
	return sorted_merge(keeper, into, from, 1);
}

STATE_RESULT(sorted_result)
{
	return kept_result(state, arena);
}

/* ---- earliest, latest: of several of one time, the row that comes first is the latest and the last the earliest ---- */

struct timed {
	double      time;
	struct kept kept;
};

static bool is_better_time(const struct timed *timed, double time, const struct insights_order *order, int sign)
{
	if (timed->kept.kind == VALUE_NONE || time != timed->time)
		return timed->kept.kind == VALUE_NONE || sign * time > sign * timed->time;
	return insights_order_is_before(order, &timed->kept.order) == (sign > 0);
}

static bool timed_add(struct insights_keeper *keeper, struct timed *timed, const struct insights_fact *fact, int sign)
{
	double time;

	if (fact->arg->kind == VALUE_NONE || !value_to_number(fact->time, &time)
	    || !is_better_time(timed, time, fact->order, sign))
		return true;
	timed->time = time;
	return keep(keeper, &timed->kept, fact->arg, fact->order);
}

/* The text moves over with its room: both are of one pool by now. */
static bool timed_merge(struct insights_keeper *keeper, struct timed *into, const struct timed *from, int sign)
{
	if (from->kept.kind == VALUE_NONE || !is_better_time(into, from->time, &from->kept.order, sign))
		return true;
	pool_free(&keeper->pool, into->kept.text, into->kept.text_room);
	*into = *from;
	return true;
}

STATE_ADD(earliest_add)
{
	return timed_add(keeper, state, fact, -1);
}

STATE_ADD(latest_add)
{
	return timed_add(keeper, state, fact, 1);
}

STATE_MERGE(earliest_merge)
{
	return timed_merge(keeper, into, from, -1);
}

STATE_MERGE(latest_merge)
{
	return timed_merge(keeper, into, from, 1);
}

STATE_RESULT(timed_result)
{
	const struct timed *timed = state;

	return timed->kept.kind == VALUE_TIME ? value_number((double)timed->kept.time_ms) : kept_result(&timed->kept, arena);
}


/* ---- all ---- */

const struct insights_state_kind
	insights_state_min         = { sizeof(struct extreme), false, min_add, min_merge, NULL, extreme_result },
	insights_state_max         = { sizeof(struct extreme), false, max_add, max_merge, NULL, extreme_result },
	insights_state_sorts_first = { sizeof(struct kept), false, sorts_first_add, sorts_first_merge, NULL, sorted_result },
	insights_state_sorts_last  = { sizeof(struct kept), false, sorts_last_add, sorts_last_merge, NULL, sorted_result },
	insights_state_earliest    = { sizeof(struct timed), false, earliest_add, earliest_merge, NULL, timed_result },
	insights_state_latest      = { sizeof(struct timed), false, latest_add, latest_merge, NULL, timed_result };
