/* server/metrics.h: counters of one thread, and their sum as Prometheus text.
 *
 * Each front counts into a shard of its own with relaxed atomics; shards lie in different allocations, so that counting
 * shares no cache line. */
#ifndef SPOOR_SERVER_METRICS_H
#define SPOOR_SERVER_METRICS_H

#include "base/buffer.h"

enum metric {
	METRIC_CALLS_OK, METRIC_CALLS_FAILED, METRIC_CALLS_DENIED, METRIC_CALLS_UNAVAILABLE,
	METRIC_SIGNATURES_REFUSED, METRIC_CALLS_UNKNOWN, METRIC_CALLS_UNREADABLE, METRIC_REQUESTS_REFUSED, METRIC_OWN_PAGES,
	METRIC_PRINCIPALS_LOADED,
	METRIC_COUNT
};

enum { METRICS_LATENCY_BUCKETS = 16 };      /* upper bounds 64 us * 2^i, the last one without */

struct metrics_shard {
	_Atomic uint64_t counts[METRIC_COUNT];
	_Atomic uint64_t latency[METRICS_LATENCY_BUCKETS];
	_Atomic uint64_t latency_us_sum;
};

void metrics_count(struct metrics_shard *shard, enum metric metric);
void metrics_latency(struct metrics_shard *shard, uint64_t microseconds);

/* Values that others own, printed beside the counters. */
struct metrics_gauge {
	const char *name, *help;
	double      value;
};

/* Appends the sum of `shards` and the gauges in Prometheus' text format, version 0.0.4. */
void metrics_write(struct metrics_shard *const *shards, size_t shard_count, const struct metrics_gauge *gauges,
                   size_t gauge_count, struct buffer *out);

#endif
