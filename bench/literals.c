/* bench/literals.c: MB of plain JSON a second and core that archive/scan reads from one file: with two fields of every record, with a
 * literal that few have, and with nothing but finding where records begin; and how many cores one file keeps busy.
 *
 * Nothing is inflated. A core's second is one of CPU time. */
#include "base/clock.h"
#include "bench/cpu_time.h"
#include "bench/sample_event.h"
#include "archive/fields.h"
#include "archive/literals.h"
#include "archive/scan.h"

enum { EVENTS = 120000, THREADS_MAX = 64, FIELDS = 2, TEXT_BYTES_MAX = 512 << 20, ROUNDS = 3 };

struct worker {
	const struct fields *fields;            /* NULL: nothing is looked at */
	struct field         values[FIELDS];
	uint64_t             matches;
};

static void *begin(void *user, size_t worker)
{
	return (struct worker *)user + worker;
}

static bool take(void *state, const struct scan_batch *batch, struct error *err)
{
	struct worker *worker = state;

	(void)err;
	for (size_t i = 0; i < batch->count && worker->fields; i++)
		worker->matches += fields_read(worker->fields, batch->index, batch->records[i].text, worker->values)
		                   && slice_equal(worker->values[0].raw, S("AssumeRole"))
		                   && slice_find(worker->values[1].raw, S("admin")) != SLICE_NPOS;
	return true;
}

static void measure(const char *name, const char *path, size_t threads, const struct fields *fields, const struct literals *literals)
{
	double best_cpu_s = 1e9, best_s = 1e9;
	uint64_t bytes = 0;

	for (int round = 0; round < ROUNDS; round++) {
		struct worker workers[THREADS_MAX] = {0};
		struct scan_options options = { .paths = &path, .path_count = 1, .scope = ARCHIVE_SCOPE_ALL, .thread_count = threads,
		                                .literals = literals, .user = workers, .state_begin = begin, .batch = take };
		struct scan_report report = {0};
		struct error err = {0};
		for (size_t i = 0; i < THREADS_MAX; i++)
			workers[i].fields = fields;
		double cpu_s = cpu_time_s();
		uint64_t start_ns = clock_monotonic_ns();
		if (!scan_run(&options, &report, &err)) {
			fprintf(stderr, "bench-literals: %s\n", err.message);
			exit(1);
		}
		double s = (double)(clock_monotonic_ns() - start_ns) / 1e9;
		cpu_s = cpu_time_s() - cpu_s;
		best_s = s < best_s ? s : best_s;
		best_cpu_s = cpu_s < best_cpu_s ? cpu_s : best_cpu_s;
		bytes = report.bytes_text;
		scan_report_fini(&report);
	}
	printf("%s %.2f s\n%s_a_core %.0f MB/s\n", name, best_s, name, (double)bytes / best_cpu_s / 1e6);
}

static void write_archive(const char *path)
{
	struct random random;
	struct arena arena;
	struct buffer text;

	arena_init(&arena, TEXT_BYTES_MAX);
	random_init_seeded(&random, 1);
	buffer_init(&text, &arena, TEXT_BYTES_MAX);
	buffer_add(&text, S("{\"Records\":["));
	for (int i = 0; i < EVENTS; i++) {
		if (i)
			buffer_byte(&text, ',');
		sample_event(&text, &random, INT64_C(1767225600000) + i * INT64_C(1000), SAMPLE_ACCOUNTS[0], SAMPLE_REGIONS[0]);
	}
	buffer_add(&text, S("]}"));
	FILE *file = fopen(path, "wb");
	assert(file && fwrite(text.ptr, 1, text.len, file) == text.len && fclose(file) == 0);
	printf("# one file of %zu bytes\n", text.len);
	arena_fini(&arena);
}

int main(void)
{
	static const struct slice needle = S_INIT("AKIASPOORNEEDLE00042");
	char path[] = "/tmp/bench-literals-XXXXXX";
	struct literals literals;
	struct arena arena;
	size_t name, arn;
	int fd = mkstemp(path);

	assert(fd >= 0 && close(fd) == 0 && literals_init(&literals, &needle, 1));
	write_archive(path);
	arena_init(&arena, 1 << 20);
	struct fields *fields = fields_new(&arena, FIELD_JOINED);
	assert(fields_add_name(fields, S("eventName"), &name, NULL) && fields_add_name(fields, S("userIdentity.arn"), &arn, NULL));
	fields_seal(fields);
	measure("plain_boundaries_1_thread", path, 1, NULL, NULL);
	measure("plain_literal_1_thread", path, 1, fields, &literals);
	measure("plain_two_fields_1_thread", path, 1, fields, NULL);
	measure("plain_two_fields_all_threads", path, 0, fields, NULL);
	unlink(path);
	arena_fini(&arena);
	return 0;
}
