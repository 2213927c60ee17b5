/* server/endpoint_test.c: who wins where several places say something, and what is said where none does. */
#include "server/endpoint.h"

#include "tests/test.h"

#define FILE_TEXT \
	"# mine\n[default]\naws_access_key_id = AKIDEFAULT\naws_secret_access_key=secret = with = signs\r\n\n" \
	"[ other ]\n;aws_access_key_id = no\naws_access_key_id=AKIOTHER\naws_secret_access_key = s2\naws_session_token = tok\n[empty]\n"

TEST(endpoint_settings_are_found_in_their_section)
{
	CHECK_TEXT(t, endpoint_find_setting(S(FILE_TEXT), S("default"), S("aws_secret_access_key")), S("secret = with = signs"));
	CHECK_TEXT(t, endpoint_find_setting(S(FILE_TEXT), S("other"), S("aws_access_key_id")), S("AKIOTHER"));
	CHECK(t, !endpoint_find_setting(S(FILE_TEXT), S("default"), S("aws_session_token")).ptr);
	CHECK(t, !endpoint_find_setting(S(FILE_TEXT), S("empty"), S("aws_access_key_id")).ptr);
	CHECK(t, !endpoint_find_setting(SLICE_NONE, S("default"), S("aws_access_key_id")).ptr);
}

static const char *credentials_file(struct test *t)
{
	const char *path = arena_printf(&t->arena, "%s/credentials", test_dir(t, "aws"));
	FILE *file = fopen(path, "wb");

	CHECK(t, file && fputs(FILE_TEXT, file) >= 0 && fclose(file) == 0);
	return path;
}

#define ENVIRONMENT(list) ((char *const *)(uintptr_t)(list))     /* as main() has it, which is not const */

TEST(endpoint_takes_flags_before_environment_before_files)
{
	const char *file = arena_printf(&t->arena, "AWS_SHARED_CREDENTIALS_FILE=%s", credentials_file(t));
	const char *keys[] = { file, "AWS_ACCESS_KEY_ID=AKIENV", "AWS_SECRET_ACCESS_KEY=s", "AWS_PROFILE=other", "AWS_ENDPOINT_URL=http://env:1",
	                 "AWS_DEFAULT_REGION=eu-west-1", NULL };
	const char *none[] = { file, "AWS_REGION=eu-west-2", "AWS_DEFAULT_REGION=eu-west-1", "AWS_ACCESS_KEY_ID=", NULL };
	struct endpoint endpoint;

	REQUIRE(t, endpoint_open(&endpoint, &t->arena, &(struct endpoint_flags){0}, ENVIRONMENT(keys), &t->err));
	CHECK_TEXT(t, endpoint.settings.access_key_id, S("AKIENV"));
	CHECK_TEXT(t, endpoint.settings.url.host, S("env"));
	CHECK_TEXT(t, endpoint.region, S("eu-west-1"));
	CHECK(t, !endpoint.settings.token.ptr && !endpoint.settings.tls);

	REQUIRE(t, endpoint_open(&endpoint, &t->arena, &(struct endpoint_flags){ "http://flag:2", "us-west-1", "other" }, ENVIRONMENT(keys), &t->err));
	CHECK_TEXT(t, endpoint.settings.access_key_id, S("AKIOTHER"));
	CHECK_TEXT(t, endpoint.settings.token, S("tok"));
	CHECK_TEXT(t, endpoint.settings.url.host, S("flag"));
	CHECK_TEXT(t, endpoint.region, S("us-west-1"));

	REQUIRE(t, endpoint_open(&endpoint, &t->arena, &(struct endpoint_flags){ .endpoint = "http://flag:2" }, ENVIRONMENT(none), &t->err));
	CHECK_TEXT(t, endpoint.settings.access_key_id, S("AKIDEFAULT"));
	CHECK_TEXT(t, endpoint.region, S("eu-west-2"));
}

TEST(endpoint_says_what_is_missing)
{
	const char *nothing[] = { NULL };
	struct endpoint endpoint;

	CHECK(t, !endpoint_open(&endpoint, &t->arena, &(struct endpoint_flags){0}, ENVIRONMENT(nothing), &t->err) && strstr(t->err.message, "AWS_ENDPOINT_URL"));
	CHECK(t, !endpoint_open(&endpoint, &t->arena, &(struct endpoint_flags){ .endpoint = "http://a" }, ENVIRONMENT(nothing), &t->err)
	         && strstr(t->err.message, "AWS_ACCESS_KEY_ID"));
	CHECK(t, !endpoint_open(&endpoint, &t->arena, &(struct endpoint_flags){ .endpoint = "a" }, ENVIRONMENT(nothing), &t->err)
	         && strstr(t->err.message, "no URL"));
	const char *bad[] = { "AWS_ACCESS_KEY_ID=a", "AWS_SECRET_ACCESS_KEY=b", "AWS_CA_BUNDLE=/nowhere/at/all.pem", NULL };
	CHECK(t, !endpoint_open(&endpoint, &t->arena, &(struct endpoint_flags){ .endpoint = "https://a" }, ENVIRONMENT(bad), &t->err)
	         && strstr(t->err.message, "/nowhere/at/all.pem"));
}
