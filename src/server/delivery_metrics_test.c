/* server/delivery_metrics_test.c: what is pending is told by trail on the metrics page, and as a sum on the health page. */
#include "server/delivery_metrics.h"

#include "codec/json.h"
#include "tests/test.h"
#include "trail/deliverer.h"

static struct deliverer_trail trails[] = {
	{ .account = S_INIT("111122223333"), .region = S_INIT("us-east-1"), .name = S_INIT("audit"), .pending_records = 3,
	  .oldest_pending_ms = 88000 },
	{ .account = S_INIT("111122223333"), .region = S_INIT("eu-north-1"), .name = S_INIT("lost"), .pending_records = 4,
	  .oldest_pending_ms = 40000, .retry_count = 2 },
};

TEST(delivery_metrics_name_each_trail)
{
	const struct deliverer_status status = { .deliveries = 5, .delivered_files = 6, .delivered_records = 70, .failures = 2,
	                                         .trails = trails, .trail_count = COUNT(trails) };
	struct buffer out;

	buffer_init(&out, &t->arena, 1 << 16);
	delivery_metrics_write(&status, &out);
	struct slice text = buffer_slice(&out);
	CHECK(t, slice_find(text, S("\nspoor_deliveries_total 5\n")) != SLICE_NPOS);
	CHECK(t, slice_find(text, S("\nspoor_delivered_files_total 6\n")) != SLICE_NPOS);
	CHECK(t, slice_find(text, S("\nspoor_delivered_records_total 70\n")) != SLICE_NPOS);
	CHECK(t, slice_find(text, S("\nspoor_delivery_failures_total 2\n")) != SLICE_NPOS);
	CHECK(t, slice_find(text, S("\nspoor_trail_pending_records{account=\"111122223333\",region=\"eu-north-1\",trail=\"lost\"} 4\n"))
	         != SLICE_NPOS);
}

TEST(delivery_metrics_health_is_the_sum_and_the_oldest)
{
	const struct deliverer_status status = { .trails = trails, .trail_count = COUNT(trails) }, idle = {0};
	struct json_writer writer;
	struct buffer out;

	buffer_init(&out, &t->arena, 1 << 16);
	json_writer_init(&writer, &out);
	delivery_metrics_health(&status, 100000, &writer);
	CHECK_TEXT(t, buffer_slice(&out), S("{\"pendingRecords\":7,\"oldestPendingSeconds\":60,\"failingTrails\":1}"));
	buffer_init(&out, &t->arena, 1 << 16);
	json_writer_init(&writer, &out);
	delivery_metrics_health(&idle, 100000, &writer);
	CHECK_TEXT(t, buffer_slice(&out), S("{\"pendingRecords\":0,\"oldestPendingSeconds\":0,\"failingTrails\":0}"));
}
