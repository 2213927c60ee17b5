/* trail/digests.c: the rules of when; each chain is looked at alone, and what is wrong with one holds up no other. */
#include "trail/digests.h"

#include "base/limits.h"
#include "base/log.h"
#include "store/catalog.h"
#include "store/journal.h"
#include "trail/delivery_plan.h"
#include "trail/digest_writer.h"
#include "trail/recorder.h"
#include "trail/signing_keys.h"
#include "trail/trail_files.h"
#include "trail/trail_status.h"
#include "trail/trail_streams.h"

struct round {
	struct delivery_context *context;
	struct arena             arena;         /* what the round reads */
	struct arena             work;          /* of one chain */
	int64_t                  now_ms, next_ms;
	uint64_t                 written;
	struct trail_stream_list streams;
	struct digest_chain_list chains;
};

static void look_again(struct round *round, int64_t at_ms)
{
	if (at_ms < round->next_ms)
		round->next_ms = at_ms;
}

/* A recorder that refuses says so itself. */
static void complain(struct round *round, const char *what, const struct error *err)
{
	if (err->kind != ERR_BUSY && err->kind != ERR_CONFLICT)
		log_line(what, "reason=\"%s\"", err->message);
	look_again(round, round->now_ms + DIGEST_RETRY_MS);
}

/* ---- keys ---- */

static bool insert_key(void *user, struct catalog *catalog, struct error *err)
{
	return signing_keys_insert(catalog, user, err);
}

/* One row, so a crash leaves a whole key or none. */
static void tend_keys(struct round *round)
{
	struct delivery_context *context = round->context;
	struct signing_key_need need;
	struct error err = {0};

	if (!signing_keys_need(context->reader, &round->arena, round->now_ms, &need, &err)) {
		complain(round, "no signing key", &err);
		return;
	}
	if (!need.is_missing) {
		look_again(round, need.due_ms);
		return;
	}
	struct signing_key key = signing_keys_make(&round->arena, context->options.keyring, &context->random, need.start_ms,
	                                           need.end_ms);
	if (delivery_commit(context, insert_key, &key, &err) == DELIVERY_COMMITTED)
		look_again(round, round->now_ms);
	else
		complain(round, "no signing key", &err);
}

/* ---- small commits ---- */

struct note {
	const struct digest_chain *chain;
	uint64_t                   end_seq;
	int64_t                    close_ms, now_ms;
	struct slice               error;
};

/* The position went into the catalog with the change that ended the chain, so it is not before the record of that change;
 * what is published may be: that comes after the commit. */
static bool note_end(void *user, struct catalog *catalog, struct error *err)
{
	struct note *note = user;
	struct catalog_position position;
	bool is_present;

	if (!catalog_position_get(catalog, &position, &is_present, err))
		return false;
	note->end_seq = is_present ? position.applied_seq : 0;
	return digest_chains_set_end(catalog, note->chain, note->end_seq, 0, err);
}

static bool note_close(void *user, struct catalog *catalog, struct error *err)
{
	const struct note *note = user;

	return digest_chains_set_end(catalog, note->chain, note->end_seq, note->close_ms, err);
}

static bool note_failure(void *user, struct catalog *catalog, struct error *err)
{
	const struct note *note = user;
	const struct digest_chain *chain = note->chain;
	const struct trail_status_key status = { chain->account, chain->trail_id, chain->region };
	int64_t retry_at_ms = note->now_ms + trail_streams_backoff_ms(chain->retry_count + 1);

	return digest_chains_fail(catalog, chain, retry_at_ms, err)
	    && trail_status_note_digest(catalog, &status, note->now_ms, note->error, err);
}

static bool forget(void *user, struct catalog *catalog, struct error *err)
{
	const struct note *note = user;

	return digest_chains_forget(catalog, note->chain, err);
}

static bool note_down(struct round *round, bool (*perform)(void *user, struct catalog *catalog, struct error *err),
                      struct note *note)
{
	struct error err = {0};

	if (delivery_commit(round->context, perform, note, &err) == DELIVERY_COMMITTED)
		return true;
	complain(round, "chain of digests", &err);
	return false;
}

/* ---- one chain ---- */

static const struct trail_stream *find_stream(const struct round *round, const struct digest_chain *chain)
{
	for (size_t i = 0; i < round->streams.count; i++)
		if (round->streams.items[i].trail_id == chain->trail_id && slice_equal(round->streams.items[i].account, chain->account))
			return &round->streams.items[i];
	return NULL;
}

/* A deleted trail of the same name has its last digest before the first one of this: validators read the digests of a name
 * in one order, and pass over what lies between two that are linked. It is not waited for if its bucket refuses it. */
static bool has_namesake_before(const struct round *round, const struct digest_chain *chain, const struct trail_stream *stream)
{
	for (size_t i = 0; i < round->chains.count; i++) {
		const struct digest_chain *other = &round->chains.items[i];
		const struct trail_stream *its = find_stream(round, other);
		if (other->trail_id != chain->trail_id && other->ended_ms && other->retry_count == 0 && its && its->is_ended
		    && slice_equal(other->account, chain->account) && slice_equal(other->region, chain->region)
		    && slice_equal(its->region, stream->region) && slice_equal(its->name, stream->name))
			return true;
	}
	return false;
}

/* Nothing that the stream takes up to the chain's end is still to be delivered. */
static bool has_delivered(struct round *round, const struct digest_chain *chain, const struct trail_stream *stream,
                          struct journal_view *view)
{
	static const struct delivery_limits one = { .file_records = 1, .file_bytes = 1, .bytes = 1, .files = 1 };
	struct delivery_plan plan;
	struct error err = {0};

