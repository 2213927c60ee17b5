/* trail/selectors.c: basic and advanced selectors are tables of the same shape: any selector, all of its conditions. */
#include "trail/selectors.h"

#include "base/limits.h"
#include "codec/json.h"
#include "event/record.h"

const char SELECTORS_DEFAULT[] =
	"{\"EventSelectors\":[{\"ReadWriteType\":\"All\",\"IncludeManagementEvents\":true,\"DataResources\":[],"
	"\"ExcludeManagementEventSources\":[]}]}";

/* ---- compiled ---- */

enum field {
	FIELD_CATEGORY, FIELD_READ_ONLY, FIELD_SOURCE, FIELD_NAME, FIELD_TYPE, FIELD_RESOURCE_TYPE, FIELD_RESOURCE_ARN,
	FIELD_ERROR_CODE, FIELD_IDENTITY_ARN, FIELD_VPC_ENDPOINT, FIELD_FROM_CONSOLE,
	FIELD_COUNT
};

static const struct slice field_names[FIELD_COUNT] = {
	[FIELD_CATEGORY]      = S_INIT("eventCategory"),
	[FIELD_READ_ONLY]     = S_INIT("readOnly"),
	[FIELD_SOURCE]        = S_INIT("eventSource"),
	[FIELD_NAME]          = S_INIT("eventName"),
	[FIELD_TYPE]          = S_INIT("eventType"),
	[FIELD_RESOURCE_TYPE] = S_INIT("resources.type"),
	[FIELD_RESOURCE_ARN]  = S_INIT("resources.ARN"),
	[FIELD_ERROR_CODE]    = S_INIT("errorCode"),
	[FIELD_IDENTITY_ARN]  = S_INIT("userIdentity.arn"),
	[FIELD_VPC_ENDPOINT]  = S_INIT("vpcEndpointId"),
	[FIELD_FROM_CONSOLE]  = S_INIT("sessionCredentialFromConsole"),
};

enum test { TEST_EQUALS, TEST_STARTS, TEST_ENDS, TEST_COUNT };

struct values {
	const struct slice *items;
	size_t              count;
};

struct condition {
	enum field    field;
	struct values wanted[TEST_COUNT], unwanted[TEST_COUNT];
};

struct data_resource {
	struct slice  type;
	struct values values;
};

struct selector {
	/* basic */
	bool                        is_basic, has_management, has_reads, has_writes;
	struct values               excluded_sources;
	const struct data_resource *resources;
	size_t                      resource_count;

	/* advanced */
	const struct condition     *conditions;
	size_t                      condition_count;
	struct slice                resource_type;      /* the only type whose ARNs count; SLICE_NONE: not asked for */
};

struct selectors {
	const struct selector *items;
	size_t                 count;
};

/* ---- reading: shared ---- */

struct reading {
	struct arena *arena;
	size_t        values;                           /* counted against the limit of a trail */
	struct error *err;
};

static bool refuse(const struct reading *reading, const char *format, struct slice which)
{
	char text[512];

	snprintf(text, sizeof text, "%.*s", SLICE_ARG(which));
	return fail_as(reading->err, ERR_INVALID, "InvalidEventSelectorsException", format, text);
}

static bool read_values(struct reading *reading, const struct json *json, const char *name, struct values *values)
{
	struct slice *items;
	size_t count = 0;

	*values = (struct values){ NULL, 0 };
	if (!json || json->kind == JSON_NULL)
		return true;
	if (json->kind != JSON_ARRAY)
		return refuse(reading, "%s must be a list.", slice_of(name));
	items = arena_array(reading->arena, json->count, sizeof *items);
	for (const struct json *item = json->first; item; item = item->next) {
		if (item->kind != JSON_STRING)
			return refuse(reading, "%s must be a list of strings.", slice_of(name));
		items[count++] = item->text;
	}
	*values = (struct values){ items, count };
	return true;
}

static bool has_value(struct values values, struct slice text)
{
	for (size_t i = 0; i < values.count; i++)
		if (slice_equal(values.items[i], text))
			return true;
	return false;
}

/* ---- reading: basic selectors ---- */

#define DATA_TYPES "AWS::DynamoDB::Table, AWS::Lambda::Function, AWS::S3::Object"

