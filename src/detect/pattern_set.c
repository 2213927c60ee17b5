/* detect/pattern_set.c: fields of all patterns, triggers by field, and the patterns that a trigger names. */
#include "detect/pattern_set.h"

#include "base/buffer.h"
#include "base/limits.h"
#include "base/map.h"
#include "detect/pattern_parts.h"

enum { WORD_BITS = 64, KEY_BYTES_MAX = 64 << 10 };

/* A condition that wakes patterns up, once for all patterns that have it. */
struct trigger {
	const struct pattern_condition *condition;
	uint32_t                       *patterns;
	size_t                          count, room;
	struct trigger                 *next;            /* of this field and kind */
};

struct watch {                                           /* what is asked of one field */
	struct trigger  *texts;                          /* `=` and a text without wildcards, ... */
	struct trigger **table;                          /* ... by the text's hash; NULL: there are none */
	size_t           text_count, mask;
	struct trigger  *others;
};

struct member {                                          /* a pattern of the set */
	const struct pattern           *pattern;
	const struct pattern_condition *conditions;      /* with the set's numbers of fields */
};

struct pattern_set {
	size_t                       count, words;       /* patterns; words of a bit each */
	struct member               *members;
	const struct pattern_fields *fields;
	struct watch                *watches;            /* one a field */
	size_t                       field_count;
	uint64_t                    *unshared;           /* patterns that are no JSON patterns */
	bool                         has_json, has_unshared;
};

struct pattern_set_reader {
	const struct pattern_set *set;
	struct arena              scratch;
	struct json_index         index;
	struct pattern_found     *found;
	uint64_t                 *awake, *matched;
};

/* ---- compiling ---- */

struct compiler {
	struct arena                         *arena;
	struct pattern_set                   *set;
	struct map                            selectors, triggers;
	const struct pattern_selector       **list;      /* distinct, by number */
	struct buffer                         key;
};

/* Equal selectors have equal keys: no name has a NUL in it. */
static struct slice selector_key(struct compiler *compiler, const struct pattern_selector *selector)
{
	buffer_truncate(&compiler->key, 0);
	for (size_t i = 0; i < selector->count; i++) {
		const struct pattern_step *step = &selector->steps[i];
		buffer_printf(&compiler->key, "%d %" PRIu64 " ", (int)step->kind, step->index);
		buffer_add(&compiler->key, step->name);
		buffer_byte(&compiler->key, 0);
	}
	return buffer_slice(&compiler->key);
}

/* Equal conditions on one field have equal keys. */
static struct slice condition_key(struct compiler *compiler, const struct pattern_condition *condition)
{
	const struct pattern_literal *literal = &condition->comparison.literal;

	buffer_truncate(&compiler->key, 0);
	buffer_printf(&compiler->key, "%zu %d %d %d %d %d ", condition->selector, (int)condition->kind,
	              (int)condition->comparison.operator, (int)literal->kind, literal->any_before, literal->any_after);
	buffer_add(&compiler->key, literal->text);
	return buffer_slice(&compiler->key);
}

static size_t field_number(struct compiler *compiler, const struct pattern_selector *selector)
{
	struct slice key = selector_key(compiler, selector);
	const struct pattern_selector **place = map_find(&compiler->selectors, key);

	if (!place) {
		place = &compiler->list[compiler->set->field_count++];
		*place = selector;
		map_put(&compiler->selectors, arena_copy(compiler->arena, key), place);
	}
	return (size_t)(place - compiler->list);
}

/* How often a condition is true, in a manner of speaking: what is compared with one text seldom is, what exists often. */
static size_t frequency(const struct pattern_condition *condition)
{
	const struct pattern_literal *literal = &condition->comparison.literal;

	if (condition->kind != CONDITION_COMPARES || condition->comparison.operator != PATTERN_EQUAL)
		return 1000;
	if (literal->kind == LITERAL_TEXT && !literal->any_before && !literal->any_after)
		return 1;
	return literal->kind == LITERAL_TEXT && literal->text.len == 0 ? 1000 : 10;
}

static size_t frequency_of(const struct pattern_condition *conditions, const struct pattern_expression *expression)
{
	size_t sum = 0, least = SIZE_MAX;

	if (expression->kind == EXPRESSION_CONDITION)
		return frequency(&conditions[expression->condition]);
	for (const struct pattern_expression *part = expression->first; part; part = part->next) {
		size_t one = frequency_of(conditions, part);
		sum += one;
		least = one < least ? one : least;
	}
	return expression->kind == EXPRESSION_OR ? sum : least;
}

static bool is_one_text(const struct pattern_condition *condition)
{
	return frequency(condition) == 1;
}

