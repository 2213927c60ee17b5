/* event/observed_test.c: records of real accounts (tests/data/cloudtrail-records) hold what our writers promise: order of
 * fields and members, presence, types, Username and Resources. A difference to AWS would show here first. */
#include "base/clock.h"
#include "base/limits.h"
#include "event/classify.h"
#include "event/lookup.h"
#include "tests/test.h"

/* Calls `check` with each line of a file, parsed. */
static void each_line(struct test *t, const char *name, void (*check)(struct test *t, const struct json *line), int lines_min)
{
	struct slice rest = test_read_file(t, test_source_path(t, arena_printf(&t->arena, "tests/data/cloudtrail-records/%s", name)));
	int lines = 0;

	while (rest.len) {
		struct slice line;
		rest = slice_cut(rest, '\n', &line);
		const struct json *json = json_parse(&t->arena, line, &JSON_LIMITS_DEFAULT, &t->err);
		REQUIRE(t, json != NULL);
		int failed_before = t->failed_checks;
		check(t, json);
		if (t->failed_checks > failed_before)
			printf("# %s: %.*s\n", name, SLICE_ARG(json_get_text(json, S("eventName"))));
		lines++;
	}
	CHECK(t, lines >= lines_min);
}

/* Each name of `json` that `reference` also has must come in the order of `reference`. */
static bool is_in_order(const struct json *json, const struct json *reference)
{
	const struct json *next = reference->first;

	for (const struct json *member = json->first; member; member = member->next) {
		if (!json_get(reference, member->key))
			continue;
		while (next && !slice_equal(next->key, member->key))
			next = next->next;
		if (!next)
			return false;
	}
	return true;
}

/* A record of ours that has everything. */
static const struct json *full_record(struct test *t)
{
	static const struct record_resource resources[] = {
		{ .account_id = S_INIT("1"), .type = S_INIT("AWS::S3::Bucket"), .arn = S_INIT("arn:aws:s3:::b") },
	};
	const struct slice x = S("x");
	struct record record = {
		.event_source = x, .event_name = x, .region = x, .source_ip = x, .user_agent = x, .request_id = x, .event_id = x,
		.api_version = x, .recipient_account_id = x, .shared_event_id = x, .vpc_endpoint_id = x, .error_code = x,
		.error_message = x, .additional_event_data = S("{\"a\":1}"), .service_event_details = S("{\"a\":1}"),
		.resources = resources, .resource_count = 1, .tls_version = x, .tls_cipher_suite = x, .client_provided_host = x,
		.is_session_credential_from_console = true,
		.identity = { .type = IDENTITY_ASSUMED_ROLE, .principal_id = x, .arn = x, .account_id = x, .access_key_id = x,
			.user_name = x, .invoked_by = x,
			.session = { .is_present = true, .web_id_provider = x, .source_identity = x, .ec2_role_delivery = x,
				.issuer = { .type = x, .principal_id = x, .arn = x, .account_id = x, .user_name = x } } },
	};
	struct buffer out;

	buffer_init(&out, &t->arena, RECORD_ROOM_BYTES);
	record_write(&record, &out);
	return json_parse(&t->arena, buffer_slice(&out), &JSON_LIMITS_DEFAULT, &t->err);
}

static bool is_sorted(const struct json *json)
{
	for (const struct json *member = json->first; member && member->next; member = member->next)
		if (slice_compare(member->key, member->next->key) > 0)
			return false;
	return true;
}

