/* codec/xml_test.c: what a reader gets back is what was written, as far as XML can carry it. */
#include "codec/xml.h"
#include "tests/test.h"

static struct slice written(struct test *t, struct slice text)
{
	struct buffer out;

	buffer_init(&out, &t->arena, 1 << 16);
	xml_text(&out, text);
	return buffer_slice(&out);
}

TEST(xml_text_escapes_markup_and_keeps_the_rest)
{
	CHECK_TEXT(t, written(t, S("a<b>&\"c\" 'd'\t\n\r")), S("a&lt;b&gt;&amp;&quot;c&quot; 'd'\t\n&#13;"));
	CHECK_TEXT(t, written(t, S("caf\xC3\xA9 \xF0\x9F\x98\x80")), S("caf\xC3\xA9 \xF0\x9F\x98\x80"));
}

TEST(xml_text_replaces_what_xml_cannot_carry)
{
	CHECK_TEXT(t, written(t, S("a\x01" "b\x00z")), S("a\xEF\xBF\xBD" "b\xEF\xBF\xBDz"));
	CHECK_TEXT(t, written(t, S("\xEF\xBF\xBF")), S("\xEF\xBF\xBD"));
	CHECK_TEXT(t, written(t, S("\xC3(")), S("\xEF\xBF\xBD("));
}

TEST(xml_elements_nest)
{
	struct buffer out;

	buffer_init(&out, &t->arena, 1 << 16);
	xml_open_in(&out, S("A"), S("urn:x"));
	xml_element(&out, S("B"), S("1"));
	xml_element(&out, S("C"), SLICE_NONE);
	xml_element(&out, S("D"), S(""));
	xml_close(&out, S("A"));
	CHECK_TEXT(t, buffer_slice(&out), S("<A xmlns=\"urn:x\"><B>1</B><D></D></A>"));
}
