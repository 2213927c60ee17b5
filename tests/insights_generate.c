/* tests/insights_generate.c: a small grammar; each choice takes a byte. */
#include "tests/insights_generate.h"

enum { NAMES_MAX = 16, DEPTH_MAX = 3 };

struct generator {
	struct choices *choices;
	struct buffer  *out;
	const char     *names[NAMES_MAX];       /* that may be written now */
	size_t          name_count;
	unsigned        aliases;                /* given so far */
	char            alias_texts[NAMES_MAX * 8][8];
};

static size_t choose(struct choices *choices, size_t count)
{
	size_t choice = choices->left.len > 0 ? (unsigned char)choices->left.ptr[0] % count : 0;

	choices->left = slice_from(choices->left, 1);
	return choice;
}

#define CHOOSE(g, ...) \
	(((const char *const[]){ __VA_ARGS__ })[choose((g)->choices, sizeof((const char *const[]){ __VA_ARGS__ }) / sizeof(char *))])

static void put(struct generator *g, const char *text)
{
	buffer_add(g->out, slice_of(text));
}

static void put_name(struct generator *g)
{
	put(g, g->names[choose(g->choices, g->name_count)]);
}

static const char *new_alias(struct generator *g)
{
	char *text = g->alias_texts[g->aliases % COUNT(g->alias_texts)];

	snprintf(text, sizeof g->alias_texts[0], "x%u", g->aliases++);
	return text;
}

static void add_name(struct generator *g, const char *name)
{
	if (g->name_count < NAMES_MAX)
		g->names[g->name_count++] = name;
}

static void put_literal(struct generator *g)
{
	put(g, CHOOSE(g, "1", "'a'", "'b'", "'10'", "2.5", "''", "'a b'", "true", "'B\\\\c'", "0"));
}

static void put_expr(struct generator *g, unsigned depth)
{
	switch (choose(g->choices, depth < DEPTH_MAX ? 9 : 2)) {
	case 0: case 1:
		put_name(g);
		return;
	case 2:
		put_literal(g);
		return;
	case 3:
		put(g, CHOOSE(g, "strlen(", "toupper(", "isempty(", "abs(", "jsonParse(", "trim("));
		put_expr(g, depth + 1);
		put(g, ")");
		return;
	case 4:
		put(g, CHOOSE(g, "concat(", "coalesce(", "greatest("));
		put_expr(g, depth + 1);
		put(g, ", ");
		put_expr(g, depth + 1);
		put(g, ")");
		return;
	case 5: case 6:
		put(g, "(");
		put_expr(g, depth + 1);
		put(g, CHOOSE(g, " + ", " - ", " * ", " / ", " % "));
		put_expr(g, depth + 1);
		put(g, ")");
		return;
	case 7:
		put(g, "split(");
		put_name(g);
		put(g, ", ' ')");
		return;
	default:
		put(g, "substr(");
		put_name(g);
		put(g, ", 0, 2)");
	}
}

static void put_condition(struct generator *g, unsigned depth)
{
	switch (choose(g->choices, depth < DEPTH_MAX ? 9 : 5)) {
	case 0: case 1:
		put_name(g);
		put(g, CHOOSE(g, " = ", " != ", " < ", " >= ", " = "));
		put_literal(g);
		return;
	case 2:
		put_name(g);
		put(g, CHOOSE(g, " like 'a'", " not like 'a'", " like 'abc'", " like /a b|a22/",
		              " like /^a|1$/", " like ''", " not like /b c?/", " =~ /(?i)B/"));
		return;
	case 3:
		put_name(g);
		put(g, CHOOSE(g, " in ['a', 'b']", " in ['a b', 'abc']", " not in ['a']", " in [1, 'a']", " in ['']"));
		return;
	case 4:
		put(g, CHOOSE(g, "ispresent(", "not ispresent("));
		put_name(g);
		put(g, ")");
		return;
	case 5: case 6:
		put(g, "(");
		put_condition(g, depth + 1);
		put(g, CHOOSE(g, " and ", " or "));
		put_condition(g, depth + 1);
		put(g, ")");
		return;
	case 7:
		put(g, "not (");
		put_condition(g, depth + 1);
		put(g, ")");
		return;
	default:
		put_expr(g, depth + 1);
		put(g, CHOOSE(g, " = ", " != ", " > "));
		put_expr(g, depth + 1);
	}
}

