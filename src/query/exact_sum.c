/* query/exact_sum.c: fixed point numbers of signed digits, whose carries wait until there could be too many.
 *
 * Digit i counts 2^(32 i - POINT). The smallest double is 2^-1074 and its square 2^-2148, the largest square below 2^2048, and a
 * group has less than 2^64 rows. The variance of n numbers is (n * sum of squares - square of the sum) / n^2, all of it exact until
 * the end: as the mean of squared distances it would need a second pass, and as a difference of rounded sums it loses its digits. */
#include "query/exact_sum.h"

enum {
	POINT = 68 * 32,
	DIGITS = 140,                           /* 2^2304: a count times a sum of that many squares */
	ADDS_MAX = 1 << 30,                     /* of less than 2^32 a digit, before carries are due */
	SLACK_DIGITS = 1,                       /* numbers vary; not where sums are merged, which could go on for ever */
	QUOTIENT_DIGITS = 10,                   /* 53 bits, less the 128 by which dividing by n^2 makes a number shorter, and some */
};
#define DIGIT_MASK UINT64_C(0xffffffff)

typedef unsigned __int128 wide;

struct exact_digits {
	uint32_t adds;
	uint16_t first, count;                  /* which digits are here */
	int64_t  values[];
};

/* ---- adding ---- */

static size_t digits_bytes(const struct exact_digits *digits)
{
	return digits ? sizeof *digits + digits->count * sizeof *digits->values : 0;
}

/* Has digits `first` to `last` in it; if they have to be made, some more at both ends. */
static bool cover(struct exact_sum *sum, struct pool *pool, size_t first, size_t last, size_t slack)
{
	struct exact_digits *old = sum->digits;

	if (old && first >= old->first && last < (size_t)old->first + old->count)
		return true;
	first -= first < slack ? first : slack;
	last += slack;
	if (old && old->first < first)
		first = old->first;
	if (old && (size_t)old->first + old->count > last + 1)
		last = (size_t)old->first + old->count - 1;
	assert(last < DIGITS);
	struct exact_digits *digits = pool_zalloc(pool, sizeof *digits + (last + 1 - first) * sizeof *digits->values);
	if (!digits)
		return false;
	digits->first = (uint16_t)first;
	digits->count = (uint16_t)(last + 1 - first);
	if (old) {
		digits->adds = old->adds;
		memcpy(&digits->values[old->first - first], old->values, old->count * sizeof *old->values);
	}
	pool_free(pool, old, digits_bytes(old));
	sum->digits = digits;
	return true;
}

static void propagate(struct exact_digits *digits)
{
	for (size_t i = 0; i + 1 < digits->count; i++) {
		digits->values[i + 1] += digits->values[i] >> 32;
		digits->values[i] &= (int64_t)DIGIT_MASK;
	}
}

/* No digit is larger than `adds` times 2^32, and so can be added to until there are ADDS_MAX. */
static bool carry(struct exact_sum *sum, struct pool *pool)
{
	propagate(sum->digits);
	int64_t above = sum->digits->values[sum->digits->count - 1] >> 32;
	if (above != 0 && above != -1) {
		if (!cover(sum, pool, sum->digits->first, (size_t)sum->digits->first + sum->digits->count, 0))
			return false;
		propagate(sum->digits);
	}
	sum->digits->adds = 1;
	return true;
}

/* Adds `mantissa` * 2^exponent. */
static bool add_scaled(struct exact_sum *sum, struct pool *pool, uint64_t mantissa, int exponent, bool is_negative)
{
	assert(exponent + POINT >= 0);
	size_t bit = (size_t)(exponent + POINT);
	wide bits = (wide)mantissa << bit % 32;

	if (!cover(sum, pool, bit / 32, bit / 32 + 2, SLACK_DIGITS) || (sum->digits->adds >= ADDS_MAX && !carry(sum, pool)))
		return false;
	int64_t *values = &sum->digits->values[bit / 32 - sum->digits->first];
	for (size_t i = 0; i < 3; i++, bits >>= 32)
		values[i] += is_negative ? -(int64_t)(bits & DIGIT_MASK) : (int64_t)(bits & DIGIT_MASK);
	sum->digits->adds++;
	return true;
}

