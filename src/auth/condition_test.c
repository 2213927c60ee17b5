/* auth/condition_test.c: every operator family, and absent and multi-valued keys. */
#include "auth/condition.h"
#include "auth/context.h"
#include "tests/test.h"

/* `context` and `block` are JSON with ' for ". */
static struct slice quoted(struct test *t, const char *text)
{
	struct slice s = arena_copy(&t->arena, slice_of(text));

	for (size_t i = 0; i < s.len; i++)
		if (s.ptr[i] == '\'')
			((char *)(uintptr_t)s.ptr)[i] = '"';
	return s;
}

static bool holds(struct test *t, const char *context_json, const char *block)
{
	const struct json *json = json_parse(&t->arena, quoted(t, context_json), &JSON_LIMITS_DEFAULT, &t->err);
	struct context context;
	struct buffer scratch;
	size_t count;

	context_init(&context, &t->arena);
	for (const struct json *member = json ? json->first : NULL; member; member = member->next) {
		struct slice *values = arena_array(&t->arena, member->count + 1, sizeof *values);
		size_t n = 0;
		if (member->kind != JSON_ARRAY) {
			context_set(&context, member->key, member->text);
			continue;
		}
		for (const struct json *value = member->first; value; value = value->next)
			values[n++] = value->text;
		context_set_list(&context, member->key, values, n);
	}
	json = json_parse(&t->arena, quoted(t, block), &JSON_LIMITS_DEFAULT, &t->err);
	const struct condition *conditions = json ? condition_compile(&t->arena, json, true, &count, &t->err) : NULL;
	CHECK(t, conditions != NULL);
	buffer_init(&scratch, &t->arena, 4096);
	for (size_t i = 0; conditions && i < count; i++)
		if (!condition_holds(&conditions[i], &context, &scratch))
			return false;
	return conditions != NULL;
}

struct row { const char *context, *block; bool want; };

static void check_rows(struct test *t, const struct row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (holds(t, rows[i].context, rows[i].block) != rows[i].want)
			test_failed(t, __FILE__, __LINE__, "%s in %s is not %s", rows[i].block, rows[i].context,
			            rows[i].want ? "true" : "false");
}

TEST(condition_compares_texts)
{
	static const struct row rows[] = {
		{ "{'k:a':'x'}", "{'StringEquals':{'k:a':'x'}}", true },
		{ "{'k:a':'x'}", "{'StringEquals':{'K:A':['y','x']}}", true },
		{ "{'k:a':'x*'}", "{'StringEquals':{'k:a':'x*'}}", true },
		{ "{'k:a':'xy'}", "{'StringEquals':{'k:a':'x*'}}", false },
		{ "{'k:a':'X'}", "{'StringEquals':{'k:a':'x'}}", false },
		{ "{'k:a':'X'}", "{'StringEqualsIgnoreCase':{'k:a':'x'}}", true },
		{ "{'k:a':'X'}", "{'StringNotEqualsIgnoreCase':{'k:a':'x'}}", false },
		{ "{'k:a':'z'}", "{'StringNotEqualsIgnoreCase':{'k:a':['x','y']}}", true },
		{ "{'k:a':'X'}", "{'StringNotEquals':{'k:a':'x'}}", true },
		{ "{}", "{'StringNotEquals':{'k:a':'x'}}", true },
		{ "{}", "{'StringEquals':{'k:a':'x'}}", false },
		{ "{'k:a':''}", "{'StringEquals':{'k:a':''}}", true },
		{ "{'k:a':'abc'}", "{'StringLike':{'k:a':'a?c'}}", true },
		{ "{'k:a':'abc'}", "{'StringNotLike':{'k:a':['x*','a*']}}", false },
		{ "{'k:a':'arn:aws:iam::1:x/y'}", "{'StringLike':{'k:a':'arn:*/y'}}", true },
		{ "{'k:a':'x','k:b':'x'}", "{'StringEquals':{'k:a':'${k:b}'}}", true },
		{ "{'k:a':'x','k:b':'y'}", "{'StringEquals':{'k:a':'${k:b}'}}", false },
		{ "{'k:a':'x'}", "{'StringEquals':{'k:a':'${k:b}'}}", false },
		{ "{'k:a':'x'}", "{'StringNotEquals':{'k:a':'${k:b}'}}", true },
		{ "{'k:a':'d'}", "{'StringEquals':{'k:a':'${k:b, \\u0027d\\u0027}'}}", true },
		{ "{'k:a':'axb','k:b':'*'}", "{'StringLike':{'k:a':'a${k:b}b'}}", false },
		{ "{'k:a':'x','k:b':'y'}", "{'StringEquals':{'k:a':'x','k:b':'z'}}", false },
		{ "{'k:a':'x','k:b':'y'}", "{'StringEquals':{'k:a':'x'},'StringLike':{'k:b':'?'}}", true },
		{ "{'k:a':'5'}", "{'StringEquals':{'k:a':5}}", true },
		{ "{'k:a':'true'}", "{'StringEquals':{'k:a':true}}", true },
		{ "{'k:a':'x'}", "{'stringequals':{'k:a':'x'}}", true },
		{ "{'k:a':'x'}", "{'StringEquals':{'k:a':[]}}", false },
		{ "{'k:a':'x'}", "{'StringEquals':{}}", true },
		{ "{}", "{}", true },
	};
	check_rows(t, rows, COUNT(rows));
}

