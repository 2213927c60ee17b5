/* tests/fuzz_main.c: runs fuzz targets, either over their corpora (TAP) or under libFuzzer. */
#include "tests/fuzz.h"

#include <dirent.h>

enum { FUZZ_ARENA_BYTES_MAX = 64 << 20, FUZZ_INPUT_BYTES_MAX = 4 << 20 };

static struct fuzz_target *targets;

void fuzz_register(struct fuzz_target *target)
{
	struct fuzz_target **at = &targets;

	while (*at && strcmp((*at)->name, target->name) < 0)
		at = &(*at)->next;
	target->next = *at;
	*at = target;
}

static void run_target(const struct fuzz_target *target, const char *bytes, size_t count)
{
	struct fuzz f = { .input = { count ? bytes : "", count } };

	arena_init(&f.arena, FUZZ_ARENA_BYTES_MAX);
	target->run(&f);
	arena_fini(&f.arena);
}

#ifdef SPOOR_LIBFUZZER

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	run_target(targets, (const char *)data, size);
	return 0;
}

#else

static int replay(const struct fuzz_target *target)
{
	char path[4096];
	int files = 0;

	snprintf(path, sizeof path, "%s/fuzz/corpus/%s", SPOOR_SOURCE_DIR, target->name);
	DIR *dir = opendir(path);
	for (struct dirent *entry; dir && (entry = readdir(dir)); ) {
		if (entry->d_name[0] == '.')
			continue;
		snprintf(path, sizeof path, "%s/fuzz/corpus/%s/%s", SPOOR_SOURCE_DIR, target->name, entry->d_name);
		FILE *file = fopen(path, "rb");
		assert(file);
		char *bytes = xmalloc(FUZZ_INPUT_BYTES_MAX);
		size_t count = fread(bytes, 1, FUZZ_INPUT_BYTES_MAX, file);
		fclose(file);
		char *exact = xmalloc(count);              /* so that a sanitizer sees a read past the end */
		memcpy(exact, bytes, count);
		free(bytes);
		run_target(target, exact, count);
		free(exact);
		files++;
	}
	if (dir)
		closedir(dir);
	return files;
}

int main(void)
{
	int count = 0, failed = 0;

	for (const struct fuzz_target *target = targets; target; target = target->next) {
		int files = replay(target);
		failed += files == 0;
		printf("%s %d - corpus of %s: %d files\n", files ? "ok" : "not ok", ++count, target->name, files);
		fflush(stdout);
	}
	printf("1..%d\n", count);
	return failed ? 1 : 0;
}

#endif
