/* services/cloudtrail/trail_settings.c: one check a member, in the order in which AWS complains. */
#include "services/cloudtrail/trail_settings.h"

#include "auth/context.h"
#include "bucket/buckets.h"
#include "services/authorisation.h"

enum { PREFIX_CHARACTERS_MAX = 200, TOPIC_CHARACTERS_MAX = 256, KEY_ID_CHARACTERS_MAX = 2048, SHOWN_BYTES_MAX = 300 };

static bool refuse(struct error *err, const char *name, const char *text, struct slice value)
{
	return fail_as(err, ERR_INVALID, name, text, SLICE_ARG(slice_sub(value, 0, SHOWN_BYTES_MAX)));
}

static bool is_alphanumeric(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/* All bytes are letters, digits or one of `also`. */
static bool has_only(struct slice text, const char *also)
{
	for (size_t i = 0; i < text.len; i++)
		if (!is_alphanumeric(text.ptr[i]) && (text.ptr[i] == '\0' || !strchr(also, text.ptr[i])))
			return false;
	return true;
}

/* ---- global events ---- */

/* What becomes multi-region gets global events, what stops being it loses them; what is asked for wins. */
static bool apply_regions(const struct trail_settings *settings, struct trail *trail, struct error *err)
{
	if (settings->is_multi_region.is_set && settings->is_multi_region.value != trail->is_multi_region) {
		trail->is_multi_region = settings->is_multi_region.value;
		trail->has_global_events = trail->is_multi_region;
	}
	if (settings->has_global_events.is_set)
		trail->has_global_events = settings->has_global_events.value;
	return !trail->is_multi_region || trail->has_global_events
	    || refuse(err, "InvalidParameterCombinationException", "Multi-Region trail must include global service events.%.*s", S(""));
}

/* ---- S3 ---- */

/* Stricter than S3: labels begin and end with a letter or digit. */
static bool check_bucket(struct slice bucket, struct error *err)
{
	struct error ignored = {0};

	if (buckets_check_name(bucket, &ignored) && slice_find(bucket, S(".-")) == SLICE_NPOS
	    && slice_find(bucket, S("-.")) == SLICE_NPOS)
		return true;
	return refuse(err, "InvalidS3BucketNameException", "%.*s is not a valid name of an S3 bucket.", bucket);
}

static bool apply_prefix(struct slice prefix, struct trail *trail, struct error *err)
{
	if (prefix.len > PREFIX_CHARACTERS_MAX)
		return refuse(err, "InvalidS3PrefixException", "S3 prefix %.*s has more than 200 characters.", prefix);
	for (size_t i = 0; i < prefix.len; i++)
		if (prefix.ptr[i] < ' ' || prefix.ptr[i] > '~')
			return refuse(err, "InvalidS3PrefixException", "S3 prefix %.*s has characters that are not printable ASCII.", prefix);
	while (slice_has_prefix(prefix, S("/")))
		prefix = slice_from(prefix, 1);
	while (slice_has_suffix(prefix, S("/")))
		prefix = slice_sub(prefix, 0, prefix.len - 1);
	trail->prefix = prefix.len ? prefix : SLICE_NONE;
	return true;
}

/* ---- SNS, CloudWatch Logs, KMS: what can be told from the text alone ---- */

/* The last of an ARN's six parts; SLICE_NONE if it is no ARN of that service. */
static struct slice arn_resource(struct slice arn, struct slice service)
{
	struct slice part, rest = arn;

	for (size_t i = 0; i < 5; i++) {
		rest = slice_cut(rest, ':', &part);
		if (!rest.ptr || (i == 0 && !slice_equal(part, S("arn"))) || (i == 1 && part.len == 0)
		    || (i == 2 && !slice_equal(part, service)))
			return SLICE_NONE;
	}
	return rest;
}

static bool apply_topic(struct call *call, struct slice topic, struct trail *trail, struct error *err)
{
	bool is_arn = slice_has_prefix(topic, S("arn:"));
	struct slice name = is_arn ? arn_resource(topic, S("sns")) : topic;

	trail->sns_name = trail->sns_arn = SLICE_NONE;
	if (topic.len == 0)
		return true;
	if (name.len == 0 || name.len > TOPIC_CHARACTERS_MAX || !has_only(name, "_-"))
		return refuse(err, "InvalidSnsTopicNameException", "%.*s is not a valid name or ARN of an SNS topic.", topic);
	trail->sns_name = topic;
	trail->sns_arn = is_arn ? topic : arena_format(&call->arena, "arn:aws:sns:%.*s:%.*s:%.*s", SLICE_ARG(trail->region),
	                                               SLICE_ARG(trail->account), SLICE_ARG(topic));
	return true;
}

/* Both or neither; "" for one clears both, unless the other one is given. */
static bool apply_logs(const struct trail_settings *settings, struct trail *trail, struct error *err)
{
	bool clears = (settings->log_group.ptr && settings->log_group.len == 0)
	           || (settings->logs_role.ptr && settings->logs_role.len == 0);

	if (clears)
		trail->log_group_arn = trail->logs_role_arn = SLICE_NONE;
	if (settings->log_group.len)
		trail->log_group_arn = settings->log_group;
	if (settings->logs_role.len)
		trail->logs_role_arn = settings->logs_role;
	if (trail->logs_role_arn.ptr && !trail->log_group_arn.ptr)
		return refuse(err, "InvalidCloudWatchLogsLogGroupArnException",
		              "CloudWatchLogsRoleArn %.*s needs CloudWatchLogsLogGroupArn too.", trail->logs_role_arn);
	return !trail->log_group_arn.ptr || trail->logs_role_arn.ptr
	    || refuse(err, "InvalidCloudWatchLogsRoleArnException",
	              "CloudWatchLogsLogGroupArn %.*s needs CloudWatchLogsRoleArn too.", trail->log_group_arn);
}

/* An alias, an alias' ARN, a key's ARN, a key's id. What is none of them and does not begin as one is hopeless; the rest is
 * for who looks for the key. */
static bool apply_key(struct slice key, struct trail *trail, struct error *err)
{
	trail->kms_key_arn = key.len ? key : SLICE_NONE;
	if (key.len == 0 || slice_has_prefix(key, S("arn:")) || slice_has_prefix(key, S("alias/")))
		return key.len <= KEY_ID_CHARACTERS_MAX || refuse(err, "InvalidKmsKeyIdException", "KMS key id %.*s is too long.", key);
	bool is_id = (key.len == sizeof "1234abcd-12ab-34cd-56ef-1234567890ab" - 1
	              || (slice_has_prefix(key, S("mrk-")) && key.len == sizeof "mrk-1234abcd12ab34cd56ef1234567890ab" - 1))
	          && has_only(key, "-");
	return is_id || refuse(err, "InvalidKmsKeyIdException", "%.*s is neither id, ARN nor alias of a KMS key.", key);
}

/* ---- all of it ---- */

bool trail_settings_apply(struct call *call, const struct trail_settings *settings, struct trail *trail, struct error *err)
{
	if (!apply_regions(settings, trail, err))
		return false;
	if (settings->bucket.ptr && !check_bucket(settings->bucket, err))
		return false;
	if (settings->bucket.ptr)
		trail->bucket = settings->bucket;
	if (settings->prefix.ptr && !apply_prefix(settings->prefix, trail, err))
		return false;
	if (settings->topic.ptr && !apply_topic(call, settings->topic, trail, err))
		return false;
	if (!apply_logs(settings, trail, err) || (settings->kms_key.ptr && !apply_key(settings->kms_key, trail, err)))
		return false;
	if (settings->is_organization.value)
		return refuse(err, "OrganizationsNotInUseException", "The account %.*s is not a member of an organization.", call->account);
	if (settings->has_validation.is_set)
		trail->has_validation = settings->has_validation.value;
	return true;
}

void trail_settings_targets(struct slice logs_role, struct targets *targets)
{
	if (logs_role.len)
		authorisation_add(targets, S("iam:PassRole"), logs_role, SLICE_NONE);
}

void trail_settings_context(struct slice logs_role, struct context *context)
{
	if (logs_role.len)
		context_set(context, S("iam:PassedToService"), S("cloudtrail.amazonaws.com"));
}

/* ---- the quota ---- */

/* How many a region has, shadows included, without `trail`. */
static size_t count_in_region(const struct trail_list *list, struct slice region, const struct trail *trail)
{
	size_t count = 0;

	for (size_t i = 0; i < list->count; i++) {
		const struct trail *other = &list->items[i];
		bool is_here = other->is_multi_region || slice_equal(other->region, region);
		count += is_here && other->trail_id != trail->trail_id;
	}
	return count;
}

static bool check_region(const struct trail_list *list, struct slice region, const struct trail *trail, struct error *err)
{
	return count_in_region(list, region, trail) < TRAILS_IN_A_REGION_MAX
	    || fail_as(err, ERR_LIMIT, "MaximumNumberOfTrailsExceededException", "User: %.*s already has %d trails in %.*s.",
	               SLICE_ARG(trail->account), (int)TRAILS_IN_A_REGION_MAX, SLICE_ARG(region));
}

bool trail_settings_check_quota(struct call *call, const struct trail *trail, struct error *err)
{
	struct trail_list list;

	if (!trails_list(call->catalog, &call->arena, trail->account, &list, err) || !check_region(&list, trail->region, trail, err))
		return false;
	for (size_t i = 0; trail->is_multi_region && i < list.count; i++)
		if (!check_region(&list, list.items[i].region, trail, err))
			return false;
	return true;
}