TEST(condition_compares_numbers)
{
	static const struct row rows[] = {
		{ "{'k:n':'10'}", "{'NumericEquals':{'k:n':'10.0'}}", true },
		{ "{'k:n':'10'}", "{'NumericEquals':{'k:n':'1e1'}}", true },
		{ "{'k:n':'9007199254740993'}", "{'NumericEquals':{'k:n':'9007199254740992'}}", false },
		{ "{'k:n':'10'}", "{'NumericNotEquals':{'k:n':'11'}}", true },
		{ "{'k:n':'ten'}", "{'NumericNotEquals':{'k:n':'10'}}", true },
		{ "{'k:n':'ten'}", "{'NumericLessThan':{'k:n':'10'}}", false },
		{ "{'k:n':'9'}", "{'NumericLessThan':{'k:n':'10'}}", true },
		{ "{'k:n':'9'}", "{'NumericLessThan':{'k:n':['5','10']}}", true },
		{ "{'k:n':'10'}", "{'NumericLessThanEquals':{'k:n':10}}", true },
		{ "{'k:n':'10'}", "{'NumericGreaterThan':{'k:n':10}}", false },
		{ "{'k:n':'-1.5'}", "{'NumericGreaterThan':{'k:n':-2}}", true },
		{ "{'k:n':'10'}", "{'NumericGreaterThanEquals':{'k:n':10}}", true },
		{ "{'k:n':'10'}", "{'NumericEquals':{'k:n':'ten'}}", false },
		{ "{'k:n':'0x10'}", "{'NumericEquals':{'k:n':'16'}}", false },
		{ "{'k:n':'inf'}", "{'NumericGreaterThan':{'k:n':'1'}}", false },
		{ "{'k:n':' 1'}", "{'NumericEquals':{'k:n':'1'}}", false },
		{ "{'k:n':''}", "{'NumericEquals':{'k:n':'0'}}", false },
		{ "{'k:n':'.'}", "{'NumericEquals':{'k:n':'0'}}", false },
		{ "{'k:n':'1','k:v':'1'}", "{'NumericEquals':{'k:n':'${k:v}'}}", false },    /* variables are for texts */
		{ "{}", "{'NumericNotEquals':{'k:n':'1'}}", true },
		{ "{}", "{'NumericLessThanIfExists':{'k:n':'1'}}", true },
	};
	check_rows(t, rows, COUNT(rows));
}

