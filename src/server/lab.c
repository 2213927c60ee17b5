/* server/lab.c: both are jobs of the recorder, so that they happen between two batches and are on disk when answered. */
#include "server/lab.h"

#include "base/clock.h"
#include "base/limits.h"
#include "codec/json.h"
#include "server/founding.h"
#include "server/service_event.h"

const char lab_clock_table[] =
	"CREATE TABLE lab_clock (account TEXT NOT NULL PRIMARY KEY, offset_ms INTEGER NOT NULL) STRICT, WITHOUT ROWID";

/* A request of its own kind: exchange->user points to its `request`, whose front and exchange are set and nothing else. */
struct lab_page {
	struct request        request;
	struct recorder_reset reset;
	bool                  is_ok;
	int64_t               advance_ms, offset_ms;
};

static struct lab_page *new_page(struct front *front, struct http_exchange *exchange)
{
	struct lab_page *page = xcalloc(1, sizeof *page);

	page->request.front = front;
	page->request.exchange = exchange;
	page->request.is_page = true;
	arena_init(&page->request.call.arena, CALL_ARENA_BYTES_MAX);
	exchange->user = &page->request;
	return page;
}

static void finish_page(struct lab_page *page, unsigned status, struct slice body)
{
	const struct http_header type = { S("Content-Type"), S("application/json") };

	http_reply(page->request.exchange, status, &type, 1, body);
}

static void fail_page(struct lab_page *page, unsigned status, const char *message)
{
	struct arena *arena = &page->request.call.arena;
	struct buffer body;
	struct json_writer writer;

	buffer_init(&body, arena, PAGE_BYTES_MAX);
	json_writer_init(&writer, &body);
	json_object_begin(&writer);
	json_member(&writer, S("message"), slice_of(message));
	json_object_end(&writer);
	finish_page(page, status, buffer_slice(&body));
}

/* ---- reset ---- */

static struct lab_page *page_of_reset(struct recorder_reset *reset)
{
	return (struct lab_page *)(void *)((char *)reset - offsetof(struct lab_page, reset));
}

static bool reset_fill(struct recorder_reset *reset, struct catalog *catalog, struct error *err)
{
	struct lab_page *page = page_of_reset(reset);
	struct server *server = page->request.front->server;
	const struct founding founding = founding_of_lab(server->config->account, true);

	atomic_store(&server->clock_offset_ms, 0);
	return founding_write(catalog, server->environment.keyring, &server->recorder_random, &page->request.call.arena,
	                      &founding, clock_wall_ms(), err);
}

static void reset_done(struct recorder_reset *reset, bool is_ok, const struct error *err)
{
	struct lab_page *page = page_of_reset(reset);

	page->is_ok = is_ok;
	if (!is_ok)
		page->request.call.error = *err;
	page->request.front->server->wakes_deliverer = true;     /* it needs a signing key again */
	http_resume_batch_add(&page->request.front->server->resumed, page->request.exchange);
}

void lab_reset(struct front *front, struct http_exchange *exchange)
{
	struct lab_page *page = new_page(front, exchange);

	page->reset = (struct recorder_reset){ .done = reset_done, .fill = reset_fill };
	if (!recorder_submit_reset(front->server->recorder, &page->reset))
		fail_page(page, 503, "the recorder is busy or refusing");
}

/* ---- clock ---- */

static struct lab_page *page_of_job(struct job *job)
{
	return (struct lab_page *)(void *)((char *)job - offsetof(struct lab_page, request) - offsetof(struct request, job));
}

static bool clock_perform(struct job *job, struct catalog *catalog, struct error *err)
{
	struct lab_page *page = page_of_job(job);
	struct server *server = page->request.front->server;

	if (!lab_clock_load(catalog, &page->offset_ms, err))     /* not server->clock_offset_ms: this batch may have moved it */
		return false;
	page->offset_ms += page->advance_ms;
	if (page->offset_ms > LAB_CLOCK_OFFSET_MS_MAX)
		return fail(err, ERR_LIMIT, "the lab clock leads the real one by at most 100 years");
	return catalog_run(catalog, err, "INSERT INTO lab_clock (account, offset_ms) VALUES (?, ?) "
	                   "ON CONFLICT (account) DO UPDATE SET offset_ms = excluded.offset_ms", "ti",
	                   server->config->account, page->offset_ms);
}

