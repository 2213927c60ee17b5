/* server/pages.c: a table of pages: path, methods, and who may ask.
 *
 * Pages that change something (--lab only) refuse what a web page in somebody's browser could send: an Origin, a
 * cross-site fetch, or a Host that is not an address of ours (DNS rebinding). */
#include "server/pages.h"

#include "base/clock.h"
#include "base/limits.h"
#include "codec/json.h"
#include "server/command.h"
#include "server/delivery_metrics.h"
#include "server/lab.h"
#include "services/shape.h"
#include "trail/deliverer.h"
#include "trail/recorder.h"

#include <arpa/inet.h>

enum page_kind { PAGE_READ, PAGE_LAB };

struct page {
	struct slice   path;
	enum page_kind kind;
	void         (*serve)(struct front *front, struct http_exchange *exchange);
};

/* ---- answers ---- */

static void answer(struct http_exchange *exchange, unsigned status, struct slice type, struct slice body)
{
	const struct http_header headers[] = {
		{ S("Content-Type"), type }, { S("Cache-Control"), S("no-store") },
	};

	http_reply(exchange, status, headers, COUNT(headers), body);
}

static void answer_error(struct http_exchange *exchange, unsigned status, const char *message)
{
	struct arena arena;
	struct buffer body;
	struct json_writer writer;

	arena_init(&arena, PAGE_BYTES_MAX);
	buffer_init(&body, &arena, PAGE_BYTES_MAX);
	json_writer_init(&writer, &body);
	json_object_begin(&writer);
	json_member(&writer, S("message"), slice_of(message));
	json_object_end(&writer);
	answer(exchange, status, S("application/json"), buffer_slice(&body));
	arena_fini(&arena);
}

/* All zero before it has started; no trails between a reset and its next round. */
static void delivery_status(struct server *server, struct arena *arena, struct deliverer_status *status)
{
	struct deliverer *deliverer = atomic_load(&server->deliverer);

	*status = (struct deliverer_status){0};
	if (deliverer)
		deliverer_status(deliverer, arena, status);
	if (status->generation != atomic_load(recorder_generation(server->recorder)))
		status->trail_count = 0;
}

static void serve_health(struct front *front, struct http_exchange *exchange)
{
	struct server *server = front->server;
	struct recorder_status status;
	struct deliverer_status delivery;
	struct arena arena;
	struct buffer body;
	struct json_writer writer;

	recorder_status(server->recorder, &status);
	bool is_recording = status.state == RECORDER_RECORDING;
	arena_init(&arena, PAGE_BYTES_MAX);
	buffer_init(&body, &arena, PAGE_BYTES_MAX);
	json_writer_init(&writer, &body);
	json_object_begin(&writer);
	json_member(&writer, S("state"), is_recording ? S("ok") : S("refusing"));
	if (!is_recording) {
		json_member(&writer, S("reason"), slice_of(status.reason));
		json_key(&writer, S("seconds"));
		json_i64(&writer, (clock_monotonic_ms() - status.since_monotonic_ms) / 1000);
	}
	json_member(&writer, S("version"), S(SPOOR_VERSION));
	if (server->config->lab && !server->is_loopback)
		json_member(&writer, S("warning"), S("--lab accepts well-known keys, and the address is not loopback"));
	json_key(&writer, S("journal"));
	json_object_begin(&writer);
	json_key(&writer, S("nextSequence"));
	json_i64(&writer, (int64_t)status.next_seq);
	json_member(&writer, S("generation"), arena_format(&arena, "%016" PRIx64, status.generation));
	json_key(&writer, S("roomBytes"));
	json_i64(&writer, (int64_t)status.room_bytes);
	json_object_end(&writer);
	json_key(&writer, S("consumers"));
	json_object_begin(&writer);
	json_key(&writer, S("delivery"));
	delivery_status(server, &arena, &delivery);
	delivery_metrics_health(&delivery, server_now_ms(server, clock_wall_ms()), &writer);
	json_object_end(&writer);
	json_object_end(&writer);
	answer(exchange, is_recording ? 200 : 503, S("application/json"), buffer_slice(&body));
	arena_fini(&arena);
}

static void serve_localstack_health(struct front *front, struct http_exchange *exchange)
{
	struct arena arena;
	struct buffer body;
	struct json_writer writer;

	(void)front;
	arena_init(&arena, PAGE_BYTES_MAX);
	buffer_init(&body, &arena, PAGE_BYTES_MAX);
	json_writer_init(&writer, &body);
	json_object_begin(&writer);
	json_key(&writer, S("services"));
	json_object_begin(&writer);
	for (const struct service *const *service = services; *service; service++)
		json_member(&writer, (*service)->shape->name, S("running"));
	json_object_end(&writer);
	json_member(&writer, S("edition"), S("spoor"));
	json_member(&writer, S("version"), S(SPOOR_VERSION));
	json_object_end(&writer);
	answer(exchange, 200, S("application/json"), buffer_slice(&body));
	arena_fini(&arena);
}

