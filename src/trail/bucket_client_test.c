/* trail/bucket_client_test.c: what is asked for is asked for as S3 wants it; connections are kept; who waits in vain can be told to stop. */
#include "trail/bucket_client.h"

#include "tests/scripted_server.h"

#define LIST(inside) "<ListBucketResult><IsTruncated>false</IsTruncated>" inside "</ListBucketResult>"
#define REPLY(length, body) "HTTP/1.1 200 OK\r\nContent-Length: " length "\r\n\r\n" body

TEST(bucket_client_reads_places)
{
	static const char *const refused[] = { "", "b", "s3:/b", "s3://", "s3:///a", "s3://a b/c", "s3://a?b", "S3://a", "s3://a\nb/" };
	struct slice bucket, prefix;

	CHECK(t, bucket_client_read_place(S("s3://audit-logs"), &bucket, &prefix, &t->err));
	CHECK_TEXT(t, bucket, S("audit-logs"));
	CHECK_NUMBER(t, prefix.len, 0);
	CHECK(t, bucket_client_read_place(S("s3://Old_bucket.x/a//b c/"), &bucket, &prefix, &t->err));
	CHECK_TEXT(t, bucket, S("Old_bucket.x"));
	CHECK_TEXT(t, prefix, S("a//b c/"));
	for (size_t i = 0; i < COUNT(refused); i++)
		if (bucket_client_read_place(slice_of(refused[i]), &bucket, &prefix, &t->err) || t->err.kind != ERR_INVALID)
			test_failed(t, __FILE__, __LINE__, "row %zu was read", i);
}

TEST(bucket_client_asks_on_kept_connections_for_pages_and_parts)
{
	static const char *const replies[] = { REPLY("69", LIST("")), REPLY("69", LIST("")), REPLY("2", "{}"), NULL };
	struct http_header range = { S("Range"), S("bytes=0-99") };
	struct bucket_page first = { .bucket = S("b"), .keys_max = 7 };
	struct bucket_page next = { .bucket = S("b"), .prefix = S("p/\xC3\xA9 +"), .token = S("t=/"), .after = S("k~") };
	struct bucket_object object = { .bucket = S("b"), .key = S("a/b c?"), .headers = &range, .header_count = 1, .bytes_max = 100 };
	struct api_settings settings = { .access_key_id = S("AKID"), .secret = S("secret") };
	struct scripted_server server;
	struct object_list list;
	struct api_reply reply;

	scripted_server_start(&server, t, replies);
	CHECK(t, http_url_parse(scripted_server_url(t, &server), &settings.url, &t->err));
	struct bucket_client *client = bucket_client_new(&settings, S("eu-west-1"));
	struct api_client *connection = bucket_client_take(client);
	CHECK(t, bucket_client_list(client, connection, &first, &t->arena, &list, &t->err));
	bucket_client_give_back(client, connection);
	CHECK(t, bucket_client_take(client) == connection);
	CHECK(t, bucket_client_list(client, connection, &next, &t->arena, &list, &t->err));
	CHECK(t, bucket_client_get(client, connection, &object, &reply, &t->err));
	CHECK_TEXT(t, reply.body, S("{}"));
	bucket_client_give_back(client, connection);
	bucket_client_free(client);
	scripted_server_stop(&server);
	struct slice said = { server.requests, server.used };
	CHECK_NUMBER(t, server.connections, 1);
	CHECK(t, slice_has_prefix(said, S("GET /b?list-type=2&encoding-type=url&max-keys=7 HTTP/1.1\r\n")));
	CHECK(t, slice_find(said, S("max-keys=1000&prefix=p%2F%C3%A9%20%2B&continuation-token=t%3D%2F&start-after=k~ HTTP")) != SLICE_NPOS);
	CHECK(t, slice_find(said, S("GET /b/a/b%20c%3F HTTP/1.1\r\n")) != SLICE_NPOS);
	CHECK(t, slice_find(said, S("Range: bytes=0-99\r\n")) != SLICE_NPOS);
	CHECK(t, slice_find(said, S("SignedHeaders=host;range;x-amz-content-sha256;x-amz-date,")) != SLICE_NPOS);
}

static bool now(void *user)
{
	++*(int *)user;
	return true;
}

TEST(bucket_client_that_waits_for_a_server_can_be_stopped)
{
	static const char *const replies[] = { "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n{", NULL };
	struct bucket_object object = { .bucket = S("b"), .key = S("k"), .bytes_max = 100 };
	int asked = 0;
	struct api_settings settings = { .access_key_id = S("AKID"), .secret = S("secret"), .must_stop = now, .user = &asked };
	struct scripted_server server;
	struct api_reply reply;

	scripted_server_start(&server, t, replies);
	CHECK(t, http_url_parse(scripted_server_url(t, &server), &settings.url, &t->err));
	struct bucket_client *client = bucket_client_new(&settings, S("eu-west-1"));
	struct api_client *connection = bucket_client_take(client);
	CHECK(t, !bucket_client_get(client, connection, &object, &reply, &t->err));
	CHECK_NUMBER(t, t->err.kind, ERR_BUSY);
	CHECK(t, asked > 0);
	bucket_client_give_back(client, connection);
	bucket_client_free(client);
	scripted_server_stop(&server);
}
