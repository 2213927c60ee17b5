/* bench/json_index.c: GB of JSON a second of CPU for the structural index, on each machine, and for what reads two fields by it. */
#include "bench/cpu_time.h"
#include "bench/sample_event.h"
#include "codec/json.h"
#include "codec/json_index.h"
#include "archive/fields.h"

enum { EVENTS = 20000, SPAN_BYTES = 256 << 10, ROUNDS = 15 };

struct sample {
	struct slice text;
	struct slice records[EVENTS];
};

static double best(double (*once)(struct sample *, const void *), struct sample *sample, const void *with)
{
	double best_ns = 1e18;

	for (int i = 0; i < ROUNDS; i++) {
		double ns = once(sample, with);
		best_ns = ns < best_ns ? ns : best_ns;
	}
	return (double)sample->text.len / best_ns;
}

static double index_once(struct sample *sample, const void *with)
{
	struct json_index index = {0};
	double start_s = cpu_time_s();
	uint64_t sum = 0;

	for (size_t at = 0; at < sample->text.len; at += SPAN_BYTES) {
		json_index_build(&index, slice_sub(sample->text, at, SPAN_BYTES), *(const enum json_machine *)with);
		sum += index.blocks[1].quote;
	}
	double ns = (cpu_time_s() - start_s) * 1e9 + (double)(sum == 1);
	json_index_fini(&index);
	return ns;
}

/* Spans of whole records, as archive/scan reads them. */
static double fields_once(struct sample *sample, const void *with)
{
	struct json_index index = {0};
	struct field values[64];
	double start_s = cpu_time_s();
	size_t found = 0;

	for (size_t first = 0, next; first < EVENTS; first = next) {
		for (next = first; next < EVENTS && sample->records[next].ptr < sample->records[first].ptr + SPAN_BYTES; next++)
			;
		struct slice last = sample->records[next - 1];
		struct slice span = { sample->records[first].ptr, (size_t)(last.ptr + last.len - sample->records[first].ptr) };
		json_index_build(&index, span, json_index_fastest());
		for (size_t i = first; i < next; i++)
			found += fields_read(with, &index, sample->records[i], values) && values[0].kind == FIELD_STRING;
	}
	double ns = (cpu_time_s() - start_s) * 1e9;
	assert(found == EVENTS);
	json_index_fini(&index);
	return ns;
}

static double parse_once(struct sample *sample, const void *with)
{
	struct arena arena;

	(void)with;
	arena_init(&arena, 64 << 20);
	double start_s = cpu_time_s();
	for (size_t i = 0; i < EVENTS; i++) {
		assert(json_parse(&arena, sample->records[i], &JSON_LIMITS_DEFAULT, NULL));
		arena_reset(&arena, 1 << 20);
	}
	double ns = (cpu_time_s() - start_s) * 1e9;
	arena_fini(&arena);
	return ns;
}

static const struct fields *set_of(struct arena *arena, const char *const *names, size_t count)
{
	struct fields *fields = fields_new(arena, FIELD_JOINED);
	size_t number;

	for (size_t i = 0; i < count; i++)
		assert(fields_add_name(fields, slice_of(names[i]), &number, NULL));
	fields_seal(fields);
	return fields;
}

int main(void)
{
	static const char *const names[JSON_MACHINE_COUNT] = { "scalar", "avx2", "avx512" };
	static const char *const fields[] = {
		"eventName", "userIdentity.arn", "errorCode", "eventSource", "eventTime", "sourceIPAddress", "awsRegion", "userAgent",
		"userIdentity.type", "userIdentity.userName", "userIdentity.sessionContext.sessionIssuer.arn", "requestParameters.bucketName",
		"requestParameters.roleName", "responseElements.credentials.accessKeyId", "resources.0.ARN", "tlsDetails.tlsVersion", "readOnly",
		"recipientAccountId", "requestParameters.filterSet.items.0.name", "additionalEventData.bytesTransferredOut",
	};
	struct sample *sample = xcalloc(1, sizeof *sample);
	size_t starts[EVENTS + 1] = {0};
	struct random random;
	struct arena arena;
	struct buffer text;

	random_init_seeded(&random, 1);
	arena_init(&arena, 256 << 20);
	buffer_init(&text, &arena, 128 << 20);
	for (size_t i = 0; i < EVENTS; i++) {
		sample_event(&text, &random, INT64_C(1767225600000) + (int64_t)i * 1000, SAMPLE_ACCOUNTS[0], SAMPLE_REGIONS[0]);
		buffer_byte(&text, '\n');
		starts[i + 1] = text.len;
	}
	sample->text = buffer_slice(&text);
	for (size_t i = 0; i < EVENTS; i++)
		sample->records[i] = slice_sub(sample->text, starts[i], starts[i + 1] - starts[i] - 1);
	for (enum json_machine machine = JSON_SCALAR; machine < JSON_MACHINE_COUNT; machine++)
		if (json_index_runs_on(machine))
			printf("json_index_%s %.2f GB/s\n", names[machine], best(index_once, sample, &machine));
	printf("json_index_and_2_fields %.2f GB/s\n", best(fields_once, sample, set_of(&arena, fields, 2)));
	printf("json_index_and_20_fields %.2f GB/s\n", best(fields_once, sample, set_of(&arena, fields, COUNT(fields))));
	printf("json_parse_whole %.2f GB/s\n", best(parse_once, sample, NULL));
	free(sample);
	arena_fini(&arena);
	return 0;
}
