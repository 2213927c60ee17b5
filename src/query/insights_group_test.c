/* query/insights_group_test.c: groups of rows by chance, merged by chance, are those of the oracle, cell by cell. */
#include "query/insights_group.h"

#include "base/limits.h"
#include "base/random.h"
#include "query/insights_oracle.h"
#include "query/insights_parse.h"
#include "tests/test.h"

enum { TABLES_MAX = 7, ROWS_MAX = 120, BUDGET_BYTES = 64 << 20 };
static const int64_t FIRST_MS = INT64_C(1714557600000);

struct trial {
	struct test                *t;
	struct random               random;
	struct insights_event       events[ROWS_MAX];
	size_t                      count;
	const struct insights_plan *plan;
	struct insights_context     context;
	struct budget               budget;
};

struct placed_row {
	struct value         *cells;
	struct insights_order order;
};

struct placed_rows {
	struct placed_row *items;
	size_t             count;
};

/* ---- rows ---- */

static const char *const numbers[] = { "0", "1", "1.0", "2", "10", "-3", "0.1", "0.2", "0.3", "1e16", "-1e16", "1e300", "-1e300", "2.5", "1e-9",
	"9007199254740993", "123456789012345678901", "\"7\"", "\"01\"", "\"1\"", "\"0.1\"", "\"12.50\"", "true", "false" };
static const char *const others[] = { "\"\"", "\"a\"", "\"a10\"", "\"a9\"", "\"B\"", "\"Zebra\"", "\"a longer text than the others have\"", "null", "{\"x\":1}",
	"[1,2]", "\"{\\\"p\\\":[1,\\\"two\\\"],\\\"q\\\":null}\"", "\"[]\"", "\"2024-05-01\"", "\"\\u00e9\"" };

static uint64_t draw(struct trial *trial, uint64_t below)
{
	return random_u64(&trial->random) % below;
}

static const char *draw_value(struct trial *trial, uint64_t numbers_of_ten)
{
	return draw(trial, 10) < numbers_of_ten ? numbers[draw(trial, COUNT(numbers))] : others[draw(trial, COUNT(others))];
}

static void make_events(struct trial *trial, size_t count)
{
	uint64_t times = 1 + draw(trial, 20);

	trial->count = count;
	for (size_t i = 0; i < count; i++) {
		struct slice message = arena_format(&trial->t->arena, "{\"k\":%s,\"l\":%s,\"n\":%s,\"m\":%s,\"w\":%" PRIu64 ",\"f\":%.17g}",
		                                    others[draw(trial, COUNT(others))], draw_value(trial, 5), draw_value(trial, 9), draw_value(trial, 3),
		                                    draw(trial, 5), (double)draw(trial, 1000) / 7 * pow(2, (double)draw(trial, 40)));
		trial->events[i] = (struct insights_event){ .time_ms = FIRST_MS + (int64_t)(draw(trial, times) * 60000), .message = message,
		                                            .log_stream = S("s"), .log = S("l"), .ptr = S("p") };
	}
}

static struct placed_rows read_rows(struct trial *trial)
{
	struct arena *arena = &trial->t->arena;
	struct placed_rows rows = { arena_array(arena, trial->count + 1, sizeof *rows.items), trial->count };
	struct field *found = arena_array(arena, fields_count(trial->plan->fields) + 1, sizeof *found);
	struct json_index index = { .room = 0 };

	for (size_t i = 0; i < trial->count; i++) {
		rows.items[i].cells = arena_array(arena, trial->plan->slot_count + 1, sizeof(struct value));
		rows.items[i].order = (struct insights_order){ trial->events[i].time_ms, i / 10, i % 10, 0 };
		json_index_build(&index, trial->events[i].message, json_index_fastest());
		insights_row_read(trial->plan, &trial->events[i], &index, found, arena, rows.items[i].cells);
	}
	json_index_fini(&index);
	return rows;
}

/* ---- one stats over them ---- */

static void shuffle(struct trial *trial, struct placed_rows rows)
{
	for (size_t left = rows.count; left > 1; left--) {
		size_t at = (size_t)draw(trial, left);
		struct placed_row row = rows.items[at];
		rows.items[at] = rows.items[left - 1];
		rows.items[left - 1] = row;
	}
}

