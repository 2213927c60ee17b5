/* services/decode_json_test.c: what JSON requests become, and what SerializationException is for. */
#include "services/decode_json.h"

#include "services/cloudtrail/shapes.h"
#include "tests/sample_shapes.h"
#include "tests/test.h"

static struct sample *decoded(struct test *t, const char *body)
{
	return decode_json(&t->arena, &sample_shape, slice_of(body), &t->err);
}

TEST(decode_json_fills_every_kind_of_member)
{
	const struct sample *in = decoded(t,
		"{\"Text\":\"a\\u00e9\",\"Blob\":\"aGk=\",\"Flag\":false,\"Number\":-7,\"Big\":9007199254740993,\"Fraction\":0.5,"
		"\"Time\":1441139757.497,\"Inner\":{\"Name\":\"n\",\"Number\":1e2},\"Texts\":[\"x\",\"y\"],\"Flat\":[],"
		"\"Map\":{\"k\":\"v\"},\"InnerMap\":{\"one\":{\"Number\":1}}}");

	REQUIRE(t, in != NULL);
	CHECK_TEXT(t, in->text, S("a\xC3\xA9"));
	CHECK_TEXT(t, in->blob, S("hi"));
	CHECK(t, in->flag.is_set && !in->flag.value);
	CHECK_NUMBER(t, in->number.value, -7);
	CHECK_NUMBER(t, in->big.value, 9007199254740993);
	CHECK(t, in->fraction.value == 0.5);
	CHECK_NUMBER(t, in->time.ms, 1441139757497);
	CHECK(t, in->inner && in->inner->number.value == 100);
	CHECK(t, in->texts.count == 2 && in->texts.is_set);
	CHECK_TEXT(t, in->texts.items[1], S("y"));
	CHECK(t, in->flat.is_set && in->flat.count == 0);
	CHECK(t, in->map.count == 1);
	CHECK_TEXT(t, in->map.items[0].key, S("k"));
	CHECK_TEXT(t, in->map.items[0].value, S("v"));
	CHECK(t, in->inner_map.count == 1 && in->inner_map.items[0].value.number.value == 1);
}

TEST(decode_json_takes_an_empty_body_for_an_empty_object)
{
	const struct cloudtrail_lookup_events_request *in;

	in = decode_json(&t->arena, cloudtrail_lookup_events_shape.input, S(""), &t->err);
	REQUIRE(t, in != NULL);
	CHECK(t, !in->max_results.is_set && !in->lookup_attributes.is_set && !in->next_token.ptr);
	CHECK(t, decode_json(&t->arena, NULL, S("{\"any\":1}"), &t->err) != NULL);
}

TEST(decode_json_skips_unknown_members_and_takes_null_for_absent)
{
	const struct sample *in = decoded(t, "{\"text\":\"lower case is another name\",\"Unknown\":{\"a\":[1]},\"Number\":null,\"Inner\":null}");

	REQUIRE(t, in != NULL);
	CHECK(t, !in->text.ptr && !in->number.is_set && !in->inner);
}

TEST(decode_json_takes_iso_texts_for_times)
{
	const struct sample *in = decoded(t, "{\"Time\":\"2026-01-15T10:01:07Z\"}");

	REQUIRE(t, in != NULL);
	CHECK_NUMBER(t, in->time.ms, 1768471267000);
}

TEST(decode_json_refuses_with_serialization_exception)
{
	static const struct { const char *body, *message; } rows[] = {
		{ "{\"Text\":1}", "NUMBER_VALUE can not be converted to a String" },
		{ "{\"Text\":true}", "TRUE_VALUE can not be converted to a String" },
		{ "{\"Text\":{}}", "START_OBJECT can not be converted to a String" },
		{ "{\"Number\":\"5\"}", "STRING_VALUE can not be converted to an Integer" },
		{ "{\"Number\":1.5}", "1.5 can not be converted to an Integer" },
		{ "{\"Number\":2147483648}", "2147483648 can not be converted to an Integer" },
		{ "{\"Big\":9223372036854775808}", "9223372036854775808 can not be converted to a Long" },
		{ "{\"Flag\":\"true\"}", "STRING_VALUE can not be converted to a Boolean" },
		{ "{\"Time\":\"yesterday\"}", "STRING_VALUE can not be converted to a Timestamp" },
		{ "{\"Time\":1e300}", "1e300 is no time between the years 0 and 9999" },
		{ "{\"Inner\":[]}", "START_ARRAY can not be converted to a structure" },
		{ "{\"Texts\":{}}", "START_OBJECT can not be converted to a list" },
		{ "{\"Texts\":[null]}", "NULL_VALUE can not be converted to a String" },
		{ "{\"Map\":[]}", "START_ARRAY can not be converted to a map" },
		{ "{\"Map\":{\"k\":null}}", "NULL_VALUE can not be converted to a String" },
		{ "{\"Blob\":\"?\"}", "A Blob must be base64." },
		{ "[]", "START_ARRAY can not be converted to a structure" },
		{ "\"a\"", "STRING_VALUE can not be converted to a structure" },
		{ "{", NULL }, { "{\"Text\":\"a\",\"Text\":\"b\"}", NULL }, { "{\"Text\":\"\xC3\"}", NULL }, { "{}{}", NULL },
		{ "{\"Unknown\":[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[0]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]"
		  "]]]]]]]]]]]]]]]]]]]]]]]]]]}", NULL },
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		t->err = (struct error){0};
		if (decoded(t, rows[i].body))
			test_failed(t, __FILE__, __LINE__, "%s was accepted", rows[i].body);
		CHECK_TEXT(t, slice_of(t->err.name), S("SerializationException"));
		if (rows[i].message)
			CHECK_TEXT(t, slice_of(t->err.message), slice_of(rows[i].message));
	}
}

TEST(decode_json_duplicates_are_refused_only_within_one_object)
{
	CHECK(t, decoded(t, "{\"Inner\":{\"Name\":\"a\"},\"InnerMap\":{\"x\":{\"Name\":\"a\"},\"y\":{\"Name\":\"b\"}}}") != NULL);
	CHECK(t, !decoded(t, "{\"Map\":{\"x\":\"1\",\"x\":\"2\"}}"));
}
