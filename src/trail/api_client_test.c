/* trail/api_client_test.c: what is sent is signed; errors are told in the server's words; overload is tried again. */
#include "trail/api_client.h"

#include "codec/json.h"
#include "tests/scripted_server.h"

#define EMPTY_REPLY "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"

struct api_fixture {
	struct scripted_server server;
	struct api_settings    settings;
	struct api_client     *client;
};

static void begin(struct api_fixture *fixture, struct test *t, const char *const *replies)
{
	scripted_server_start(&fixture->server, t, replies);
	fixture->settings = (struct api_settings){ .access_key_id = S("AKID"), .secret = S("secret"), .token = S("token") };
	CHECK(t, http_url_parse(scripted_server_url(t, &fixture->server), &fixture->settings.url, &t->err));
	fixture->client = api_client_new(&fixture->settings);
}

static void end(struct api_fixture *fixture)
{
	api_client_free(fixture->client);
	scripted_server_stop(&fixture->server);
}

static bool get(struct api_fixture *fixture, struct api_reply *reply, struct error *err)
{
	struct api_call call = {
		.service = S("s3"), .region = S("eu-west-1"), .method = S("GET"), .target = S("/b/k%20k"), .reply_bytes_max = 1000,
	};

	return api_client_call(fixture->client, &call, reply, err);
}

TEST(api_client_signs_what_it_sends)
{
	static const char *const replies[] = { EMPTY_REPLY, "HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n{\"a\":1}", NULL };
	struct api_fixture fixture;
	struct api_reply reply;

	begin(&fixture, t, replies);
	CHECK(t, get(&fixture, &reply, &t->err));
	const struct json *json = api_client_cloudtrail(fixture.client, &t->arena, S("us-east-1"), "GetTrail", S("{\"Name\":\"x\"}"), &t->err);
	CHECK(t, json && json_get(json, S("a")));
	end(&fixture);
	struct slice said = { fixture.server.requests, fixture.server.used };
	CHECK(t, slice_has_prefix(said, S("GET /b/k%20k HTTP/1.1\r\nHost: 127.0.0.1:")));
	CHECK(t, slice_find(said, S("X-Amz-Content-Sha256: e3b0c44298fc1c149afb")) != SLICE_NPOS);
	CHECK(t, slice_find(said, S("X-Amz-Security-Token: token\r\n")) != SLICE_NPOS);
	CHECK(t, slice_find(said, S("/eu-west-1/s3/aws4_request, SignedHeaders=host;x-amz-content-sha256;x-amz-date;x-amz-security-token,")) != SLICE_NPOS);
	CHECK(t, slice_find(said, S("X-Amz-Target: com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101.GetTrail\r\n")) != SLICE_NPOS);
	CHECK(t, slice_has_suffix(said, S("Content-Length: 12\r\n\r\n{\"Name\":\"x\"}")));
}

TEST(api_client_tells_errors_in_the_servers_words)
{
	static const struct { int status; const char *body; enum error_kind kind; const char *message; } rows[] = {
		{ 404, "<?xml version=\"1.0\"?>\n<Error><Code>NoSuchKey</Code><Message>Gone.</Message></Error>", ERR_NOT_FOUND, "NoSuchKey: Gone." },
		{ 403, "<Error><Code>AccessDenied</Code></Error>", ERR_DENIED, "AccessDenied" },
		{ 400, "{\"__type\":\"x#TrailNotFoundException\",\"message\":\"Which?\"}", ERR_INVALID, "TrailNotFoundException: Which?" },
		{ 400, "oops!", ERR_INVALID, "HTTP status 400" },
		{ 301, "", ERR_INVALID, "HTTP status 301" },
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		const char *replies[] = {
			arena_printf(&t->arena, "HTTP/1.1 %d X\r\nContent-Length: %zu\r\n\r\n%s", rows[i].status, strlen(rows[i].body), rows[i].body), NULL,
		};
		struct api_fixture fixture;
		struct api_reply reply;
		begin(&fixture, t, replies);
		CHECK(t, !get(&fixture, &reply, &t->err));
		CHECK_NUMBER(t, t->err.kind, rows[i].kind);
		CHECK_TEXT(t, slice_of(t->err.message), slice_of(rows[i].message));
		end(&fixture);
	}
}

TEST(api_client_tries_again_when_the_server_has_too_much_to_do)
{
	static const char *const replies[] = {
		"HTTP/1.1 503 Slow Down\r\nContent-Length: 0\r\n\r\n", SCRIPTED_CLOSE, "HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n", EMPTY_REPLY, NULL,
	};
	struct api_fixture fixture;
	struct api_reply reply;
	struct error err = {0};

	begin(&fixture, t, replies);
	CHECK(t, get(&fixture, &reply, &err));
	CHECK_NUMBER(t, err.kind, ERR_NONE);
	CHECK_NUMBER(t, reply.response.status, 200);
	end(&fixture);
}