TEST(condition_compares_dates)
{
	static const struct row rows[] = {
		{ "{'k:d':'2025-03-15T12:00:00Z'}", "{'DateEquals':{'k:d':'2025-03-15T14:00:00+02:00'}}", true },
		{ "{'k:d':'2025-03-15T12:00:00Z'}", "{'DateEquals':{'k:d':'1742040000'}}", true },
		{ "{'k:d':'1742040000'}", "{'DateEquals':{'k:d':'2025-03-15T12:00:00Z'}}", true },
		{ "{'k:d':'1742040000'}", "{'DateEquals':{'k:d':1742040000}}", true },
		{ "{'k:d':'2025-03-15T12:00Z'}", "{'DateEquals':{'k:d':'2025-03-15T12:00:00.000Z'}}", true },
		{ "{'k:d':'2025-03-15T00:00:00Z'}", "{'DateEquals':{'k:d':'2025-03-15'}}", true },
		{ "{'k:d':'2025-03-15T12:00:00Z'}", "{'DateNotEquals':{'k:d':'2025-03-15'}}", true },
		{ "{'k:d':'2025-03-15T12:00:00Z'}", "{'DateLessThan':{'k:d':'2025-03-15T12:00:00Z'}}", false },
		{ "{'k:d':'2025-03-15T12:00:00Z'}", "{'DateLessThanEquals':{'k:d':'2025-03-15T12:00:00Z'}}", true },
		{ "{'k:d':'2025-03-15T12:00:01Z'}", "{'DateGreaterThan':{'k:d':'2025-03-15T12:00:00Z'}}", true },
		{ "{'k:d':'2025-03-15T12:00:00-01:00'}", "{'DateGreaterThanEquals':{'k:d':'2025-03-15T13:00:00Z'}}", true },
		{ "{'k:d':'yesterday'}", "{'DateLessThan':{'k:d':'2025-03-15'}}", false },
		{ "{'k:d':'2025-02-30'}", "{'DateLessThan':{'k:d':'2025-03-15'}}", false },
		{ "{'k:d':'99999999999999999'}", "{'DateGreaterThan':{'k:d':'2025-03-15'}}", false },
		{ "{}", "{'DateLessThan':{'k:d':'2025-03-15'}}", false },
	};
	check_rows(t, rows, COUNT(rows));
}

TEST(condition_compares_booleans_bytes_and_null)
{
	static const struct row rows[] = {
		{ "{'k:b':'true'}", "{'Bool':{'k:b':'true'}}", true },
		{ "{'k:b':'True'}", "{'Bool':{'k:b':true}}", true },
		{ "{'k:b':'false'}", "{'Bool':{'k:b':false}}", true },
		{ "{'k:b':'yes'}", "{'Bool':{'k:b':'true'}}", false },
		{ "{'k:b':'yes'}", "{'Bool':{'k:b':'yes'}}", false },
		{ "{}", "{'Bool':{'aws:MultiFactorAuthPresent':'false'}}", false },
		{ "{}", "{'BoolIfExists':{'aws:MultiFactorAuthPresent':'false'}}", true },
		{ "{'k:b':'QUI='}", "{'BinaryEquals':{'k:b':'QUI='}}", true },
		{ "{'k:b':'QUI='}", "{'BinaryEquals':{'k:b':'QUM='}}", false },
		{ "{'k:b':'QUI'}", "{'BinaryEquals':{'k:b':'QUI'}}", false },
		{ "{'k:b':'x'}", "{'Null':{'k:b':'false'}}", true },
		{ "{'k:b':''}", "{'Null':{'k:b':'false'}}", true },
		{ "{'k:b':[]}", "{'Null':{'k:b':'true'}}", true },
		{ "{}", "{'Null':{'k:b':true}}", true },
		{ "{}", "{'Null':{'k:b':'false'}}", false },
		{ "{}", "{'Null':{'k:b':['false','true']}}", true },
		{ "{}", "{'Null':{'k:b':'maybe'}}", false },
	};
	check_rows(t, rows, COUNT(rows));
}