	if (stream->cursor_seq >= chain->end_seq)
		return true;
	if (!view || journal_view_next_seq(view) <= chain->end_seq) {    /* committed, published in a moment; or a reset is swapping */
		look_again(round, round->now_ms + DIGEST_RETRY_MS);
		return false;
	}
	if (delivery_plan_make(&plan, &round->work, view, stream, &one, &err))
		return plan.file_count == 0;
	complain(round, "the end of a chain of digests is not known", &err);
	return false;
}

/* By all streams of the trail: the first file of a region, however late, begins a chain beside the others. */
static bool is_all_delivered(struct round *round, const struct digest_chain *chain)
{
	struct journal_view *view = recorder_journal_view(round->context->options.recorder);
	bool is_done = true;

	for (size_t i = 0; i < round->streams.count && is_done; i++) {
		const struct trail_stream *stream = &round->streams.items[i];
		if (stream->trail_id == chain->trail_id && slice_equal(stream->account, chain->account))
			is_done = has_delivered(round, chain, stream, view);
	}
	journal_view_release(view);
	return is_done;
}

static bool find_end(struct round *round, struct digest_chain *chain)
{
	struct note note = { .chain = chain };

	if (chain->end_seq)
		return true;
	if (!note_down(round, note_end, &note))
		return false;
	chain->end_seq = note.end_seq;
	return true;
}

/* Fixed once, since a trail that logs on without validation delivers more in every second. */
static void find_close(struct round *round, struct digest_chain *chain)
{
	struct note note = { .chain = chain };
	int64_t newest_ms;
	struct error err = {0};

	if (!find_end(round, chain) || !is_all_delivered(round, chain))
		return;
	if (!trail_files_newest(round->context->reader, chain->account, chain->trail_id, chain->region, &newest_ms, &err)) {
		complain(round, "chain of digests", &err);
		return;
	}
	note.end_seq = chain->end_seq;
	note.close_ms = digest_window_close_ms(chain, newest_ms);
	if (note_down(round, note_close, &note))
		chain->close_ms = note.close_ms;
}

static void fail_chain(struct round *round, const struct digest_chain *chain, const struct trail_stream *stream,
                       const struct error *err)
{
	struct note note = {
		.chain = chain, .now_ms = round->now_ms, .error = err->name ? slice_of(err->name) : S("InternalError"),
	};

	look_again(round, round->now_ms + DIGEST_RETRY_MS);
	if (err->kind == ERR_CONFLICT || err->kind == ERR_BUSY)
		return;
	if (!err->name)
		log_line("digest not written", "trail=\"%.*s\" region=%.*s reason=\"%s\"", SLICE_ARG(stream->name),
		         SLICE_ARG(chain->region), err->message);
	bool is_given_up = stream->is_ended && chain->retry_count >= DIGEST_TRIES_MAX;
	if (is_given_up)
		log_line("last digest given up", "trail=\"%.*s\" region=%.*s error=%.*s", SLICE_ARG(stream->name),
		         SLICE_ARG(chain->region), SLICE_ARG(note.error));
	note_down(round, is_given_up ? forget : note_failure, &note);
}

static void write_digest(struct round *round, const struct digest_chain *chain, const struct trail_stream *stream,
                         struct digest_window window)
{
	const struct digest_order order = {
		.chain = chain, .sender = { stream->account, stream->region, stream->name }, .window = window,
		.now_ms = round->now_ms, .is_forgotten = stream->is_ended,
	};
	struct error err = {0};

	if (!digest_writer_write(round->context, &round->work, &order, &err)) {
		fail_chain(round, chain, stream, &err);
		return;
	}
	round->written++;
	look_again(round, round->now_ms);
}

static void look_at(struct round *round, struct digest_chain *chain, const struct trail_stream *stream)
{
	if (chain->retry_at_ms > round->now_ms) {
		look_again(round, chain->retry_at_ms);
		return;
	}
	if (chain->is_first && has_namesake_before(round, chain, stream))
		return;
	if (chain->ended_ms && !chain->close_ms)
		find_close(round, chain);
	struct digest_window window = digest_window_next(chain, round->context->options.digest_interval_ms);
	if (window.end_ms > round->now_ms)
		look_again(round, window.end_ms);
	else
		write_digest(round, chain, stream, window);
}

/* ---- all of them ---- */

static bool read_all(struct round *round, struct error *err)
{
	struct catalog *reader = round->context->reader;
	bool ok = catalog_begin(reader, err) && trail_streams_list(reader, &round->arena, &round->streams, err)
	       && digest_chains_list(reader, &round->arena, &round->chains, err) && arena_check(&round->arena, err);

	catalog_rollback(reader);
	return ok;
}

int64_t digests_round(struct delivery_context *context, uint64_t *written)
{
	struct round round = { .context = context, .next_ms = INT64_MAX };
	struct error err = {0};

	delivery_context_begin(context);
	round.now_ms = delivery_context_now_ms(context);
	arena_init(&round.arena, DIGEST_ROUND_BYTES_MAX);
	arena_init(&round.work, DIGEST_WORK_BYTES_MAX);
	tend_keys(&round);
	if (!read_all(&round, &err))
		complain(&round, "chains of digests cannot be read", &err);
	for (size_t i = 0; i < round.chains.count; i++) {
		struct digest_chain *chain = &round.chains.items[i];
		const struct trail_stream *stream = find_stream(&round, chain);
		if (stream)
			look_at(&round, chain, stream);
		else                                     /* the deliverer has let the trail go */
			note_down(&round, forget, &(struct note){ .chain = chain });
		arena_reset(&round.work, DIGEST_WORK_KEEP_BYTES);
	}
	arena_fini(&round.work);
	arena_fini(&round.arena);
	*written += round.written;
	return round.next_ms;
}
