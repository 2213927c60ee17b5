/* trail/trail_names.c: the checks in the order in which AWS complains. */
#include "trail/trail_names.h"

static bool refuse(struct error *err, const char *text)
{
	return fail_as(err, ERR_INVALID, "InvalidTrailNameException", "%s", text);
}

static bool is_alphanumeric(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

static bool is_separator(char c)
{
	return c == '.' || c == '_' || c == '-';
}

static bool is_ip_form(struct slice name)
{
	struct slice part, rest = name;
	size_t parts = 0;

	for (; rest.ptr; parts++) {
		uint64_t number;
		rest = slice_cut(rest, '.', &part);
		if (!slice_to_u64(part, &number))
			return false;
	}
	return parts == 4;
}

bool trail_names_check(struct slice name, struct error *err)
{
	if (name.len < TRAIL_NAME_CHARACTERS_MIN)
		return fail_as(err, ERR_INVALID, "InvalidTrailNameException",
		               "Trail name too short. Minimum allowed length: 3 characters. Specified name length: %zu characters.",
		               name.len);
	if (name.len > TRAIL_NAME_CHARACTERS_MAX)
		return fail_as(err, ERR_INVALID, "InvalidTrailNameException",
		               "Trail name too long. Maximum allowed length: 128 characters. Specified name length: %zu characters.",
		               name.len);
	if (!is_alphanumeric(name.ptr[0]))
		return refuse(err, "Trail name must starts with a letter or number.");
	if (!is_alphanumeric(name.ptr[name.len - 1]))
		return refuse(err, "Trail name must ends with a letter or number.");
	for (size_t i = 0; i < name.len; i++)
		if (!is_alphanumeric(name.ptr[i]) && !is_separator(name.ptr[i]))
			return refuse(err, "Trail name or ARN can only contain uppercase letters, lowercase letters, numbers, "
			                   "periods (.), hyphens (-), and underscores (_).");
	for (size_t i = 1; i < name.len; i++)
		if (is_separator(name.ptr[i]) && is_separator(name.ptr[i - 1]))
			return refuse(err, "Trail name cannot have adjacent periods, underscores, or dashes.");
	return !is_ip_form(name) || refuse(err, "Trail name cannot be in IP address format.");
}

struct slice trail_names_arn(struct arena *arena, struct slice region, struct slice account, struct slice name)
{
	return arena_format(arena, "arn:aws:cloudtrail:%.*s:%.*s:trail/%.*s", SLICE_ARG(region), SLICE_ARG(account),
	                    SLICE_ARG(name));
}

static bool is_account(struct slice text)
{
	uint64_t number;

	return text.len == 12 && slice_to_u64(text, &number);
}

static bool has_control(struct slice text)
{
	for (size_t i = 0; i < text.len; i++)
		if ((unsigned char)text.ptr[i] < ' ')
			return true;
	return false;
}

bool trail_names_parse_arn(struct slice arn, struct trail_arn *parts, struct error *err)
{
	struct slice head, partition, service;
	struct slice rest = slice_cut(arn, ':', &head);

	rest = slice_cut(rest, ':', &partition);
	rest = slice_cut(rest, ':', &service);
	rest = slice_cut(rest, ':', &parts->region);
	rest = slice_cut(rest, ':', &parts->account);
	if (!slice_equal(head, S("arn")) || partition.len == 0 || !slice_equal(service, S("cloudtrail")) || parts->region.len == 0
	    || !is_account(parts->account) || !slice_has_prefix(rest, S("trail/")) || rest.len == sizeof "trail/" - 1
	    || has_control(arn))
		return fail_as(err, ERR_INVALID, "CloudTrailARNInvalidException",
		               "%.*s is no ARN of a trail; one has the form arn:aws:cloudtrail:us-east-1:123456789012:trail/MyTrail.",
		               SLICE_ARG(arn));
	parts->name = slice_from(rest, sizeof "trail/" - 1);
	return true;
}

bool trail_names_read(struct slice text, struct slice region, struct slice account, struct trail_reference *reference,
                      struct error *err)
{
	reference->is_arn = slice_has_prefix(text, S("arn:"));
	if (reference->is_arn)
		return trail_names_parse_arn(text, &reference->parts, err);
	reference->parts = (struct trail_arn){ region, account, text };
	return trail_names_check(text, err);
}