static bool fill_and_merge(struct trial *trial, struct placed_rows rows, struct insights_groups **tables, size_t count)
{
	for (size_t i = 0; i < rows.count; i++)
		if (!insights_groups_add(tables[draw(trial, count)], &trial->context, rows.items[i].cells, &rows.items[i].order, &trial->t->err))
			return false;
	for (size_t left = count; left > 1; left--) {
		size_t from = 1 + (size_t)draw(trial, left - 1), into = (size_t)draw(trial, from);
		struct insights_groups *empty = tables[from];
		if (!insights_groups_merge(tables[into], empty, &trial->t->err))
			return false;
		CHECK_NUMBER(trial->t, insights_groups_count(empty), 0);
		tables[from] = tables[left - 1];
		tables[left - 1] = empty;
	}
	return insights_groups_sort(tables[0], &trial->t->err);
}

/* The texts of rows outlive the tables, so that another stats can follow. */
static void copy_cells(struct arena *arena, struct value *cells, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct slice json = cells[i].kind == VALUE_JSON ? arena_copy(arena, value_to_text(&cells[i], arena)) : SLICE_NONE;
		cells[i].text = arena_copy(arena, cells[i].text);
		if (json.ptr)
			cells[i] = value_of_json(json_parse(arena, json, &JSON_LIMITS_DEFAULT, NULL));
	}
}

static struct placed_rows run_stats(struct trial *trial, const struct insights_command *stats, struct placed_rows rows)
{
	struct arena *arena = &trial->t->arena;
	struct insights_groups *tables[TABLES_MAX];
	struct placed_rows groups = { NULL, 0 };
	size_t count = 1 + (size_t)draw(trial, TABLES_MAX);
	uint64_t seed = random_u64(&trial->random);

	for (size_t i = 0; i < count; i++)
		tables[i] = insights_groups_new(stats, &trial->budget, seed);
	shuffle(trial, rows);
	if (fill_and_merge(trial, rows, tables, count)) {
		groups.count = insights_groups_count(tables[0]);
		groups.items = arena_array(arena, groups.count + 1, sizeof *groups.items);
		for (size_t i = 0; i < groups.count; i++) {
			groups.items[i].cells = arena_array(arena, trial->plan->slot_count + 1, sizeof(struct value));
			insights_groups_row(tables[0], i, &trial->context, groups.items[i].cells, &groups.items[i].order);
			copy_cells(arena, groups.items[i].cells, trial->plan->slot_count);
		}
	} else {
		CHECK(trial->t, false);
	}
	for (size_t i = 0; i < count; i++)
		insights_groups_free(tables[i]);
	CHECK_NUMBER(trial->t, trial->budget.used_bytes, 0);
	return groups;
}

/* ---- against the oracle ---- */

static const struct insights_plan *bind(struct test *t, const char *query)
{
	struct insights_query *tree = insights_parse(&t->arena, slice_of(query), NULL, &t->err);

	return tree ? insights_bind(&t->arena, tree, 0, NULL, &t->err) : NULL;
}

static void compare(struct trial *trial, const char *query, struct placed_rows got)
{
	struct test *t = trial->t;
	struct insights_rows want;

	REQUIRE(t, insights_oracle_run(trial->plan, &trial->context, trial->events, trial->count, 0, &want, &t->err));
	CHECK_NUMBER(t, got.count, want.count);
	for (size_t i = 0; i < got.count && i < want.count; i++)
		for (size_t column = 0; column < trial->plan->column_count; column++) {
			const struct insights_column *shown = &trial->plan->columns[column];
			const struct value *a = &got.items[i].cells[shown->slot], *b = &want.rows[i][shown->slot];
			struct slice text = value_to_text(a, &t->arena), wanted = value_to_text(b, &t->arena);
			bool is_same = a->kind == b->kind && !text.ptr == !wanted.ptr && slice_equal(text, wanted) && a->number == b->number;
			if (!is_same)
				test_failed(t, __FILE__, __LINE__, "%s: row %zu, %.*s: want %.*s (kind %d), got %.*s (kind %d)", query, i,
				            SLICE_ARG(shown->name), SLICE_ARG(wanted), (int)b->kind, SLICE_ARG(text), (int)a->kind);
		}
}