static void serve_metrics(struct front *front, struct http_exchange *exchange)
{
	struct server *server = front->server;
	struct metrics_shard *shards[COUNT(server->fronts)];
	size_t count = 0;
	struct recorder_status status;
	struct deliverer_status delivery;
	struct http_server *http_server = atomic_load(&server->http);
	struct http_server_counts http = http_server ? http_server_counts(http_server) : (struct http_server_counts){0};
	struct arena arena;
	struct buffer body;

	recorder_status(server->recorder, &status);
	for (size_t i = 0; i < COUNT(server->fronts); i++) {
		struct front *other = atomic_load(&server->fronts[i]);
		if (other)
			shards[count++] = &other->metrics;
	}
	const struct metrics_gauge gauges[] = {
		{ "spoor_recording", "1 if calls are recorded, 0 if they are refused.", status.state == RECORDER_RECORDING },
		{ "spoor_journal_next_sequence", "Number of the next frame.", (double)status.next_seq },
		{ "spoor_journal_room_bytes", "Journal space that is reserved on disk and free.", (double)status.room_bytes },
		{ "spoor_journal_batches", "Batches committed since the start.", (double)status.batches },
		{ "spoor_journal_events", "Events recorded since the start.", (double)status.events },
		{ "spoor_catalog_changes", "Changes committed since the start.", (double)status.changes },
		{ "spoor_connections", "Connections open now.", (double)http.connections },
		{ "spoor_request_bytes", "Bytes of requests held in memory now.", (double)http.budget_bytes },
		{ "spoor_uptime_seconds", "Since the start.", (double)(clock_monotonic_ms() - server->started_ms) / 1000 },
	};
	arena_init(&arena, PAGE_BYTES_MAX);
	delivery_status(server, &arena, &delivery);
	buffer_init(&body, &arena, PAGE_BYTES_MAX + delivery.trail_count * DELIVERY_METRICS_TRAIL_BYTES);
	metrics_write(shards, count, gauges, COUNT(gauges), &body);
	delivery_metrics_write(&delivery, &body);
	answer(exchange, 200, S("text/plain; version=0.0.4"), buffer_slice(&body));
	arena_fini(&arena);
}

/* ---- the table ---- */

static const struct page pages[] = {
	{ S_INIT("/_spoor/health"),      PAGE_READ, serve_health },
	{ S_INIT("/_spoor/metrics"),     PAGE_READ, serve_metrics },
	{ S_INIT("/_localstack/health"), PAGE_READ, serve_localstack_health },
	{ S_INIT("/_spoor/reset"),       PAGE_LAB,  lab_reset },
	{ S_INIT("/_spoor/clock"),       PAGE_LAB,  lab_clock },
};

static const struct page *find_page(struct slice path)
{
	for (size_t i = 0; i < COUNT(pages); i++)
		if (slice_equal(path, pages[i].path))
			return &pages[i];
	return NULL;
}

static bool is_number(struct slice host)
{
	struct in6_addr room;
	char text[INET6_ADDRSTRLEN];

	if (host.len >= sizeof text)
		return false;
	memcpy(text, host.ptr, host.len);
	text[host.len] = 0;
	return inet_pton(AF_INET, text, &room) == 1 || inet_pton(AF_INET6, text, &room) == 1;
}

/* A name could be anybody's, whose address is ours for the moment; a number is what it says. */
static bool is_our_host(const struct server *server, struct slice authority)
{
	struct http_address address, listen;
	struct error ignored;
	struct slice host = authority;

	if (http_address_parse(authority, &address, &ignored))
		host = address.host;
	else if (host.len > 2 && host.ptr[0] == '[' && host.ptr[host.len - 1] == ']')
		host = slice_sub(host, 1, host.len - 2);
	if (slice_equal_nocase(host, S("localhost")))
		return true;
	if (!is_number(host) || !http_address_parse(server->config->listen, &listen, &ignored))
		return false;
	bool is_any = slice_equal(listen.host, S("0.0.0.0")) || slice_equal(listen.host, S("::"));
	return is_any || slice_has_prefix(host, S("127.")) || slice_equal(host, S("::1")) || slice_equal(host, listen.host);
}

static const char *lab_refusal(const struct server *server, const struct http_request *http)
{
	if (!server->config->lab)
		return "only with --lab";
	if (http_request_header(http, S("Origin")).ptr
	    || slice_equal(http_request_header(http, S("Sec-Fetch-Site")), S("cross-site")))
		return "not from a web page";
	if (!is_our_host(server, http->authority))
		return "the Host is not an address of this server";
	return NULL;
}

bool pages_serve(struct front *front, struct http_exchange *exchange)
{
	const struct http_request *http = &exchange->request;
	struct slice path;

	slice_cut(http->path, '?', &path);
	const struct page *page = find_page(path);
	if (!page) {
		if (!slice_has_prefix(path, S("/_spoor/")) && !slice_has_prefix(path, S("/_localstack/")))
			return false;
		answer_error(exchange, 404, "no such page");
		return true;
	}
	metrics_count(&front->metrics, METRIC_OWN_PAGES);
	bool is_get = slice_equal(http->method, S("GET")) || slice_equal(http->method, S("HEAD"));
	if (page->kind == PAGE_READ ? !is_get : !slice_equal(http->method, S("POST"))) {
		answer_error(exchange, 405, page->kind == PAGE_READ ? "GET or HEAD" : "POST");
		return true;
	}
	const char *refusal = page->kind == PAGE_LAB ? lab_refusal(front->server, http) : NULL;
	if (refusal)
		answer_error(exchange, 403, refusal);
	else
		page->serve(front, exchange);
	return true;
}

bool pages_resumed(struct front *front, struct http_exchange *exchange)
{
	(void)front;
	return lab_resumed(exchange);
}
