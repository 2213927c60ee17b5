/* bench/history.c: milliseconds of lookups in a journal of one million events.
 *
 * bench-history DIR [EVENTS]     DIR: an empty directory on the disk to measure */
#include "base/clock.h"
#include "base/limits.h"
#include "base/random.h"
#include "event/lookup.h"
#include "store/journal.h"
#include "trail/history.h"

enum { BATCH = 64, USERS = 1000, PAGE = 50 };
static const int64_t START_MS = 1768000000000;

static struct journal_view *take_view(void *user)
{
	return journal_view_take(user);
}

static void append(struct journal *journal, struct random *random, int64_t time_ms, struct arena *arena)
{
	struct record record = {
		.time_ms = time_ms, .event_source = S("iam.amazonaws.com"), .event_name = S("CreateUser"), .region = S("us-east-1"),
		.source_ip = S("203.0.113.10"), .user_agent = S("aws-cli/2.15.0 Python/3.11.6 Linux/6.1.0-18-amd64 exe/x86_64.debian.12"),
		.recipient_account_id = S("111122223333"), .tls_version = S("TLSv1.3"),
		.tls_cipher_suite = S("TLS_AES_128_GCM_SHA256"), .client_provided_host = S("iam.amazonaws.com"),
		.identity = { .type = IDENTITY_IAM_USER, .principal_id = S("AIDAEXAMPLEALICE0001"),
		              .account_id = S("111122223333"), .access_key_id = S("AKIAEXAMPLEKEY000001") },
	};
	char request_id[UUID_TEXT_BYTES], event_id[UUID_TEXT_BYTES];
	struct lookup_resources resources;
	struct event_frame frame;
	struct buffer json;

	/* the square makes some users frequent and some rare */
	uint64_t dice = random_u64(random) % (USERS * (uint64_t)USERS);
	record.identity.user_name = arena_format(arena, "user%.0f", floor(sqrt((double)dice)));
	record.request_parameters = arena_format(arena, "{\"userName\":\"new%" PRIu64 "\"}", random_u64(random) % 100000);
	record.request_id = random_uuid(random, request_id);
	record.event_id = random_uuid(random, event_id);
	buffer_init(&json, arena, RECORD_ROOM_BYTES);
	record_write(&record, &json);
	lookup_resources_derive(arena, &record, NULL, NULL, &resources);
	lookup_frame(&record, &resources, buffer_slice(&json), &frame);
	journal_add_event(journal, &frame);
}

static bool fill(struct journal *journal, int64_t events, struct error *err)
{
	struct random random;
	struct arena arena;
	uint64_t bytes = 0;
	int64_t start_ms = clock_monotonic_ms();

	random_init_seeded(&random, 1);
	arena_init(&arena, 64 << 20);
	for (int64_t i = 0; i < events; ) {
		if (!journal_ensure_room(journal, 1 << 20, err))
			return false;
		journal_begin(journal);
		for (int k = 0; k < BATCH && i < events; k++, i++)
			append(journal, &random, START_MS + i * 10, &arena);
		bytes += journal_batch_bytes(journal);
		if (!journal_commit(journal, err))
			return false;
		journal_publish(journal);
		arena_reset(&arena, 1 << 20);
	}
	printf("# filled: %" PRId64 " events, %.0f MB, %.1f s\n", events, (double)bytes / 1e6,
	       (double)(clock_monotonic_ms() - start_ms) / 1000);
	arena_fini(&arena);
	return true;
}

static void measure(struct history *history, const char *what, int64_t events, enum frame_key key, struct slice value, int rounds)
{
	double best_ms = 1e9, sum_ms = 0;
	size_t count = 0;

	for (int i = 0; i < rounds; i++) {
		struct arena arena;
		struct error err;
		struct history_page page;
		struct history_request request = { .account = 111122223333, .region = S("us-east-1"), .key = key, .value = value,
		                                   .max_results = PAGE, .now_ms = START_MS + events * 10 };
		arena_init(&arena, 64 << 20);
		uint64_t start_ns = clock_monotonic_ns();
		if (!history_lookup(history, &arena, &request, &page, &err)) {
			printf("%s: %s\n", what, err.message);
			exit(1);
		}
		double ms = (double)(clock_monotonic_ns() - start_ns) / 1e6;
		best_ms = ms < best_ms ? ms : best_ms;
		sum_ms += ms;
		count = page.count;
		arena_fini(&arena);
	}
	printf("lookup_%s %.3f ms\n", what, sum_ms / rounds);
	if (rounds > 1)
		printf("lookup_%s_best %.3f ms\n", what, best_ms);
	if (count == 0)
		printf("# lookup_%s finds nothing\n", what);
}

static struct slice id_of(struct history *history, struct arena *arena, int64_t time_ms)
{
	struct history_page page = {0};
	struct error err;
	struct history_request request = { .account = 111122223333, .region = S("us-east-1"), .max_results = 1,
	                                   .now_ms = time_ms, .has_end = true, .end_ms = time_ms };

	return history_lookup(history, arena, &request, &page, &err) && page.count ? page.events[0].event_id : S("none");
}

int main(int argc, char **argv)
{
	int64_t events = argc > 2 ? atoll(argv[2]) : 1000000;
	struct journal_options journal_options = {0};
	struct error err = { .kind = ERR_NONE };
	int dir_fd = argc > 1 ? open(argv[1], O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
	struct journal *journal = dir_fd >= 0 ? journal_open(&journal_options, dir_fd, 1, &err) : NULL;
	struct arena arena;

	if (!journal || !fill(journal, events, &err)) {
		fprintf(stderr, "usage: bench-history DIR [EVENTS] %s\n", err.message);
		return 1;
	}
	arena_init(&arena, 64 << 20);
	struct history *history = history_new(&(struct history_options){ .take_view = take_view, .user = journal });
	measure(history, "newest_first_time", events, 0, SLICE_NONE, 1);
	measure(history, "newest", events, 0, SLICE_NONE, 1000);
	measure(history, "unknown_event_first_time", events, FRAME_EVENT_ID, S("none"), 1);
	measure(history, "unknown_event", events, FRAME_EVENT_ID, S("none"), 200);
	measure(history, "oldest_event", events, FRAME_EVENT_ID, id_of(history, &arena, START_MS + 1000), 200);
	measure(history, "frequent_user", events, FRAME_USERNAME, S("user900"), 200);
	measure(history, "rare_user", events, FRAME_USERNAME, S("user2"), 200);
	measure(history, "resource", events, FRAME_RESOURCE_NAME, S("new77"), 200);
	measure(history, "name_of_all", events, FRAME_EVENT_NAME, S("CreateUser"), 200);
	history_free(history);
	journal_close(journal);
	return 0;
}
