/* services/decode_query_test.c: what forms become, in any order, and how broken ones are refused. */
#include "services/decode_query.h"

#include "services/iam/shapes.h"
#include "services/sts/shapes.h"
#include "tests/sample_shapes.h"
#include "tests/test.h"

static void *decoded_as(struct test *t, const struct shape *shape, enum protocol protocol, const char *form)
{
	struct uri_pairs pairs;

	if (!uri_pairs_read(&t->arena, slice_of(form), URI_PLUS_IS_BLANK, 1000, &pairs, &t->err))
		return NULL;
	return decode_query(&t->arena, shape, &pairs, protocol, &t->err);
}

static struct sample *decoded(struct test *t, const char *form)
{
	return decoded_as(t, &sample_shape, PROTOCOL_QUERY, form);
}

TEST(decode_query_reads_what_clients_send_for_create_user)
{
	const struct iam_create_user_request *in = decoded_as(t, iam_create_user_shape.input, PROTOCOL_QUERY,
		"Action=CreateUser&Version=2010-05-08&UserName=bob&Path=%2Feng%2F&Tags.member.1.Key=team&Tags.member.1.Value=red+%2B"
		"&Tags.member.2.Key=empty&Tags.member.2.Value=");

	REQUIRE(t, in != NULL);
	CHECK_TEXT(t, in->user_name, S("bob"));
	CHECK_TEXT(t, in->path, S("/eng/"));
	REQUIRE(t, in->tags.count == 2);
	CHECK_TEXT(t, in->tags.items[0].value, S("red +"));
	CHECK_TEXT(t, in->tags.items[1].value, S(""));
	CHECK(t, !in->permissions_boundary.ptr);
}

TEST(decode_query_names_a_members_own_way)
{
	const struct sts_assume_role_request *in = decoded_as(t, sts_assume_role_shape.input, PROTOCOL_QUERY,
		"RoleArn=r&RoleSessionName=s&DurationSeconds=900&PolicyArns.member.1.arn=p&TransitiveTagKeys.member.1=k");

	REQUIRE(t, in != NULL);
	CHECK(t, in->duration_seconds.is_set && in->duration_seconds.value == 900);
	REQUIRE(t, in->policy_arns.count == 1 && in->transitive_tag_keys.count == 1);
	CHECK_TEXT(t, in->policy_arns.items[0].arn, S("p"));
}

TEST(decode_query_fills_every_kind_of_member)
{
	const struct sample *in = decoded(t, "Text=a&Blob=aGk%3D&Flag=true&Number=-7&Big=9007199254740993&Fraction=2.5e-1"
		"&Time=2026-01-15T10%3A01%3A07Z&Inner.Name=n&Inner.Number=3&Texts.member.1=x&Flat.1=f&Flat.2=g"
		"&Map.entry.1.key=k&Map.entry.1.value=v&InnerMap.entry.1.key=one&InnerMap.entry.1.value.Number=1");

	REQUIRE(t, in != NULL);
	CHECK_TEXT(t, in->blob, S("hi"));
	CHECK(t, in->flag.is_set && in->flag.value && in->fraction.value == 0.25);
	CHECK_NUMBER(t, in->number.value, -7);
	CHECK_NUMBER(t, in->big.value, 9007199254740993);
	CHECK_NUMBER(t, in->time.ms, 1768471267000);
	CHECK(t, in->inner && in->inner->number.value == 3);
	CHECK(t, in->texts.count == 1 && in->flat.count == 2 && in->map.count == 1 && in->inner_map.count == 1);
	CHECK_TEXT(t, in->flat.items[1], S("g"));
	CHECK_TEXT(t, in->map.items[0].value, S("v"));
	CHECK_NUMBER(t, in->inner_map.items[0].value.number.value, 1);
}

TEST(decode_query_orders_list_items_by_number_and_closes_gaps)
{
	struct buffer form;
	const struct sample *in = decoded(t, "Texts.member.10=c&Texts.member.9=b&Number=1&Texts.member.2=a");

	REQUIRE(t, in && in->texts.count == 3);
	CHECK_TEXT(t, in->texts.items[0], S("a"));
	CHECK_TEXT(t, in->texts.items[1], S("b"));
	CHECK_TEXT(t, in->texts.items[2], S("c"));
	buffer_init(&form, &t->arena, 1 << 16);      /* enough to sort the other way */
	for (int i = 200; i > 0; i--)
		buffer_printf(&form, "&Texts.member.%d=%d", i, i);
	in = decoded(t, arena_cstr(&t->arena, buffer_slice(&form)));
	REQUIRE(t, in && in->texts.count == 200);
	CHECK_TEXT(t, in->texts.items[98], S("99"));
	CHECK_TEXT(t, in->texts.items[99], S("100"));
}

