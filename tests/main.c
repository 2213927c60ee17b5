/* tests/main.c: runs the registered tests in the order of their names and prints TAP.
 *
 * spoor-test [PREFIX...] runs only tests whose name begins with one of the prefixes. */
#include "tests/test.h"

#include <dirent.h>
#include <ftw.h>
#include <sys/statvfs.h>

#ifndef SPOOR_SOURCE_DIR
#error "SPOOR_SOURCE_DIR names the repository"
#endif

enum { TEST_ARENA_BYTES_MAX = 256 << 20, DIRS_MAX = 4096, DIR_FDS_MAX = 64, MEMORY_DIR_BYTES_MIN = 32 << 20 };

static struct test_case *registered;
static char root_dir[64], memory_dir[64];
static int dir_count, fd_count, dir_fds[DIR_FDS_MAX];
static int run_count, failed_count;

void test_register(struct test_case *test_case)
{
	struct test_case **at = &registered;

	while (*at && strcmp((*at)->name, test_case->name) < 0)
		at = &(*at)->next;
	test_case->next = *at;
	*at = test_case;
}

void test_failed(struct test *t, const char *file, int line, const char *format, ...)
{
	char text[2048];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	for (char *newline = text; (newline = strchr(newline, '\n')); )
		*newline = ' ';
	if (t->failed_checks++ < 20)
		printf("# %s:%d: %s\n", file, line, text);
}

void test_skip(struct test *t, const char *reason)
{
	t->skipped = reason;
}

bool test_check_text(struct test *t, const char *file, int line, const char *what, struct slice got, struct slice want)
{
	if (slice_equal(got, want) && !got.ptr == !want.ptr)
		return true;
	test_failed(t, file, line, "%s is %s%.*s%s, wanted %s%.*s%s; error: %s", what, got.ptr ? "'" : "absent",
	            SLICE_ARG(got), got.ptr ? "'" : "", want.ptr ? "'" : "absent", SLICE_ARG(want), want.ptr ? "'" : "",
	            t->err.message);
	return false;
}

bool test_check_number(struct test *t, const char *file, int line, const char *what, int64_t got, int64_t want)
{
	if (got == want)
		return true;
	test_failed(t, file, line, "%s is %" PRId64 ", wanted %" PRId64 "; error: %s", what, got, want, t->err.message);
	return false;
}

const struct json *field(struct test *t, const char *key)
{
	return json_get(t->line, slice_of(key));
}

struct slice field_text(struct test *t, const char *key)
{
	return json_get_text(t->line, slice_of(key));
}

bool field_bool(struct test *t, const char *key)
{
	const struct json *value = field(t, key);

	return value && value->kind == JSON_TRUE;
}

int64_t field_i64(struct test *t, const char *key)
{
	const struct json *value = field(t, key);
	int64_t number = 0;

	if (!value || !json_to_i64(value, &number))
		test_failed(t, __FILE__, __LINE__, "the vector has no integer \"%s\"", key);
	return number;
}

static const char *dir_in(struct test *t, const char *root, const char *name)
{
	char *path = (char *)(uintptr_t)arena_printf(&t->arena, "%s/%d-%s", root, dir_count++, name);

	for (char *c = path + strlen(root) + 1; *c; c++)
		if (*c == '/' || *c == ' ')
			*c = '_';
	if (mkdir(path, 0700) != 0)
		test_failed(t, __FILE__, __LINE__, "mkdir %s: %s", path, strerror(errno));
	return path;
}

const char *test_dir(struct test *t, const char *name)
{
	return dir_in(t, root_dir, name);
}

const char *test_dir_in_memory(struct test *t, const char *name)
{
	struct statvfs facts;

	if (!memory_dir[0]) {
		bool has_room = statvfs("/dev/shm", &facts) == 0 && facts.f_bavail * facts.f_frsize > MEMORY_DIR_BYTES_MIN;
		snprintf(memory_dir, sizeof memory_dir, "%s", has_room ? "/dev/shm/spoor-test-XXXXXX" : root_dir);
		if (has_room && !mkdtemp(memory_dir))
			snprintf(memory_dir, sizeof memory_dir, "%s", root_dir);
	}
	return dir_in(t, memory_dir, name);
}

