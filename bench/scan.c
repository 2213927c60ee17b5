/* bench/scan.c: MB of JSON a second and core that archive/scan reads from an archive: bench-scan DIR
 *
 * Two fields of every record are taken out and looked at, as a query over them would; then only of records with a rare literal. Beside it what inflating alone costs. A core's
 * second is one of CPU time, so that a busy machine changes the seconds but not the rates. */
#include "base/clock.h"
#include "base/file.h"
#include "bench/cpu_time.h"
#include "codec/gzip.h"
#include "archive/archive_walk.h"
#include "archive/fields.h"
#include "archive/scan.h"

enum { THREADS_MAX = 64, FIELDS = 2, ROOM_BYTES = 64 << 20 };

struct worker {
	const struct fields *fields;
	struct field         values[FIELDS];
	uint64_t             records, matches;
};

static void *begin(void *user, size_t worker)
{
	return (struct worker *)user + worker;
}

static bool take(void *state, const struct scan_batch *batch, struct error *err)
{
	struct worker *worker = state;

	(void)err;
	for (size_t i = 0; i < batch->count; i++) {
		if (!fields_read(worker->fields, batch->index, batch->records[i].text, worker->values)) {
			scan_refuse(batch, &batch->records[i]);
			continue;
		}
		worker->records++;
		worker->matches += slice_equal(worker->values[0].raw, S("AssumeRole"))
		                   && slice_find(worker->values[1].raw, S("admin")) != SLICE_NPOS;
	}
	return true;
}

static void measure(const char *name, const char *dir, size_t threads, const struct fields *fields, const struct literals *literals)
{
	struct worker workers[THREADS_MAX] = {0};
	struct scan_options options = { .paths = &dir, .path_count = 1, .scope = ARCHIVE_SCOPE_ALL, .thread_count = threads, .literals = literals,
	                                .user = workers, .state_begin = begin, .batch = take };
	struct scan_report report = {0};
	struct error err = {0};
	uint64_t records = 0, matches = 0, start_ns;

	threads = scan_thread_count(&options);
	for (size_t i = 0; i < threads; i++)
		workers[i].fields = fields;
	double cpu_s = cpu_time_s();
	start_ns = clock_monotonic_ns();
	if (!scan_run(&options, &report, &err)) {
		fprintf(stderr, "bench-scan: %s\n", err.message);
		exit(1);
	}
	double s = (double)(clock_monotonic_ns() - start_ns) / 1e9;
	cpu_s = cpu_time_s() - cpu_s;
	for (size_t i = 0; i < threads; i++) {
		records += workers[i].records;
		matches += workers[i].matches;
	}
	printf("# %" PRIu64 " records looked into, in %" PRIu64 " files, %" PRIu64 " match, %.0f MB of JSON\n", records, report.files, matches,
	       (double)report.bytes_text / 1e6);
	printf("%s_%zu_thread%s %.2f s\n", name, threads, threads == 1 ? "" : "s", s);
	printf("%s_%zu_thread%s_a_core %.0f MB/s\n", name, threads, threads == 1 ? "" : "s", (double)report.bytes_text / cpu_s / 1e6);
	scan_report_fini(&report);
}

/* Reading and inflating, and nothing else: what no reader can be faster than. */
static void measure_inflating(const char *dir)
{
	struct scan_report report = {0};
	struct archive_walk *walk = archive_walk_new(&dir, 1, &ARCHIVE_SCOPE_ALL, NULL, &report, 0);
	struct gzip_reader *reader = gzip_reader_new();
	char *in = xmalloc(ROOM_BYTES), *out = xmalloc(ROOM_BYTES);
	double cpu_s = cpu_time_s();
	uint64_t bytes = 0;
	struct archive_file *file;

	while ((file = archive_walk_next(walk))) {
		size_t got = 0;
		int fd = file_open(NULL, AT_FDCWD, file->path, O_RDONLY, NULL, NULL);
		assert(fd >= 0 && file_read(NULL, fd, in, ROOM_BYTES, 0, &got, "archive", NULL));
		bytes += gzip_read_into(reader, (struct slice){ in, got }, out, ROOM_BYTES, NULL).len;
		file_close(fd);
		free(file);
	}
	printf("inflate_a_core %.0f MB/s\n", (double)bytes / (cpu_time_s() - cpu_s) / 1e6);
	archive_walk_free(walk);
	gzip_reader_free(reader);
	scan_report_fini(&report);
	free(in);
	free(out);
}

int main(int argc, char **argv)
{
	static const struct slice needle = S_INIT("AKIASPOORNEEDLE00042");
	struct literals literals;
	struct arena arena;
	size_t name, arn;

	if (argc != 2) {
		fputs("usage: bench-scan DIR\n", stderr);
		return 2;
	}
	arena_init(&arena, 1 << 20);
	struct fields *fields = fields_new(&arena, FIELD_JOINED);
	assert(fields_add_name(fields, S("eventName"), &name, NULL) && fields_add_name(fields, S("userIdentity.arn"), &arn, NULL));
	assert(name == 0 && arn == 1);
	fields_seal(fields);
	assert(literals_init(&literals, &needle, 1));
	measure_inflating(argv[1]);
	measure("scan", argv[1], 1, fields, NULL);
	measure("scan", argv[1], 0, fields, NULL);
	measure("scan_literal", argv[1], 1, fields, &literals);
	arena_fini(&arena);
	return 0;
}
