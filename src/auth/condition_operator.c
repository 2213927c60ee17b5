/* auth/condition_operator.c: what each operator of a Condition block means for one value against another. */
#include "auth/condition_operator.h"

#include "auth/context.h"
#include "base/clock.h"
#include "codec/base64.h"

#include <arpa/inet.h>

/* ---- texts and ARNs ---- */

static bool read_text(struct arena *arena, struct slice text, unsigned flags, struct condition_value *value)
{
	value->text = wildcard_compile(arena, text, flags);
	return true;
}

static bool text_equals(const struct condition_value *value, struct slice actual, const struct context *context,
                        struct buffer *scratch)
{
	struct slice text;

	return wildcard_expand(&value->text, context, actual.len, scratch, &text) && slice_equal(text, actual);
}

static bool text_equals_nocase(const struct condition_value *value, struct slice actual,
                               const struct context *context, struct buffer *scratch)
{
	struct slice text;

	return wildcard_expand(&value->text, context, actual.len, scratch, &text) && slice_equal_nocase(text, actual);
}

static bool text_like(const struct condition_value *value, struct slice actual, const struct context *context,
                      struct buffer *scratch)
{
	struct slice pattern;

	return wildcard_expand(&value->text, context, actual.len, scratch, &pattern) && wildcard_match(pattern, actual);
}

static bool arn_like(const struct condition_value *value, struct slice actual, const struct context *context,
                     struct buffer *scratch)
{
	struct slice pattern;

	return wildcard_expand(&value->text, context, actual.len, scratch, &pattern)
	    && wildcard_match_arn(pattern, actual);
}

/* ---- numbers ---- */

enum { NUMBER_BYTES_MAX = 64 };

/* Decimal, with an optional sign, fraction and exponent: not what else strtod takes (hexadecimal, "inf", blanks). */
static bool parse_number(struct slice text, struct condition_number *number)
{
	char copy[NUMBER_BYTES_MAX + 1], *end;
	bool has_digit = false;

	if (text.len == 0 || text.len > NUMBER_BYTES_MAX)
		return false;
	for (size_t i = 0; i < text.len; i++) {
		char byte = text.ptr[i];
		has_digit |= byte >= '0' && byte <= '9';
		if (!memchr("0123456789+-.eE", byte, 15) || (i == 0 && (byte == 'e' || byte == 'E')))
			return false;
		copy[i] = byte;
	}
	copy[text.len] = '\0';
	number->is_integer = slice_to_i64(text, &number->integer);
	number->real = strtod(copy, &end);
	return has_digit && end == copy + text.len && isfinite(number->real);
}

static bool read_number(struct arena *arena, struct slice text, unsigned flags, struct condition_value *value)
{
	(void)arena, (void)flags;
	return parse_number(text, &value->number);
}

/* Sets *order to <0, 0, >0: the request's number before, equal to, after the policy's. */
static bool compare_numbers(const struct condition_value *value, struct slice actual, int *order)
{
	struct condition_number number;

	if (!parse_number(actual, &number))
		return false;
	if (number.is_integer && value->number.is_integer)
		*order = (number.integer > value->number.integer) - (number.integer < value->number.integer);
	else
		*order = (number.real > value->number.real) - (number.real < value->number.real);
	return true;
}

/* ---- dates ---- */

/* ISO 8601 as W3C profiles it (a day, or minutes and more with a zone), or seconds since 1970. */
static bool parse_time(struct slice text, int64_t *ms)
{
	int64_t seconds;

	if (time_parse_iso(text, ms))
		return true;
	if (!slice_to_i64(text, &seconds) || seconds > INT64_MAX / 1000 || seconds < INT64_MIN / 1000)
		return false;
	*ms = seconds * 1000;
	return true;
}

static bool read_time(struct arena *arena, struct slice text, unsigned flags, struct condition_value *value)
{
	(void)arena, (void)flags;
	return parse_time(text, &value->time_ms);
}