int empty_dir(struct test *t, const char *name)
{
	int fd = open(test_dir(t, name), O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	assert(fd_count < DIR_FDS_MAX);
	dir_fds[fd_count++] = fd;
	return fd;
}

struct slice test_read_file(struct test *t, const char *path)
{
	FILE *file = fopen(path, "rb");
	struct stat stat;

	if (!file || fstat(fileno(file), &stat) != 0) {
		test_failed(t, __FILE__, __LINE__, "%s: %s", path, strerror(errno));
		if (file)
			fclose(file);
		return SLICE_NONE;
	}
	char *bytes = arena_alloc(&t->arena, (size_t)stat.st_size);
	size_t got = fread(bytes, 1, (size_t)stat.st_size, file);
	fclose(file);
	return (struct slice){ bytes, got };
}

void overwrite(struct test *t, int dir_fd, const char *name, off_t at, struct slice bytes)
{
	int fd = openat(dir_fd, name, O_WRONLY | O_CLOEXEC);

	if (fd < 0 || pwrite(fd, bytes.ptr, bytes.len, at) != (ssize_t)bytes.len)
		test_failed(t, __FILE__, __LINE__, "overwrite %s: %s", name, strerror(errno));
	if (fd >= 0)
		close(fd);
}

const char *test_source_path(struct test *t, const char *relative)
{
	return arena_printf(&t->arena, "%s/%s", SPOOR_SOURCE_DIR, relative);
}

static void run_one(const struct test_case *test_case, const struct json *line, struct slice id)
{
	struct test t = { .name = test_case->name, .line = line };

	arena_init(&t.arena, TEST_ARENA_BYTES_MAX);
	fd_count = 0;
	test_case->run(&t);
	for (int i = 0; i < fd_count; i++)
		close(dir_fds[i]);
	arena_fini(&t.arena);
	run_count++;
	failed_count += t.failed_checks > 0;
	printf("%s %d - %s%s%.*s%s%s\n", t.failed_checks ? "not ok" : "ok", run_count, test_case->name,
	       id.ptr ? "/" : "", SLICE_ARG(id), t.skipped ? " # SKIP " : "", t.skipped ? t.skipped : "");
	fflush(stdout);
}

static void run_vectors(const struct test_case *test_case)
{
	struct test t = { .name = test_case->name };
	const struct json_limits limits = { .depth_max = 256, .nodes_max = 1000000, .allow_duplicate_keys = true };
	struct slice rest, text;
	int lines = 0;

	arena_init(&t.arena, TEST_ARENA_BYTES_MAX);
	rest = test_read_file(&t, test_source_path(&t, arena_printf(&t.arena, "tests/vectors/%s", test_case->vectors)));
	while (rest.ptr) {
		rest = slice_cut(rest, '\n', &text);
		if (text.len == 0)
			continue;
		const struct json *line = json_parse(&t.arena, text, &limits, &t.err);
		if (!line) {
			test_failed(&t, __FILE__, __LINE__, "%s: %s", test_case->vectors, t.err.message);
			continue;
		}
		if (test_case->kind && !slice_equal(json_get_text(line, S("kind")), slice_of(test_case->kind)))
			continue;
		lines++;
		run_one(test_case, line, json_get_text(line, S("id")));
	}
	if (lines == 0 || t.failed_checks) {
		failed_count++;
		printf("not ok %d - %s: %d vectors ran\n", ++run_count, test_case->name, lines);
	}
	arena_fini(&t.arena);
}

static int remove_entry(const char *path, const struct stat *stat, int type, struct FTW *ftw)
{
	(void)stat;
	(void)type;
	(void)ftw;
	return remove(path);
}

static bool is_wanted(const char *name, int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		if (strncmp(name, argv[i], strlen(argv[i])) == 0)
			return true;
	return argc < 2;
}

int main(int argc, char **argv)
{
	const char *tmp = getenv("TMPDIR");

	snprintf(root_dir, sizeof root_dir, "%s/spoor-test-XXXXXX", tmp && strlen(tmp) < 32 ? tmp : "/tmp");
	if (!mkdtemp(root_dir)) {
		perror(root_dir);
		return 2;
	}
	for (const struct test_case *test_case = registered; test_case; test_case = test_case->next) {
		if (!is_wanted(test_case->name, argc, argv))
			continue;
		if (test_case->vectors)
			run_vectors(test_case);
		else
			run_one(test_case, NULL, SLICE_NONE);
	}
	if (memory_dir[0])
		nftw(memory_dir, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
	nftw(root_dir, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
	printf("1..%d\n", run_count);
	return failed_count ? 1 : 0;
}
