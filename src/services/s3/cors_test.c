/* services/s3/cors_test.c: which page may do what, and what its browser is told. */
#include "services/s3/cors.h"

#include "tests/s3_fixture.h"

extern const struct operation s3_put_bucket_cors, s3_get_bucket_cors, s3_delete_bucket_cors, s3_preflight_request, s3_get_bucket_acl;

#define RULES "<CORSConfiguration>" \
	"<CORSRule><ID>app</ID><AllowedOrigin>https://*.example.com</AllowedOrigin><AllowedMethod>GET</AllowedMethod><AllowedMethod>PUT</AllowedMethod>" \
	"<AllowedHeader>x-amz-*</AllowedHeader><ExposeHeader>ETag</ExposeHeader><MaxAgeSeconds>300</MaxAgeSeconds></CORSRule>" \
	"<CORSRule><AllowedOrigin>*</AllowedOrigin><AllowedMethod>GET</AllowedMethod></CORSRule></CORSConfiguration>"

static unsigned put(struct s3_fixture *f, const char *rule, const char *code)
{
	struct s3_answer answer = s3_fixture_call(f, &s3_put_bucket_cors, &(struct s3_request){
		.body = arena_printf(&f->t->arena, "<CORSConfiguration>%s</CORSConfiguration>", rule) });

	CHECK_TEXT(f->t, answer.code.ptr ? answer.code : S(""), slice_of(code));
	return answer.status;
}

TEST(cors_rules_are_checked_when_put)
{
	struct s3_fixture f;

	s3_fixture_begin(t, &f);
	put(&f, "", "MalformedXML");
	put(&f, "<CORSRule><AllowedOrigin>*</AllowedOrigin><AllowedMethod>PATCH</AllowedMethod></CORSRule>", "InvalidRequest");
	put(&f, "<CORSRule><AllowedOrigin>*.*</AllowedOrigin><AllowedMethod>GET</AllowedMethod></CORSRule>", "InvalidRequest");
	put(&f, "<CORSRule><AllowedOrigin>*</AllowedOrigin><AllowedMethod>GET</AllowedMethod><AllowedHeader>*x*</AllowedHeader></CORSRule>", "InvalidRequest");
	put(&f, "<CORSRule><AllowedOrigin>*</AllowedOrigin></CORSRule>", "MalformedXML");
	CHECK_NUMBER(t, S3(&f, get_bucket_cors, .key = NULL).status, 404);
	CHECK_NUMBER(t, S3(&f, put_bucket_cors, .body = RULES).status, 200);
	CHECK(t, slice_find(S3(&f, get_bucket_cors, .key = NULL).body, S("<CORSRule><ID>app</ID><AllowedHeader>x-amz-*</AllowedHeader>")) != SLICE_NPOS);
	CHECK_NUMBER(t, S3(&f, delete_bucket_cors, .key = NULL).status, 204);
	s3_fixture_end(&f);
}

TEST(cors_preflights_are_answered_by_the_first_rule_that_fits)
{
	static const struct { const char *headers; unsigned status; const char *origin, *allowed, *age; } rows[] = {
		{ "Access-Control-Request-Method: GET", 400, NULL, NULL, NULL },
		{ "Origin: https://a.example.com", 400, NULL, NULL, NULL },
		{ "Origin: https://a.example.com\nAccess-Control-Request-Method: PATCH", 400, NULL, NULL, NULL },
		{ "Origin: https://a.example.com\nAccess-Control-Request-Method: PUT\nAccess-Control-Request-Headers: X-Amz-Date, x-amz-acl", 200,
		  "https://a.example.com", "X-Amz-Date, x-amz-acl", "300" },
		{ "Origin: https://a.example.com\nAccess-Control-Request-Method: PUT\nAccess-Control-Request-Headers: authorization", 403, NULL, NULL, NULL },
		{ "Origin: http://other\nAccess-Control-Request-Method: PUT", 403, NULL, NULL, NULL },
		{ "Origin: http://other\nAccess-Control-Request-Method: GET", 200, "*", NULL, NULL },
	};
	struct s3_fixture f;

	s3_fixture_begin(t, &f);
	f.caller = (struct principal){ .type = PRINCIPAL_ANONYMOUS, .arn = S("*") };
	CHECK_NUMBER(t, s3_fixture_call(&f, &s3_preflight_request, &(struct s3_request){ .headers = rows[3].headers }).status, 403);
	f.caller = (struct principal){ .type = PRINCIPAL_ROOT, .account = ACCOUNT, .arn = S("arn:aws:iam::111122223333:root"), .unique_id = ACCOUNT };
	CHECK_NUMBER(t, S3(&f, put_bucket_cors, .body = RULES).status, 200);
	f.caller = (struct principal){ .type = PRINCIPAL_ANONYMOUS, .arn = S("*") };
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct s3_answer answer = s3_fixture_call(&f, &s3_preflight_request, &(struct s3_request){ .key = "k", .headers = rows[i].headers });
		CHECK_NUMBER(t, answer.status, rows[i].status);
		if (answer.status != 200)
			CHECK_TEXT(t, answer.code, answer.status == 403 ? S("AccessForbidden") : S("BadRequest"));
		CHECK_TEXT(t, s3_fixture_header(&answer, "Access-Control-Allow-Origin"), slice_of(rows[i].origin));
		CHECK_TEXT(t, s3_fixture_header(&answer, "Access-Control-Allow-Headers"), slice_of(rows[i].allowed));
		CHECK_TEXT(t, s3_fixture_header(&answer, "Access-Control-Max-Age"), slice_of(rows[i].age));
	}
	s3_fixture_end(&f);
}

TEST(cors_headers_are_on_refusals_too)
{
	struct s3_fixture f;

	s3_fixture_begin(t, &f);
	CHECK_NUMBER(t, S3(&f, put_bucket_cors, .body = RULES).status, 200);
	f.caller = (struct principal){ .type = PRINCIPAL_ANONYMOUS, .arn = S("*") };
	struct s3_answer answer = S3(&f, get_bucket_acl, .headers = "Origin: https://a.example.com");
	CHECK_NUMBER(t, answer.status, 403);
	CHECK_TEXT(t, s3_fixture_header(&answer, "Access-Control-Allow-Origin"), S("https://a.example.com"));
	CHECK_TEXT(t, s3_fixture_header(&answer, "Access-Control-Allow-Credentials"), S("true"));
	CHECK_TEXT(t, s3_fixture_header(&answer, "Access-Control-Expose-Headers"), S("ETag"));
	answer = S3(&f, get_bucket_acl, .key = NULL);
	CHECK(t, !s3_fixture_header(&answer, "Access-Control-Allow-Origin").ptr);
	s3_fixture_end(&f);
}
