/* query/insights_function_text.c: the functions of texts; numbers and times are seen as they are shown. */
#include "query/insights_function.h"

#include "base/limits.h"
#include "codec/base64.h"
#include "codec/digest.h"
#include "codec/hex.h"
#include "codec/letter.h"
#include "codec/uri.h"
#include "codec/utf8.h"
#include "query/insights_ast.h"

#define EVAL(name) \
	static struct value name(struct insights_context *context, const struct insights_expr *call, const struct value *args)
#define TEXT(index) value_to_text(&args[index], context->arena)

static struct value result(struct insights_context *context, const struct buffer *out)
{
	if (out->is_over)
		context->exceeded = INSIGHTS_TEXT_EXCEEDED;
	return out->is_over ? value_none() : value_text(out->len ? buffer_slice(out) : S(""));
}

static struct buffer output(struct insights_context *context)
{
	struct buffer out;

	buffer_init(&out, context->arena, INSIGHTS_TEXT_BYTES_MAX);
	return out;
}

static bool is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static struct slice trim_space(struct slice s)
{
	while (s.len > 0 && is_space(s.ptr[0]))
		s = slice_from(s, 1);
	while (s.len > 0 && is_space(s.ptr[s.len - 1]))
		s.len--;
	return s;
}

EVAL(eval_isempty)
{
	(void)call;
	return value_bool(args[0].kind == VALUE_NONE || TEXT(0).len == 0);
}

EVAL(eval_isblank)
{
	(void)call;
	return value_bool(args[0].kind == VALUE_NONE || trim_space(TEXT(0)).len == 0);
}

EVAL(eval_concat)
{
	struct buffer out = output(context);

	for (size_t i = 0; i < call->arg_count; i++)
		buffer_add(&out, TEXT(i));
	return result(context, &out);
}

static struct slice character(struct slice s, size_t at)
{
	uint32_t code_point;
	size_t bytes = utf8_decode(slice_from(s, at), &code_point);

	return slice_sub(s, at, bytes ? bytes : 1);
}

static struct slice last_character(struct slice s)
{
	size_t at = s.len - 1;

	while (at > 0 && s.len - at < 4 && (s.ptr[at] & 0xc0) == 0x80)
		at--;
	struct slice last = character(s, at);
	return at + last.len == s.len ? last : slice_from(s, s.len - 1);
}

/* Is this whole character one of those in `set`, which is white space if it is absent? */
static bool is_in(struct slice one, struct slice set)
{
	if (!set.ptr)
		return one.len == 1 && is_space(one.ptr[0]);
	for (size_t at = 0; at < set.len; ) {
		struct slice member = character(set, at);
		if (slice_equal(member, one))
			return true;
		at += member.len;
	}
	return false;
}

static struct value trim(struct slice s, struct slice set, bool at_start, bool at_end)
{
	while (at_start && s.len > 0 && is_in(character(s, 0), set))
		s = slice_from(s, character(s, 0).len);
	while (at_end && s.len > 0 && is_in(last_character(s), set))
		s.len -= last_character(s).len;
	return value_text(s.len ? s : S(""));
}

EVAL(eval_trim)
{
	return trim(TEXT(0), call->arg_count > 1 ? TEXT(1) : SLICE_NONE, true, true);
}

EVAL(eval_ltrim)
{
	return trim(TEXT(0), call->arg_count > 1 ? TEXT(1) : SLICE_NONE, true, false);
}

EVAL(eval_rtrim)
{
	return trim(TEXT(0), call->arg_count > 1 ? TEXT(1) : SLICE_NONE, false, true);
}

EVAL(eval_strlen)
{
	(void)call;
	return value_number((double)utf8_length(TEXT(0)));
}

EVAL(eval_toupper)
{
	struct buffer out = output(context);

	(void)call;
	letter_add_upper(&out, TEXT(0));
	return result(context, &out);
}