/* The value that stands for everything of a type, and what every other value begins with. */
static const struct data_type {
	struct slice type, all, also_all, prefix;
	bool         is_prefix;                         /* a value is the beginning of ARNs, else a whole one */
} data_types[] = {
	{ S_INIT("AWS::S3::Object"), S_INIT("arn:aws:s3"), S_INIT("arn:aws:s3:::"), S_INIT("arn:aws:s3:::"), true },
	{ S_INIT("AWS::Lambda::Function"), S_INIT("arn:aws:lambda"), { NULL, 0 }, S_INIT("arn:aws:lambda:"), false },
	{ S_INIT("AWS::DynamoDB::Table"), S_INIT("arn:aws:dynamodb"), { NULL, 0 }, S_INIT("arn:aws:dynamodb:"), false },
};

static const struct data_type *data_type_find(struct slice type)
{
	for (size_t i = 0; i < COUNT(data_types); i++)
		if (slice_equal(data_types[i].type, type))
			return &data_types[i];
	return NULL;
}

static bool is_all(const struct data_type *type, struct slice value)
{
	return slice_equal(value, type->all) || (type->also_all.ptr && slice_equal(value, type->also_all));
}

static bool read_data_resource(struct reading *reading, const struct json *json, struct data_resource *resource)
{
	const struct data_type *type;

	resource->type = json_get_text(json, S("Type"));
	type = data_type_find(resource->type);
	if (!type)
		return refuse(reading, "Value %s for DataResources.Type is invalid. Valid values are: " DATA_TYPES, resource->type);
	if (!read_values(reading, json_get(json, S("Values")), "DataResources.Values", &resource->values))
		return false;
	for (size_t i = 0; i < resource->values.count; i++) {
		struct slice value = resource->values.items[i];
		if (is_all(type, value))
			continue;
		if (!slice_has_prefix(value, type->prefix) || slice_find_byte(value, '*') != SLICE_NPOS)
			return refuse(reading, "Value %s for DataResources.Values is invalid.", value);
		reading->values++;
	}
	return true;
}

static bool read_excluded(struct reading *reading, const struct json *json, struct selector *selector)
{
	static const struct slice allowed[] = { S_INIT("kms.amazonaws.com"), S_INIT("rdsdata.amazonaws.com") };
	const struct values known = { allowed, COUNT(allowed) };

	if (!read_values(reading, json, "ExcludeManagementEventSources", &selector->excluded_sources))
		return false;
	for (size_t i = 0; i < selector->excluded_sources.count; i++)
		if (!has_value(known, selector->excluded_sources.items[i]))
			return refuse(reading, "Value %s for ExcludeManagementEventSources is invalid. Valid values are: "
			              "kms.amazonaws.com, rdsdata.amazonaws.com", selector->excluded_sources.items[i]);
	return selector->excluded_sources.count == 0 || selector->has_management
	    || refuse(reading, "ExcludeManagementEventSources needs IncludeManagementEvents.%s", S(""));
}

static bool read_basic(struct reading *reading, const struct json *json, struct selector *selector)
{
	struct slice kind = json_get_text(json, S("ReadWriteType"));
	const struct json *management = json_get(json, S("IncludeManagementEvents"));
	const struct json *resources = json_get(json, S("DataResources"));
	struct data_resource *items;

	selector->is_basic = true;
	selector->has_management = !management || management->kind != JSON_FALSE;
	selector->has_reads = !slice_equal(kind, S("WriteOnly"));
	selector->has_writes = !slice_equal(kind, S("ReadOnly"));
	if (kind.ptr && !slice_equal(kind, S("All")) && selector->has_reads && selector->has_writes)
		return refuse(reading, "Value %s for ReadWriteType is invalid. Valid values are: ReadOnly, WriteOnly, All", kind);
	if (!read_excluded(reading, json_get(json, S("ExcludeManagementEventSources")), selector))
		return false;
	if (!resources || resources->kind != JSON_ARRAY)
		return true;
	selector->resources = items = arena_array(reading->arena, resources->count, sizeof *items);
	for (const struct json *item = resources->first; item; item = item->next)
		if (!read_data_resource(reading, item, &items[selector->resource_count++]))
			return false;
	return true;
}

/* ---- reading: advanced selectors ---- */

