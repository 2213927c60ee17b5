/* archive/fields_test.c: a path finds its value and no other, in both ways of naming; what is not JSON is noticed on the way. */
#include "archive/fields.h"

#include "base/limits.h"
#include "tests/test.h"

/* Reads the fields `names` of `record` and writes them as KIND:RAW, one after the other. */
static struct slice read_names(struct test *t, const char *record, size_t leaves_max, const char *const *names)
{
	struct json_index index = {0};
	struct fields *fields = fields_new(&t->arena, FIELD_JOINED);
	struct field values[16];
	struct buffer out;
	size_t numbers[16], count = 0;

	for (; names[count]; count++)
		CHECK(t, fields_add_name(fields, slice_of(names[count]), &numbers[count], &t->err));
	fields_limit_leaves(fields, leaves_max);
	fields_seal(fields);
	json_index_build(&index, slice_of(record), json_index_fastest());
	buffer_init(&out, &t->arena, 1 << 16);
	if (!fields_read(fields, &index, slice_of(record), values))
		buffer_add(&out, S("no JSON"));
	else
		for (size_t i = 0; i < count; i++)
			buffer_printf(&out, "%s%c:%.*s", i ? " " : "", ".0ft#s{["[values[numbers[i]].kind],
			              SLICE_ARG(values[numbers[i]].raw));
	json_index_fini(&index);
	return (struct slice){ out.len ? out.ptr : "", out.len };
}

#define READ(record, ...) read_names(t, (record), 0, (const char *const[]){ __VA_ARGS__, NULL })

TEST(fields_have_the_kind_and_the_text_of_the_record)
{
	CHECK_TEXT(t, READ("{\"s\":\"x\",\"n\":-1.5e3,\"t\":true,\"f\":false,\"z\":null,\"o\":{\"k\":[]},\"a\":[1, 2]}",
	                   "s", "n", "t", "f", "z", "o", "a", "no"),
	           S("s:x #:-1.5e3 t:true f:false 0:null {:{\"k\":[]} [:[1, 2] .:"));
	CHECK_TEXT(t, READ(" { \"a\" : { \"b\" :\t[ 10 ,\n{ \"c\" : 7 } ] } } " + 1, "a.b.1.c", "a.b.0", "a.b.2", "a.b"), S("no JSON"));
	CHECK_TEXT(t, READ("{ \"a\" : { \"b\" :\t[ 10 ,\n{ \"c\" : 7 } ] } }", "a.b.1.c", "a.b.0", "a.b.2", "a.b"),
	           S("#:7 #:10 .: [:[ 10 ,\n{ \"c\" : 7 } ]"));
	CHECK_TEXT(t, READ("{}", "a"), S(".:"));
	CHECK_TEXT(t, READ("[1,[2,{\"x\":3}]]", "1.1.x", "0", "x"), S("#:3 #:1 .:"));
}

TEST(fields_joined_are_found_however_the_keys_are_cut)
{
	CHECK_TEXT(t, READ("{\"a\":{\"b\":{\"c\":1}}}", "a.b.c"), S("#:1"));
	CHECK_TEXT(t, READ("{\"a.b\":{\"c\":2}}", "a.b.c"), S("#:2"));
	CHECK_TEXT(t, READ("{\"a\":{\"b.c\":3}}", "a.b.c"), S("#:3"));
	CHECK_TEXT(t, READ("{\"a.b.c\":4}", "a.b.c"), S("#:4"));
	CHECK_TEXT(t, READ("{\"a\":{\"0\":5}}", "a.0"), S("#:5"));
	CHECK_TEXT(t, READ("{\"a\":[6]}", "a.0", "a.00"), S("#:6 .:"));
	CHECK_TEXT(t, READ("{\"a.b\":1,\"a\":{\"b\":2}}", "a.b"), S("#:2"));
	CHECK_TEXT(t, READ("{\"\":{\"\":1}}", ".", ""), S("#:1 {:{\"\":1}"));
}