TEST(condition_compares_addresses)
{
	static const struct row rows[] = {
		{ "{'k:i':'203.0.113.7'}", "{'IpAddress':{'k:i':'203.0.113.7'}}", true },
		{ "{'k:i':'203.0.113.7'}", "{'IpAddress':{'k:i':'203.0.113.77/24'}}", true },
		{ "{'k:i':'203.0.113.130'}", "{'IpAddress':{'k:i':'203.0.113.0/25'}}", false },
		{ "{'k:i':'203.0.113.7'}", "{'IpAddress':{'k:i':'0.0.0.0/0'}}", true },
		{ "{'k:i':'2001:db8::1'}", "{'IpAddress':{'k:i':'0.0.0.0/0'}}", false },
		{ "{'k:i':'2001:db8::1'}", "{'IpAddress':{'k:i':'::/0'}}", true },
		{ "{'k:i':'2001:DB8:0:0::1'}", "{'IpAddress':{'k:i':'2001:db8::1'}}", true },
		{ "{'k:i':'2001:db8:8000::1'}", "{'IpAddress':{'k:i':'2001:db8::/33'}}", false },
		{ "{'k:i':'::ffff:203.0.113.7'}", "{'IpAddress':{'k:i':'203.0.113.0/24'}}", true },
		{ "{'k:i':'203.0.113.7'}", "{'NotIpAddress':{'k:i':['10.0.0.0/8','203.0.113.0/24']}}", false },
		{ "{'k:i':'192.0.2.1'}", "{'NotIpAddress':{'k:i':['10.0.0.0/8','203.0.113.0/24']}}", true },
		{ "{}", "{'NotIpAddress':{'k:i':'10.0.0.0/8'}}", true },
		{ "{'k:i':'203.0.113.7'}", "{'IpAddress':{'k:i':'203.0.113.0/33'}}", false },
		{ "{'k:i':'203.0.113.7'}", "{'IpAddress':{'k:i':'203.0.113.0/'}}", false },
		{ "{'k:i':'203.0.113.7'}", "{'NotIpAddress':{'k:i':'203.0.113/24'}}", true },
		{ "{'k:i':'cloudtrail.amazonaws.com'}", "{'IpAddress':{'k:i':'0.0.0.0/0'}}", false },
		{ "{'k:i':'cloudtrail.amazonaws.com'}", "{'NotIpAddress':{'k:i':'0.0.0.0/0'}}", true },
	};
	check_rows(t, rows, COUNT(rows));
}

TEST(condition_compares_arns_part_by_part)
{
	static const struct row rows[] = {
		{ "{'k:r':'arn:aws:iam::1:role/ops'}", "{'ArnLike':{'k:r':'arn:aws:iam::*:role/*'}}", true },
		{ "{'k:r':'arn:aws:iam::1:role/ops'}", "{'ArnEquals':{'k:r':'arn:aws:iam::*:role/*'}}", true },
		{ "{'k:r':'arn:aws:iam::1:role/ops'}", "{'ArnLike':{'k:r':'arn:aws:iam::*/ops'}}", false },
		{ "{'k:r':'arn:aws:iam::1:role/ops'}", "{'StringLike':{'k:r':'arn:aws:iam::*/ops'}}", true },
		{ "{'k:r':'arn:aws:iam::1:role/ops'}", "{'ArnNotLike':{'k:r':'arn:aws:iam::1:role/*'}}", false },
		{ "{'k:r':'arn:aws:iam::1:role/ops'}", "{'ArnNotEquals':{'k:r':'arn:aws:iam::2:role/*'}}", true },
		{ "{'k:r':'text'}", "{'ArnLike':{'k:r':'text'}}", false },
		{ "{'k:r':'text'}", "{'ArnNotLike':{'k:r':'text'}}", true },
		{ "{'k:r':'arn:aws:iam::1:user/al','k:u':'al'}", "{'ArnEquals':{'k:r':'arn:aws:iam::1:user/${k:u}'}}", true },
		{ "{}", "{'ArnNotLike':{'k:r':'arn:aws:iam::1:role/*'}}", true },
	};
	check_rows(t, rows, COUNT(rows));
}

