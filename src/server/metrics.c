/* server/metrics.c: one row a counter; rows that share a name differ in their label. */
#include "server/metrics.h"

static const struct { const char *name, *label, *help; } rows[] = {
	[METRIC_CALLS_OK]           = { "spoor_calls_total", "result=\"ok\"", "Calls answered, each with its event on disk." },
	[METRIC_CALLS_FAILED]       = { "spoor_calls_total", "result=\"failed\"", NULL },
	[METRIC_CALLS_DENIED]       = { "spoor_calls_total", "result=\"denied\"", NULL },
	[METRIC_CALLS_UNAVAILABLE]  = { "spoor_calls_unavailable_total", NULL, "Calls refused with 503 because they could not be recorded." },
	[METRIC_SIGNATURES_REFUSED] = { "spoor_signatures_refused_total", NULL, "Requests whose signature or key was refused; not recorded." },
	[METRIC_CALLS_UNKNOWN]      = { "spoor_unknown_operations_total", NULL, "Requests for no service or operation that spoor serves." },
	[METRIC_CALLS_UNREADABLE]   = { "spoor_unreadable_calls_total", NULL, "Signed calls whose body could not be read; not recorded." },
	[METRIC_REQUESTS_REFUSED]   = { "spoor_requests_refused_total", NULL, "Requests that were not well-formed HTTP or broke a limit." },
	[METRIC_OWN_PAGES]          = { "spoor_own_pages_total", NULL, "Requests for health, metrics and other pages of spoor's own." },
	[METRIC_PRINCIPALS_LOADED]  = { "spoor_principals_loaded_total", NULL, "Principals read from the catalog because the cache had none." },
};
_Static_assert(COUNT(rows) == METRIC_COUNT, "one row a metric");

void metrics_count(struct metrics_shard *shard, enum metric metric)
{
	atomic_fetch_add_explicit(&shard->counts[metric], 1, memory_order_relaxed);
}

void metrics_latency(struct metrics_shard *shard, uint64_t microseconds)
{
	size_t bucket = 0;

	while (bucket + 1 < METRICS_LATENCY_BUCKETS && microseconds > (uint64_t)64 << bucket)
		bucket++;
	atomic_fetch_add_explicit(&shard->latency[bucket], 1, memory_order_relaxed);
	atomic_fetch_add_explicit(&shard->latency_us_sum, microseconds, memory_order_relaxed);
}

static uint64_t sum(struct metrics_shard *const *shards, size_t count, size_t offset)
{
	uint64_t total = 0;

	for (size_t i = 0; i < count; i++)
		total += atomic_load_explicit((_Atomic uint64_t *)(void *)((char *)shards[i] + offset), memory_order_relaxed);
	return total;
}

static void write_latency(struct metrics_shard *const *shards, size_t shard_count, struct buffer *out)
{
	uint64_t total = 0;

	buffer_add(out, S("# HELP spoor_call_seconds From the whole request read to the reply written.\n"
	                  "# TYPE spoor_call_seconds histogram\n"));
	for (size_t i = 0; i < METRICS_LATENCY_BUCKETS; i++) {
		total += sum(shards, shard_count, offsetof(struct metrics_shard, latency) + i * sizeof(uint64_t));
		if (i + 1 < METRICS_LATENCY_BUCKETS)
			buffer_printf(out, "spoor_call_seconds_bucket{le=\"%g\"} %" PRIu64 "\n",
			              (double)((uint64_t)64 << i) / 1e6, total);
	}
	buffer_printf(out, "spoor_call_seconds_bucket{le=\"+Inf\"} %" PRIu64 "\nspoor_call_seconds_sum %.6f\n"
	              "spoor_call_seconds_count %" PRIu64 "\n", total,
	              (double)sum(shards, shard_count, offsetof(struct metrics_shard, latency_us_sum)) / 1e6, total);
}

void metrics_write(struct metrics_shard *const *shards, size_t shard_count, const struct metrics_gauge *gauges,
                   size_t gauge_count, struct buffer *out)
{
	for (size_t i = 0; i < METRIC_COUNT; i++) {
		if (rows[i].help)
			buffer_printf(out, "# HELP %s %s\n# TYPE %s counter\n", rows[i].name, rows[i].help, rows[i].name);
		buffer_printf(out, "%s%s%s%s %" PRIu64 "\n", rows[i].name, rows[i].label ? "{" : "",
		              rows[i].label ? rows[i].label : "", rows[i].label ? "}" : "",
		              sum(shards, shard_count, offsetof(struct metrics_shard, counts) + i * sizeof(uint64_t)));
	}
	write_latency(shards, shard_count, out);
	for (size_t i = 0; i < gauge_count; i++)
		buffer_printf(out, "# HELP %s %s\n# TYPE %s gauge\n%s %.17g\n", gauges[i].name, gauges[i].help, gauges[i].name,
		              gauges[i].name, gauges[i].value);
}
