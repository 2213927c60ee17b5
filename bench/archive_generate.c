/* bench/archive_generate.c: writes an archive as AWS would lay it out: bench-archive_generate DIR EVENTS
 *
 * Prints how many bytes of JSON and of gzip it made. A file has 1,000 events, those of one account and region for some time.
 * Among them are needles to look for: SAMPLE_NEEDLE_KEY in 3 events, SAMPLE_NEEDLE_EVENT as the id of one. */
#include "base/thread.h"
#include "bench/sample_event.h"
#include "codec/gzip.h"

enum { EVENTS_A_FILE = 1000, THREADS_MAX = 64, DAYS = 30 };

struct maker {
	struct thread     thread;
	const char       *dir;
	uint64_t          events;
	_Atomic uint64_t *next_file, *text_bytes, *packed_bytes;
};

static void make_folders(char *path)
{
	for (char *at = path + 1; (at = strchr(at, '/')); *at++ = '/') {
		*at = 0;
		mkdir(path, 0755);
	}
}

/* Writes `value` over the one of `member` in the event that begins at `from`. */
static void plant(struct buffer *text, size_t from, struct slice member, struct slice value)
{
	size_t at = slice_find(slice_from(buffer_slice(text), from), member);

	assert(at != SLICE_NPOS);
	memcpy(text->ptr + from + at + member.len, value.ptr, value.len);
}

static void plant_needles(struct buffer *text, uint64_t file, uint64_t files)
{
	size_t second = slice_find(buffer_slice(text), S("},{\"eventVersion\""));

	if (second == SLICE_NPOS)
		return;
	if (file == files / 4 || file == files / 2 || file == files - 1)
		plant(text, second, S("\"accessKeyId\":\""), S(SAMPLE_NEEDLE_KEY));
	if (file == files / 3)
		plant(text, second, S("\"eventID\":\""), S(SAMPLE_NEEDLE_EVENT));
}

static void make_file(struct maker *maker, struct gzip_writer *writer, struct arena *arena, uint64_t number)
{
	const char *account = SAMPLE_ACCOUNTS[number % COUNT(SAMPLE_ACCOUNTS)];
	const char *region = SAMPLE_REGIONS[number / COUNT(SAMPLE_ACCOUNTS) % COUNT(SAMPLE_REGIONS)];
	uint64_t first = number * EVENTS_A_FILE, count = maker->events - first;
	int64_t step_ms = DAYS * INT64_C(86400000) / (int64_t)(maker->events + 1);
	int64_t start_ms = INT64_C(1767225600000) + (int64_t)first * step_ms;       /* 2026-01-01 */
	struct random random;
	struct buffer text;
	char path[PATH_MAX];

	count = count < EVENTS_A_FILE ? count : EVENTS_A_FILE;
	random_init_seeded(&random, number + 1);
	buffer_init(&text, arena, 64 << 20);
	buffer_add(&text, S("{\"Records\":["));
	for (uint64_t i = 0; i < count; i++) {
		if (i)
			buffer_byte(&text, ',');
		sample_event(&text, &random, start_ms + (int64_t)i * step_ms, account, region);
	}
	buffer_add(&text, S("]}"));
	plant_needles(&text, number, (maker->events + EVENTS_A_FILE - 1) / EVENTS_A_FILE);
	struct slice packed = gzip_write(writer, arena, buffer_slice(&text));
	struct civil day = civil_from_ms(start_ms + (int64_t)count * step_ms);
	snprintf(path, sizeof path, "%s/AWSLogs/%s/CloudTrail/%s/%04d/%02d/%02d/%s_CloudTrail_%s_%04d%02d%02dT%02d%02dZ_%016" PRIx64 ".json.gz",
	         maker->dir, account, region, day.year, day.month, day.day, account, region, day.year, day.month, day.day, day.hour, day.minute,
	         random_u64(&random));
	make_folders(path);
	FILE *file = fopen(path, "wb");
	assert(file && fwrite(packed.ptr, 1, packed.len, file) == packed.len && fclose(file) == 0);
	atomic_fetch_add(maker->text_bytes, text.len);
	atomic_fetch_add(maker->packed_bytes, packed.len);
}

static void make(void *argument)
{
	struct maker *maker = argument;
	struct gzip_writer *writer = gzip_writer_new();
	struct arena arena;
	uint64_t number;

	arena_init(&arena, 64 << 20);
	while ((number = atomic_fetch_add(maker->next_file, 1)) * EVENTS_A_FILE < maker->events) {
		make_file(maker, writer, &arena, number);
		arena_reset(&arena, 4 << 20);
	}
	arena_fini(&arena);
	gzip_writer_free(writer);
}

int main(int argc, char **argv)
{
	_Atomic uint64_t next_file = 0, text_bytes = 0, packed_bytes = 0;
	struct maker makers[THREADS_MAX] = {0};
	struct error err = {0};
	long cores = sysconf(_SC_NPROCESSORS_ONLN);
	uint64_t events;

	if (argc != 3 || !slice_to_u64(slice_of(argv[2]), &events)) {
		fputs("usage: bench-archive_generate DIR EVENTS\n", stderr);
		return 2;
	}
	for (long i = 0; i < cores && i < THREADS_MAX; i++) {
		makers[i] = (struct maker){ .dir = argv[1], .events = events, .next_file = &next_file, .text_bytes = &text_bytes,
		                            .packed_bytes = &packed_bytes };
		assert(thread_start(&makers[i].thread, "maker", make, &makers[i], &err));
	}
	for (long i = 0; i < cores && i < THREADS_MAX; i++)
		thread_join(&makers[i].thread);
	printf("# %" PRIu64 " events, %.0f bytes of JSON each, %.0f packed\n", events, (double)text_bytes / (double)events,
	       (double)packed_bytes / (double)events);
	return 0;
}