static void try_query(struct test *t, const char *query, uint64_t seed, size_t count)
{
	struct trial trial = { .t = t, .context = { .arena = &t->arena, .now_ms = FIRST_MS, .start_ms = FIRST_MS, .end_ms = FIRST_MS + 3600000 } };

	random_init_seeded(&trial.random, seed);
	budget_init(&trial.budget, BUDGET_BYTES);
	make_events(&trial, count);
	trial.plan = bind(t, query);
	REQUIRE(t, trial.plan != NULL);
	struct placed_rows rows = read_rows(&trial);
	for (const struct insights_command *command = trial.plan->query->first; command; command = command->next)
		rows = run_stats(&trial, command, rows);
	compare(&trial, query, rows);
	arena_reset(&t->arena, 1 << 20);
}

static void try_queries(struct test *t, const char *const *queries, size_t count)
{
	for (size_t i = 0; i < count; i++)
		for (uint64_t seed = 1; seed <= 25 && t->failed_checks == 0; seed++)
			try_query(t, queries[i], seed, (size_t)(seed * 7 % (ROWS_MAX + 1)));
}

TEST(insights_groups_are_those_of_the_oracle_for_every_aggregate)
{
	static const char *const queries[] = {
		"stats count(*), count(), count(k), count(n), count(missing), count(jsonParse(k)) by w",
		"stats count_distinct(k), count_distinct(l), count_distinct(n), count_distinct(@timestamp), count_distinct(missing) by w",
		"stats sum(n), sum(f), sum(k), sum(l), sum(w), sum(@timestamp) by w",
		"stats avg(n), avg(f), avg(k), avg(l), avg(w) by w",
		"stats min(n), min(k), min(l), min(m), min(f), min(@timestamp) by w",
		"stats max(n), max(k), max(l), max(m), max(f), max(@timestamp) by w",
		"stats pct(n, 0), pct(n, 50), pct(f, 90), pct(f, 99.9), pct(l, 100), pct(k, 50), pct(w, 25) by w",
		"stats stddev(n), stddev(f), stddev(k), stddev(w), variance(n), variance(f), variance(l), variance(w) by w",
		"stats earliest(n), earliest(k), earliest(m), earliest(@timestamp), earliest(jsonParse(k)) by w",
		"stats latest(n), latest(k), latest(m), latest(@timestamp), latest(jsonParse(k)), latest(jsonParse(k)) by w",
		"stats sortsFirst(n), sortsFirst(k), sortsFirst(l), sortsFirst(m), sortsFirst(@timestamp) by w",
		"stats sortsLast(n), sortsLast(k), sortsLast(l), sortsLast(m), sortsLast(@timestamp) by w",
		"stats values(k), values(n), values(l), values(f), values(@timestamp), values(jsonParse(k)), values(missing) by w",
		"stats sum(n)/count(*) as a, round(avg(f), 1) as b, concat(max(k), '-', count(*)) as c, ispresent(min(k)) as d by w",
	};
	try_queries(t, queries, COUNT(queries));
}

TEST(insights_groups_are_those_of_the_oracle_for_every_key)
{
	static const char *const queries[] = {
		"stats count(*)",
		"stats count(*) by k",
		"stats count(*) by l",
		"stats count(*) by n",
		"stats count(*) by f",
		"stats count(*) by missing",
		"stats count(*) by @timestamp",
		"stats count(*) by bin(5m)",
		"stats count(*), latest(k) by bin(2m), l, n",
		"stats count(*) by k, l",
		"stats count(*) by l, k",
		"stats count(*) by jsonParse(k), w",
		"stats count(*) by concat(k, l), strlen(m)",
		"stats count(*) by n = 1, n + 0",
		"stats max(w) by l as key",
	};
	try_queries(t, queries, COUNT(queries));
}

TEST(insights_groups_of_groups_are_those_of_the_oracle)
{
	static const char *const queries[] = {
		"stats count(*) as c by l, w | stats sum(c) as s, max(c) as m, values(l) by w | stats avg(s), values(m)",
		"stats max(@timestamp) as @timestamp, count(*) as c by l | stats latest(l), earliest(c), sum(c) by bin(5m)",
		"stats sum(f) as s by w, l | stats sum(s), stddev(s), pct(s, 75), sortsLast(l), sortsFirst(s) by l",
	};
	try_queries(t, queries, COUNT(queries));
}

/* ---- keys and bounds, row by row ---- */

struct table {
	struct budget           budget;
	struct insights_groups *groups;
	uint64_t                rows;
};

