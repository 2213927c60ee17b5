/* server/metrics_test.c: shards add up, and the histogram is cumulative. */
#include "server/metrics.h"
#include "tests/test.h"

TEST(metrics_are_the_sum_of_their_shards)
{
	struct metrics_shard a = {0}, b = {0};
	struct metrics_shard *shards[] = { &a, &b };
	struct metrics_gauge gauge = { "spoor_journal_next_sequence", "The next frame's number.", 7 };
	struct buffer out;

	metrics_count(&a, METRIC_CALLS_OK);
	metrics_count(&b, METRIC_CALLS_OK);
	metrics_count(&b, METRIC_CALLS_DENIED);
	metrics_latency(&a, 64);
	metrics_latency(&b, 65);
	metrics_latency(&b, UINT32_MAX);
	buffer_init(&out, &t->arena, 1 << 20);
	metrics_write(shards, 2, &gauge, 1, &out);
	struct slice text = buffer_slice(&out);
	CHECK(t, slice_find(text, S("spoor_calls_total{result=\"ok\"} 2\n")) != SLICE_NPOS);
	CHECK(t, slice_find(text, S("spoor_calls_total{result=\"denied\"} 1\n")) != SLICE_NPOS);
	CHECK(t, slice_find(text, S("spoor_call_seconds_bucket{le=\"6.4e-05\"} 1\n")) != SLICE_NPOS);
	CHECK(t, slice_find(text, S("spoor_call_seconds_bucket{le=\"0.000128\"} 2\n")) != SLICE_NPOS);
	CHECK(t, slice_find(text, S("spoor_call_seconds_count 3\n")) != SLICE_NPOS);
	CHECK(t, slice_find(text, S("spoor_journal_next_sequence 7\n")) != SLICE_NPOS);
}