EVAL(eval_tolower)
{
	struct buffer out = output(context);

	(void)call;
	letter_add_lower(&out, TEXT(0));
	return result(context, &out);
}

/* The byte at which character number `count` begins, or the end. */
static size_t skip(struct slice s, size_t at, double count)
{
	for (double i = 0; i < count && at < s.len; i++)
		at += character(s, at).len;
	return at;
}

/* From 0; what is before the start or behind the end is not there. */
EVAL(eval_substr)
{
	struct slice s = TEXT(0);
	double start, length = (double)s.len;

	if (!value_to_number(&args[1], &start) || (call->arg_count > 2 && !value_to_number(&args[2], &length)))
		return value_none();
	size_t from = skip(s, 0, trunc(start)), to = skip(s, from, trunc(length));
	return value_text(to > from ? slice_sub(s, from, to - from) : S(""));
}

EVAL(eval_replace)
{
	struct slice s = TEXT(0), find = TEXT(1), with = TEXT(2);
	struct buffer out = output(context);

	(void)call;
	for (size_t at; find.len > 0 && (at = slice_find(s, find)) != SLICE_NPOS; s = slice_from(s, at + find.len)) {
		buffer_add(&out, slice_sub(s, 0, at));
		buffer_add(&out, with);
	}
	buffer_add(&out, s);
	return result(context, &out);
}

EVAL(eval_regexreplace)
{
	struct slice s = TEXT(0), with = TEXT(2);
	struct buffer out = output(context);

	if (regex_replace(call->args[1]->regex, s, with, &out))
		return result(context, &out);
	context->exceeded = "time than regexReplace() may take, since it looks far ahead for each of many matches";
	return value_none();
}

/* A third argument, which should make it insensitive to case, changes nothing: so it is at AWS. */
EVAL(eval_strcontains)
{
	(void)call;
	return value_bool(slice_find(TEXT(0), TEXT(1)) != SLICE_NPOS);
}

EVAL(eval_startswith)
{
	(void)call;
	return value_bool(slice_has_prefix(TEXT(0), TEXT(1)));
}

EVAL(eval_endswith)
{
	(void)call;
	return value_bool(slice_has_suffix(TEXT(0), TEXT(1)));
}

EVAL(eval_urlencode)
{
	struct buffer out = output(context);

	(void)call;
	uri_encode(&out, TEXT(0), URI_ENCODE_SLASH);
	return result(context, &out);
}

/* Bytes that are no text are absent: a cell is text. */
static struct value decoded(struct slice text)
{
	return text.ptr && utf8_is_valid(text) ? value_text(text) : value_none();
}

EVAL(eval_urldecode)
{
	(void)call;
	return decoded(uri_decode(context->arena, TEXT(0), URI_PLUS_IS_BLANK, NULL));
}

EVAL(eval_base64encode)
{
	(void)call;
	return value_text(base64_text(context->arena, TEXT(0)));
}

EVAL(eval_base64decode)
{
	(void)call;
	return decoded(base64_decode(context->arena, TEXT(0), NULL));
}

EVAL(eval_hextoascii)
{
	struct slice hex = TEXT(0);
	char *text = arena_alloc(context->arena, hex.len / 2 + 1);

	(void)call;
	return hex.len % 2 == 0 && hex_decode(hex, text, hex.len / 2) ? decoded((struct slice){ text, hex.len / 2 }) : value_none();
}

EVAL(eval_hextodec)
{
	struct slice hex = TEXT(0);
	double number = 0;

	(void)call;
	hex = slice_from(hex, slice_has_prefix_nocase(hex, S("0x")) ? 2 : 0);
	for (size_t i = 0; i < hex.len; i++) {
		char c = hex.ptr[i];
		int digit = c >= '0' && c <= '9' ? c - '0' : (c | 0x20) >= 'a' && (c | 0x20) <= 'f' ? (c | 0x20) - 'a' + 10 : -1;
		if (digit < 0)
			return value_none();
		number = number * 16 + digit;
	}
	return hex.len > 0 ? value_number(number) : value_none();
}