static bool clock_describe(struct job *job, struct event_frame *frame)
{
	struct lab_page *page = page_of_job(job);
	struct server *server = page->request.front->server;
	struct arena *arena = &page->request.call.arena;

	if (job->error.kind)
		return false;
	service_event_describe(&(struct service_event){
		.name = S("SpoorClockAdvanced"), .account = server->config->account,
		.region = server->environment.home_region, .now_ms = clock_wall_ms() + page->offset_ms, .stamper = server->stamper,
		.details = arena_format(arena, "{\"advanceMilliseconds\":%" PRId64 ",\"offsetMilliseconds\":%" PRId64 "}",
		                        page->advance_ms, page->offset_ms),
	}, &server->recorder_random, arena, frame);
	return true;
}

static void clock_finish(struct job *job, enum job_result result)
{
	struct lab_page *page = page_of_job(job);
	struct server *server = page->request.front->server;

	page->is_ok = result == JOB_DONE && !job->error.kind;
	if (page->is_ok) {
		atomic_store(&server->clock_offset_ms, page->offset_ms);
		server->wakes_deliverer = true;       /* what is due by the clock may be due now */
	} else if (result == JOB_DONE)
		page->request.call.error = job->error;
	else
		fail(&page->request.call.error, ERR_BUSY, "the recorder is refusing");
	http_resume_batch_add(&server->resumed, page->request.exchange);
}

/* "90s", "15m", "3h", "2d": a whole number and a unit. */
static bool read_duration(struct slice text, int64_t *ms)
{
	static const struct { char unit; int64_t ms; } units[] = {
		{ 's', 1000 }, { 'm', 60000 }, { 'h', 3600000 }, { 'd', 86400000 },
	};
	uint64_t number;

	if (text.len < 2 || !slice_to_u64(slice_sub(text, 0, text.len - 1), &number))
		return false;
	for (size_t i = 0; i < COUNT(units); i++)
		if (text.ptr[text.len - 1] == units[i].unit)
			return number <= (uint64_t)(LAB_CLOCK_OFFSET_MS_MAX / units[i].ms)
			    && (*ms = (int64_t)number * units[i].ms, true);
	return false;
}

void lab_clock(struct front *front, struct http_exchange *exchange)
{
	struct lab_page *page = new_page(front, exchange);
	struct error err = {0};
	const struct json *body = json_parse(&page->request.call.arena, exchange->request.body, &JSON_LIMITS_DEFAULT, &err);

	if (!body || !read_duration(json_get_text(body, S("advance")), &page->advance_ms)) {
		fail_page(page, 400, "expected {\"advance\": \"15m\"}: a whole number of s, m, h or d; the clock only goes forward");
		return;
	}
	page->request.job = (struct job){ .perform = clock_perform, .describe = clock_describe, .finish = clock_finish };
	if (!recorder_submit(front->server->recorder, &page->request.job))
		fail_page(page, 503, "the recorder is busy or refusing");
}

bool lab_resumed(struct http_exchange *exchange)
{
	struct request *request = exchange->user;
	char text[TIME_TEXT_BYTES];

	if (!request->is_page)
		return false;
	struct lab_page *page = (struct lab_page *)(void *)((char *)request - offsetof(struct lab_page, request));
	if (!page->is_ok) {
		fail_page(page, request->call.error.kind == ERR_LIMIT ? 400 : 503, request->call.error.message);
		return true;
	}
	int64_t now_ms = server_now_ms(request->front->server, clock_wall_ms());
	finish_page(page, 200, arena_format(&request->call.arena, "{\"now\":\"%s\"}", time_iso_ms(now_ms, text).ptr));
	return true;
}

bool lab_clock_load(struct catalog *reader, int64_t *offset_ms, struct error *err)
{
	struct rows rows = catalog_query(reader, err, "SELECT max(offset_ms) FROM lab_clock", "");

	*offset_ms = rows_next(&rows) ? rows_i64(&rows, 0) : 0;
	return rows_close(&rows);
}