TEST(condition_asks_all_or_any_of_several_values)
{
	static const struct row rows[] = {
		{ "{'k:t':['a','b']}", "{'ForAllValues:StringEquals':{'k:t':['a','b','c']}}", true },
		{ "{'k:t':['a','d']}", "{'ForAllValues:StringEquals':{'k:t':['a','b','c']}}", false },
		{ "{'k:t':[]}", "{'ForAllValues:StringEquals':{'k:t':'a'}}", true },
		{ "{}", "{'ForAllValues:StringEquals':{'k:t':'a'}}", true },
		{ "{}", "{'ForAllValues:StringNotEquals':{'k:t':'a'}}", true },
		{ "{'k:t':['b','c']}", "{'ForAllValues:StringNotEquals':{'k:t':['a','d']}}", true },
		{ "{'k:t':['b','a']}", "{'ForAllValues:StringNotEquals':{'k:t':['a','d']}}", false },
		{ "{'k:t':['a','x']}", "{'ForAnyValue:StringEquals':{'k:t':['a','b']}}", true },
		{ "{'k:t':['x','y']}", "{'ForAnyValue:StringEquals':{'k:t':['a','b']}}", false },
		{ "{'k:t':['a','x']}", "{'ForAnyValue:StringNotEquals':{'k:t':['a','b']}}", true },
		{ "{'k:t':['a','b']}", "{'ForAnyValue:StringNotEquals':{'k:t':['a','b']}}", false },
		{ "{}", "{'ForAnyValue:StringEquals':{'k:t':'a'}}", false },
		{ "{'k:t':[]}", "{'ForAnyValue:StringEquals':{'k:t':'a'}}", false },
		{ "{}", "{'ForAnyValue:StringNotEquals':{'k:t':'a'}}", false },
		{ "{}", "{'ForAnyValue:StringEqualsIfExists':{'k:t':'a'}}", true },
		{ "{'k:t':'a'}", "{'ForAllValues:StringLike':{'k:t':'?'}}", true },
		{ "{'k:t':['5','50']}", "{'ForAllValues:NumericLessThan':{'k:t':'40'}}", false },
		{ "{'k:t':['a','b']}", "{'StringEquals':{'k:t':'b'}}", true },
		{ "{'k:t':['a','b']}", "{'StringNotEquals':{'k:t':'b'}}", false },
		{ "{'k:t':['a','b']}", "{'StringNotEquals':{'k:t':'c'}}", true },
		{ "{'k:t':['203.0.113.7','10.1.1.1']}", "{'ForAnyValue:IpAddress':{'k:t':'10.0.0.0/8'}}", true },
	};
	check_rows(t, rows, COUNT(rows));
}

TEST(condition_refuses_unknown_operators_and_shapes)
{
	static const char *const blocks[] = {
		"{'StringEqual':{'k:a':'x'}}", "{'NullIfExists':{'k:a':'true'}}", "{'ForSomeValues:StringEquals':{'k:a':'x'}}",
		"{'IfExists':{'k:a':'x'}}", "{'':{'k:a':'x'}}", "{'StringEquals':'x'}", "{'StringEquals':{'k:a':null}}",
		"{'StringEquals':{'k:a':{}}}", "{'StringEquals':{'k:a':[['x']]}}", "[]", "'x'",
	};
	for (size_t i = 0; i < COUNT(blocks); i++) {
		const struct json *json = json_parse(&t->arena, quoted(t, blocks[i]), &JSON_LIMITS_DEFAULT, &t->err);
		size_t count;
		REQUIRE(t, json != NULL);
		if (condition_compile(&t->arena, json, true, &count, &t->err))
			test_failed(t, __FILE__, __LINE__, "%s compiles", blocks[i]);
	}
}
