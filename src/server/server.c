/* server/server.c: start and stop of everything, in one readable list; what is started is stopped in reverse. */
#include "server/server.h"

#include "auth/accounts.h"
#include "auth/keyring.h"
#include "auth/policy_cache.h"
#include "auth/schema.h"
#include "auth/sigv4_keys.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/rate.h"
#include "bucket/schema.h"
#include "codec/digest.h"
#include "server/founding.h"
#include "server/lab.h"
#include "server/pipeline.h"
#include "server/refusal.h"
#include "server/sweeper.h"
#include "store/directory.h"
#include "store/objects.h"
#include "trail/deliverer.h"
#include "trail/history.h"
#include "trail/schema.h"
#include "trail/stamper.h"

#include <sys/sysinfo.h>

struct whole {                                   /* struct server and what only start and stop touch */
	struct server    server;
	struct directory directory;
	struct migration migrations[64];
	bool             is_directory_open;
	struct sweeper  *sweeper;
};

int64_t server_now_ms(const struct server *server, int64_t wall_ms)
{
	return wall_ms + atomic_load_explicit(&server->clock_offset_ms, memory_order_relaxed);
}

uint64_t request_generation_now(const struct server *server)
{
	return atomic_load_explicit(recorder_generation(server->recorder), memory_order_acquire);
}

bool request_is_stale(const struct request *request)
{
	return request->generation != request_generation_now(request->front->server);
}

/* ---- what each thread owns ---- */

static void *front_init(void *owner, unsigned index)
{
	struct server *server = owner;
	struct front *front = xcalloc(1, sizeof *front);
	struct error err = {0};

	front->server = server;
	front->index = index;
	random_init(&front->random);
	front->reader = catalog_open_reader(recorder_catalog_path(server->recorder), &err);
	if (!front->reader)
		log_line("catalog cannot be opened", "reason=\"%s\"", err.message);
	assert(front->reader);
	catalog_follow(front->reader, recorder_generation(server->recorder));
	front->policies = policy_cache_new(POLICY_CACHE_BYTES_MAX, random_u64(&front->random));
	front->principals = principals_new(server->environment.keyring, front->policies, PRINCIPALS_MAX, random_u64(&front->random));
	front->signing_keys = sigv4_keys_new(SIGNING_KEYS_MAX, random_u64(&front->random));
	front->refusals = xcalloc(1, sizeof *front->refusals);
	log_limit_init(front->refusals, clock_monotonic_ms());
	atomic_store(&server->fronts[index], front);
	return front;
}

/* The metrics of a front are read by others, so fronts are freed with the server. */
static void front_fini(void *front_user)
{
	struct front *front = front_user;

	while (front->free) {
		struct request *next = front->free->next_free;
		arena_fini(&front->free->call.arena);
		free(front->free);
		front->free = next;
	}
	principals_free(front->principals);
	policy_cache_free(front->policies);
	sigv4_keys_free(front->signing_keys);
	catalog_close(front->reader);
}

static void *worker_begin(void *user)
{
	struct server *server = user;
	struct worker *worker = xcalloc(1, sizeof *worker);

	worker->server = server;
	random_init(&worker->random);
	worker->policies = policy_cache_new(POLICY_CACHE_BYTES_MAX, random_u64(&worker->random));
	return worker;
}

static void worker_end(void *thread_state)
{
	struct worker *worker = thread_state;

	policy_cache_free(worker->policies);
	catalog_close(worker->reader);
	free(worker);
}

struct catalog *server_worker_reader(struct worker *worker, struct error *err)
{
	if (!worker->reader) {                           /* workers start before the recorder has made the catalog */
		worker->reader = catalog_open_reader(recorder_catalog_path(worker->server->recorder), err);
		if (worker->reader)
			catalog_follow(worker->reader, recorder_generation(worker->server->recorder));
	}
	return worker->reader;
}

static bool catalog_opened(void *user, struct catalog *catalog, struct error *err)
{
	struct server *server = user;

	return stamper_load(server->stamper, catalog, err);
}

static void after_batch(void *user)
{
	struct server *server = user;
	struct deliverer *deliverer = atomic_load(&server->deliverer);

	http_resume_batch_send(&server->resumed);
	if (deliverer && server->wakes_deliverer)
		deliverer_wake(deliverer);
	else if (deliverer && server->has_stamped)
		deliverer_note_events(deliverer);
	server->wakes_deliverer = server->has_stamped = false;
}

/* ---- start ---- */

static int64_t from_cores(int64_t set, int64_t on_two, int64_t per_eight)
{
	int64_t cores = get_nprocs();

	return set ? set : cores <= 2 ? on_two : cores * per_eight / 8 ? cores * per_eight / 8 : 1;
}