static const struct { struct slice name; enum test test; bool is_unwanted; } operators[] = {
	{ S_INIT("Equals"),        TEST_EQUALS, false }, { S_INIT("NotEquals"),     TEST_EQUALS, true },
	{ S_INIT("StartsWith"),    TEST_STARTS, false }, { S_INIT("NotStartsWith"), TEST_STARTS, true },
	{ S_INIT("EndsWith"),      TEST_ENDS,   false }, { S_INIT("NotEndsWith"),   TEST_ENDS,   true },
};

static bool read_operators(struct reading *reading, const struct json *json, struct condition *condition)
{
	size_t given = 0;

	for (size_t i = 0; i < COUNT(operators); i++) {
		struct values *into = operators[i].is_unwanted ? &condition->unwanted[operators[i].test]
		                                               : &condition->wanted[operators[i].test];
		const struct json *list = json_get(json, operators[i].name);
		if (!read_values(reading, list, "The operator of a field selector", into))
			return false;
		if (list && list->kind == JSON_ARRAY && into->count == 0)
			return refuse(reading, "The operator %s of a field selector has no values.", operators[i].name);
		for (size_t v = 0; v < into->count; v++)
			if (into->items[v].len == 0 || into->items[v].len > 4 * SELECTOR_VALUE_CHARACTERS_MAX)
				return refuse(reading, "A value of field %s is empty or longer than 2048 characters.",
				              field_names[condition->field]);
		reading->values += into->count;
		given += into->count;
	}
	return given > 0 || refuse(reading, "The field %s has no operator.", field_names[condition->field]);
}

/* Equals and nothing else, with one value; returns it. */
static struct slice only_value(const struct condition *condition)
{
	bool is_only = condition->wanted[TEST_EQUALS].count == 1;

	for (size_t i = 0; i < TEST_COUNT; i++)
		is_only = is_only && condition->unwanted[i].count == 0 && (i == TEST_EQUALS || condition->wanted[i].count == 0);
	return is_only ? condition->wanted[TEST_EQUALS].items[0] : SLICE_NONE;
}

static bool read_condition(struct reading *reading, const struct json *json, struct condition *condition)
{
	struct slice name = json_get_text(json, S("Field")), only;

	for (condition->field = 0; condition->field < FIELD_COUNT; condition->field++)
		if (slice_equal(field_names[condition->field], name))
			break;
	if (condition->field == FIELD_COUNT)
		return refuse(reading, "Field %s is not supported in advanced event selectors.", name);
	if (!read_operators(reading, json, condition))
		return false;
	only = only_value(condition);
	switch (condition->field) {
	case FIELD_CATEGORY:
		return slice_equal(only, S("Management")) || slice_equal(only, S("Data")) || slice_equal(only, S("NetworkActivity"))
		    || refuse(reading, "The field %s takes Equals with one of Management, Data and NetworkActivity.", name);
	case FIELD_READ_ONLY:
	case FIELD_FROM_CONSOLE:
		return slice_equal(only, S("true")) || slice_equal(only, S("false"))
		    || refuse(reading, "The field %s takes Equals with true or false.", name);
	case FIELD_RESOURCE_TYPE:
		return only.ptr || refuse(reading, "The field %s takes Equals with one value.", name);
	default:
		return true;
	}
}

static const struct condition *condition_find(const struct selector *selector, enum field field)
{
	for (size_t i = 0; i < selector->condition_count; i++)
		if (selector->conditions[i].field == field)
			return &selector->conditions[i];
	return NULL;
}

static bool check_fields_together(const struct reading *reading, struct selector *selector)
{
	const struct condition *category = condition_find(selector, FIELD_CATEGORY);
	const struct condition *type = condition_find(selector, FIELD_RESOURCE_TYPE);
	const struct condition *arn = condition_find(selector, FIELD_RESOURCE_ARN);

	if (!category)
		return refuse(reading, "Every advanced event selector needs the field %s.", field_names[FIELD_CATEGORY]);
	if (type)
		selector->resource_type = only_value(type);
	if (slice_equal(only_value(category), S("Management")))
		return (!type && !arn) || refuse(reading, "Selectors of management events do not take the field %s.",
		                                 field_names[type ? FIELD_RESOURCE_TYPE : FIELD_RESOURCE_ARN]);
	return type || !slice_equal(only_value(category), S("Data"))
	    || refuse(reading, "Selectors of data events need the field %s.", field_names[FIELD_RESOURCE_TYPE]);
}