static void check_order(struct test *t, const struct json *record)
{
	const struct json *ours = full_record(t), *identity = json_get(record, S("userIdentity"));

	REQUIRE(t, ours != NULL);
	if (is_sorted(record))                           /* by an anonymiser */
		return;
	for (const struct json *member = record->first; member; member = member->next)
		CHECK(t, json_get(ours, member->key));   /* no field that we do not know */
	CHECK(t, is_in_order(record, ours));
	CHECK(t, is_in_order(identity, json_get(ours, S("userIdentity"))));
	const struct json *session = json_get(identity, S("sessionContext"));
	const struct json *our_session = json_get(json_get(ours, S("userIdentity")), S("sessionContext"));
	if (session) {
		CHECK(t, is_in_order(session, our_session));
		if (json_get(session, S("sessionIssuer")))
			CHECK(t, is_in_order(json_get(session, S("sessionIssuer")), json_get(our_session, S("sessionIssuer"))));
		CHECK(t, is_in_order(json_get(session, S("attributes")), json_get(our_session, S("attributes"))));
	}
	if (json_get(record, S("resources")))
		CHECK(t, is_in_order(json_get(record, S("resources"))->first, json_get(ours, S("resources"))->first));
	if (json_get(record, S("tlsDetails")))
		CHECK(t, is_in_order(json_get(record, S("tlsDetails")), json_get(ours, S("tlsDetails"))));
}

TEST(observed_records_have_our_order_of_fields)
{
	each_line(t, "invictus.jsonl", check_order, 100);
	each_line(t, "traildiscover.jsonl", check_order, 50);
}

static struct identity identity_of(struct test *t, const struct json *json)
{
	struct identity identity = {
		.principal_id = json_get_text(json, S("principalId")), .arn = json_get_text(json, S("arn")),
		.account_id = json_get_text(json, S("accountId")), .access_key_id = json_get_text(json, S("accessKeyId")),
		.user_name = json_get_text(json, S("userName")), .invoked_by = json_get_text(json, S("invokedBy")),
	};
	const struct json *session = json_get(json, S("sessionContext")), *issuer = json_get(session, S("sessionIssuer"));
	const struct json *attributes = json_get(session, S("attributes"));

	if (json_get(json, S("type")))
		CHECK(t, identity_type_parse(json_get_text(json, S("type")), &identity.type));
	identity.session = (struct identity_session){
		.is_present = session != NULL, .ec2_role_delivery = json_get_text(session, S("ec2RoleDelivery")),
		.has_mfa = slice_equal(json_get_text(attributes, S("mfaAuthenticated")), S("true")),
		.issuer = { .type = json_get_text(issuer, S("type")), .principal_id = json_get_text(issuer, S("principalId")),
			.arn = json_get_text(issuer, S("arn")), .account_id = json_get_text(issuer, S("accountId")),
			.user_name = json_get_text(issuer, S("userName")) },
	};
	if (attributes)
		CHECK(t, time_parse_iso(json_get_text(attributes, S("creationDate")), &identity.session.creation_ms));
	return identity;
}

/* The same members with the same values. Empty objects, which records of the newest version lack, do not count. */
static bool is_same(const struct json *a, const struct json *b)
{
	if (a->kind != b->kind)
		return false;
	if (a->kind != JSON_OBJECT)
		return slice_equal(a->text, b->text);
	for (const struct json *member = a->first; member; member = member->next) {
		const struct json *other = json_get(b, member->key);
		bool is_empty = member->kind == JSON_OBJECT && member->count == 0;
		if (other ? !is_same(member, other) : !is_empty)
			return false;
	}
	for (const struct json *member = b->first; member; member = member->next)
		if (!json_get(a, member->key))
			return false;
	return true;
}

static void check_identity(struct test *t, const struct json *record)
{
	const struct json *theirs = json_get(record, S("userIdentity"));
	struct identity identity = identity_of(t, theirs);
	struct buffer out;

	if (json_get(theirs, S("inScopeOf")))
		return;
	buffer_init(&out, &t->arena, 1 << 16);
	identity_write(&identity, &out);
	const struct json *ours = json_parse(&t->arena, buffer_slice(&out), &JSON_LIMITS_DEFAULT, &t->err);
	CHECK(t, ours && is_same(theirs, ours));
}

