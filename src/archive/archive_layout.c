/* archive/archive_layout.c: steps of a path compared with AWS's; what does not fit says nothing. */
#include "archive/archive_layout.h"

#include "base/clock.h"
#include "base/limits.h"

const struct archive_scope ARCHIVE_SCOPE_ALL = { .start_ms = INT64_MIN, .end_ms = INT64_MAX };

enum { ACCOUNT_DIGITS = 12, STEPS_MAX = 32, YEAR_MIN = 2013 };     /* CloudTrail is of that year */

struct facts {
	enum scan_reason kind;                  /* SCAN_READ, SCAN_DIGEST, SCAN_INSIGHT */
	struct slice     account, region;       /* SLICE_NONE: unknown */
	int64_t          from_ms, to_ms;        /* of delivery, `to` excluded; equal: unknown */
};

static bool is_digits(struct slice s, size_t count, int *value)
{
	uint64_t number;

	if (s.len != count || !slice_to_u64(s, &number))
		return false;
	*value = count <= 4 ? (int)number : 0;
	return true;
}

static bool is_account(struct slice s)
{
	int ignored;

	return is_digits(s, ACCOUNT_DIGITS, &ignored);
}

/* us-east-1, us-gov-west-1, ap-southeast-2: letters and hyphens, and a digit at the end. */
static bool is_region(struct slice s)
{
	bool has_hyphen = false;

	for (size_t i = 0; i + 1 < s.len; i++) {
		if ((s.ptr[i] < 'a' || s.ptr[i] > 'z') && s.ptr[i] != '-')
			return false;
		has_hyphen = has_hyphen || s.ptr[i] == '-';
	}
	return has_hyphen && s.ptr[s.len - 1] >= '0' && s.ptr[s.len - 1] <= '9';
}

static bool kind_of(struct slice name, enum scan_reason *kind)
{
	if (slice_equal(name, S("CloudTrail")))
		*kind = SCAN_READ;
	else if (slice_equal(name, S("CloudTrail-Digest")))
		*kind = SCAN_DIGEST;
	else if (slice_equal(name, S("CloudTrail-Insight")))
		*kind = SCAN_INSIGHT;
	else
		return false;
	return true;
}

static int64_t day_ms(int year, int month, int day)
{
	return civil_to_ms((struct civil){ .year = year, .month = month, .day = day });
}

/* The span of time that a folder of a year, a month or a day stands for. */
static void read_date(const struct slice *steps, size_t count, struct facts *facts)
{
	int year, month = 1, day = 1;

	if (count < 1 || !is_digits(steps[0], 4, &year) || year < YEAR_MIN)
		return;
	facts->from_ms = day_ms(year, 1, 1);
	facts->to_ms = day_ms(year + 1, 1, 1);
	if (count < 2 || !is_digits(steps[1], 2, &month) || month < 1 || month > 12)
		return;
	facts->from_ms = day_ms(year, month, 1);
	facts->to_ms = month < 12 ? day_ms(year, month + 1, 1) : day_ms(year + 1, 1, 1);
	if (count < 3 || !is_digits(steps[2], 2, &day) || day < 1 || day > 31)
		return;
	facts->from_ms = day_ms(year, month, 1) + (day - 1) * INT64_C(86400000);
	facts->to_ms = facts->from_ms + INT64_C(86400000);
}

/* Folders: the last step that is called CloudTrail, with the account before it and region and date behind. */
static void read_folders(const struct slice *steps, size_t count, struct facts *facts)
{
	for (size_t i = count; i-- > 0; ) {
		if (!kind_of(steps[i], &facts->kind))
			continue;
		if (i > 0 && is_account(steps[i - 1]))
			facts->account = steps[i - 1];
		if (i + 1 < count && is_region(steps[i + 1])) {
			facts->region = steps[i + 1];
			read_date(steps + i + 2, count - i - 2, facts);
		}
		return;
	}
	if (count >= 2 && is_account(steps[count - 1]) && slice_equal(steps[count - 2], S("AWSLogs")))
		facts->account = steps[count - 1];
}

/* ACCOUNT_CloudTrail_REGION_20260115T1005Z_UNIQUE.json.gz: what it says is more exact than its folders. */
static void read_name(struct slice name, struct facts *facts)
{
	struct slice account, kind, region, time, rest;
	enum { TIME_CHARACTERS = 14 };                   /* 20260115T1005Z */
	enum scan_reason of;
	char text[17];
	int64_t ms;

	rest = slice_cut(name, '_', &account);
	rest = rest.ptr ? slice_cut(rest, '_', &kind) : rest;
	rest = rest.ptr ? slice_cut(rest, '_', &region) : rest;
	if (!rest.ptr || !is_account(account) || !kind_of(kind, &of) || !is_region(region))
		return;
	facts->kind = of;
	facts->account = account;
	facts->region = region;
	rest = slice_cut(rest, '_', &time);
	if (!rest.ptr || time.len != TIME_CHARACTERS || time.ptr[TIME_CHARACTERS - 1] != 'Z')
		return;
	snprintf(text, sizeof text, "%.13s00Z", time.ptr);
	if (time_parse_basic(slice_of(text), &ms)) {
		facts->from_ms = ms;
		facts->to_ms = ms + 60000;
	}
}

static bool is_among(struct slice one, const struct slice *all, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (slice_equal(one, all[i]))
			return true;
	return count == 0 || !one.ptr;
}

static bool is_in_time(const struct archive_scope *scope, const struct facts *facts)
{
	if (facts->from_ms == facts->to_ms)
		return true;
	bool is_before = scope->start_ms > INT64_MIN + ARCHIVE_SKEW_MS && facts->to_ms <= scope->start_ms - ARCHIVE_SKEW_MS;
	bool is_behind = scope->end_ms < INT64_MAX - ARCHIVE_LATE_MS && facts->from_ms > scope->end_ms + ARCHIVE_LATE_MS;
	return !is_before && !is_behind;
}

enum scan_reason archive_layout_judge(const struct archive_scope *scope, struct slice path, bool is_folder)
{
	struct facts facts = { .kind = SCAN_READ };
	struct slice steps[STEPS_MAX];
	size_t count = 0;

	/* of a path with more steps only the last count */
	while (path.ptr && path.len > 0) {
		struct slice step;
		path = slice_cut(path, '/', &step);
		if (step.len == 0)
			continue;
		if (count == STEPS_MAX)
			memmove(steps, steps + 1, --count * sizeof *steps);
		steps[count++] = step;
	}
	if (count == 0)
		return SCAN_READ;
	read_folders(steps, is_folder ? count : count - 1, &facts);
	if (!is_folder)
		read_name(steps[count - 1], &facts);
	if (facts.kind != SCAN_READ)
		return facts.kind;
	if (!is_among(facts.account, scope->accounts, scope->account_count)
	    || !is_among(facts.region, scope->regions, scope->region_count))
		return SCAN_OUTSIDE_PLACE;
	return is_in_time(scope, &facts) ? SCAN_READ : SCAN_OUTSIDE_TIME;
}