TEST(fields_by_steps_tell_a_dot_in_a_key_from_a_step_and_an_index_from_a_key)
{
	struct slice record = S("{\"a.b\":1,\"a\":{\"b\":2,\"0\":3},\"list\":[4,{\"x\":5}],\"x\":{\"y\":[[6]]}}");
	static const struct { struct field_step steps[3]; size_t count; const char *want; } rows[] = {
		{ { { .key = S_INIT("a.b") } }, 1, "1" },
		{ { { .key = S_INIT("a") }, { .key = S_INIT("b") } }, 2, "2" },
		{ { { .key = S_INIT("a") }, { .key = S_INIT("0") } }, 2, "3" },
		{ { { .key = S_INIT("a") }, { .index = 0 } }, 2, NULL },
		{ { { .key = S_INIT("list") }, { .index = 0 } }, 2, "4" },
		{ { { .key = S_INIT("list") }, { .key = S_INIT("0") } }, 2, NULL },
		{ { { .key = S_INIT("list") }, { .index = 1 }, { .key = S_INIT("x") } }, 3, "5" },
		{ { { .key = S_INIT("list") }, { .index = 9 } }, 2, NULL },
		{ { { .key = S_INIT("x") }, { .key = S_INIT("y") } }, 2, "[[6]]" },
	};
	struct fields *fields = fields_new(&t->arena, FIELD_STEPS);
	struct json_index index = {0};
	struct field values[COUNT(rows) + 1];
	size_t number, again;

	for (size_t i = 0; i < COUNT(rows); i++) {
		CHECK(t, fields_add_steps(fields, rows[i].steps, rows[i].count, &number, &t->err));
		CHECK_NUMBER(t, number, i);
	}
	CHECK(t, fields_add_steps(fields, rows[1].steps, rows[1].count, &again, &t->err));
	CHECK_NUMBER(t, again, 1);
	CHECK(t, fields_add_steps(fields, NULL, 0, &again, &t->err));    /* the record itself */
	fields_seal(fields);
	CHECK_NUMBER(t, fields_count(fields), COUNT(rows) + 1);
	json_index_build(&index, record, json_index_fastest());
	CHECK(t, fields_read(fields, &index, record, values));
	for (size_t i = 0; i < COUNT(rows); i++)
		CHECK_TEXT(t, values[i].raw, slice_of(rows[i].want));
	CHECK_TEXT(t, values[COUNT(rows)].raw, record);
	json_index_fini(&index);
}

TEST(fields_of_a_key_that_comes_twice_are_those_of_the_last)
{
	CHECK_TEXT(t, READ("{\"a\":1,\"a\":2}", "a"), S("#:2"));
	CHECK_TEXT(t, READ("{\"a\":{\"b\":1,\"c\":2},\"a\":{\"c\":3}}", "a.b", "a.c"), S(".: #:3"));
	CHECK_TEXT(t, READ("{\"a\":{\"b\":1},\"a\":5}", "a.b", "a"), S(".: #:5"));
}

TEST(fields_with_escaped_keys_are_the_same_fields)
{
	CHECK_TEXT(t, READ("{\"event\\u004eame\":\"x\",\"q\\\"\":1}", "eventName", "q\""), S("s:x #:1"));
}

TEST(fields_past_the_first_leaves_are_absent_where_leaves_are_limited)
{
	const char *record = "{\"a\":1,\"n\":null,\"o\":{\"b\":[2,3],\"e\":{}},\"c\":\"x\",\"d\":true}";
	const char *const names[] = { "a", "o.b.0", "o.b.1", "c", "d", "o", NULL };
	static const char *const want[] = {
		"#:1 #:2 #:3 s:x t:true {:{\"b\":[2,3],\"e\":{}}",
		"#:1 .: .: .: .: {:{\"b\":[2,3],\"e\":{}}", "#:1 #:2 .: .: .: {:{\"b\":[2,3],\"e\":{}}",
		"#:1 #:2 #:3 .: .: {:{\"b\":[2,3],\"e\":{}}", "#:1 #:2 #:3 s:x .: {:{\"b\":[2,3],\"e\":{}}",
		"#:1 #:2 #:3 s:x t:true {:{\"b\":[2,3],\"e\":{}}",
	};
	for (size_t leaves_max = 0; leaves_max < COUNT(want); leaves_max++)
		CHECK_TEXT(t, read_names(t, record, leaves_max, names), slice_of(want[leaves_max]));
}

TEST(fields_of_what_is_no_json_are_refused)
{
	static const char *const records[] = {
		"{\"a\" 1}", "{\"a\":1,}", "{,}", "{\"a\":}", "{a:1}", "{\"a\":1 \"b\":2}", "{\"a\":01}", "{\"a\":+1}", "{\"a\":1.}",
		"{\"a\":.5}", "{\"a\":1e}", "{\"a\":tru}", "{\"a\":nulll}", "{\"a\":[}", "{\"a\":[1,2}]", "{\"a\":[1}}", "{\"a\":{\"b\":[}}",
		"{1:2}", "[1,]", "[1 2]", "{\"a\":\"x\"\"y\"}", "{\"a\"\"b\":1}", "{\"a\":-}",
	};
	for (size_t i = 0; i < COUNT(records); i++)
		CHECK_TEXT(t, READ(records[i], "a", "0", "1"), S("no JSON"));
}