/* What is behind the point is dropped. */
EVAL(eval_dectohex)
{
	double number;

	(void)call;
	if (!value_to_number(&args[0], &number) || fabs(number) >= 18446744073709551616.0)
		return value_none();
	return value_text(arena_format(context->arena, "%s0x%" PRIx64, number <= -1 ? "-" : "", (uint64_t)fabs(number)));
}

EVAL(eval_md5)
{
	unsigned char digest[MD5_BYTES];

	(void)call;
	digest_md5(TEXT(0), digest);
	return value_text(hex_text(context->arena, (struct slice){ (const char *)digest, sizeof digest }));
}

EVAL(eval_sha256)
{
	char hex[SHA256_HEX_BYTES];

	(void)call;
	return value_text(arena_copy(context->arena, digest_sha256_hex(TEXT(0), hex)));
}

const struct insights_function insights_function_texts[] = {
	{ "isempty",      1, 1, 0, 0, TAKES_ABSENT, AGGREGATE_NONE, eval_isempty },
	{ "isblank",      1, 1, 0, 0, TAKES_ABSENT, AGGREGATE_NONE, eval_isblank },
	{ "concat",       1, INSIGHTS_ARGS_ANY, 0, 0, 0, AGGREGATE_NONE, eval_concat },
	{ "trim",         1, 2, 0, 0, 0, AGGREGATE_NONE, eval_trim },
	{ "ltrim",        1, 2, 0, 0, 0, AGGREGATE_NONE, eval_ltrim },
	{ "rtrim",        1, 2, 0, 0, 0, AGGREGATE_NONE, eval_rtrim },
	{ "strlen",       1, 1, 0, 0, 0, AGGREGATE_NONE, eval_strlen },
	{ "toupper",      1, 1, 0, 0, 0, AGGREGATE_NONE, eval_toupper },
	{ "tolower",      1, 1, 0, 0, 0, AGGREGATE_NONE, eval_tolower },
	{ "substr",       2, 3, 0, 0, 0, AGGREGATE_NONE, eval_substr },
	{ "replace",      3, 3, 0, 0, 0, AGGREGATE_NONE, eval_replace },
	{ "regexreplace", 3, 3, 0, 2, 0, AGGREGATE_NONE, eval_regexreplace },
	{ "strcontains",  2, 3, 0, 0, 0, AGGREGATE_NONE, eval_strcontains },
	{ "startswith",   2, 2, 0, 0, 0, AGGREGATE_NONE, eval_startswith },
	{ "endswith",     2, 2, 0, 0, 0, AGGREGATE_NONE, eval_endswith },
	{ "urlencode",    1, 1, 0, 0, 0, AGGREGATE_NONE, eval_urlencode },
	{ "urldecode",    1, 1, 0, 0, 0, AGGREGATE_NONE, eval_urldecode },
	{ "base64encode", 1, 1, 0, 0, 0, AGGREGATE_NONE, eval_base64encode },
	{ "base64decode", 1, 1, 0, 0, 0, AGGREGATE_NONE, eval_base64decode },
	{ "hextoascii",   1, 1, 0, 0, 0, AGGREGATE_NONE, eval_hextoascii },
	{ "hextodec",     1, 1, 0, 0, 0, AGGREGATE_NONE, eval_hextodec },
	{ "dectohex",     1, 1, 0, 0, 0, AGGREGATE_NONE, eval_dectohex },
	{ "md5",          1, 1, 0, 0, 0, AGGREGATE_NONE, eval_md5 },
	{ "sha256",       1, 1, 0, 0, 0, AGGREGATE_NONE, eval_sha256 },
	{ NULL, 0, 0, 0, 0, 0, AGGREGATE_NONE, NULL },
};