TEST(decode_query_tells_absent_from_empty)
{
	const struct sample *in = decoded(t, "Text=&Texts=&Unknown.member.x.y=1&Map=");

	REQUIRE(t, in != NULL);
	CHECK(t, in->text.ptr && in->text.len == 0);
	CHECK(t, in->texts.is_set && in->texts.count == 0 && in->map.is_set && in->map.count == 0);
	CHECK(t, !in->flat.is_set && !in->inner);
	in = decoded(t, "Text&Action=x");
	CHECK(t, in && in->text.ptr && in->text.len == 0);
	in = decoded(t, "");
	CHECK(t, in && !in->text.ptr);
}

TEST(decode_query_of_ec2_has_no_member_in_its_lists)
{
	const struct sample *in = decoded_as(t, &sample_shape, PROTOCOL_EC2_QUERY, "Texts.2=b&Texts.1=a&Flat.1=f");

	REQUIRE(t, in && in->texts.count == 2 && in->flat.count == 1);
	CHECK_TEXT(t, in->texts.items[0], S("a"));
}

TEST(decode_query_refuses_broken_forms_with_the_fitting_error)
{
	static const struct { const char *form, *name, *message; } rows[] = {
		{ "Text=a&Text=b", "MalformedQueryString", "A parameter is given twice." },
		{ "Text=%C3", "MalformedQueryString", "A parameter is not UTF-8." },
		{ "Texts.member.1=%FF", "MalformedQueryString", NULL },
		{ "Text.member.1=a", "MalformedInput", "Start of list found where not expected" },
		{ "Text=a&Text.x=b", "MalformedInput", "Start of list found where not expected" },
		{ "Texts=a", "MalformedInput", "Unexpected list element termination" },
		{ "Texts.members.1=a", "MalformedInput", "Unexpected list element termination" },
		{ "Texts.member=a", "MalformedInput", "Unexpected list element termination" },
		{ "Texts=&Texts.member.1=a", "MalformedInput", "Unexpected list element termination" },
		{ "Texts.1=a", "MalformedInput", "Top level element may not be treated as a list" },
		{ "Texts.member.0=a", "MalformedInput", "Key is not a list index" },
		{ "Texts.member.01=a", "MalformedInput", "Key is not a list index" },
		{ "Texts.member.-1=a", "MalformedInput", "Key is not a list index" },
		{ "Texts.member.9999999999=a", "MalformedInput", "Key is not a list index" },
		{ "Texts.member.1.x=a", "MalformedInput", "Start of list found where not expected" },
		{ "Inner=a", "MalformedInput", "Unexpected complex element termination" },
		{ "Inner=&Inner.Name=a", "MalformedInput", "Unexpected complex element termination" },
		{ "Map.entry.1=a", "MalformedInput", "Unexpected map element termination" },
		{ "Map.entry.1.value=a", "MalformedInput", "A map entry has no key" },
		{ "Map.entry.1.key=a&Map.entry.2.key=a", "MalformedInput", "A map has a key twice" },
		{ "Number=abc", "ValidationError", "The value 'abc' is not a valid Integer." },
		{ "Number=", "ValidationError", "The value '' is not a valid Integer." },
		{ "Number=1.0", "ValidationError", NULL },
		{ "Number=2147483648", "ValidationError", NULL },
		{ "Big=9223372036854775808", "ValidationError", "The value '9223372036854775808' is not a valid Long." },
		{ "Flag=yes", "ValidationError", "The value 'yes' is not a valid Boolean." },
		{ "Fraction=0x10", "ValidationError", NULL },
		{ "Fraction=nan", "ValidationError", NULL },
		{ "Time=today", "ValidationError", "The value 'today' is not a valid Timestamp." },
		{ "Blob=%3F", "ValidationError", NULL },
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		t->err = (struct error){0};
		if (decoded(t, rows[i].form))
			test_failed(t, __FILE__, __LINE__, "%s was accepted", rows[i].form);
		CHECK_TEXT(t, slice_of(t->err.name), slice_of(rows[i].name));
		if (rows[i].message)
			CHECK_TEXT(t, slice_of(t->err.message), slice_of(rows[i].message));
	}
}

TEST(decode_query_of_an_operation_without_members_ignores_all)
{
	CHECK(t, decoded_as(t, iam_get_account_summary_shape.input, PROTOCOL_QUERY, "Action=GetAccountSummary&X=1") != NULL);
	CHECK(t, decoded_as(t, sts_get_caller_identity_shape.input, PROTOCOL_QUERY, "Action=GetCallerIdentity") != NULL);
}