static bool compare_times(const struct condition_value *value, struct slice actual, int *order)
{
	int64_t ms;

	if (!parse_time(actual, &ms))
		return false;
	*order = (ms > value->time_ms) - (ms < value->time_ms);
	return true;
}

/* One function for each of the five orders that numbers and dates share. */
#define ORDERED(name, compare, condition)                                                                              \
	static bool name(const struct condition_value *value, struct slice actual, const struct context *context,      \
	                 struct buffer *scratch)                                                                       \
	{                                                                                                              \
		int order;                                                                                             \
                                                                                                                       \
		(void)context, (void)scratch;                                                                          \
		return compare(value, actual, &order) && (condition);                                                  \
	}

ORDERED(number_equals, compare_numbers, order == 0)
ORDERED(number_less, compare_numbers, order < 0)
ORDERED(number_less_equals, compare_numbers, order <= 0)
ORDERED(number_greater, compare_numbers, order > 0)
ORDERED(number_greater_equals, compare_numbers, order >= 0)
ORDERED(time_equals, compare_times, order == 0)
ORDERED(time_less, compare_times, order < 0)
ORDERED(time_less_equals, compare_times, order <= 0)
ORDERED(time_greater, compare_times, order > 0)
ORDERED(time_greater_equals, compare_times, order >= 0)

/* ---- booleans, bytes ---- */

static bool parse_boolean(struct slice text, bool *boolean)
{
	*boolean = slice_equal_nocase(text, S("true"));
	return *boolean || slice_equal_nocase(text, S("false"));
}

static bool read_boolean(struct arena *arena, struct slice text, unsigned flags, struct condition_value *value)
{
	(void)arena, (void)flags;
	return parse_boolean(text, &value->boolean);
}

static bool boolean_equals(const struct condition_value *value, struct slice actual, const struct context *context,
                           struct buffer *scratch)
{
	bool boolean;

	(void)context, (void)scratch;
	return parse_boolean(actual, &boolean) && boolean == value->boolean;
}

/* Strict base64 has one text for the same bytes, so comparing texts compares bytes. */
static bool read_base64(struct arena *arena, struct slice text, unsigned flags, struct condition_value *value)
{
	(void)flags;
	value->base64 = text;
	return base64_decode(arena, text, NULL).ptr != NULL;
}

static bool base64_equals(const struct condition_value *value, struct slice actual, const struct context *context,
                          struct buffer *scratch)
{
	(void)context, (void)scratch;
	return slice_equal(value->base64, actual);
}

/* ---- addresses ---- */

static bool parse_address(struct slice text, struct condition_network *network)
{
	char copy[INET6_ADDRSTRLEN];
	static const uint8_t mapped[12] = { [10] = 0xFF, [11] = 0xFF };

	if (text.len == 0 || text.len >= sizeof copy || slice_find_byte(text, '\0') != SLICE_NPOS)
		return false;
	memcpy(copy, text.ptr, text.len);
	copy[text.len] = '\0';
	*network = (struct condition_network){ .prefix_bits = 32 };
	if (inet_pton(AF_INET, copy, network->bytes) == 1)
		return true;
	*network = (struct condition_network){ .is_v6 = true, .prefix_bits = 128 };
	if (inet_pton(AF_INET6, copy, network->bytes) != 1)
		return false;
	if (memcmp(network->bytes, mapped, sizeof mapped) == 0) {     /* ::ffff:192.0.2.1 is a version 4 peer */
		struct condition_network v4 = { .prefix_bits = 32 };
		memcpy(v4.bytes, network->bytes + sizeof mapped, 4);
		*network = v4;
	}
	return true;
}

static bool read_network(struct arena *arena, struct slice text, unsigned flags, struct condition_value *value)
{
	struct slice address, bits = slice_cut(text, '/', &address);
	uint64_t prefix;

	(void)arena, (void)flags;
	if (!parse_address(address, &value->network))
		return false;
	if (!bits.ptr)
		return true;
	if (bits.len == 0 || bits.len > 3 || !slice_to_u64(bits, &prefix) || prefix > (uint64_t)value->network.prefix_bits)
		return false;
	value->network.prefix_bits = (int)prefix;
	return true;
}

