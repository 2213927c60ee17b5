/* services/audit_observed_test.c: the parameters and replies in records of real accounts, decoded as requests and projected
 * again, come out as AWS wrote them. The order of members may differ, as it does between AWS's own records. */
#include "services/audit.h"
#include "services/cloudtrail/shapes.h"
#include "services/decode_json.h"
#include "services/iam/shapes.h"
#include "services/sts/shapes.h"
#include "services/validate.h"

#include "base/clock.h"
#include "codec/uri.h"
#include "tests/test.h"

static const struct service_shape *const observed_services[] = { &cloudtrail_shapes, &iam_shapes, &sts_shapes };

static const struct operation_shape *operation_of(const struct json *record)
{
	for (size_t i = 0; i < COUNT(observed_services); i++)
		if (slice_equal(observed_services[i]->event_source, json_get_text(record, S("eventSource"))))
			return service_shape_find(observed_services[i], json_get_text(record, S("eventName")));
	return NULL;
}

/* "Jul 10, 2023 11:54:39 AM" and its form with a second comma, as milliseconds; -1 for any other text. */
static int64_t us_date(struct slice text)
{
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	char copy[64], month[4], half[3];
	struct civil civil = {0};

	if (text.len >= sizeof copy)
		return -1;
	memcpy(copy, text.ptr, text.len);
	copy[text.len] = '\0';
	for (char *at = copy; *at; at++)
		if (*at == ',')
			*at = ' ';
	if (sscanf(copy, "%3s %d %d %d:%d:%d %2s", month, &civil.day, &civil.year, &civil.hour, &civil.minute, &civil.second, half) != 7)
		return -1;
	const char *found = strstr(months, month);
	civil.month = found ? (int)(found - months) / 3 + 1 : 1;
	civil.hour = civil.hour % 12 + (half[0] == 'P' ? 12 : 0);
	return found ? civil_to_ms(civil) : -1;
}

/* Back to what the API has: first letters raised, dates as numbers, documents decoded. */
static void write_as_api(struct test *t, struct json_writer *out, const struct json *json, struct slice key, const struct shape *shape)
{
	int64_t ms = json->kind == JSON_STRING ? us_date(json->text) : -1;

	if (json->kind == JSON_OBJECT) {
		json_object_begin(out);
		for (const struct json *child = json->first; child; child = child->next) {
			const struct shape_member *member = NULL;
			for (size_t i = 0; shape->kind == SHAPE_STRUCTURE && i < shape->member_count; i++)
				if (slice_equal(shape->members[i].record_name, child->key))
					member = &shape->members[i];
			if (!member) {
				test_failed(t, __FILE__, __LINE__, "%.*s: no member %.*s", SLICE_ARG(shape->name), SLICE_ARG(child->key));
				continue;
			}
			json_key(out, member->name);
			write_as_api(t, out, child, child->key, member->shape);
		}
		json_object_end(out);
	} else if (json->kind == JSON_ARRAY) {
		json_array_begin(out);
		for (const struct json *child = json->first; child; child = child->next)
			write_as_api(t, out, child, key, shape->members[0].shape);
		json_array_end(out);
	} else if (ms >= 0) {
		json_raw(out, arena_format(&t->arena, "%" PRId64, ms / 1000));
	} else if (json->kind == JSON_STRING && shape->flags & SHAPE_URL_ENCODED && slice_has_prefix(json->text, S("%7B"))) {
		json_string(out, uri_decode(&t->arena, json->text, URI_PLUS_IS_PLUS, &t->err));
	} else {
		json_value(out, json);
	}
}

static bool is_same(const struct json *a, const struct json *b)
{
	if (!a || !b || a->kind != b->kind || a->count != b->count)
		return false;
	if (a->kind == JSON_ARRAY) {
		const struct json *y = b->first;
		for (const struct json *x = a->first; x; x = x->next, y = y->next)
			if (!is_same(x, y))
				return false;
		return true;
	}
	for (const struct json *x = a->kind == JSON_OBJECT ? a->first : NULL; x; x = x->next)
		if (!is_same(x, json_get(b, x->key)))
			return false;
	return a->kind == JSON_OBJECT || slice_equal(a->text, b->text);
}

/* Decodes what the record shows with `shape`, and hands it to the projection. */
static void check_side(struct test *t, const struct json *record, const struct operation_shape *operation, bool is_response)
{
	const struct shape *shape = is_response ? operation->output : operation->input;
	const struct json *shown = json_get(record, is_response ? S("responseElements") : S("requestParameters"));
	struct json_writer writer;
	struct buffer api;

	if (!shown || shown->kind != JSON_OBJECT || !shape)
		return;
	buffer_init(&api, &t->arena, 1 << 20);
	json_writer_init(&writer, &api);
	write_as_api(t, &writer, shown, SLICE_NONE, shape);
	const void *value = decode_json(&t->arena, shape, buffer_slice(&api), &t->err);
	REQUIRE(t, value != NULL);
	CHECK(t, is_response || validate(shape, value, PROTOCOL_QUERY, &t->err));
	struct slice again = is_response ? audit_response(&t->arena, operation, value, false, AUDIT_KEEP_SESSION_TOKEN)
	                                 : audit_request(&t->arena, operation, value, AUDIT_KEEP_SESSION_TOKEN);
	const struct json *ours = json_parse(&t->arena, again.ptr ? again : S("null"), &JSON_LIMITS_DEFAULT, &t->err);
	if (!is_same(shown, ours))
		test_failed(t, __FILE__, __LINE__, "%.*s: AWS has %.*s, we have %.*s", SLICE_ARG(operation->name), SLICE_ARG(shown->text),
			SLICE_ARG(again));
}

static int check_file(struct test *t, const char *name)
{
	struct slice line, rest = test_read_file(t, test_source_path(t, arena_printf(&t->arena, "tests/data/cloudtrail-records/%s", name)));
	int compared = 0;

	while (rest.len > 0) {
		rest = slice_cut(rest, '\n', &line);
		const struct json *record = json_parse(&t->arena, line, &JSON_LIMITS_DEFAULT, &t->err);
		const struct operation_shape *operation = record ? operation_of(record) : NULL;
		if (!operation)
			continue;
		check_side(t, record, operation, false);
		check_side(t, record, operation, true);
		compared++;
	}
	return compared;
}

TEST(projections_equal_the_records_of_real_accounts)
{
	CHECK(t, check_file(t, "invictus.jsonl") >= 30);
	CHECK(t, check_file(t, "stratus.jsonl") >= 3);
}