static void open_table(struct test *t, struct table *table, const char *query, size_t bound_bytes)
{
	const struct insights_plan *plan = bind(t, query);

	assert(plan);
	budget_init(&table->budget, bound_bytes);
	table->groups = insights_groups_new(plan->query->first, &table->budget, 5);
	table->rows = 0;
}

static bool add(struct test *t, struct table *table, struct value first, struct value second)
{
	struct value values[2] = { first, second }, time = value_time(0);
	struct insights_order order = { 0, 0, table->rows++, 0 };

	return insights_groups_add_values(table->groups, values, values, &time, &order, &t->err);
}

static void close_table(struct test *t, struct table *table)
{
	insights_groups_free(table->groups);
	CHECK_NUMBER(t, table->budget.used_bytes, 0);
}

TEST(insights_groups_keep_keys_apart_that_look_alike_when_joined)
{
	static const struct { struct slice first, second; } keys[] = {
		{ S_INIT("ab"), S_INIT("c") }, { S_INIT("a"), S_INIT("bc") }, { S_INIT("abc"), S_INIT("") }, { S_INIT(""), S_INIT("abc") },
		{ S_INIT("a\0b"), S_INIT("c") }, { S_INIT("a"), S_INIT("b\0c") }, { { NULL, 0 }, S_INIT("abc") }, { S_INIT("abc"), { NULL, 0 } },
		{ { NULL, 0 }, { NULL, 0 } }, { S_INIT(""), S_INIT("") }, { S_INIT("at\1"), S_INIT("b") }, { S_INIT("a"), S_INIT("t\1b") },
	};
	struct table table;

	open_table(t, &table, "stats count(*) by a, b", BUDGET_BYTES);
	for (size_t round = 0; round < 3; round++)
		for (size_t i = 0; i < COUNT(keys); i++)
			CHECK(t, add(t, &table, value_text(keys[i].first), value_text(keys[i].second)));
	CHECK_NUMBER(t, insights_groups_count(table.groups), COUNT(keys));
	close_table(t, &table);
}

TEST(insights_groups_take_keys_of_every_length)
{
	struct table table;
	char *text = arena_alloc(&t->arena, 300000);

	memset(text, 'x', 300000);
	open_table(t, &table, "stats count(*) by a", BUDGET_BYTES);
	for (size_t round = 0; round < 2; round++)
		for (size_t length = 0; length < 300000; length = length * 5 / 4 + 1)
			CHECK(t, add(t, &table, value_text((struct slice){ text, length }), value_none()));
	size_t lengths = 0;
	for (size_t length = 0; length < 300000; length = length * 5 / 4 + 1)
		lengths++;
	CHECK_NUMBER(t, insights_groups_count(table.groups), lengths);
	close_table(t, &table);
}

/* Of each, a million rows like these would need far more than a MiB. */
TEST(insights_groups_end_at_the_bound_and_name_it)
{
	static const char *const queries[] = {
		"stats count(*) by a", "stats count(*) by a, b", "stats count_distinct(a)", "stats values(a)", "stats pct(a, 50)",
		"stats latest(a) by b", "stats max(c) by b", "stats sum(a), stddev(a) by b",
	};
	for (size_t i = 0; i < COUNT(queries); i++) {
		struct table table;
		uint64_t rows = 0;
		open_table(t, &table, queries[i], 1 << 20);
		t->err = (struct error){0};
		while (rows < 1000000 && add(t, &table, value_number((double)rows + 0.5), value_number((double)rows)))
			rows++;
		if (rows < 1000 || rows == 1000000)
			test_failed(t, __FILE__, __LINE__, "%s: %" PRIu64 " rows", queries[i], rows);
		CHECK_NUMBER(t, t->err.kind, ERR_LIMIT);
		CHECK(t, slice_find(slice_of(t->err.message), S("1 MiB")) != SLICE_NPOS);
		CHECK(t, table.budget.used_bytes <= table.budget.bound_bytes);
		close_table(t, &table);
	}
}

