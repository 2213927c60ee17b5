/* server/service_event.c: an identity without a type, and AWS Internal where a client would be. */
#include "server/service_event.h"

#include "server/describe.h"
#include "trail/stamper.h"

void service_event_describe(const struct service_event *event, struct random *random, struct arena *arena,
                            struct event_frame *frame)
{
	char *event_id = arena_alloc(arena, UUID_TEXT_BYTES);
	const struct record record = {
		.time_ms = event->now_ms, .type = RECORD_SERVICE_EVENT, .category = RECORD_MANAGEMENT,
		.identity = { .type = IDENTITY_NONE, .account_id = event->account, .invoked_by = S("AWS Internal") },
		.event_source = S("cloudtrail.amazonaws.com"), .event_name = event->name, .region = event->region,
		.source_ip = S("AWS Internal"), .user_agent = S("AWS Internal"),
		.event_id = random_uuid(random, event_id),
		.recipient_account_id = event->account, .service_event_details = event->details,
	};

	describe_frame(arena, &record, frame);
	if (event->stamper)
		frame->stamps = stamper_stamp(event->stamper, &record, arena);
}
