/* auth/attachments_test.c: both directions, by name. */
#include "auth/attachments.h"

#include "tests/auth_catalog.h"

TEST(attachments_are_counted_once_and_listed_by_policy_name)
{
	struct catalog *catalog = auth_catalog_open(t);
	struct attachment_list list;
	int64_t count;
	bool deleted;

	CHECK(t, attachments_insert(catalog, ACCOUNT, S("AIDA1"), S("arn:aws:iam::1:policy/a/Zulu"), &count, &t->err) && count == 1);
	CHECK(t, attachments_insert(catalog, ACCOUNT, S("AIDA1"), S("arn:aws:iam::1:policy/a/Zulu"), &count, &t->err) && count == 1);
	CHECK(t, attachments_insert(catalog, ACCOUNT, S("AIDA1"), S("arn:aws:iam::1:policy/z/alpha"), &count, &t->err) && count == 2);
	CHECK(t, attachments_insert(catalog, ACCOUNT, S("AGPA1"), S("arn:aws:iam::1:policy/a/Zulu"), &count, &t->err) && count == 1);
	CHECK(t, attachments_list(catalog, &t->arena, ACCOUNT, S("AIDA1"), &list, &t->err));
	REQUIRE(t, list.count == 2);
	CHECK_TEXT(t, list.items[0], S("arn:aws:iam::1:policy/z/alpha"));
	CHECK(t, attachments_entities(catalog, &t->arena, ACCOUNT, S("arn:aws:iam::1:policy/a/Zulu"), &list, &t->err));
	CHECK_NUMBER(t, list.count, 2);
	CHECK(t, attachments_count(catalog, ACCOUNT, S("arn:aws:iam::1:policy/a/Zulu"), &count, &t->err) && count == 2);
	CHECK(t, attachments_delete(catalog, ACCOUNT, S("AIDA1"), S("arn:aws:iam::1:policy/a/Zulu"), &deleted, &t->err) && deleted);
	CHECK(t, attachments_delete(catalog, ACCOUNT, S("AIDA1"), S("arn:aws:iam::1:policy/a/Zulu"), &deleted, &t->err) && !deleted);
	CHECK(t, attachments_count(catalog, OTHER_ACCOUNT, S("arn:aws:iam::1:policy/a/Zulu"), &count, &t->err) && count == 0);
	catalog_close(catalog);
}