static size_t collect_migrations(struct migration *list, size_t room)
{
	const struct migration lab[] = { { 31, lab_clock_table } };
	const struct { const struct migration *items; size_t count; } sets[] = {
		{ schema_auth_migrations, schema_auth_migration_count },
		{ lab, COUNT(lab) },
		{ schema_bucket_migrations, schema_bucket_migration_count },
		{ schema_trail_migrations, schema_trail_migration_count },
	};
	size_t count = 0;

	for (size_t i = 0; i < COUNT(sets); count += sets[i++].count) {
		assert(count + sets[i].count <= room);
		memcpy(list + count, sets[i].items, sets[i].count * sizeof *list);
	}
	return count;
}

static bool open_directory(struct whole *whole, const struct config *config, struct arena *arena, struct error *err)
{
	const char *path = arena_cstr(arena, config->data);

	whole->is_directory_open = directory_open(&whole->directory, NULL, path, DIRECTORY_CREATE, err);
	return whole->is_directory_open;
}

static struct journal_view *take_view(void *user)
{
	return recorder_journal_view(user);
}

static void open_rates(struct server *server)
{
	struct random *random = &server->recorder_random;

	for (const struct service *const *service = services; *service; service++)
		for (const struct operation *const *operation = (*service)->operations; *operation; operation++) {
			unsigned per_second = (*operation)->calls_per_second;
			assert(per_second <= THROTTLE_RATE_MAX);
			if (per_second && !server->rates[per_second])
				server->rates[per_second] = rate_new(per_second, per_second, THROTTLE_KEYS_MAX, random_u64(random));
		}
}

static bool open_engines(struct whole *whole, struct error *err)
{
	struct server *server = &whole->server;
	const struct config *config = server->config;

	server->environment.keyring = keyring_open(NULL, whole->directory.fd, &server->recorder_random, err);
	if (!server->environment.keyring)
		return false;
	server->environment.objects = objects_open(NULL, whole->directory.fd, err);
	if (!server->environment.objects)
		return false;
	server->stamper = stamper_new();
	server->workers = workers_start(&(struct workers_options){
		.thread_count = (size_t)from_cores(config->workers, 1, 4), .queue_max = WORKERS_QUEUE_MAX,
		.thread_begin = worker_begin, .thread_end = worker_end, .user = server,
	});
	server->recorder = recorder_open(&(struct recorder_options){
		.directory = &whole->directory, .migrations = whole->migrations,
		.migration_count = collect_migrations(whole->migrations, COUNT(whole->migrations)),
		.workers = server->workers, .journal_file_bytes = (uint64_t)config->journal_file_bytes,
		.opened = catalog_opened, .after_batch = after_batch, .user = server,
	}, err);
	if (!server->recorder)
		return false;
	struct history_options history = { .take_view = take_view, .user = server->recorder };
	keyring_mac(server->environment.keyring, KEYRING_PAGING_TOKEN, S("LookupEvents"), history.token_key);
	server->environment.history = history_new(&history);
	digest_wipe(history.token_key, sizeof history.token_key);
	return true;
}

struct server *server_open(const struct config *config, struct error *err)
{
	struct whole *whole = xcalloc(1, sizeof *whole);
	struct server *server = &whole->server;
	struct arena arena;

	arena_init(&arena, CALL_ARENA_BYTES_MAX);
	server->config = config;
	server->started_ms = clock_monotonic_ms();
	random_init(&server->recorder_random);
	server->environment.home_region = config->region;
	server->environment.regions = config->regions;
	server->environment.is_lab = config->lab;
	server->environment.log_session_token = config->log_session_token;
	server->environment.history_days = config->history_days;
	server->environment.digest_interval_ms = config->digest_interval_s * 1000;
	server->environment.attaches_trail_policy = slice_equal(config->trail_bucket_policy, S("attach"));
	if (!config->lab)                                /* where the clock jumps, so do codes */
		server->environment.code_attempts = rate_new(1, CODE_ATTEMPTS_BURST, THROTTLE_KEYS_MAX, random_u64(&server->recorder_random));
	if (slice_equal(config->throttle, S("aws")))
		open_rates(server);
	bool ok = open_directory(whole, config, &arena, err) && open_engines(whole, err);
	arena_fini(&arena);
	if (!ok) {
		server_stop(server);
		return NULL;
	}
	return server;
}

bool server_is_empty(struct server *server, struct error *err)
{
	struct catalog *reader = catalog_open_reader(recorder_catalog_path(server->recorder), err);
	struct account_list accounts = {0};
	struct arena arena;

	arena_init(&arena, CALL_ARENA_BYTES_MAX);
	bool ok = reader && accounts_list(reader, &arena, &accounts, err)
	       && (accounts.count == 0
	           || fail(err, ERR_CONFLICT, "%.*s has an account already: %.*s", SLICE_ARG(server->config->data),
	                   SLICE_ARG(accounts.items[0].account)));
	catalog_close(reader);
	arena_fini(&arena);
	return ok;
}

static bool load_clock(struct server *server, struct error *err)
{
	struct catalog *reader = catalog_open_reader(recorder_catalog_path(server->recorder), err);
	int64_t offset_ms = 0;
	bool ok = reader && lab_clock_load(reader, &offset_ms, err);

	catalog_close(reader);
	atomic_store(&server->clock_offset_ms, server->config->lab ? offset_ms : 0);
	return ok;
}