static void add_trigger(struct compiler *compiler, const struct pattern_condition *condition, size_t pattern)
{
	struct slice key = condition_key(compiler, condition);
	struct trigger *trigger = map_find(&compiler->triggers, key);
	struct watch *watch = &compiler->set->watches[condition->selector];

	if (!trigger) {
		trigger = arena_new(compiler->arena, struct trigger);
		trigger->condition = condition;
		map_put(&compiler->triggers, arena_copy(compiler->arena, key), trigger);
		struct trigger **list = is_one_text(condition) ? &watch->texts : &watch->others;
		trigger->next = *list;
		*list = trigger;
		watch->text_count += is_one_text(condition);
	}
	if (trigger->count > 0 && trigger->patterns[trigger->count - 1] == pattern)
		return;
	if (trigger->count == trigger->room) {
		size_t room = trigger->room ? trigger->room * 2 : 1;
		uint32_t *patterns = arena_array(compiler->arena, room, sizeof *patterns);
		if (trigger->count)
			memcpy(patterns, trigger->patterns, trigger->count * sizeof *patterns);
		trigger->patterns = patterns;
		trigger->room = room;
	}
	trigger->patterns[trigger->count++] = (uint32_t)pattern;
}

/* Conditions of which one must hold if the expression does. */
static void add_triggers(struct compiler *compiler, const struct pattern_expression *expression, size_t pattern)
{
	const struct pattern_condition *conditions = compiler->set->members[pattern].conditions;
	const struct pattern_expression *rarest = expression->first;

	switch (expression->kind) {
	case EXPRESSION_CONDITION:
		add_trigger(compiler, &conditions[expression->condition], pattern);
		break;
	case EXPRESSION_OR:
		for (const struct pattern_expression *part = expression->first; part; part = part->next)
			add_triggers(compiler, part, pattern);
		break;
	case EXPRESSION_AND:
		for (const struct pattern_expression *part = rarest->next; part; part = part->next)
			if (frequency_of(conditions, part) < frequency_of(conditions, rarest))
				rarest = part;
		add_triggers(compiler, rarest, pattern);
	}
}

static void make_table(struct arena *arena, struct watch *watch)
{
	size_t room = 4;

	while (room < watch->text_count * 2)
		room *= 2;
	watch->table = arena_array(arena, room, sizeof(struct trigger *));
	watch->mask = room - 1;
	for (struct trigger *trigger = watch->texts; trigger; trigger = trigger->next) {
		size_t at = hash64(trigger->condition->comparison.literal.text) & watch->mask;
		while (watch->table[at])
			at = (at + 1) & watch->mask;
		watch->table[at] = trigger;
	}
}

/* The conditions of a pattern, with numbers of the set's fields instead of its own. */
static const struct pattern_condition *renumber(struct compiler *compiler, const struct pattern_json *json)
{
	struct pattern_condition *conditions = arena_array(compiler->arena, json->condition_count, sizeof *conditions);

	for (size_t i = 0; i < json->condition_count; i++) {
		conditions[i] = json->conditions[i];
		conditions[i].selector = field_number(compiler, json->selectors[conditions[i].selector]);
	}
	return conditions;
}

static void compile_members(struct compiler *compiler, const struct pattern *const *patterns)
{
	struct pattern_set *set = compiler->set;
	size_t selector_count = 0;

	for (size_t i = 0; i < set->count; i++)
		selector_count += patterns[i]->json ? patterns[i]->json->selector_count : 0;
	compiler->list = arena_array(compiler->arena, selector_count, sizeof(const struct pattern_selector *));
	set->watches = arena_array(compiler->arena, selector_count, sizeof *set->watches);
	for (size_t i = 0; i < set->count; i++) {
		struct member *member = &set->members[i];
		member->pattern = patterns[i];
		if (patterns[i]->form == PATTERN_JSON) {
			set->has_json = true;
			member->conditions = renumber(compiler, patterns[i]->json);
			add_triggers(compiler, patterns[i]->json->expression, i);
		} else {
			set->has_unshared = true;
			set->unshared[i / WORD_BITS] |= (uint64_t)1 << (i % WORD_BITS);
		}
	}
	for (size_t i = 0; i < set->field_count; i++)
		if (set->watches[i].text_count > 0)
			make_table(compiler->arena, &set->watches[i]);
}

const struct pattern_set *pattern_set_compile(struct arena *arena, const struct pattern *const *patterns, size_t count)
{
	struct pattern_set *set = arena_new(arena, struct pattern_set);
	struct compiler compiler = { .arena = arena, .set = set };

	set->count = count;
	set->words = (count + WORD_BITS - 1) / WORD_BITS;
	set->members = arena_array(arena, count, sizeof *set->members);
	set->unshared = arena_array(arena, set->words, sizeof *set->unshared);
	map_init(&compiler.selectors, 0);
	map_init(&compiler.triggers, 0);
	buffer_init(&compiler.key, arena, KEY_BYTES_MAX);
	compile_members(&compiler, patterns);
	set->fields = pattern_fields_compile(arena, compiler.list, set->field_count);
	map_fini(&compiler.selectors);
	map_fini(&compiler.triggers);
	return set;
}

size_t pattern_set_count(const struct pattern_set *set)
{
	return set->count;
}

/* ---- evaluating ---- */

struct pattern_set_reader *pattern_set_reader_new(const struct pattern_set *set)
{
	struct pattern_set_reader *reader = xcalloc(1, sizeof *reader);

