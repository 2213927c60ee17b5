/* query/insights_date.c: a wrong letter in a format is refused at its place, which escapes in the text would move. */
#include "query/insights_date.h"

#include "query/date_format.h"

/* Bytes of the text to bytes of the query: right behind the quote, unless a backslash in it has been taken out. */
static struct insights_span place(const struct insights_reader *reader, size_t from, size_t to)
{
	struct insights_span span = reader->token.span;

	if (span.to - span.from == reader->token.text.len + 2 && from < to)
		return (struct insights_span){ span.from + 1 + from, span.from + 1 + to };
	return span;
}

bool insights_date_literal(struct insights_reader *reader, const struct insights_function *function, size_t number,
                           struct insights_expr *literal)
{
	size_t from = 0, to = 0;
	const char *reason = NULL;
	bool ok = true;

	literal->text = reader->token.text;
	literal->zone = zone_find(reader->arena, ZONE_DATABASE, S("UTC"), &reason);
	if (number == 3) {
		literal->zone = zone_find(reader->arena, ZONE_DATABASE, literal->text, &reason);
		ok = literal->zone != NULL;
	} else if (function->traits & READS_DATE) {
		literal->date_pattern = date_pattern_compile(reader->arena, literal->text, &from, &to, &reason);
		ok = literal->date_pattern != NULL;
	} else {
		ok = date_format_check(literal->text, &from, &to, &reason);
	}
	return ok || insights_token_refuse(reader, place(reader, from, to), reason);
}