static void put_stats(struct generator *g)
{
	const char *outputs[4];
	size_t count = 0, keys, items = 1 + choose(g->choices, 2);

	put(g, "stats ");
	for (size_t i = 0; i < items; i++) {
		outputs[count] = new_alias(g);
		put(g, i ? ", " : "");
		put(g, CHOOSE(g, "count(", "count_distinct(", "sum(", "avg(", "min(", "max(", "sortsFirst(", "sortsLast(", "values(", "stddev("));
		put_name(g);
		put(g, ")");
		put(g, CHOOSE(g, "", " + 1", " / count(*)"));
		put(g, " as ");
		put(g, outputs[count++]);
	}
	keys = choose(g->choices, 3);
	for (size_t i = 0; i < keys; i++) {
		outputs[count] = new_alias(g);
		put(g, i ? ", " : " by ");
		put_expr(g, 1);
		put(g, " as ");
		put(g, outputs[count++]);
	}
	g->name_count = 0;
	for (size_t i = 0; i < count; i++)
		add_name(g, outputs[i]);
}

static void put_sort(struct generator *g)
{
	size_t keys = 1 + choose(g->choices, 2);

	put(g, "sort ");
	for (size_t i = 0; i < keys; i++) {
		put(g, i ? ", " : "");
		put_expr(g, 2);
		put(g, CHOOSE(g, " desc", "", " asc"));
	}
}

static void put_command(struct generator *g)
{
	const char *alias;

	switch (choose(g->choices, 13)) {
	case 0: case 1: case 2:
		put(g, "filter ");
		put_condition(g, 0);
		return;
	case 3: case 4:
		alias = new_alias(g);
		put(g, "fields ");
		put_expr(g, 0);
		put(g, " as ");
		put(g, alias);
		add_name(g, alias);
		return;
	case 5: case 6:
		put_stats(g);
		return;
	case 7: case 8:
		put_sort(g);
		return;
	case 9:
		put(g, CHOOSE(g, "limit 1", "limit 3", "limit 10"));
		return;
	case 10:
		alias = new_alias(g);
		put(g, "parse ");
		put_name(g);
		put(g, CHOOSE(g, " '*a' as ", " 'a*' as ", " '* ' as "));
		put(g, alias);
		add_name(g, alias);
		return;
	case 11:
		put(g, "pattern ");
		put_expr(g, 2);
		g->name_count = 0;
		add_name(g, "@pattern");
		add_name(g, "@ratio");
		add_name(g, "@sampleCount");
		return;
	default:
		alias = new_alias(g);
		put(g, CHOOSE(g, "unnest jsonParse(l) into ", "unnest jsonParse('[1,[2,\"x\"],null,{\"k\":1}]') into "));
		put(g, alias);
		add_name(g, alias);
	}
}

void insights_generate_query(struct choices *choices, struct buffer *out)
{
	static const char *const fields[] = { "n", "s", "t", "b", "o.p", "missing", "@timestamp", "@message", "l" };
	struct generator g = { .choices = choices, .out = out };
	size_t commands = 1 + choose(choices, 5);

	for (size_t i = 0; i < COUNT(fields); i++)
		add_name(&g, fields[i]);
	for (size_t i = 0; i < commands; i++) {
		put(&g, i ? " | " : "");
		put_command(&g);
	}
	if (choose(choices, 4) == 1) {
		put(&g, " | dedup ");
		put_name(&g);
		put(&g, CHOOSE(&g, "", " | limit 2"));
	}
}

void insights_generate_event(struct choices *choices, struct buffer *out)
{
	struct generator g = { .choices = choices, .out = out };

	put(&g, CHOOSE(&g, "{\"eventTime\":\"2024-05-01T10:00:00Z\"", "{\"eventTime\":\"2024-05-01T10:00:01Z\"",
	               "{\"eventTime\":\"2024-05-01T10:07:00.5Z\"", "{\"eventTime\":\"never\"", "{\"eventName\":1"));
	put(&g, CHOOSE(&g, "", ",\"n\":1", ",\"n\":2.5", ",\"n\":\"10\"", ",\"n\":-3e2", ",\"n\":null", ",\"n\":1e999", ",\"n\":0.1"));
	put(&g, CHOOSE(&g, "", ",\"s\":\"a\"", ",\"s\":\"b\"", ",\"s\":\"a b\"", ",\"s\":\"abc\"",
	               ",\"s\":\"\\u0061bc\"", ",\"s\":\"\"", ",\"s\":1", ",\"s\":\"\\u0061\"", ",\"s\":[1]"));
	put(&g, CHOOSE(&g, "", ",\"t\":\"B\\\\c\"", ",\"t\":\"1a22\"", ",\"t\":\"\\n\"", ",\"t\":true"));
	put(&g, CHOOSE(&g, "", ",\"b\":true", ",\"b\":false", ",\"b\":\"true\""));
	put(&g, CHOOSE(&g, "", ",\"o\":{\"p\":\"a\"}", ",\"o\":{\"p\":7}", ",\"o.p\":\"b\"", ",\"o\":1"));
	put(&g, CHOOSE(&g, "", ",\"l\":\"[1,2]\"", ",\"l\":\"[]\"", ",\"l\":\"[\\\"a\\\",{\\\"k\\\":[3]}]\"", ",\"l\":\"x\""));
	put(&g, "}");
}
