/* bench/groups.c: the groups of a stats: CPU time of a row, by how many groups there are and by what is kept of each. */
#include "bench/cpu_time.h"
#include "query/insights_bind.h"
#include "query/insights_group.h"
#include "query/insights_parse.h"

enum { ROWS = 1 << 20, BUDGET_MIB = 1024, BUDGET_BYTES = BUDGET_MIB << 20, TEXT_BYTES = 64, ADDRESSES = 2000 };

struct rows {
	struct value *keys, *numbers, *addresses;
	const struct value *args;               /* numbers or addresses */
	char        (*texts)[TEXT_BYTES], (*address_texts)[TEXT_BYTES];
};

static uint32_t draw(uint64_t *seed, uint32_t below)
{
	*seed = *seed * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(*seed >> 33) % below;
}

static struct value address(char (*room)[TEXT_BYTES], uint32_t number)
{
	uint32_t mixed = number * UINT32_C(2654435761);
	int len = snprintf(*room, TEXT_BYTES, "%u.%u.%u.%u", mixed >> 24, mixed >> 16 & 255, mixed >> 8 & 255, mixed & 255);

	return value_text((struct slice){ *room, (size_t)len });
}

/* Names of about 40 characters, as ARNs are, of `different` ones. */
static void make_rows(struct rows *rows, uint32_t different)
{
	uint64_t seed = 15;

	for (size_t i = 0; i < ROWS; i++) {
		int len = snprintf(rows->texts[i], TEXT_BYTES, "arn:aws:iam::111122223333:role/role-%u", draw(&seed, different));
		rows->keys[i] = value_text((struct slice){ rows->texts[i], (size_t)len });
		rows->addresses[i] = address(&rows->address_texts[i], draw(&seed, ADDRESSES));
		rows->numbers[i] = value_number(draw(&seed, 4) ? draw(&seed, 100000) : draw(&seed, 100000) / 7.0);
	}
}

static struct insights_groups *add_all(const struct insights_command *stats, struct budget *budget, const struct rows *rows, size_t first,
                                       size_t step)
{
	struct insights_groups *groups = insights_groups_new(stats, budget, 42);
	struct value time = value_time(0), args[3];
	struct error err;

	for (size_t i = first; i < ROWS; i += step) {
		for (size_t a = 0; a < stats->aggregate_count; a++)
			args[a] = rows->args[i];
		struct insights_order order = { (int64_t)i, 0, i, 0 };
		if (!insights_groups_add_values(groups, &rows->keys[i], args, &time, &order, &err)) {
			fprintf(stderr, "bench-groups: %s\n", err.message);
			exit(1);
		}
	}
	return groups;
}

static void measure(const char *name, const char *query, const struct rows *rows)
{
	struct arena arena;
	struct error err;
	struct budget budget;
	double best_s = INFINITY;

	arena_init(&arena, 1 << 20);
	struct insights_query *tree = insights_parse(&arena, slice_of(query), NULL, &err);
	const struct insights_plan *plan = tree ? insights_bind(&arena, tree, 0, NULL, &err) : NULL;
	budget_init(&budget, BUDGET_BYTES);
	for (size_t round = 0; plan && round < 5; round++) {
		double start_s = cpu_time_s();
		struct insights_groups *groups = add_all(plan->query->first, &budget, rows, 0, 1);
		best_s = fmin(best_s, cpu_time_s() - start_s);
		if (round == 0)
			printf("groups_%s_count %zu groups\ngroups_%s_memory %.0f bytes_each\n", name, insights_groups_count(groups), name,
			       (double)budget.used_bytes / (double)insights_groups_count(groups));
		insights_groups_free(groups);
	}
	printf("groups_%s_row %.1f ns\n", name, best_s * 1e9 / ROWS);
	arena_fini(&arena);
}

/* Two workers' groups, which have most keys in common, and the order of the answer. */
static void measure_end(const char *name, const char *query, const struct rows *rows)
{
	struct arena arena;
	struct error err;
	struct budget budget;

	arena_init(&arena, 1 << 20);
	struct insights_query *tree = insights_parse(&arena, slice_of(query), NULL, &err);
	const struct insights_plan *plan = tree ? insights_bind(&arena, tree, 0, NULL, &err) : NULL;
	budget_init(&budget, BUDGET_BYTES);
	if (plan) {
		struct insights_groups *one = add_all(plan->query->first, &budget, rows, 0, 2);
		struct insights_groups *two = add_all(plan->query->first, &budget, rows, 1, 2);
		double start_s = cpu_time_s();
		insights_groups_merge(one, two, &err);
		double merged_s = cpu_time_s();
		insights_groups_sort(one, &err);
		double sorted_s = cpu_time_s();
		printf("groups_%s_merge %.1f ms\ngroups_%s_sort %.1f ms\n", name, (merged_s - start_s) * 1e3, name, (sorted_s - merged_s) * 1e3);
		insights_groups_free(one);
		insights_groups_free(two);
	}
	arena_fini(&arena);
}

int main(void)
{
	struct rows rows = { .keys = xcalloc(ROWS, sizeof *rows.keys), .numbers = xcalloc(ROWS, sizeof *rows.numbers),
	                     .addresses = xcalloc(ROWS, sizeof *rows.addresses), .texts = xcalloc(ROWS, sizeof *rows.texts),
	                     .address_texts = xcalloc(ROWS, sizeof *rows.address_texts) };

	rows.args = rows.numbers;
	make_rows(&rows, 500);
	measure("few", "stats count(*) by a", &rows);
	measure("few_sum", "stats sum(b) by a", &rows);
	measure("few_numbers", "stats avg(b), max(b), stddev(b) by a", &rows);
	measure("few_pct", "stats pct(b, 95) by a", &rows);
	measure("few_latest", "stats latest(b) by a", &rows);
	rows.args = rows.addresses;
	measure("few_distinct", "stats count_distinct(b) by a", &rows);
	make_rows(&rows, 5000);
	measure("more_distinct", "stats count_distinct(b) by a", &rows);
	measure_end("more_distinct", "stats count_distinct(b) by a", &rows);
	make_rows(&rows, 1u << 30);
	measure("many", "stats count(*) by a", &rows);
	measure_end("many", "stats count(*) by a", &rows);
	measure("many_distinct", "stats count_distinct(b) by a", &rows);
	free(rows.keys);
	free(rows.numbers);
	free(rows.addresses);
	free(rows.address_texts);
	free(rows.texts);
	return 0;
}
