/* trail/selectors_test.c: what each selector of the user guide admits, and what PutEventSelectors refuses. */
#include "trail/selectors.h"

#include "event/record.h"
#include "tests/test.h"

static const struct selectors *compile(struct test *t, const char *document)
{
	const struct selectors *selectors = selectors_compile(&t->arena, slice_of(document), &t->err);

	CHECK(t, selectors != NULL);
	return selectors;
}

/* The text of `inner` as the only basic selector. */
static const struct selectors *basic(struct test *t, const char *inner)
{
	return compile(t, arena_printf(&t->arena, "{\"EventSelectors\":[{%s}]}", inner));
}

/* The text of `fields` as the field selectors of the only advanced selector. */
static const struct selectors *advanced(struct test *t, const char *fields)
{
	return compile(t, arena_printf(&t->arena, "{\"AdvancedEventSelectors\":[{\"FieldSelectors\":[%s]}]}", fields));
}

static struct record management(const char *source, const char *name, bool is_read_only)
{
	return (struct record){
		.category = RECORD_MANAGEMENT, .event_source = slice_of(source), .event_name = slice_of(name), .is_read_only = is_read_only,
	};
}

static bool admits_object(const struct selectors *selectors, const char *type, const char *arn, bool is_read_only)
{
	struct record_resource resource = { .type = slice_of(type), .arn = slice_of(arn) };
	struct record record = {
		.category = RECORD_DATA, .event_source = S("s3.amazonaws.com"), .event_name = S("GetObject"), .is_read_only = is_read_only,
		.resources = &resource, .resource_count = 1,
	};

	return selectors_admit(selectors, &record);
}

#define S3_OBJECT "AWS::S3::Object"

static const struct record *list_users(struct test *t)
{
	struct record *record = arena_new(&t->arena, struct record);

	*record = management("iam.amazonaws.com", "ListUsers", true);
	return record;
}

static const struct record *create_user(struct test *t)
{
	struct record *record = arena_new(&t->arena, struct record);

	*record = management("iam.amazonaws.com", "CreateUser", false);
	return record;
}

TEST(selectors_by_default_want_all_management_events_and_no_data_events)
{
	const struct selectors *selectors = compile(t, SELECTORS_DEFAULT);

	CHECK(t, selectors_admit(selectors, list_users(t)));
	CHECK(t, selectors_admit(selectors, create_user(t)));
	CHECK(t, !admits_object(selectors, S3_OBJECT, "arn:aws:s3:::b/k", true));
}

TEST(selectors_split_reads_from_writes)
{
	CHECK(t, selectors_admit(basic(t, "\"ReadWriteType\":\"ReadOnly\""), list_users(t)));
	CHECK(t, !selectors_admit(basic(t, "\"ReadWriteType\":\"ReadOnly\""), create_user(t)));
	CHECK(t, !selectors_admit(basic(t, "\"ReadWriteType\":\"WriteOnly\""), list_users(t)));
	CHECK(t, selectors_admit(basic(t, "\"ReadWriteType\":\"WriteOnly\""), create_user(t)));
	CHECK(t, !selectors_admit(basic(t, "\"IncludeManagementEvents\":false"), create_user(t)));
}

TEST(selectors_leave_out_excluded_sources)
{
	const struct selectors *selectors = basic(t, "\"ExcludeManagementEventSources\":[\"kms.amazonaws.com\"]");
	struct record decrypt = management("kms.amazonaws.com", "Decrypt", true);

	CHECK(t, !selectors_admit(selectors, &decrypt));
	CHECK(t, selectors_admit(selectors, list_users(t)));
}

