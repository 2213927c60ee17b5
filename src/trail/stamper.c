/* trail/stamper.c: one list, walked for every event: trails are few. */
#include "trail/stamper.h"

#include "base/limits.h"
#include "event/record.h"
#include "store/event_frame.h"
#include "trail/selectors.h"
#include "trail/stamps.h"
#include "trail/trails.h"

struct entry {
	struct stamp            stamp;
	struct slice            account, region;
	bool                    is_multi_region, has_global_events;
	const struct selectors *selectors;
};

struct settings {                               /* of one load */
	struct arena   arena;
	struct entry  *entries;
	size_t         count;
};

struct stamper {
	struct settings settings, before;       /* before the last load */
};

struct stamper *stamper_new(void)
{
	struct stamper *stamper = xcalloc(1, sizeof *stamper);

	arena_init(&stamper->settings.arena, STAMPER_ARENA_BYTES_MAX);
	arena_init(&stamper->before.arena, STAMPER_ARENA_BYTES_MAX);
	return stamper;
}

void stamper_free(struct stamper *stamper)
{
	if (!stamper)
		return;
	arena_fini(&stamper->settings.arena);
	arena_fini(&stamper->before.arena);
	free(stamper);
}

static bool fill(struct settings *settings, struct catalog *catalog, struct error *err)
{
	struct trail_list list;

	if (!trails_list_logging(catalog, &settings->arena, &list, err))
		return false;
	settings->entries = arena_array(&settings->arena, list.count, sizeof *settings->entries);
	for (size_t i = 0; i < list.count; i++) {
		const struct trail *trail = &list.items[i];
		struct error why = {0};
		const struct selectors *selectors = selectors_compile(&settings->arena, trail->selectors, &why);
		if (!selectors)
			return fail(err, ERR_CORRUPT, "the selectors of trail %.*s of account %.*s: %s", SLICE_ARG(trail->name),
			            SLICE_ARG(trail->account), why.message);
		settings->entries[settings->count++] = (struct entry){
			.stamp = { trail->trail_id, trail->target }, .account = trail->account, .region = trail->region,
			.is_multi_region = trail->is_multi_region, .has_global_events = trail->has_global_events, .selectors = selectors,
		};
	}
	return arena_check(&settings->arena, err);
}

bool stamper_load(struct stamper *stamper, struct catalog *catalog, struct error *err)
{
	struct settings next = {0};

	arena_init(&next.arena, STAMPER_ARENA_BYTES_MAX);
	if (!fill(&next, catalog, err)) {
		arena_fini(&next.arena);
		return false;
	}
	arena_fini(&stamper->before.arena);
	stamper->before = stamper->settings;
	stamper->settings = next;
	return true;
}

/* Services without regions: their events carry us-east-1. Source: User Guide, "Global service events". */
static bool is_global(const struct record *record)
{
	static const struct slice sources[] = {
		S_INIT("iam.amazonaws.com"), S_INIT("organizations.amazonaws.com"), S_INIT("cloudfront.amazonaws.com"),
		S_INIT("route53.amazonaws.com"),
	};

	for (size_t i = 0; i < COUNT(sources); i++)
		if (slice_equal(record->event_source, sources[i]))
			return true;
	return false;
}

static bool admits(const struct entry *entry, const struct record *record, bool is_global_event)
{
	return slice_equal(entry->account, record->recipient_account_id)
	    && (entry->is_multi_region || slice_equal(entry->region, record->region))
	    && (!is_global_event || entry->has_global_events) && selectors_admit(entry->selectors, record);
}

static bool has_stamp(const struct stamp *stamps, size_t count, const struct stamp *stamp)
{
	for (size_t i = 0; i < count; i++)
		if (stamps[i].trail_id == stamp->trail_id)
			return true;
	return false;
}

/* `also` are stamps that it has already. */
static struct slice stamp_by(const struct settings *settings, const struct record *record, struct slice also,
                             struct arena *arena)
{
	enum { STAMPS_MAX = FRAME_STAMPS_BYTES_MAX / STAMP_BYTES };
	struct stamp *stamps = NULL;
	size_t count = 0;
	bool is_global_event = is_global(record);

	for (size_t i = 0; i < settings->count; i++) {
		const struct entry *entry = &settings->entries[i];
		if (!admits(entry, record, is_global_event))
			continue;
		if (!stamps) {                          /* rare enough to wait for the first */
			stamps = arena_array(arena, settings->count + stamps_count(also), sizeof *stamps);
			for (; count < stamps_count(also); count++)
				stamps[count] = stamps_at(also, count);
		}
		if (!has_stamp(stamps, count, &entry->stamp))
			stamps[count++] = entry->stamp;
	}
	if (!stamps)
		return also;
	count = count < STAMPS_MAX ? count : STAMPS_MAX;        /* an account has 5 trails a region */
	char *bytes = arena_alloc(arena, count * STAMP_BYTES);
	stamps_write(stamps, count, bytes);
	return (struct slice){ bytes, count * STAMP_BYTES };
}

struct slice stamper_stamp(const struct stamper *stamper, const struct record *record, struct arena *arena)
{
	return stamp_by(&stamper->settings, record, SLICE_NONE, arena);
}

struct slice stamper_stamp_change(const struct stamper *stamper, const struct record *record, struct arena *arena)
{
	return stamp_by(&stamper->settings, record, stamp_by(&stamper->before, record, SLICE_NONE, arena), arena);
}

const struct record *stamper_keep(const struct record *record, struct arena *arena)
{
	struct record *kept = arena_new(arena, struct record);
	struct record_resource *resources = arena_array(arena, record->resource_count, sizeof *resources);

	*kept = (struct record){
		.time_ms = record->time_ms, .type = record->type, .category = record->category, .is_read_only = record->is_read_only,
		.is_session_credential_from_console = record->is_session_credential_from_console,
		.event_source = arena_copy(arena, record->event_source), .event_name = arena_copy(arena, record->event_name),
		.region = arena_copy(arena, record->region), .error_code = arena_copy(arena, record->error_code),
		.recipient_account_id = arena_copy(arena, record->recipient_account_id),
		.vpc_endpoint_id = arena_copy(arena, record->vpc_endpoint_id),
		.identity = { .type = record->identity.type, .arn = arena_copy(arena, record->identity.arn) },
		.resources = resources, .resource_count = record->resource_count,
	};
	for (size_t i = 0; i < record->resource_count; i++)
		resources[i] = (struct record_resource){
			.account_id = arena_copy(arena, record->resources[i].account_id), .type = arena_copy(arena, record->resources[i].type),
			.arn = arena_copy(arena, record->resources[i].arn), .arn_prefix = arena_copy(arena, record->resources[i].arn_prefix),
		};
	return kept;
}
