/* server/route_test.c: what a request asks for, and what it is told when that is nothing we serve. */
#include "server/request.h"
#include "tests/test.h"

struct routed {
	struct config        config;
	struct server        server;
	struct random        random;
	struct front         front;
	struct http_exchange exchange;
	struct http_header   headers[4];
	struct request       request;
};

static struct routed *make(struct test *t, const char *method, const char *path, const char *name, const char *value,
                           const char *body)
{
	struct routed *routed = arena_new(&t->arena, struct routed);
	struct http_request *http = &routed->exchange.request;

	http->method = slice_of(method);
	http->path = http->target = slice_of(path);
	http->body = slice_of(body);
	http->headers = routed->headers;
	if (name) {
		routed->headers[0] = (struct http_header){ slice_of(name), slice_of(value) };
		http->header_count = 1;
	}
	routed->request.exchange = &routed->exchange;
	routed->config.s3_domains = S("localhost");
	routed->server.config = &routed->config;
	routed->front.server = &routed->server;
	routed->request.front = &routed->front;
	random_init(&routed->random);
	routed->request.call.random = &routed->random;
	routed->request.call.host = http_request_header(http, S("Host"));
	arena_init(&routed->request.call.arena, 1 << 20);
	return routed;
}

TEST(route_finds_the_operation_of_each_protocol)
{
	static const struct { const char *method, *path, *header, *value, *body, *service, *operation; } rows[] = {
		{ "POST", "/", "X-Amz-Target", "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101.LookupEvents", "{}",
		  "cloudtrail", "LookupEvents" },
		{ "POST", "/", "x-amz-target", "CloudTrail_20131101.LookupEvents", "{}", "cloudtrail", "LookupEvents" },
		{ "POST", "/", "Content-Type", "application/x-www-form-urlencoded; charset=utf-8",
		  "Action=CreateUser&Version=2010-05-08&UserName=bob", "iam", "CreateUser" },
		{ "GET", "/?Action=GetCallerIdentity&Version=2011-06-15", NULL, NULL, NULL, "sts", "GetCallerIdentity" },
		{ "GET", "/?Version=2011-06-15&X-Amz-Credential=k%2F20250315%2Fus-east-1%2Fsts%2Faws4_request&Action=GetCallerIdentity",
		  NULL, NULL, NULL, "sts", "GetCallerIdentity" },
		/* what an SDK presigns: all of it in the address of a POST */
		{ "POST", "/?Action=GetCallerIdentity&Version=2011-06-15&X-Amz-Credential=k%2F20250315%2Fus-east-1%2Fsts%2Faws4_request",
		  NULL, NULL, "", "sts", "GetCallerIdentity" },
		{ "GET", "/", NULL, NULL, NULL, "s3", "ListBuckets" },
		{ "PUT", "/bucket/key", NULL, NULL, "x", "s3", "PutObject" },
		{ "GET", "/bucket?inventory", NULL, NULL, NULL, "s3", "ListBucketInventoryConfigurations" },
		{ "GET", "/?acl", "Host", "bucket.localhost:4566", NULL, "s3", "GetBucketAcl" },
		{ "GET", "/?Action=ListUsers&Version=2010-05-08", "Host", "bucket.localhost", NULL, "s3", "ListObjects" },
		{ "POST", "/b?delete&X-Amz-Credential=k%2F20250315%2Fus-east-1%2Fs3%2Faws4_request", "Content-Type",
		  "application/x-www-form-urlencoded", "<Delete/>", "s3", "DeleteObjects" },
		/* whose scope says otherwise is refused by its signature */
		{ "POST", "/?X-Amz-Credential=k%2F20250315%2Fus-east-1%2Fsts%2Faws4_request", NULL, NULL,
		  "Action=ListUsers&Version=2010-05-08", "iam", "ListUsers" },
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct routed *routed = make(t, rows[i].method, rows[i].path, rows[i].header, rows[i].value, rows[i].body);
		CHECK(t, route(&routed->request) == NEXT);
		REQUIRE(t, routed->request.call.service);
		CHECK(t, !!routed->request.call.rest == slice_equal(slice_of(rows[i].service), S("s3")));
		CHECK_TEXT(t, routed->request.call.service->shape->name, slice_of(rows[i].service));
		CHECK_TEXT(t, routed->request.operation_name, slice_of(rows[i].operation));
		arena_fini(&routed->request.call.arena);
	}
}