TEST(selectors_match_objects_by_the_beginning_of_their_arn)
{
	static const struct { const char *value, *arn; bool admits; } rows[] = {
		{ "arn:aws:s3",               "arn:aws:s3:::any/key",        true },
		{ "arn:aws:s3:::",            "arn:aws:s3:::any/key",        true },
		{ "arn:aws:s3:::bucket/",     "arn:aws:s3:::bucket/key",     true },
		{ "arn:aws:s3:::bucket/",     "arn:aws:s3:::bucket2/key",    false },
		{ "arn:aws:s3:::bucket/pre",  "arn:aws:s3:::bucket/pre1/k",  true },
		{ "arn:aws:s3:::bucket/pre/", "arn:aws:s3:::bucket/pre1/k",  false },
		{ "arn:aws:s3:::bucket",      "arn:aws:s3:::bucket/key",     true },
		{ "arn:aws:s3:::bucket",      "arn:aws:s3:::bucket-2/key",   false },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct selectors *selectors = basic(t, arena_printf(&t->arena,
			"\"DataResources\":[{\"Type\":\"AWS::S3::Object\",\"Values\":[\"%s\"]}]", rows[i].value));
		if (admits_object(selectors, S3_OBJECT, rows[i].arn, true) != rows[i].admits)
			test_failed(t, __FILE__, __LINE__, "%s against %s", rows[i].value, rows[i].arn);
	}
}

TEST(selectors_match_functions_and_tables_by_their_whole_arn)
{
	const char *arn = "arn:aws:lambda:us-east-1:111122223333:function:helloworld";
	const struct selectors *selectors = basic(t, arena_printf(&t->arena,
		"\"DataResources\":[{\"Type\":\"AWS::Lambda::Function\",\"Values\":[\"%s\"]}]", arn));

	CHECK(t, admits_object(selectors, "AWS::Lambda::Function", arn, true));
	CHECK(t, !admits_object(selectors, "AWS::Lambda::Function", arena_printf(&t->arena, "%s2", arn), true));
	CHECK(t, !admits_object(selectors, S3_OBJECT, arn, true));
}

/* Attackers use this to blind a trail; it has to be accepted as it is. */
TEST(selectors_with_no_values_match_no_data_event)
{
	const struct selectors *selectors = basic(t,
		"\"IncludeManagementEvents\":false,\"DataResources\":[{\"Type\":\"AWS::S3::Object\",\"Values\":[]}]");

	CHECK(t, !admits_object(selectors, S3_OBJECT, "arn:aws:s3:::b/k", true));
	CHECK(t, !selectors_admit(selectors, create_user(t)));
}

TEST(selectors_read_write_type_holds_for_data_events_too)
{
	const struct selectors *selectors = basic(t,
		"\"ReadWriteType\":\"WriteOnly\",\"DataResources\":[{\"Type\":\"AWS::S3::Object\",\"Values\":[\"arn:aws:s3\"]}]");

	CHECK(t, admits_object(selectors, S3_OBJECT, "arn:aws:s3:::b/k", false));
	CHECK(t, !admits_object(selectors, S3_OBJECT, "arn:aws:s3:::b/k", true));
}

#define MANAGEMENT "{\"Field\":\"eventCategory\",\"Equals\":[\"Management\"]}"
#define DATA_S3    "{\"Field\":\"eventCategory\",\"Equals\":[\"Data\"]},{\"Field\":\"resources.type\",\"Equals\":[\"AWS::S3::Object\"]}"

TEST(selectors_advanced_fields_must_all_hold)
{
	const struct selectors *selectors = advanced(t, MANAGEMENT ",{\"Field\":\"readOnly\",\"Equals\":[\"false\"]},"
		"{\"Field\":\"eventName\",\"StartsWith\":[\"Create\",\"Delete\"],\"NotEndsWith\":[\"Key\"]}");
	struct record key = management("iam.amazonaws.com", "CreateAccessKey", false);

	CHECK(t, selectors_admit(selectors, create_user(t)));
	CHECK(t, !selectors_admit(selectors, &key));
	CHECK(t, !selectors_admit(selectors, list_users(t)));
}

