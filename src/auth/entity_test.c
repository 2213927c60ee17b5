/* auth/entity_test.c: ids, ARNs and their parts. */
#include "auth/entity.h"

#include "tests/test.h"

TEST(entity_ids_tell_their_kind)
{
	enum entity_kind kind;
	struct random random;

	random_init_seeded(&random, 1);
	for (int i = 0; i < ENTITY_KIND_COUNT; i++) {
		struct slice id = entity_new_id(&t->arena, &random, (enum entity_kind)i);

		CHECK(t, entity_kind_of_id(id, &kind) && (int)kind == i);
	}
	CHECK(t, !entity_kind_of_id(S("111122223333"), &kind));
	CHECK(t, !entity_kind_of_id(S("ANVAAAAAAAAAAAAAAAAAA"), &kind));
}

TEST(entity_arns_are_read_as_they_are_written)
{
	static const struct { enum entity_kind kind; struct slice path, name, arn; } rows[] = {
		{ ENTITY_USER, S_INIT("/"), S_INIT("bob"), S_INIT("arn:aws:iam::111122223333:user/bob") },
		{ ENTITY_ROLE, S_INIT("/a/b/"), S_INIT("R"), S_INIT("arn:aws:iam::111122223333:role/a/b/R") },
		{ ENTITY_POLICY, S_INIT("/"), S_INIT("P"), S_INIT("arn:aws:iam::111122223333:policy/P") },
		{ ENTITY_INSTANCE_PROFILE, S_INIT("/"), S_INIT("I"), S_INIT("arn:aws:iam::111122223333:instance-profile/I") },
	};
	struct entity_arn_parts parts;

	for (size_t i = 0; i < COUNT(rows); i++) {
		CHECK_TEXT(t, entity_arn(&t->arena, rows[i].kind, S("111122223333"), rows[i].path, rows[i].name), rows[i].arn);
		REQUIRE(t, entity_arn_parse(rows[i].kind, rows[i].arn, &parts));
		CHECK_TEXT(t, parts.account, S("111122223333"));
		CHECK_TEXT(t, parts.path, rows[i].path);
		CHECK_TEXT(t, parts.name, rows[i].name);
	}
	CHECK(t, entity_arn_parse(ENTITY_POLICY, S("arn:aws:iam::aws:policy/job-function/X"), &parts));
	CHECK_TEXT(t, parts.account, S("aws"));
	CHECK(t, !entity_arn_parse(ENTITY_USER, S("arn:aws:iam::111122223333:role/bob"), &parts));
	CHECK(t, !entity_arn_parse(ENTITY_USER, S("arn:aws:iam::111122223333:user"), &parts));
	CHECK(t, !entity_arn_parse(ENTITY_USER, S("arn:aws:iam::111122223333:user/"), &parts));
	CHECK(t, !entity_arn_parse(ENTITY_USER, S("arn:aws:s3:::user/bob"), &parts));
	CHECK(t, !entity_arn_parse(ENTITY_USER, S("bob"), &parts));
}

TEST(entity_keys_fold_only_ascii_letters)
{
	CHECK_TEXT(t, entity_key(&t->arena, S("Bob_+=,.@-[Z]")), S("bob_+=,.@-[z]"));
}

TEST(entity_absence_keeps_an_earlier_failure)
{
	CHECK(t, !fail(&t->err, ERR_IO, "disk"));
	CHECK(t, !entity_fail_absent(ENTITY_USER, S("bob"), &t->err) && t->err.kind == ERR_IO);
	t->err = (struct error){ 0 };
	CHECK(t, !entity_fail_absent(ENTITY_USER, S("bob"), &t->err));
	CHECK(t, strcmp(t->err.name, "NoSuchEntity") == 0);
	CHECK_TEXT(t, slice_of(t->err.message), S("The user with name bob cannot be found."));
}