TEST(fields_refuse_more_than_they_can_hold)
{
	struct fields *fields = fields_new(&t->arena, FIELD_JOINED);
	char name[2 * (FIELD_STEPS_MAX + 2)];
	size_t number;

	for (size_t i = 0; i < sizeof name; i++)
		name[i] = i % 2 ? '.' : 'a';
	CHECK(t, fields_add_name(fields, (struct slice){ name, 2 * FIELD_STEPS_MAX - 1 }, &number, &t->err));
	CHECK(t, !fields_add_name(fields, (struct slice){ name, 2 * FIELD_STEPS_MAX + 1 }, &number, &t->err));
	CHECK(t, t->err.kind == ERR_LIMIT);

	fields = fields_new(&t->arena, FIELD_STEPS);
	for (uint32_t i = 0; i < FIELDS_MAX; i++) {
		struct field_step steps[] = { { .key = arena_format(&t->arena, "k%u", i % 64) },
		                              { .key = arena_format(&t->arena, "k%u", i / 64) } };
		CHECK(t, fields_add_steps(fields, steps, 2, &number, &t->err));
	}
	struct field_step one_more = { .index = 1 };
	CHECK(t, !fields_add_steps(fields, &one_more, 1, &number, &t->err));
	CHECK(t, t->err.kind == ERR_LIMIT);
	fields_seal(fields);
	struct json_index index = {0};
	struct slice record = S("{\"k3\":{\"k5\":1},\"k63\":{\"k63\":2}}");
	struct field *values = arena_array(&t->arena, FIELDS_MAX, sizeof *values);
	json_index_build(&index, record, json_index_fastest());
	CHECK(t, fields_read(fields, &index, record, values));
	CHECK_TEXT(t, values[5 * 64 + 3].raw, S("1"));
	CHECK_TEXT(t, values[63 * 64 + 63].raw, S("2"));
	CHECK(t, values[0].kind == FIELD_ABSENT);
	json_index_fini(&index);
}

TEST(fields_values_are_unescaped_and_become_numbers_when_asked)
{
	struct slice record = S("{\"s\":\"a\\u00e9\\n\",\"n\":1e400,\"m\":0.1,\"t\":true,\"o\":{},\"plain\":\"x\"}");
	const char *const names[] = { "s", "n", "m", "t", "o", "plain" };
	struct fields *fields = fields_new(&t->arena, FIELD_JOINED);
	struct json_index index = {0};
	struct field v[COUNT(names)];
	size_t number;
	double value;

	for (size_t i = 0; i < COUNT(names); i++)
		CHECK(t, fields_add_name(fields, slice_of(names[i]), &number, &t->err));
	fields_seal(fields);
	json_index_build(&index, record, json_index_fastest());
	REQUIRE(t, fields_read(fields, &index, record, v));
	CHECK_TEXT(t, fields_text(&v[0], &t->arena), S("a\xC3\xA9\n"));
	CHECK(t, v[0].has_escapes && !v[5].has_escapes);
	CHECK_TEXT(t, fields_text(&v[2], &t->arena), S("0.1"));
	CHECK_TEXT(t, fields_text(&v[3], &t->arena), S("true"));
	CHECK(t, fields_text(&v[4], &t->arena).ptr == NULL);
	CHECK(t, fields_text(&v[5], &t->arena).ptr == v[5].raw.ptr);
	CHECK(t, fields_to_double(&v[2], &value) && value == 0.1);
	CHECK(t, !fields_to_double(&v[1], &value) && !fields_to_double(&v[0], &value) && !fields_to_double(&v[3], &value));
	json_index_fini(&index);
}

/* The children of the record itself, as KEY=RAW. */
static struct slice list_children(struct test *t, struct slice record)
{
	struct json_index index = {0};
	struct field parent = { .raw = record, .kind = record.ptr[0] == '{' ? FIELD_OBJECT : FIELD_ARRAY }, key, child;
	struct buffer out;

	buffer_init(&out, &t->arena, 1 << 16);
	json_index_build(&index, record, json_index_fastest());
	struct field_children children = fields_children(&index, &parent);
	while (fields_next(&children, &key, &child))
		buffer_printf(&out, "%.*s=%.*s;", SLICE_ARG(key.raw), SLICE_ARG(child.raw));
	if (children.is_broken)
		buffer_add(&out, S("broken"));
	json_index_fini(&index);
	return (struct slice){ out.len ? out.ptr : "", out.len };
}

TEST(fields_children_come_in_order_and_end_where_json_does)
{
	CHECK_TEXT(t, list_children(t, S("{\"a\":1, \"b\" : [2,{\"c\":3}] ,\"d\":\"x,y\"}")), S("a=1;b=[2,{\"c\":3}];d=x,y;"));
	CHECK_TEXT(t, list_children(t, S("[1, \"2\" ,[3]]")), S("=1;=2;=[3];"));
	CHECK_TEXT(t, list_children(t, S("{ }")), S(""));
	CHECK_TEXT(t, list_children(t, S("[1,]")), S("broken"));
	CHECK_TEXT(t, list_children(t, S("[1 2]")), S("broken"));
	CHECK_TEXT(t, list_children(t, S("{\"a\":1,2}")), S("a=1;broken"));
}