static bool add_whole(struct exact_sum *sum, struct pool *pool, int64_t number)
{
	int64_t whole;

	if (__builtin_add_overflow(sum->whole, number, &whole))
		return add_scaled(sum, pool, number < 0 ? -(uint64_t)number : (uint64_t)number, 0, number < 0);
	sum->whole = whole;
	return true;
}

/* `number` is its result times 2^*exponent, but for the sign; *exponent is not below -1074. */
static uint64_t mantissa_of(double number, int *exponent)
{
	uint64_t bits, field;

	memcpy(&bits, &number, sizeof bits);
	field = bits >> 52 & 0x7ff;
	*exponent = field ? (int)field - 1075 : -1074;
	return (bits & ((UINT64_C(1) << 52) - 1)) | (uint64_t)(field != 0) << 52;
}

bool exact_sum_add(struct exact_sum *sum, struct pool *pool, double number)
{
	int exponent;

	if (fabs(number) < 0x1p62 && number == (double)(int64_t)number)
		return add_whole(sum, pool, (int64_t)number);
	uint64_t mantissa = mantissa_of(number, &exponent);
	return add_scaled(sum, pool, mantissa, exponent, number < 0);
}

bool exact_sum_add_square(struct exact_sum *sum, struct pool *pool, double number)
{
	int exponent;

	if (fabs(number) < 0x1p31 && number == (double)(int64_t)number)
		return add_whole(sum, pool, (int64_t)number * (int64_t)number);
	uint64_t mantissa = mantissa_of(number, &exponent);
	wide square = (wide)mantissa * mantissa;
	return add_scaled(sum, pool, (uint64_t)square, 2 * exponent, false)
	    && add_scaled(sum, pool, (uint64_t)(square >> 64), 2 * exponent + 64, false);
}

bool exact_sum_merge(struct exact_sum *into, const struct exact_sum *from, struct pool *pool)
{
	const struct exact_digits *more = from->digits;

	if (!add_whole(into, pool, from->whole))
		return false;
	if (!more)
		return true;
	if (!cover(into, pool, more->first, (size_t)more->first + more->count - 1, 0)
	    || (into->digits->adds + more->adds > ADDS_MAX && !carry(into, pool)))
		return false;
	for (size_t i = 0; i < more->count; i++)
		into->digits->values[more->first - into->digits->first + i] += more->values[i];
	into->digits->adds += more->adds;
	return true;
}

/* ---- what it comes to ---- */

struct big {                                    /* a magnitude, its carries done */
	uint32_t digits[DIGITS + 2];            /* rounding looks two further */
	size_t   high;                          /* digits from here on are 0 */
	bool     is_negative;
	bool     has_rest;                      /* there is something behind the lowest bit */
};

static void trim(struct big *big)
{
	while (big->high > 0 && big->digits[big->high - 1] == 0)
		big->high--;
}

static void negate(struct big *big)
{
	uint64_t up = 1;

	for (size_t i = 0; i < big->high; i++) {
		up += (uint32_t)~big->digits[i];
		big->digits[i] = (uint32_t)up;
		up >>= 32;
	}
}

static struct big big_of(const struct exact_sum *sum)
{
	struct big big = { .high = POINT / 32 + 4 };
	const struct exact_digits *digits = sum->digits;
	int64_t up = 0;

	if (digits && big.high < (size_t)digits->first + digits->count + 2)
		big.high = (size_t)digits->first + digits->count + 2;
	assert(big.high <= DIGITS);
	for (size_t i = digits && digits->first < POINT / 32 ? digits->first : POINT / 32; i < big.high; i++) {
		if (digits && i >= digits->first && i < (size_t)digits->first + digits->count)
			up += digits->values[i - digits->first];
		if (i == POINT / 32)
			up += sum->whole & (int64_t)DIGIT_MASK;
		if (i == POINT / 32 + 1)
			up += sum->whole >> 32;
		big.digits[i] = (uint32_t)up;
		up >>= 32;
	}
	big.is_negative = up < 0;
	if (big.is_negative)
		negate(&big);
	trim(&big);
	return big;
}