TEST(selectors_unwanted_values_all_have_to_be_absent)
{
	const struct selectors *selectors = advanced(t, MANAGEMENT
		",{\"Field\":\"eventSource\",\"NotEquals\":[\"kms.amazonaws.com\",\"iam.amazonaws.com\"]}");
	struct record sts = management("sts.amazonaws.com", "AssumeRole", true);

	CHECK(t, selectors_admit(selectors, &sts));
	CHECK(t, !selectors_admit(selectors, create_user(t)));
}

TEST(selectors_take_a_missing_field_for_the_empty_text)
{
	CHECK(t, selectors_admit(advanced(t, MANAGEMENT ",{\"Field\":\"errorCode\",\"NotEquals\":[\"AccessDenied\"]}"), create_user(t)));
	CHECK(t, !selectors_admit(advanced(t, MANAGEMENT ",{\"Field\":\"errorCode\",\"Equals\":[\"AccessDenied\"]}"), create_user(t)));
}

TEST(selectors_advanced_test_the_arn_of_resources_of_their_type_only)
{
	const struct selectors *selectors = advanced(t, DATA_S3 ",{\"Field\":\"resources.ARN\",\"StartsWith\":[\"arn:aws:s3:::b/\"]}");
	struct record_resource resources[] = {
		{ .type = S("AWS::S3::Object"), .arn = S("arn:aws:s3:::other/k") },
		{ .type = S("AWS::S3::Bucket"), .arn = S("arn:aws:s3:::b/") },
	};
	struct record record = { .category = RECORD_DATA, .resources = resources, .resource_count = 2 };

	CHECK(t, !selectors_admit(selectors, &record));
	CHECK(t, admits_object(selectors, S3_OBJECT, "arn:aws:s3:::b/k", true));
	CHECK(t, !admits_object(selectors, "AWS::Lambda::Function", "arn:aws:s3:::b/k", true));
}

TEST(selectors_any_of_them_is_enough)
{
	const struct selectors *selectors = compile(t, "{\"AdvancedEventSelectors\":[{\"FieldSelectors\":[" DATA_S3 "]},"
	                                               "{\"FieldSelectors\":[" MANAGEMENT "]}]}");

	CHECK(t, selectors_admit(selectors, create_user(t)));
	CHECK(t, admits_object(selectors, S3_OBJECT, "arn:aws:s3:::b/k", true));
}

static void check_refused(struct test *t, const char *document, const char *words)
{
	t->err = (struct error){0};
	CHECK(t, selectors_compile(&t->arena, slice_of(document), &t->err) == NULL);
	CHECK(t, t->err.name && strcmp(t->err.name, "InvalidEventSelectorsException") == 0);
	if (!strstr(t->err.message, words))
		test_failed(t, __FILE__, __LINE__, "%s: \"%s\", wanted \"%s\"", document, t->err.message, words);
}

#define BASIC(inner)     "{\"EventSelectors\":[{" inner "}]}"
#define RESOURCE(inner)  BASIC("\"DataResources\":[{" inner "}]")
#define ADVANCED(fields) "{\"AdvancedEventSelectors\":[{\"FieldSelectors\":[" fields "]}]}"