static bool start_listening(struct server *server, struct arena *arena, struct error *err)
{
	const struct config *config = server->config;
	struct http_address address;

	if (!http_address_parse(config->listen, &address, err))
		return false;
	server->is_loopback = slice_has_prefix(address.host, S("127.")) || slice_equal(address.host, S("::1"))
	                   || slice_equal(address.host, S("localhost"));
	server->http = http_server_start(&(struct http_server_options){
		.handler = {
			.front_init = front_init, .front_fini = front_fini, .head = pipeline_head, .complete = pipeline_complete,
			.window = pipeline_window, .sent = pipeline_sent, .resumed = pipeline_resumed, .closed = pipeline_closed,
		 .word_refusal = refusal_word, .refused = refusal_count,
		},
		.owner = server, .listen = &address, .listen_count = 1,
		.fronts = (unsigned)from_cores(config->fronts, 1, 3),
		.tls_cert_path = config->tls_cert.len ? arena_cstr(arena, config->tls_cert) : NULL,
		.tls_key_path = config->tls_key.len ? arena_cstr(arena, config->tls_key) : NULL,
		.budget_bytes = (size_t)config->body_budget_bytes, .connections_max = (size_t)config->connections_max,
	}, err);
	return server->http != NULL;
}

static bool start_sweeper(struct server *server, struct error *err)
{
	struct whole *whole = (struct whole *)(void *)server;

	whole->sweeper = sweeper_start(server, err);
	return whole->sweeper != NULL;
}

static int64_t lab_now_ms(void *user)
{
	return server_now_ms(user, clock_wall_ms());
}

static bool start_deliverer(struct server *server, struct error *err)
{
	struct deliverer *deliverer = deliverer_start(&(struct delivery_options){
		.recorder = server->recorder, .objects = server->environment.objects, .keyring = server->environment.keyring,
		.now_ms = lab_now_ms, .user = server,
		.delivery_interval_ms = server->config->delivery_interval_s * 1000,
		.digest_interval_ms = server->config->digest_interval_s * 1000,
	}, err);

	atomic_store(&server->deliverer, deliverer);
	return deliverer != NULL;
}

struct server *server_start(const struct config *config, struct error *err)
{
	struct arena arena;

	arena_init(&arena, CALL_ARENA_BYTES_MAX);
	const char *path = arena_cstr(&arena, config->data);
	if (!config->lab && !directory_exists(path)) {
		fail(err, ERR_NOT_FOUND, "%s is no data directory of spoor: run `spoor init --data %s` first, or `spoor serve --lab` to "
		     "try things out", path, path);
		arena_fini(&arena);
		return NULL;
	}
	struct server *server = server_open(config, err);
	bool ok = server && load_clock(server, err) && (!config->lab || founding_ensure_lab(server, err))
	       && start_sweeper(server, err) && start_deliverer(server, err) && start_listening(server, &arena, err);
	arena_fini(&arena);
	if (!ok) {
		server_stop(server);
		return NULL;
	}
	if (config->lab && !server->is_loopback)
		log_line("warning", "--lab accepts well-known keys, and %.*s is not loopback", SLICE_ARG(config->listen));
	return server;
}

void server_print_address(const struct server *server, FILE *out)
{
	struct http_address address;
	bool ok = http_address_parse(server->config->listen, &address, NULL);

	assert(ok);
	bool is_v6 = slice_find_byte(address.host, ':') != SLICE_NPOS;
	fprintf(out, "spoor listening on %s://%s%.*s%s:%u\n", server->config->tls_cert.len ? "https" : "http", is_v6 ? "[" : "",
	        SLICE_ARG(address.host), is_v6 ? "]" : "", http_server_port(server->http, 0));
	fflush(out);
}

void server_stop(struct server *server)
{
	struct whole *whole = (struct whole *)(void *)server;

	if (!server)
		return;
	recorder_let_go(server->recorder);
	http_server_stop(server->http, SHUTDOWN_MS_MAX);
	sweeper_stop(whole->sweeper);
	deliverer_stop(server->deliverer);
	history_free(server->environment.history);
	if (server->workers)
		workers_wait(server->workers);           /* a call may be answered before its worker has let go of the recorder */
	recorder_close(server->recorder);                /* which gives work to the workers to its end */
	workers_stop(server->workers);
	deliverer_free(server->deliverer);
	stamper_free(server->stamper);
	for (size_t i = 0; i < COUNT(server->rates); i++)
		rate_free(server->rates[i]);
	rate_free(server->environment.code_attempts);
	for (size_t i = 0; i < COUNT(server->fronts); i++) {
		struct front *front = atomic_load(&server->fronts[i]);
		if (front)
			free(front->refusals);
		free(front);
	}
	objects_close(server->environment.objects);
	keyring_close(server->environment.keyring);
	if (whole->is_directory_open)
		directory_close(&whole->directory);
	free(whole);
}