static bool read_advanced(struct reading *reading, const struct json *json, struct selector *selector)
{
	const struct json *fields = json_get(json, S("FieldSelectors"));
	struct condition *items;

	if (!fields || fields->kind != JSON_ARRAY || fields->count == 0)
		return refuse(reading, "An advanced event selector needs FieldSelectors.%s", S(""));
	selector->conditions = items = arena_array(reading->arena, fields->count, sizeof *items);
	for (const struct json *item = fields->first; item; item = item->next) {
		struct condition *condition = &items[selector->condition_count];
		if (!read_condition(reading, item, condition))
			return false;
		if (condition_find(selector, condition->field))
			return refuse(reading, "The field %s may be given once in a selector.", field_names[condition->field]);
		selector->condition_count++;
	}
	return check_fields_together(reading, selector);
}

/* ---- reading: the document ---- */

static bool read_list(struct reading *reading, const struct json *list,
                      bool (*read)(struct reading *, const struct json *, struct selector *), struct selectors *selectors)
{
	struct selector *items = arena_array(reading->arena, list->count, sizeof *items);

	selectors->items = items;
	for (const struct json *item = list->first; item; item = item->next) {
		if (item->kind != JSON_OBJECT)
			return refuse(reading, "A selector must be an object.%s", S(""));
		if (!read(reading, item, &items[selectors->count++]))
			return false;
	}
	return true;
}

static bool read_document(struct reading *reading, const struct json *document, struct selectors *selectors)
{
	const struct json *basic = json_get(document, S("EventSelectors"));
	const struct json *advanced = json_get(document, S("AdvancedEventSelectors"));
	const struct json *list = basic ? basic : advanced;

	if (!basic == !advanced)
		return refuse(reading, "Specify either EventSelectors or AdvancedEventSelectors.%s", S(""));
	if (list->kind != JSON_ARRAY || list->count == 0)
		return refuse(reading, "At least one event selector is needed.%s", S(""));
	if (basic && list->count > SELECTORS_BASIC_MAX)
		return refuse(reading, "A trail has at most 5 event selectors.%s", S(""));
	if (!read_list(reading, list, basic ? read_basic : read_advanced, selectors))
		return false;
	if (basic && reading->values > SELECTOR_DATA_RESOURCES_MAX)
		return refuse(reading, "A trail has at most 250 values of DataResources.%s", S(""));
	return basic || reading->values <= SELECTOR_CONDITIONS_MAX
	    || refuse(reading, "A trail has at most 500 values in its advanced event selectors.%s", S(""));
}

const struct selectors *selectors_compile(struct arena *arena, struct slice document, struct error *err)
{
	struct reading reading = { .arena = arena, .err = err };
	struct selectors *selectors = arena_new(arena, struct selectors);
	const struct json *json = json_parse(arena, document, &JSON_LIMITS_DEFAULT, err);

	if (!json) {
		fail_as(err, ERR_INVALID, "InvalidEventSelectorsException", "The event selectors are no JSON.");
		return NULL;
	}
	return read_document(&reading, json, selectors) ? selectors : NULL;
}

/* ---- matching ---- */

static const struct slice categories[RECORD_CATEGORY_COUNT] = {
	[RECORD_MANAGEMENT] = S_INIT("Management"), [RECORD_DATA] = S_INIT("Data"),
	[RECORD_NETWORK_ACTIVITY] = S_INIT("NetworkActivity"),
};

static const struct slice types[RECORD_TYPE_COUNT] = {
	[RECORD_API_CALL] = S_INIT("AwsApiCall"), [RECORD_SERVICE_EVENT] = S_INIT("AwsServiceEvent"),
	[RECORD_CONSOLE_ACTION] = S_INIT("AwsConsoleAction"), [RECORD_CONSOLE_SIGN_IN] = S_INIT("AwsConsoleSignIn"),
	[RECORD_VPCE_EVENT] = S_INIT("AwsVpceEvent"),
};

static bool data_value_matches(const struct data_type *type, struct slice value, struct slice arn)
{
	if (is_all(type, value))
		return true;
	if (!type->is_prefix)
		return slice_equal(arn, value);
	if (!slice_has_prefix(arn, value))
		return false;
	/* "arn:aws:s3:::bucket" without a slash is that bucket, and no other that begins like it. */
	bool names_bucket = slice_find_byte(slice_from(value, type->prefix.len), '/') == SLICE_NPOS;
	return !names_bucket || (arn.len > value.len && arn.ptr[value.len] == '/');
}

