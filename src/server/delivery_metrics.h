/* server/delivery_metrics.h: what the deliverer tells of itself, for the metrics page and the health page. */
#ifndef SPOOR_SERVER_DELIVERY_METRICS_H
#define SPOOR_SERVER_DELIVERY_METRICS_H

#include "base/buffer.h"

struct deliverer_status;
struct json_writer;

enum { DELIVERY_METRICS_TRAIL_BYTES = 512 };     /* what one trail takes in the text, at most */

/* In Prometheus' text format: totals, and what is pending of each trail. */
void delivery_metrics_write(const struct deliverer_status *status, struct buffer *out);

/* As the value of a member: {"pendingRecords":..,"oldestPendingSeconds":..,"failingTrails":..}. `now_ms` by the lab clock. */
void delivery_metrics_health(const struct deliverer_status *status, int64_t now_ms, struct json_writer *writer);

#endif