TEST(observed_identities_can_be_said_with_our_struct)
{
	each_line(t, "invictus.jsonl", check_identity, 100);
	each_line(t, "stratus.jsonl", check_identity, 15);
	each_line(t, "traildiscover.jsonl", check_identity, 50);
}

/* Presence and types (T25 to T28), T29 and the rules for failures, stated once over all records. */
static void check_facts(struct test *t, const struct json *record)
{
	const struct json *request = json_get(record, S("requestParameters")), *response = json_get(record, S("responseElements"));
	const struct json *read_only = json_get(record, S("readOnly"));
	struct slice source = json_get_text(record, S("eventSource")), name = json_get_text(record, S("eventName"));
	bool is_read = read_only && read_only->kind == JSON_TRUE, assumes = slice_has_prefix(name, S("AssumeRole"));

	REQUIRE(t, request && response && read_only);
	CHECK(t, request->kind == JSON_NULL || (request->kind == JSON_OBJECT && request->count));
	CHECK(t, response->kind == JSON_NULL || (response->kind == JSON_OBJECT && response->count));
	CHECK(t, is_read == classify_is_read_only(source, name));
	CHECK(t, !is_read || response->kind == JSON_NULL || assumes);
	if (json_get(record, S("errorCode")))
		CHECK(t, response->kind == JSON_NULL);
	if (json_get(record, S("apiVersion")))
		CHECK_TEXT(t, json_get_text(record, S("apiVersion")), classify_api_version(source));
	const struct json *from_console = json_get(record, S("sessionCredentialFromConsole"));
	CHECK(t, !from_console || slice_equal(from_console->text, S("true")));
}

TEST(observed_records_keep_the_rules_that_ours_follow)
{
	each_line(t, "invictus.jsonl", check_facts, 100);
	each_line(t, "stratus.jsonl", check_facts, 15);
	each_line(t, "traildiscover.jsonl", check_facts, 50);
}

/* A set of {ResourceType, ResourceName} equals ours, whatever the order. */
static void check_resources(struct test *t, const struct json *theirs, const struct lookup_resources *ours)
{
	CHECK_NUMBER(t, ours->count, theirs->count);
	for (const struct json *entry = theirs->first; entry; entry = entry->next) {
		bool is_found = false;
		for (size_t i = 0; i < ours->count; i++)
			is_found |= slice_equal(ours->items[i].type, json_get_text(entry, S("ResourceType")))
			         && slice_equal(ours->items[i].name, json_get_text(entry, S("ResourceName")));
		CHECK(t, is_found);
	}
}

static struct slice object_text(const struct json *json)
{
	return json && json->kind == JSON_OBJECT ? json->text : SLICE_NONE;
}

static void check_lookup(struct test *t, const struct json *answer)
{
	const struct json *event = json_parse(&t->arena, json_get_text(answer, S("CloudTrailEvent")), &JSON_LIMITS_DEFAULT, &t->err);
	struct lookup_resources resources;

	REQUIRE(t, event != NULL);
	struct record record = {
		.event_source = json_get_text(event, S("eventSource")), .event_name = json_get_text(event, S("eventName")),
		.is_read_only = json_get(event, S("readOnly"))->kind == JSON_TRUE,
		.identity = identity_of(t, json_get(event, S("userIdentity"))),
		.request_parameters = object_text(json_get(event, S("requestParameters"))),
		.response_elements = object_text(json_get(event, S("responseElements"))),
	};
	CHECK_TEXT(t, identity_username(&record.identity), json_get_text(answer, S("Username")));
	lookup_resources_derive(&t->arena, &record, NULL, NULL, &resources);
	/* the anonymiser gave this one's VPC two names */
	if (!slice_equal(record.event_name, S("CreateSecurityGroup")))
		check_resources(t, json_get(answer, S("Resources")), &resources);
}

TEST(observed_lookup_answers_have_our_username_and_resources)
{
	each_line(t, "lookup-events.jsonl", check_lookup, 6);
}
