/* query/insights_token.h: the tokens of an Insights query, one at a time, and AWS's words for refusing one.
 *
 * A slash is a division or begins a regular expression, and 5m is a period or a name, by where it stands; so the parser asks for
 * the next token when it knows what it wants, and may read the one at hand in another way.
 * Source: CloudWatch Logs User Guide, "CloudWatch Logs Insights language query syntax". */
#ifndef SPOOR_QUERY_INSIGHTS_TOKEN_H
#define SPOOR_QUERY_INSIGHTS_TOKEN_H

#include "query/insights_ast.h"

enum insights_token_kind {
	TOKEN_END,
	TOKEN_NAME,                     /* one step: letters, digits, _ and @, or what is between backticks */
	TOKEN_NUMBER, TOKEN_PERIOD, TOKEN_TEXT,
	TOKEN_SIGN,                     /* | , ( ) [ ] . + - * / % ^ ! = != < <= > >= =~ */
};

struct insights_token {
	enum insights_token_kind kind;
	struct insights_span     span;
	struct slice             text;          /* NAME without backticks; TEXT without quotes and escapes; SIGN */
	bool                     is_quoted;     /* NAME in backticks: no keyword */
	double                   number;
	struct insights_period   period;
};

struct insights_reader {
	struct arena          *arena;
	struct slice           text;
	size_t                 at;              /* behind `token` */
	struct insights_token  token;           /* at hand */
	size_t                 token_end;       /* of the one before it */
	size_t                 depth;
	struct insights_fault *fault;           /* may be NULL */
	struct error          *err;
};

/* `text` is copied by the caller. False if the first token is none. */
bool insights_token_begin(struct insights_reader *reader);

/* Reads the next token: false, and refused, if what stands there is none. */
bool insights_token_next(struct insights_reader *reader);

/* The token at hand is a slash: reads on to the one that closes, and *body is what is between. Then the next token. */
bool insights_token_regex(struct insights_reader *reader, struct slice *body, struct insights_span *span);

/* Reads the next token where it has to be a step of a path or an alias, which may begin with a digit. */
bool insights_token_next_name(struct insights_reader *reader);

/* Does the token at hand say that? Names in any case, but not if they are quoted. */
bool insights_token_is(const struct insights_reader *reader, const char *word);
bool insights_token_is_sign(const struct insights_reader *reader, const char *sign);

/* Each fills err and the fault, and returns false. */
bool insights_token_unexpected(struct insights_reader *reader, const char *reason);      /* the token at hand */
bool insights_token_refuse(struct insights_reader *reader, struct insights_span span, const char *reason);  /* what stands there */
bool insights_token_refuse_whole(struct insights_reader *reader, struct insights_span span, const char *reason);
	/* "Query cannot be compiled": each of its tokens is right where it stands */

/* Line from 1 and column in characters from 0, of a byte. */
void insights_token_place(struct slice text, size_t at, size_t *line, size_t *column);

#endif
