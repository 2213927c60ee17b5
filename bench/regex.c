/* bench/regex.c: regular expressions on one core: how fast a text of records is searched that has no match, and short texts that may. */
#include "bench/cpu_time.h"
#include "regex/regex.h"
#include "regex/regex_program.h"

enum { TEXT_BYTES = 16 << 20 };

static const double ROUND_S = 0.5;

static const struct { const char *name, *expression; } EXPRESSIONS[] = {
	{ "literal",        "AccessDeniedException" },
	{ "literal_first",  "AccessDenied[A-Za-z]*: [0-9]+" },
	{ "literal_within", "[a-z]+\\.UnauthorizedOperation\\.[a-z]+" },
	{ "choice",         "DeleteTrail|StopLogging|PutEventSelectors" },
	{ "any_case",       "(?i)unauthorizedoperation" },
	{ "words",          "\\bi-[0-9a-f]{8}x" },
	{ "no_table",       "z.{20}q" },                 /* too many states */
};

static char *make_text(void)
{
	static const char record[] = "{\"eventTime\":\"2026-01-15T10:01:07Z\",\"eventSource\":\"ec2.amazonaws.com\",\"eventName\":\"DescribeInstances\","
	                             "\"userIdentity\":{\"arn\":\"arn:aws:sts::111122223333:assumed-role/service-role-17/session-4711\"},"
	                             "\"requestParameters\":{\"instancesSet\":{\"items\":[{\"instanceId\":\"i-0abcdef0\"}]}},\"readOnly\":true}\n";
	char *text = xmalloc(TEXT_BYTES);

	for (size_t at = 0; at < TEXT_BYTES; at++)
		text[at] = record[at % (sizeof record - 1)];
	return text;
}

/* Of CPU time. */
static double gigabytes_a_second(const struct regex *regex, struct slice text, size_t piece, bool by_machine, size_t *found)
{
	double begin_s = cpu_time_s(), end_s = begin_s, bytes = 0;

	for (size_t at = 0, round = 0; end_s - begin_s < ROUND_S; at = at + piece < text.len ? at + piece : 0, round++) {
		struct slice one = slice_sub(text, at, piece);
		*found += by_machine ? regex_run_finds(regex, one, 0) : regex_finds(regex, one);
		bytes += (double)one.len;
		if (piece > 4096 || round % 256 == 0)
			end_s = cpu_time_s();
	}
	return bytes / (end_s - begin_s) / 1e9;
}

int main(void)
{
	struct arena arena;
	char *memory = make_text();
	struct slice text = { memory, TEXT_BYTES };
	size_t found = 0;

	arena_init(&arena, 64 << 20);
	for (size_t i = 0; i < COUNT(EXPRESSIONS); i++) {
		const char *name = EXPRESSIONS[i].name;
		double begin_s = cpu_time_s();
		const struct regex *regex = regex_compile(&arena, slice_of(EXPRESSIONS[i].expression), NULL);
		double compiled_s = cpu_time_s() - begin_s;
		assert(regex);
		printf("regex_%s_64_kib %.2f GB/s\n", name, gigabytes_a_second(regex, text, 65536, false, &found));
		printf("regex_%s_40_bytes %.2f GB/s\n", name, gigabytes_a_second(regex, text, 40, false, &found));
		printf("regex_%s_by_machine %.3f GB/s\n", name, gigabytes_a_second(regex, text, 65536, true, &found));
		printf("regex_%s_compile %.0f us\n", name, compiled_s * 1e6);
	}
	assert(found == 0);
	arena_fini(&arena);
	free(memory);
	return 0;
}