static bool has_bits_below(const struct big *big, size_t bit)
{
	if (big->has_rest || (big->digits[bit / 32] & ((UINT64_C(1) << bit % 32) - 1)) != 0)
		return true;
	for (size_t i = 0; i < bit / 32; i++)
		if (big->digits[i] != 0)
			return true;
	return false;
}

/* 53 bits from the highest on, or as many as there are above 2^-1074. */
static double big_round(const struct big *big)
{
	const size_t lowest = POINT - 1074;
	double rounded;

	if (big->high == 0)
		return 0;
	size_t top = big->high * 32 - 1 - (size_t)__builtin_clz(big->digits[big->high - 1]);
	size_t last = top > lowest + 52 ? top - 52 : lowest, at = last / 32;
	wide bits = (wide)big->digits[at] | (wide)big->digits[at + 1] << 32 | (wide)big->digits[at + 2] << 64;
	uint64_t mantissa = (uint64_t)(bits >> last % 32), half = big->digits[(last - 1) / 32] >> (last - 1) % 32 & 1;
	if (half && (mantissa % 2 == 1 || has_bits_below(big, last - 1)))
		mantissa++;
	rounded = ldexp((double)mantissa, (int)last - POINT);
	return big->is_negative ? -rounded : rounded;
}

/* Down to as many digits as rounding can need, also when it is divided once more. */
static void big_divide(struct big *big, uint64_t divisor)
{
	size_t low = big->high > QUOTIENT_DIGITS ? big->high - QUOTIENT_DIGITS : 0;
	wide rest = 0;

	big->has_rest = has_bits_below(big, low * 32);
	memset(big->digits, 0, low * sizeof *big->digits);
	for (size_t i = big->high; i-- > low; ) {
		rest = rest << 32 | big->digits[i];
		big->digits[i] = (uint32_t)(rest / divisor);
		rest %= divisor;
	}
	big->has_rest = big->has_rest || rest != 0;
}

static void big_multiply(struct big *big, uint64_t factor)
{
	wide up = 0;

	for (size_t i = 0; i < big->high || up != 0; i++) {
		assert(i < DIGITS);
		up += i < big->high ? (wide)big->digits[i] * factor : 0;
		big->digits[i] = (uint32_t)up;
		big->high = i < big->high ? big->high : i + 1;
		up >>= 32;
	}
}

/* A sum of doubles is a multiple of 2^-1074, so of its square nothing is below digit 0. */
static struct big big_square(const struct big *big)
{
	const size_t low = (POINT - 1074) / 32;
	struct big square = { .high = big->high > low ? 2 * big->high - POINT / 32 : 0 };

	assert(square.high <= DIGITS);
	for (size_t i = low; i < big->high; i++) {
		uint64_t up = 0;
		for (size_t j = low; j < big->high && big->digits[i] != 0; j++) {
			uint32_t *digit = &square.digits[i + j - POINT / 32];
			up += (uint64_t)big->digits[i] * big->digits[j] + *digit;
			*digit = (uint32_t)up;
			up >>= 32;
		}
		if (up != 0)
			square.digits[i + big->high - POINT / 32] = (uint32_t)up;
	}
	return square;
}

/* `less` is not the larger. */
static void big_subtract(struct big *big, const struct big *less)
{
	int64_t up = 0;

	for (size_t i = 0; i < big->high || i < less->high; i++) {
		up += (int64_t)big->digits[i] - (int64_t)less->digits[i];
		big->digits[i] = (uint32_t)up;
		up >>= 32;
	}
	assert(up == 0);
	trim(big);
}

double exact_sum_round(const struct exact_sum *sum)
{
	if (!sum->digits)
		return (double)sum->whole;
	struct big big = big_of(sum);
	return big_round(&big);
}

double exact_sum_mean(const struct exact_sum *sum, uint64_t count)
{
	struct big big = big_of(sum);

	big_divide(&big, count);
	trim(&big);
	return big_round(&big);
}

double exact_sum_variance(const struct exact_sum *sum, const struct exact_sum *squares, uint64_t count)
{
	struct big total = big_of(sum), square = big_square(&total), big = big_of(squares);

	big_multiply(&big, count);
	big_subtract(&big, &square);
	big_divide(&big, count);
	big_divide(&big, count);
	trim(&big);
	return big_round(&big);
}
