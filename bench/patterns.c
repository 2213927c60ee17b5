/* bench/patterns.c: filter patterns on one core: the CIS benchmark's fifteen as a set, and what each form costs alone. */
#include "base/clock.h"
#include "base/limits.h"
#include "detect/pattern_set.h"
#include "codec/json.h"

enum { EVENTS = 20000, PATTERNS_MAX = 32 };

static const char *const NAMES[] = { "DescribeInstances", "AssumeRole", "GetObject", "PutObject", "ListBuckets", "Decrypt", "GetCallerIdentity",
	"DescribeLogGroups", "PutMetricData", "GetParameter", "DescribeSecurityGroups", "ListRoles", "ConsoleLogin", "CreateUser", "StopLogging",
	"GenerateDataKey", "DescribeVolumes", "HeadBucket", "GetSecretValue", "CreateTags", "DescribeSubnets", "ListUsers", "RunInstances" };
static const char *const SOURCES[] = { "ec2.amazonaws.com", "sts.amazonaws.com", "s3.amazonaws.com", "kms.amazonaws.com", "iam.amazonaws.com",
	"logs.amazonaws.com", "monitoring.amazonaws.com", "ssm.amazonaws.com", "signin.amazonaws.com" };

struct corpus {
	struct arena  arena;
	struct slice *events;
	size_t        bytes;
};

static uint32_t draw(uint64_t *seed, uint32_t below)
{
	*seed = *seed * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(*seed >> 33) % below;
}

/* A record as most are: a role's session, a request of some nesting, 1.5 KB. One in fifty is refused. */
static struct slice generate(struct arena *arena, uint64_t *seed)
{
	uint32_t role = draw(seed, 400), name = draw(seed, COUNT(NAMES));
	const char *error = draw(seed, 50) == 0 ? "\"errorCode\":\"AccessDenied\",\"errorMessage\":\"User is not authorized to perform this\"," : "";

	return arena_format(arena,
		"{\"eventVersion\":\"1.09\",\"userIdentity\":{\"type\":\"%s\",\"principalId\":\"AROAEXAMPLE%08X:session-%u\",\"arn\":\"arn:aws:sts::111122223333:"
		"assumed-role/service-role-%u/session-%u\",\"accountId\":\"111122223333\",\"accessKeyId\":\"ASIAEXAMPLE%08X\",\"sessionContext\":{\"sessionIssuer\":"
		"{\"type\":\"Role\",\"principalId\":\"AROAEXAMPLE%08X\",\"arn\":\"arn:aws:iam::111122223333:role/service-role-%u\",\"accountId\":\"111122223333\","
		"\"userName\":\"service-role-%u\"},\"attributes\":{\"creationDate\":\"2026-01-15T09:%02u:%02uZ\",\"mfaAuthenticated\":\"false\"}}},"
		"\"eventTime\":\"2026-01-15T10:%02u:%02uZ\",\"eventSource\":\"%s\",\"eventName\":\"%s\",\"awsRegion\":\"us-east-1\",\"sourceIPAddress\":\"203.0.113.%u\","
		"\"userAgent\":\"aws-sdk-java/2.20.43 Linux/5.10.178-162.673.amzn2.x86_64 OpenJDK_64-Bit_Server_VM/17.0.7+7-LTS Java/17.0.7 vendor/Amazon.com_Inc."
		" exec-env/AWS_ECS_FARGATE io/sync http/Apache cfg/retry-mode/legacy\",%s\"requestParameters\":{\"instancesSet\":{\"items\":[{\"instanceId\":\"i-%08x%08x\"},"
		"{\"instanceId\":\"i-%08x%08x\"}]},\"filterSet\":{\"items\":[{\"name\":\"tag:team\",\"valueSet\":{\"items\":[{\"value\":\"red\"}]}}]},\"maxResults\":%u},"
		"\"responseElements\":null,\"additionalEventData\":{\"SignatureVersion\":\"SigV4\",\"CipherSuite\":\"ECDHE-RSA-AES128-GCM-SHA256\",\"bytesTransferredIn\":0},"
		"\"requestID\":\"%08x-6a0e-4c0e-9f3f-2f6a%08x\",\"eventID\":\"%08x-3d1c-4b3e-8a57-0d8f%08x\",\"readOnly\":true,\"eventType\":\"AwsApiCall\","
		"\"managementEvent\":true,\"recipientAccountId\":\"111122223333\",\"eventCategory\":\"Management\",\"tlsDetails\":{\"tlsVersion\":\"TLSv1.3\",\"cipherSuite\":"
		"\"TLS_AES_128_GCM_SHA256\",\"clientProvidedHostHeader\":\"%s\"}}",
		draw(seed, 500) == 0 ? "Root" : "AssumedRole", role, role, role, draw(seed, 99999), draw(seed, 1u << 31), role, role, role, draw(seed, 60),
		draw(seed, 60), draw(seed, 60), draw(seed, 60), SOURCES[draw(seed, COUNT(SOURCES))], NAMES[name], draw(seed, 256), error, draw(seed, 1u << 31),
		draw(seed, 1u << 31), draw(seed, 1u << 31), draw(seed, 1u << 31), draw(seed, 1000), draw(seed, 1u << 31), draw(seed, 1u << 31), draw(seed, 1u << 31),
		draw(seed, 1u << 31), "ec2.us-east-1.amazonaws.com");
}