TEST(selectors_refuse_what_aws_refuses)
{
	static const struct { const char *document, *words; } rows[] = {
		{ "[", "no JSON" },
		{ "{}", "either" },
		{ "{\"EventSelectors\":[],\"AdvancedEventSelectors\":[]}", "either" },
		{ "{\"EventSelectors\":[]}", "At least one" },
		{ "{\"EventSelectors\":[{},{},{},{},{},{}]}", "at most 5" },
		{ "{\"EventSelectors\":[1]}", "object" },
		{ BASIC("\"ReadWriteType\":\"Some\""), "Value Some for ReadWriteType is invalid." },
		{ RESOURCE("\"Type\":\"AWS::EC2::Instance\""),
		  "Value AWS::EC2::Instance for DataResources.Type is invalid. Valid values are: AWS::DynamoDB::Table, AWS::Lambda::Function, AWS::S3::Object" },
		{ RESOURCE("\"Type\":\"AWS::S3::Object\",\"Values\":[\"arn:aws:s3:::*/*\"]"), "Value arn:aws:s3:::*/* for DataResources.Values is invalid." },
		{ RESOURCE("\"Type\":\"AWS::S3::Object\",\"Values\":[\"bucket\"]"), "Value bucket for DataResources.Values is invalid." },
		{ RESOURCE("\"Type\":\"AWS::Lambda::Function\",\"Values\":[\"arn:aws:s3:::b/\"]"), "is invalid." },
		{ BASIC("\"ExcludeManagementEventSources\":[\"iam.amazonaws.com\"]"), "Value iam.amazonaws.com" },
		{ BASIC("\"IncludeManagementEvents\":false,\"ExcludeManagementEventSources\":[\"kms.amazonaws.com\"]"), "IncludeManagementEvents" },
		{ "{\"AdvancedEventSelectors\":[]}", "At least one" },
		{ ADVANCED(""), "FieldSelectors" },
		{ ADVANCED("{\"Field\":\"awsRegion\",\"Equals\":[\"x\"]}"), "Field awsRegion is not supported" },
		{ ADVANCED(MANAGEMENT "," MANAGEMENT), "once" },
		{ ADVANCED("{\"Field\":\"eventName\",\"Equals\":[\"x\"]}"), "needs the field eventCategory" },
		{ ADVANCED("{\"Field\":\"eventCategory\",\"StartsWith\":[\"Data\"]}"), "Equals with one of" },
		{ ADVANCED("{\"Field\":\"eventCategory\",\"Equals\":[\"Data\",\"Management\"]}"), "Equals with one of" },
		{ ADVANCED("{\"Field\":\"eventCategory\",\"Equals\":[\"Data\"]}"), "need the field resources.type" },
		{ ADVANCED(MANAGEMENT ",{\"Field\":\"resources.type\",\"Equals\":[\"AWS::S3::Object\"]}"), "do not take the field resources.type" },
		{ ADVANCED(MANAGEMENT ",{\"Field\":\"resources.ARN\",\"Equals\":[\"x\"]}"), "do not take the field resources.ARN" },
		{ ADVANCED(MANAGEMENT ",{\"Field\":\"readOnly\",\"Equals\":[\"maybe\"]}"), "true or false" },
		{ ADVANCED(MANAGEMENT ",{\"Field\":\"eventName\"}"), "no operator" },
		{ ADVANCED(MANAGEMENT ",{\"Field\":\"eventName\",\"Equals\":[]}"), "no values" },
		{ ADVANCED(MANAGEMENT ",{\"Field\":\"eventName\",\"Equals\":[\"\"]}"), "empty" },
	};

	for (size_t i = 0; i < COUNT(rows); i++)
		check_refused(t, rows[i].document, rows[i].words);
}

static const char *many_values(struct test *t, const char *value, size_t count)
{
	struct buffer out;

	buffer_init(&out, &t->arena, 1 << 20);
	for (size_t i = 0; i < count; i++)
		buffer_printf(&out, "%s\"%s\"", i ? "," : "", value);
	return arena_printf(&t->arena, "%.*s", SLICE_ARG(buffer_slice(&out)));
}

TEST(selectors_count_their_values_and_those_for_everything_are_free)
{
	const char *format = "{\"EventSelectors\":[{\"DataResources\":[{\"Type\":\"AWS::S3::Object\",\"Values\":[%s]}]}]}";

	compile(t, arena_printf(&t->arena, format, many_values(t, "arn:aws:s3:::b/", 250)));
	compile(t, arena_printf(&t->arena, format, many_values(t, "arn:aws:s3", 300)));
	check_refused(t, arena_printf(&t->arena, format, many_values(t, "arn:aws:s3:::b/", 251)), "250");

	format = ADVANCED(MANAGEMENT ",{\"Field\":\"eventName\",\"Equals\":[%s]}");
	compile(t, arena_printf(&t->arena, format, many_values(t, "X", 499)));
	check_refused(t, arena_printf(&t->arena, format, many_values(t, "X", 500)), "500");
}
