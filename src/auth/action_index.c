/* auth/action_index.c: two arrays sorted by hash: documents are small, and a binary search touches few cache lines. */
#include "auth/action_index.h"

#include "auth/wildcard.h"

static char lower(char byte)
{
	return byte >= 'A' && byte <= 'Z' ? (char)(byte + ('a' - 'A')) : byte;
}

bool action_name_init(struct action_name *name, struct slice action)
{
	struct slice service;

	if (action.len > sizeof name->lower)
		return false;
	for (size_t i = 0; i < action.len; i++)
		name->lower[i] = lower(action.ptr[i]);
	name->text = (struct slice){ name->lower, action.len };
	slice_cut(name->text, ':', &service);
	name->hash = hash64(name->text);
	name->service_hash = hash64(service);
	return true;
}

void action_index_init(struct action_index *index, struct arena *arena, size_t rule_max)
{
	*index = (struct action_index){ .rules = arena_array(arena, rule_max + 1, sizeof *index->rules) };
}

static bool has_wildcard(struct slice pattern)
{
	return slice_find_byte(pattern, (char)WILDCARD_STAR) != SLICE_NPOS
	    || slice_find_byte(pattern, (char)WILDCARD_ONE) != SLICE_NPOS;
}

void action_index_add(struct action_index *index, struct arena *arena, struct slice pattern, uint32_t statement,
                      bool is_excluded)
{
	char *copy = arena_alloc(arena, pattern.len + 1);
	struct slice service;

	for (size_t i = 0; i < pattern.len; i++)
		copy[i] = lower(pattern.ptr[i]);
	struct wildcard wildcard = wildcard_compile(arena, (struct slice){ copy, pattern.len }, WILDCARD_STARS);
	struct action_rule rule = { .pattern = wildcard.text, .statement = statement };
	bool has_service = slice_cut(rule.pattern, ':', &service).ptr && !has_wildcard(service);

	rule.kind = is_excluded                 ? RULE_EXCLUDED
	          : !has_wildcard(rule.pattern) ? RULE_EXACT
	          : has_service                 ? RULE_OF_SERVICE
	                                        : RULE_OPEN;
	if (rule.kind == RULE_EXACT)
		rule.hash = hash64(rule.pattern);
	else if (rule.kind == RULE_OF_SERVICE)
		rule.hash = hash64(service);
	index->rules[index->count++] = rule;
}

static int by_kind_and_hash(const void *a, const void *b)
{
	const struct action_rule *x = a, *y = b;

	if (x->kind != y->kind)
		return x->kind > y->kind ? 1 : -1;
	if (x->hash != y->hash)
		return x->hash > y->hash ? 1 : -1;
	return (x->statement > y->statement) - (x->statement < y->statement);
}

void action_index_seal(struct action_index *index)
{
	qsort(index->rules, index->count, sizeof *index->rules, by_kind_and_hash);
	for (size_t i = 0; i < index->count; i++)
		index->first[index->rules[i].kind + 1] = i + 1;
	for (int kind = 1; kind <= RULE_KIND_COUNT; kind++)
		if (index->first[kind] < index->first[kind - 1])
			index->first[kind] = index->first[kind - 1];
}

/* The first rule of the kind with that hash; the caller goes on while the hash is the same. */
static size_t first_with(const struct action_index *index, enum action_rule_kind kind, uint64_t hash)
{
	size_t low = index->first[kind], high = index->first[kind + 1];

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (index->rules[middle].hash < hash)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static bool has_bit(const uint64_t *bits, uint32_t at)
{
	return bits[at / 64] >> (at % 64) & 1;
}

static void set_bit(uint64_t *bits, uint32_t at)
{
	bits[at / 64] |= UINT64_C(1) << (at % 64);
}

static void select_excluded(const struct action_index *index, struct slice action, uint64_t *bits)
{
	for (size_t i = index->first[RULE_EXCLUDED], end = index->first[RULE_EXCLUDED + 1]; i < end;) {
		uint32_t statement = index->rules[i].statement;
		bool is_listed = false;

		for (; i < end && index->rules[i].statement == statement; i++)
			is_listed = is_listed || wildcard_match(index->rules[i].pattern, action);
		if (!is_listed)
			set_bit(bits, statement);
	}
}

static void select_pattern(const struct action_rule *rule, struct slice action, uint64_t *bits)
{
	if (!has_bit(bits, rule->statement) && wildcard_match(rule->pattern, action))
		set_bit(bits, rule->statement);
}

void action_index_select(const struct action_index *index, const struct action_name *name, uint64_t *bits)
{
	const struct action_rule *rules = index->rules;
	const size_t *first = index->first;

	for (size_t i = first_with(index, RULE_EXACT, name->hash);
	     i < first[RULE_EXACT + 1] && rules[i].hash == name->hash; i++)
		if (slice_equal(rules[i].pattern, name->text))
			set_bit(bits, rules[i].statement);
	for (size_t i = first_with(index, RULE_OF_SERVICE, name->service_hash);
	     i < first[RULE_OF_SERVICE + 1] && rules[i].hash == name->service_hash; i++)
		select_pattern(&rules[i], name->text, bits);
	for (size_t i = first[RULE_OPEN]; i < first[RULE_OPEN + 1]; i++)
		select_pattern(&rules[i], name->text, bits);
	select_excluded(index, name->text, bits);
}