/* One pattern of each section cis.4.1 to cis.4.15, as the acceptance vectors have it. */
static size_t read_cis(struct arena *arena, const struct pattern **patterns)
{
	FILE *file = fopen("tests/vectors/filter-patterns.jsonl", "re");
	char *line = NULL, last[32] = "";
	size_t room = 0, count = 0;
	ssize_t len;

	while (file && (len = getline(&line, &room, file)) > 0) {
		struct error err;
		const struct json *vector = json_parse(arena, arena_copy(arena, (struct slice){ line, (size_t)len }), &JSON_LIMITS_DEFAULT, &err);
		const char *section = arena_cstr(arena, json_get_text(vector, S("section")));
		if (strncmp(section, "cis.4.", 6) || strchr(section, '-') || strcmp(section, last) == 0 || count == PATTERNS_MAX)
			continue;
		snprintf(last, sizeof last, "%s", section);
		patterns[count] = pattern_compile(arena, json_get_text(vector, S("pattern")), NULL, &err);
		count += patterns[count] != NULL;
	}
	free(line);
	if (file)
		fclose(file);
	return count;
}

static void report(const char *name, uint64_t ns, size_t rounds, const struct corpus *corpus)
{
	double seconds = (double)ns / 1e9;

	printf("%s_rate %.0f events/s\n%s_bytes %.0f MB/s\n", name, (double)(rounds * EVENTS) / seconds, name,
	       (double)rounds * (double)corpus->bytes / seconds / 1e6);
}

/* Runs a set over the corpus for about a second. */
static void measure_set(const char *name, const struct corpus *corpus, const struct pattern *const *patterns, size_t count)
{
	struct arena arena;
	struct pattern_set_result result;
	struct error err;
	size_t rounds = 0, matched = 0;

	arena_init(&arena, 64 << 20);
	struct pattern_set_reader *reader = pattern_set_reader_new(pattern_set_compile(&arena, patterns, count));
	uint64_t start = clock_monotonic_ns(), ns = 0;
	for (; ns < 1000000000; rounds++, ns = clock_monotonic_ns() - start)
		for (size_t i = 0; i < EVENTS; i++) {
			pattern_set_match(reader, corpus->events[i], &result, &err);
			matched += result.count;
		}
	report(name, ns, rounds, corpus);
	printf("%s_matches %.0f in_a_round\n", name, (double)matched / (double)rounds);
	pattern_set_reader_free(reader);
	arena_fini(&arena);
}

/* One pattern after the other, each by itself. */
static void measure_alone(const char *name, const struct corpus *corpus, const struct pattern *const *patterns, size_t count)
{
	struct arena scratch;
	size_t rounds = 0;
	volatile size_t matched = 0;             /* so that the work is not left out */

	arena_init(&scratch, 64 << 20);
	uint64_t start = clock_monotonic_ns(), ns = 0;
	for (; ns < 1000000000; rounds++, ns = clock_monotonic_ns() - start)
		for (size_t i = 0; i < EVENTS; i++)
			for (size_t k = 0; k < count; k++) {
				matched = matched + pattern_matches(patterns[k], corpus->events[i], &scratch);
				arena_reset(&scratch, 64 << 10);
			}
	report(name, ns, rounds, corpus);
	arena_fini(&scratch);
}

static void measure_text(const char *name, const char *text, const struct corpus *corpus)
{
	struct arena arena;
	struct error err;

	arena_init(&arena, 1 << 20);
	const struct pattern *pattern = pattern_compile(&arena, slice_of(text), NULL, &err);
	if (pattern)
		measure_alone(name, corpus, &pattern, 1);
	arena_fini(&arena);
}

int main(void)
{
	struct corpus corpus = {0};
	const struct pattern *patterns[PATTERNS_MAX];
	uint64_t seed = 15;

	arena_init(&corpus.arena, 256 << 20);
	corpus.events = arena_array(&corpus.arena, EVENTS, sizeof *corpus.events);
	for (size_t i = 0; i < EVENTS; i++) {
		corpus.events[i] = generate(&corpus.arena, &seed);
		corpus.bytes += corpus.events[i].len;
	}
	size_t count = read_cis(&corpus.arena, patterns);
	if (count == 0) {
		fputs("bench-patterns: run it where tests/vectors is\n", stderr);
		return 1;
	}
	printf("pattern_set_size %zu patterns\npattern_event_size %.0f bytes\n", count, (double)corpus.bytes / EVENTS);
	measure_set("pattern_set", &corpus, patterns, count);
	measure_alone("pattern_each_alone", &corpus, patterns, count);
	measure_text("pattern_two_fields", "{ $.eventName = StopLogging && $.userIdentity.type = Root }", &corpus);
	measure_text("pattern_term", "StopLogging", &corpus);
	measure_text("pattern_regex", "%role/[a-z]+-role-39[0-9]\\x22%", &corpus);
	measure_text("pattern_columns", "[a, b, c=x*, ...]", &corpus);
	arena_fini(&corpus.arena);
	return 0;
}