	reader->set = set;
	arena_init(&reader->scratch, PATTERN_SCRATCH_BYTES_MAX);
	reader->found = xcalloc(set->field_count + 1, sizeof *reader->found);
	reader->awake = xcalloc(set->words + 1, sizeof *reader->awake);
	reader->matched = xcalloc(set->words + 1, sizeof *reader->matched);
	return reader;
}

void pattern_set_reader_free(struct pattern_set_reader *reader)
{
	if (!reader)
		return;
	arena_fini(&reader->scratch);
	json_index_fini(&reader->index);
	free(reader->found);
	free(reader->awake);
	free(reader->matched);
	free(reader);
}

static void wake(struct pattern_set_reader *reader, const struct trigger *trigger)
{
	for (size_t i = 0; i < trigger->count; i++)
		reader->awake[trigger->patterns[i] / WORD_BITS] |= (uint64_t)1 << (trigger->patterns[i] % WORD_BITS);
}

static void look_up(struct pattern_set_reader *reader, const struct watch *watch, struct slice text)
{
	const struct trigger *trigger;

	for (size_t at = hash64(text) & watch->mask; (trigger = watch->table[at]); at = (at + 1) & watch->mask)
		if (slice_equal(trigger->condition->comparison.literal.text, text))
			wake(reader, trigger);
}

/* False: some field cannot be read, so no JSON pattern matches. */
static bool wake_all(struct pattern_set_reader *reader, const struct pattern_record *record)
{
	const struct pattern_set *set = reader->set;

	if (!pattern_fields_find(set->fields, record, &reader->scratch, reader->found))
		return false;
	for (size_t i = 0; i < set->field_count; i++) {
		const struct watch *watch = &set->watches[i];
		const struct pattern_found *found = &reader->found[i];
		for (size_t k = 0; watch->table && k < found->count; k++)
			if (found->fields[k].text.ptr)
				look_up(reader, watch, found->fields[k].text);
		for (const struct trigger *trigger = watch->others; trigger; trigger = trigger->next)
			if (pattern_json_holds(trigger->condition, found))
				wake(reader, trigger);
	}
	return true;
}

static void set_bit(struct pattern_set_reader *reader, size_t pattern, struct pattern_set_result *result)
{
	reader->matched[pattern / WORD_BITS] |= (uint64_t)1 << (pattern % WORD_BITS);
	result->count++;
}

/* The patterns that are awake, and then whether what they matched is JSON to its end. */
static void match_fields(struct pattern_set_reader *reader, const struct pattern_record *record,
                         struct pattern_set_result *result)
{
	const struct pattern_set *set = reader->set;

	result->is_broken = !wake_all(reader, record);
	for (size_t word = 0; word < set->words && !result->is_broken; word++)
		for (uint64_t bits = reader->awake[word]; bits; bits &= bits - 1) {
			size_t pattern = word * WORD_BITS + (size_t)__builtin_ctzll(bits);
			const struct member *member = &set->members[pattern];
			if (pattern_json_expression_holds(member->conditions, member->pattern->json->expression, reader->found))
				set_bit(reader, pattern, result);
		}
	if (result->count > 0 && !pattern_record_is_json(record, &reader->scratch)) {
		memset(reader->matched, 0, set->words * sizeof *reader->matched);
		result->count = 0;
		result->is_broken = true;
	}
}

static void match_message(struct pattern_set_reader *reader, struct slice message, struct pattern_set_result *result)
{
	const struct pattern_set *set = reader->set;

	for (size_t word = 0; word < set->words; word++)
		for (uint64_t bits = set->unshared[word]; bits; bits &= bits - 1) {
			size_t pattern = word * WORD_BITS + (size_t)__builtin_ctzll(bits);
			if (pattern_matches(set->members[pattern].pattern, message, &reader->scratch))
				set_bit(reader, pattern, result);
		}
}

static void begin(struct pattern_set_reader *reader, struct pattern_set_result *result)
{
	arena_reset(&reader->scratch, PATTERN_SCRATCH_KEEP_BYTES);
	memset(reader->awake, 0, reader->set->words * sizeof *reader->awake);
	memset(reader->matched, 0, reader->set->words * sizeof *reader->matched);
	*result = (struct pattern_set_result){ .matched = reader->matched };
}

bool pattern_set_match_record(struct pattern_set_reader *reader, const struct pattern_record *record,
                              struct pattern_set_result *result, struct error *err)
{
	begin(reader, result);
	if (reader->set->has_json)
		match_fields(reader, record, result);
	if (reader->set->has_unshared)
		match_message(reader, record->text, result);
	return arena_check(&reader->scratch, err);
}

bool pattern_set_match(struct pattern_set_reader *reader, struct slice message, struct pattern_set_result *result,
                       struct error *err)
{
	struct pattern_record record;

	begin(reader, result);
	if (reader->set->has_json && pattern_record_open(&record, &reader->index, message))
		match_fields(reader, &record, result);
	if (reader->set->has_unshared)
		match_message(reader, message, result);
	return arena_check(&reader->scratch, err);
}