static bool resource_matches(const struct data_resource *wanted, const struct record *record)
{
	const struct data_type *type = data_type_find(wanted->type);

	for (size_t r = 0; r < record->resource_count; r++) {
		const struct record_resource *resource = &record->resources[r];
		struct slice arn = resource->arn.ptr ? resource->arn : resource->arn_prefix;
		for (size_t v = 0; slice_equal(resource->type, wanted->type) && v < wanted->values.count; v++)
			if (data_value_matches(type, wanted->values.items[v], arn))
				return true;
	}
	return false;
}

static bool basic_admits(const struct selector *selector, const struct record *record)
{
	if (record->is_read_only ? !selector->has_reads : !selector->has_writes)
		return false;
	if (record->category == RECORD_MANAGEMENT)
		return selector->has_management && !has_value(selector->excluded_sources, record->event_source);
	for (size_t i = 0; record->category == RECORD_DATA && i < selector->resource_count; i++)
		if (resource_matches(&selector->resources[i], record))
			return true;
	return false;
}

static bool text_passes(enum test test, struct slice text, struct slice value)
{
	return test == TEST_EQUALS ? slice_equal(text, value)
	     : test == TEST_STARTS ? slice_has_prefix(text, value) : slice_has_suffix(text, value);
}

static bool any_passes(const struct values tests[TEST_COUNT], struct slice text)
{
	for (size_t test = 0; test < TEST_COUNT; test++)
		for (size_t i = 0; i < tests[test].count; i++)
			if (text_passes((enum test)test, text, tests[test].items[i]))
				return true;
	return false;
}

/* A missing field is the empty text: what is wanted fails, what is unwanted holds. */
static bool condition_holds(const struct condition *condition, struct slice text)
{
	bool wants = condition->wanted[TEST_EQUALS].count || condition->wanted[TEST_STARTS].count
	          || condition->wanted[TEST_ENDS].count;

	return (!wants || any_passes(condition->wanted, text)) && !any_passes(condition->unwanted, text);
}

static struct slice field_text(enum field field, const struct record *record)
{
	switch (field) {
	case FIELD_CATEGORY:     return categories[record->category];
	case FIELD_READ_ONLY:    return record->is_read_only ? S("true") : S("false");
	case FIELD_SOURCE:       return record->event_source;
	case FIELD_NAME:         return record->event_name;
	case FIELD_TYPE:         return types[record->type];
	case FIELD_ERROR_CODE:   return record->error_code;
	case FIELD_IDENTITY_ARN: return record->identity.arn;
	case FIELD_VPC_ENDPOINT: return record->vpc_endpoint_id;
	case FIELD_FROM_CONSOLE: return record->is_session_credential_from_console ? S("true") : S("false");
	default:                 return SLICE_NONE;
	}
}

/* One of the resources must fulfil both the type and the ARN. */
static bool resources_hold(const struct selector *selector, const struct record *record)
{
	const struct condition *arn = condition_find(selector, FIELD_RESOURCE_ARN);

	if (!selector->resource_type.ptr)
		return !arn || condition_holds(arn, SLICE_NONE);
	for (size_t i = 0; i < record->resource_count; i++) {
		const struct record_resource *resource = &record->resources[i];
		if (slice_equal(resource->type, selector->resource_type)
		    && (!arn || condition_holds(arn, resource->arn.ptr ? resource->arn : resource->arn_prefix)))
			return true;
	}
	return false;
}

static bool advanced_admits(const struct selector *selector, const struct record *record)
{
	for (size_t i = 0; i < selector->condition_count; i++) {
		const struct condition *condition = &selector->conditions[i];
		if (condition->field != FIELD_RESOURCE_TYPE && condition->field != FIELD_RESOURCE_ARN
		    && !condition_holds(condition, field_text(condition->field, record)))
			return false;
	}
	return resources_hold(selector, record);
}

bool selectors_admit(const struct selectors *selectors, const struct record *record)
{
	for (size_t i = 0; i < selectors->count; i++) {
		const struct selector *selector = &selectors->items[i];
		if (selector->is_basic ? basic_admits(selector, record) : advanced_admits(selector, record))
			return true;
	}
	return false;
}