/* The newest of a time that goes on, as logs have it: each row replaces the text before. */
TEST(insights_groups_reuse_the_room_of_what_they_replace)
{
	struct table table;
	char text[64];

	open_table(t, &table, "stats latest(a), max(a), sortsLast(a), sum(b), avg(b)", 64 << 10);
	for (uint64_t i = 0; i < 100000; i++) {
		struct slice time = { text, (size_t)snprintf(text, sizeof text, "2024-05-01T%06" PRIu64 "%.*s", i, (int)(i % 20), "zzzzzzzzzzzzzzzzzzzzzzz") };
		struct value values[5] = { value_text(time), value_text(time), value_text(time), value_number(0.1), value_number(1e300) };
		struct value at = value_time((double)i);
		struct insights_order order = { (int64_t)i, 0, i, 0 };
		REQUIRE(t, insights_groups_add_values(table.groups, values, values, &at, &order, &t->err));
	}
	close_table(t, &table);
}

/* It would be shown as absent, which is another answer. */
TEST(insights_groups_refuse_a_list_that_is_too_long_to_be_shown)
{
	char text[1024];

	memset(text, '\1', sizeof text);                         /* six bytes each, as JSON */
	for (uint64_t count = 650; count < 750; count += 50) {
		struct table table;
		open_table(t, &table, "stats values(a)", BUDGET_BYTES);
		t->err = (struct error){0};
		for (uint64_t i = 0; i < count; i++) {
			memcpy(text, &i, sizeof i);
			REQUIRE(t, add(t, &table, value_text((struct slice){ text, sizeof text }), value_none()));
		}
		bool fits = insights_groups_sort(table.groups, &t->err);
		CHECK(t, fits == (count == 650));
		CHECK(t, fits || (t->err.kind == ERR_LIMIT && slice_has_prefix(slice_of(t->err.message), S("values() gives a list of more than 4 MiB"))));
		close_table(t, &table);
	}
}

/* What is asked for at the end can need memory too. */
TEST(insights_groups_may_reach_the_bound_when_they_are_merged_or_sorted)
{
	uint64_t failed_sorting = 0, failed_merging = 0, done = 0;

	for (uint64_t rows = 1; rows < 4000; rows += 37) {
		const struct insights_plan *plan = bind(t, "stats values(a), count(*) by b");
		struct insights_groups *tables[2];
		struct budget budget;
		bool is_full = false;
		budget_init(&budget, 640 << 10);
		for (size_t i = 0; i < 2; i++)
			tables[i] = insights_groups_new(plan->query->first, &budget, 9);
		for (uint64_t row = 0; row < rows && !is_full; row++) {
			struct value key = value_number((double)(row / 8)), args[2] = { value_number((double)row + 0.5) };
			struct insights_order order = { 0, 0, row, 0 };
			is_full = !insights_groups_add_values(tables[row % 2], &key, args, NULL, &order, &t->err);
		}
		if (!is_full && !insights_groups_merge(tables[0], tables[1], &t->err))
			is_full = ++failed_merging;
		if (!is_full && !insights_groups_sort(tables[0], &t->err))
			is_full = ++failed_sorting;
		CHECK(t, !is_full || t->err.kind == ERR_LIMIT);
		done += !is_full;
		insights_groups_free(tables[0]);
		insights_groups_free(tables[1]);
		CHECK_NUMBER(t, budget.used_bytes, 0);
	}
	CHECK(t, done > 0 && failed_sorting > 0);
}

TEST(insights_groups_stop_merging_and_sorting_when_nobody_waits)
{
	const struct insights_command *stats = bind(t, "stats count(*) by a")->query->first;
	struct insights_groups *groups[2];
	atomic_bool is_cancelled = true;
	struct budget budget;

	budget_init(&budget, BUDGET_BYTES);
	for (size_t i = 0; i < 2; i++) {
		groups[i] = insights_groups_new(stats, &budget, 5);
		insights_groups_watch(groups[i], &is_cancelled);
		for (uint64_t row = 0; row < 10000; row++) {
			struct value key = value_number((double)(row * 2 + i));
			struct insights_order order = { 0, i, row, 0 };
			REQUIRE(t, insights_groups_add_values(groups[i], &key, NULL, NULL, &order, &t->err));
		}
	}
	CHECK(t, !insights_groups_merge(groups[0], groups[1], &t->err) && t->err.kind == ERR_BUSY);
	CHECK(t, !insights_groups_sort(groups[0], &t->err) && t->err.kind == ERR_BUSY);
	insights_groups_free(groups[0]);
	insights_groups_free(groups[1]);
	CHECK_NUMBER(t, budget.used_bytes, 0);
}