static bool in_network(const struct condition_value *value, struct slice actual, const struct context *context,
                       struct buffer *scratch)
{
	const struct condition_network *network = &value->network;
	struct condition_network address;
	int whole = network->prefix_bits / 8, rest = network->prefix_bits % 8;

	(void)context, (void)scratch;
	if (!parse_address(actual, &address) || address.is_v6 != network->is_v6
	    || memcmp(address.bytes, network->bytes, (size_t)whole) != 0)
		return false;
	return rest == 0 || ((address.bytes[whole] ^ network->bytes[whole]) >> (8 - rest)) == 0;
}

/* ---- the table ---- */

#define TEXT    WILDCARD_VARIABLES
#define PATTERN (WILDCARD_VARIABLES | WILDCARD_STARS)

static const struct condition_operator OPERATORS[] = {
	/* name                                    negated null   text     read          matches */
	{ S_INIT("StringEquals"),                  false,  false, TEXT,    read_text,    text_equals           },
	{ S_INIT("StringNotEquals"),               true,   false, TEXT,    read_text,    text_equals           },
	{ S_INIT("StringEqualsIgnoreCase"),        false,  false, TEXT,    read_text,    text_equals_nocase    },
	{ S_INIT("StringNotEqualsIgnoreCase"),     true,   false, TEXT,    read_text,    text_equals_nocase    },
	{ S_INIT("StringLike"),                    false,  false, PATTERN, read_text,    text_like             },
	{ S_INIT("StringNotLike"),                 true,   false, PATTERN, read_text,    text_like             },
	{ S_INIT("ArnEquals"),                     false,  false, PATTERN, read_text,    arn_like              },
	{ S_INIT("ArnNotEquals"),                  true,   false, PATTERN, read_text,    arn_like              },
	{ S_INIT("ArnLike"),                       false,  false, PATTERN, read_text,    arn_like              },
	{ S_INIT("ArnNotLike"),                    true,   false, PATTERN, read_text,    arn_like              },
	{ S_INIT("NumericEquals"),                 false,  false, 0,       read_number,  number_equals         },
	{ S_INIT("NumericNotEquals"),              true,   false, 0,       read_number,  number_equals         },
	{ S_INIT("NumericLessThan"),               false,  false, 0,       read_number,  number_less           },
	{ S_INIT("NumericLessThanEquals"),         false,  false, 0,       read_number,  number_less_equals    },
	{ S_INIT("NumericGreaterThan"),            false,  false, 0,       read_number,  number_greater        },
	{ S_INIT("NumericGreaterThanEquals"),      false,  false, 0,       read_number,  number_greater_equals },
	{ S_INIT("DateEquals"),                    false,  false, 0,       read_time,    time_equals           },
	{ S_INIT("DateNotEquals"),                 true,   false, 0,       read_time,    time_equals           },
	{ S_INIT("DateLessThan"),                  false,  false, 0,       read_time,    time_less             },
	{ S_INIT("DateLessThanEquals"),            false,  false, 0,       read_time,    time_less_equals      },
	{ S_INIT("DateGreaterThan"),               false,  false, 0,       read_time,    time_greater          },
	{ S_INIT("DateGreaterThanEquals"),         false,  false, 0,       read_time,    time_greater_equals   },
	{ S_INIT("Bool"),                          false,  false, 0,       read_boolean, boolean_equals        },
	{ S_INIT("BinaryEquals"),                  false,  false, 0,       read_base64,  base64_equals         },
	{ S_INIT("IpAddress"),                     false,  false, 0,       read_network, in_network            },
	{ S_INIT("NotIpAddress"),                  true,   false, 0,       read_network, in_network            },
	{ S_INIT("Null"),                          false,  true,  0,       read_boolean, NULL                  },
};

const struct condition_operator *condition_operator_find(struct slice name)
{
	for (size_t i = 0; i < COUNT(OPERATORS); i++)
		if (slice_equal_nocase(name, OPERATORS[i].name))
			return &OPERATORS[i];
	return NULL;
}
