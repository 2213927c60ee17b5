/* codec/xml_read_test.c: what a client's document becomes, and what is refused. */
#include "codec/xml_read.h"

#include "tests/test.h"

static const struct xml_limits LIMITS = { .depth_max = 4, .nodes_max = 8 };

TEST(xml_read_gives_elements_texts_and_attributes_whatever_the_prefixes)
{
	static const char *const texts[] = {
		"<a xmlns=\"urn:x\"><b k=\"v\">1 &amp; <![CDATA[<2>]]></b>\n\t<c/></a>",
		"<?xml version=\"1.0\" encoding=\"UTF-8\"?><s:a xmlns:s=\"urn:x\" xmlns=\"urn:x\"> <s:b p:k='v'>1 &#38; &lt;2&gt;</s:b><!-- --><s:c></s:c></s:a>",
	};
	for (size_t i = 0; i < COUNT(texts); i++) {
		const struct xml_element *root = xml_read(&t->arena, slice_of(texts[i]), &LIMITS, &t->err);
		REQUIRE(t, root);
		CHECK_TEXT(t, root->name, S("a"));
		CHECK_NUMBER(t, root->count, 2);
		CHECK(t, !root->text.ptr);
		REQUIRE(t, root->attributes);
		CHECK_TEXT(t, root->attributes->name, S("xmlns"));
		CHECK_TEXT(t, root->attributes->value, S("urn:x"));
		const struct xml_element *b = xml_read_child(root, S("b"));
		REQUIRE(t, b && b->attributes);
		CHECK_TEXT(t, b->text, S("1 & <2>"));
		CHECK_TEXT(t, b->attributes->name, S("k"));
		CHECK_TEXT(t, b->attributes->value, S("v"));
		REQUIRE(t, b->next);
		CHECK_TEXT(t, b->next->text, S(""));
		CHECK(t, b->next->text.ptr);
	}
	CHECK(t, !xml_read_child(NULL, S("a")));
}

TEST(xml_read_refuses_what_is_no_small_plain_document)
{
	static const struct { const char *text; enum error_kind kind; } rows[] = {
		{ "", ERR_INVALID }, { "text", ERR_INVALID }, { "<a>", ERR_INVALID }, { "<a></b>", ERR_INVALID }, { "<a/><b/>", ERR_INVALID },
		{ "<a>&nbsp;</a>", ERR_INVALID }, { "<a>\xff</a>", ERR_INVALID }, { "<a>\x01</a>", ERR_INVALID },
		{ "<a>text<b/></a>", ERR_INVALID }, { "<a><b/>text</a>", ERR_INVALID },
		{ "<!DOCTYPE a [<!ENTITY e \"x\">]><a>&e;</a>", ERR_INVALID },
		{ "<!DOCTYPE a SYSTEM \"file:///etc/passwd\"><a/>", ERR_INVALID },
		{ "<a><a><a><a><a/></a></a></a></a>", ERR_LIMIT },
		{ "<a><b/><b/><b/><b/><b/><b/><b/><b/></a>", ERR_LIMIT },
		{ "<a a='' b='' c='' d='' e='' f='' g='' h=''/>", ERR_LIMIT },
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct error err = {0};
		CHECK(t, !xml_read(&t->arena, slice_of(rows[i].text), &LIMITS, &err));
		if (err.kind != rows[i].kind)
			test_failed(t, __FILE__, __LINE__, "%s: %s", rows[i].text, err.message);
	}
}