TEST(route_tells_what_is_unknown_in_the_protocol_of_the_request)
{
	static const struct { const char *method, *path, *header, *value, *body, *code; unsigned status; } rows[] = {
		{ "POST", "/", "X-Amz-Target", "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101.Nope", "{}",
		  "UnknownOperationException", 400 },
		{ "POST", "/", "X-Amz-Target", "Logs_20140328.CreateLogGroup", "{}", "UnknownOperationException", 400 },
		{ "POST", "/", "X-Amz-Target", "nodot", "{}", "UnknownOperationException", 400 },
		{ "POST", "/", "Content-Type", "application/x-www-form-urlencoded", "Action=Nope&Version=2010-05-08", "InvalidAction", 400 },
		{ "POST", "/", "Content-Type", "application/x-www-form-urlencoded", "Action=CreateUser&Version=1999-01-01",
		  "InvalidAction", 400 },
		{ "POST", "/", "Content-Type", "application/x-www-form-urlencoded", "Version=2010-05-08", "MissingAction", 400 },
		{ "POST", "/", "Content-Type", "application/x-www-form-urlencoded", "Action=%zz", "MalformedQueryString", 404 },
		{ "POST", "/", "Content-Type", "application/x-www-form-urlencoded",
		  "Action=ListUsers&Version=2010-05-08&Action=DeleteUser", "MalformedQueryString", 404 },
		{ "POST", "/", "Content-Type", "application/x-www-form-urlencoded",
		  "Action=ListUsers&Version=2010-05-08&Version=2011-06-15", "MalformedQueryString", 404 },
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct routed *routed = make(t, rows[i].method, rows[i].path, rows[i].header, rows[i].value, rows[i].body);
		CHECK(t, route(&routed->request) == DROP);
		CHECK_TEXT(t, slice_of(routed->request.call.error.name), slice_of(rows[i].code));
		CHECK_NUMBER(t, routed->request.status, rows[i].status);
		arena_fini(&routed->request.call.arena);
	}
}

TEST(route_lets_a_known_operation_that_is_not_served_be_authenticated_first)
{
	struct routed *routed = make(t, "POST", "/", "X-Amz-Target",
	                             "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101.RestoreEventDataStore", "{}");

	CHECK(t, route(&routed->request) == NEXT);
	CHECK(t, routed->request.call.service && !routed->request.call.operation);
	arena_fini(&routed->request.call.arena);
}

TEST(route_refuses_s3_requests_that_mean_nothing)
{
	static const struct { const char *method, *path, *code; } rows[] = {
		{ "POST", "/b?policy", "MethodNotAllowed" }, { "GET", "/b/%zz", "InvalidURI" }, { "GET", "/b?prefix=%zz", "InvalidURI" },
		{ "POST", "/b", "NotImplemented" },
		{ "GET", "/b?X-Amz-Credential=k%2F20250315%2Fus-east-1%2Fglacier%2Faws4_request", "NotImplemented" },
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct routed *routed = make(t, rows[i].method, rows[i].path, NULL, NULL, NULL);
		CHECK(t, route(&routed->request) == DROP);
		CHECK_TEXT(t, slice_of(routed->request.call.error.name), slice_of(rows[i].code));
		CHECK_NUMBER(t, strlen(routed->request.call.request_id), 16);
		CHECK_NUMBER(t, strlen(routed->request.rest.host_id), 76);
		arena_fini(&routed->request.call.arena);
	}
}
