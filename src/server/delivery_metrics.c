/* server/delivery_metrics.c: names of trails need no escaping in labels: they are letters, digits, dots, dashes. */
#include "server/delivery_metrics.h"

#include "codec/json.h"
#include "trail/deliverer.h"

static void write_counter(struct buffer *out, const char *name, const char *help, uint64_t value)
{
	buffer_printf(out, "# HELP %s %s\n# TYPE %s counter\n%s %" PRIu64 "\n", name, help, name, name, value);
}

void delivery_metrics_write(const struct deliverer_status *status, struct buffer *out)
{
	write_counter(out, "spoor_deliveries_total", "Deliveries of trails, each of one or more log files.", status->deliveries);
	write_counter(out, "spoor_delivered_files_total", "Log files delivered to buckets.", status->delivered_files);
	write_counter(out, "spoor_delivered_records_total", "Records in them.", status->delivered_records);
	write_counter(out, "spoor_delivery_failures_total", "Deliveries that a bucket refused.", status->failures);
	write_counter(out, "spoor_digests_total", "Digests delivered to buckets.", status->digests);
	if (status->trail_count == 0)
		return;
	buffer_add(out, S("# HELP spoor_trail_pending_records Records that a trail has admitted and not delivered.\n"
	                  "# TYPE spoor_trail_pending_records gauge\n"));
	for (size_t i = 0; i < status->trail_count; i++) {
		const struct deliverer_trail *trail = &status->trails[i];
		buffer_printf(out, "spoor_trail_pending_records{account=\"%.*s\",region=\"%.*s\",trail=\"%.*s\"} %" PRIu64 "\n",
		              SLICE_ARG(trail->account), SLICE_ARG(trail->region), SLICE_ARG(trail->name), trail->pending_records);
	}
}

void delivery_metrics_health(const struct deliverer_status *status, int64_t now_ms, struct json_writer *writer)
{
	int64_t records = 0, oldest_ms = now_ms, failing = 0;

	for (size_t i = 0; i < status->trail_count; i++) {
		const struct deliverer_trail *trail = &status->trails[i];
		records += (int64_t)trail->pending_records;
		failing += trail->retry_count > 0;
		if (trail->pending_records > 0 && trail->oldest_pending_ms < oldest_ms)
			oldest_ms = trail->oldest_pending_ms;
	}
	json_object_begin(writer);
	json_key(writer, S("pendingRecords"));
	json_i64(writer, records);
	json_key(writer, S("oldestPendingSeconds"));
	json_i64(writer, (now_ms - oldest_ms) / 1000);
	json_key(writer, S("failingTrails"));
	json_i64(writer, failing);
	json_object_end(writer);
}
