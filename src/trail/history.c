/* trail/history.c: keeps the best page while going through the files from the newest to the oldest.
 *
 * Clocks are set back, so a later event may show an earlier second: a block is left out only when no second in it can beat
 * the worst event of a full page, which for clocks that run forward is every block behind the page. */
#include "trail/history.h"

#include "base/clock.h"
#include "base/limits.h"
#include "base/snapshot.h"
#include "store/journal.h"
#include "trail/history_index.h"
#include "trail/history_token.h"

/* The indexes known for the files of a view; shared between lookups. */
struct known_files {
	struct snapshot       snapshot;
	size_t                count;
	struct history_index *items[];
};

struct history {
	struct history_options options;
	struct snapshot_slot  *known;
	atomic_size_t          filter_bytes;
};

struct history *history_new(const struct history_options *options)
{
	struct history *history = xcalloc(1, sizeof *history);

	history->options = *options;
	if (history->options.filter_bytes_max == 0)
		history->options.filter_bytes_max = HISTORY_FILTER_BYTES_MAX;
	history->known = snapshot_slot_new();
	return history;
}

void history_free(struct history *history)
{
	if (!history)
		return;
	snapshot_slot_free(history->known);
	free(history);
}

/* ---- one lookup ---- */

struct candidate {
	int64_t              second;
	struct journal_frame frame;
};

struct search {
	struct history              *history;
	const struct history_request *request;
	struct journal_view         *view;
	struct history_token         bounds;
	int64_t                      second_min, second_max;
	uint32_t                     hash, place;
	struct candidate             best[HISTORY_PAGE_MAX + 1];      /* newest first */
	size_t                       count, wanted;                   /* one more than the page: is there another? */
	struct error                *err;
};

/* Whether (second, seq) comes behind (other_second, other_seq), newest first. */
static bool is_behind(int64_t second, uint64_t seq, int64_t other_second, uint64_t other_seq)
{
	return second < other_second || (second == other_second && seq < other_seq);
}

/* Whether nothing up to `second_max` and `last_seq` can be on the page. */
static bool is_hopeless(const struct search *search, int64_t second_max, uint64_t last_seq)
{
	if (second_max < search->second_min)
		return true;
	if (search->count < search->wanted)
		return false;
	const struct candidate *worst = &search->best[search->count - 1];
	return is_behind(second_max, last_seq, worst->second, worst->frame.seq);
}

static void keep(struct search *search, int64_t second, const struct journal_frame *frame)
{
	size_t at = search->count;

	if (search->count == search->wanted)
		at--;                                    /* the worst goes */
	else
		search->count++;
	for (; at > 0 && is_behind(search->best[at - 1].second, search->best[at - 1].frame.seq, second, frame->seq); at--)
		search->best[at] = search->best[at - 1];
	search->best[at] = (struct candidate){ second, *frame };
}

/* By value: hashes only say maybe. */
static bool has_value(const struct event_frame *frame, const struct history_request *request)
{
	if (!slice_equal(frame->region, request->region))
		return false;
	if (!request->key)
		return true;
	for (size_t i = 0; i < frame->attribute_count; i++)
		if (frame->attributes[i].key == request->key && slice_equal(frame->attributes[i].value, request->value))
			return true;
	return false;
}

static bool consider(struct search *search, const struct journal_frame *frame)
{
	const struct history_request *request = search->request;
	int64_t second = history_index_second(event_frame_time_ms(frame->body));
	struct event_frame event;

	if (second < search->second_min || second > search->second_max || frame->seq >= search->bounds.end_seq
	    || !is_behind(second, frame->seq, search->bounds.last_second, search->bounds.last_seq)
	    || is_hopeless(search, second, frame->seq))
		return true;
	if (!(event_frame_flags(frame->body) & FRAME_MANAGEMENT) || event_frame_account(frame->body) != request->account
	    || (request->key && !event_frame_has(frame->body, search->hash)))
		return true;
	if (!event_frame_read(frame->body, &event, search->err))
		return false;
	if (has_value(&event, request))
		keep(search, second, frame);
	return true;
}

/* Everything from scan->offset up to `end_offset`. */
static bool read_range(struct search *search, struct journal_scan scan, uint64_t end_offset)
{
	struct journal_batch batch;
	struct journal_frame frame;
	struct error damage = { .kind = ERR_NONE };

	while (scan.offset < end_offset && journal_scan_next(&scan, &batch, &damage)) {
		uint32_t offset = 0;
		if (batch.event_count == 0 || is_hopeless(search, history_index_second(batch.time_max_ms), journal_batch_last_seq(&batch)))
			continue;
		while (journal_batch_next(&batch, &offset, &frame, &damage))
			if (frame.kind == JOURNAL_EVENT && !consider(search, &frame))
				return false;
	}
	return damage.kind == ERR_NONE || fail(search->err, damage.kind, "%s", damage.message);
}

static bool read_block(struct search *search, const struct journal_scan *scan, struct history_block *block)
{
	struct journal_scan from = *scan;

	if (block->first_seq >= search->bounds.end_seq || block->second_min > search->second_max
	    || block->second_min > search->bounds.last_second || is_hopeless(search, block->second_max, block->last_seq))
		return true;
	if (!history_index_filter(block, scan, search->history->options.filter_bytes_max, search->err))
		return false;
	if ((search->request->key && !history_index_may_have(block, search->hash))
	    || !history_index_may_have(block, search->place))
		return true;
	from.offset = block->offset;
	return read_range(search, from, block->end_offset);
}

static bool is_over_deadline(const struct search *search)
{
	return search->request->deadline_monotonic_ms && clock_monotonic_ms() >= search->request->deadline_monotonic_ms;
}

/* `*index` is what is known of the file; it is replaced when the file has grown by a block. */
static bool read_file(struct search *search, size_t file_index, bool is_finished, struct history_index **index)
{
	struct journal_file_facts facts = journal_view_file(search->view, file_index);
	struct journal_scan scan;

	if (facts.first_seq >= search->bounds.end_seq)
		return true;
	uint64_t covered = *index ? (*index)->end_offset : 0;
	bool is_stale = !*index || facts.bytes - covered >= HISTORY_BLOCK_BYTES || (is_finished && covered < facts.bytes);
	if (!is_stale && covered == facts.bytes && is_hopeless(search, (*index)->second_max, (*index)->last_seq))
		return true;
	if (!journal_scan_open(&scan, search->view, file_index, search->err))
		return false;
	if (is_stale) {
		struct history_index *built
			= history_index_build(&scan, is_finished, *index, &search->history->filter_bytes, search->err);
		if (!built)
			return false;
		history_index_release(*index);
		*index = built;
	}
	struct journal_scan tail = scan;
	tail.offset = (*index)->end_offset;
	if (!read_range(search, tail, facts.bytes))
		return false;
	for (size_t i = (*index)->block_count; i-- > 0; ) {
		if (is_over_deadline(search))
			return fail(search->err, ERR_BUSY, "The lookup takes too long.");
		if (!read_block(search, &scan, (*index)->blocks[i]))
			return false;
	}
	return true;
}

/* ---- what lookups learn from one another ---- */

static void free_known(struct snapshot *snapshot)
{
	struct known_files *known = (struct known_files *)snapshot;

	_Static_assert(offsetof(struct known_files, snapshot) == 0, "a snapshot is its list");
	for (size_t i = 0; i < known->count; i++)
		history_index_release(known->items[i]);
	free(known);
}

/* Whether the index is of the file that begins there, or of a later one. */
static bool is_from(const struct history_index *index, uint64_t generation, uint64_t first_seq)
{
	return index && (index->generation > generation
	                 || (index->generation == generation && index->file_first_seq >= first_seq));
}

/* An index for each file of the view, or NULL. */
static struct known_files *take_known(struct history *history, const struct journal_view *view)
{
	size_t count = journal_view_count(view);
	struct known_files *ours = xcalloc(1, sizeof *ours + count * sizeof ours->items[0]);
	struct known_files *shared = (struct known_files *)snapshot_take(history->known);

	ours->snapshot.free = free_known;
	atomic_store(&ours->snapshot.references, 1);
	ours->count = count;
	for (size_t i = 0, at = 0; shared && i < count; i++) {
		struct journal_file_facts facts = journal_view_file(view, i);
		while (at < shared->count && !is_from(shared->items[at], facts.generation, facts.first_seq))
			at++;
		if (at < shared->count && shared->items[at]->generation == facts.generation
		    && shared->items[at]->file_first_seq == facts.first_seq)
			ours->items[i] = history_index_share(shared->items[at]);
	}
	snapshot_release(shared ? &shared->snapshot : NULL);
	return ours;
}

static bool read_files(struct search *search)
{
	struct known_files *known = take_known(search->history, search->view);
	bool ok = true, has_learnt = false;

	for (size_t i = known->count; i-- > 0 && ok; ) {
		const struct history_index *before = known->items[i];
		ok = read_file(search, i, i + 1 < known->count, &known->items[i]);
		has_learnt |= known->items[i] != before;
	}
	/* two lookups at once: the later one wins, and what the other learnt is learnt again */
	if (has_learnt)
		snapshot_publish(search->history->known, &known->snapshot);
	else
		snapshot_release(&known->snapshot);
	return ok;
}

/* ---- the page ---- */

static bool fill_event(struct arena *arena, const struct candidate *candidate, struct history_event *event, struct error *err)
{
	struct history_resource *resources;
	struct event_frame frame;

	if (!journal_frame_is_intact(&candidate->frame))
		return fail(err, ERR_CORRUPT, "The event with sequence number %" PRIu64 " is damaged.", candidate->frame.seq);
	if (!event_frame_read(candidate->frame.body, &frame, err))
		return false;
	*event = (struct history_event){
		.seq = candidate->frame.seq, .time_ms = candidate->second * 1000,
		.is_read_only = frame.flags & FRAME_READ_ONLY, .json = arena_copy(arena, frame.json),
	};
	resources = arena_array(arena, frame.attribute_count + 1, sizeof *resources);
	event->resources = resources;
	for (size_t i = 0; i < frame.attribute_count; i++) {
		struct slice value = arena_copy(arena, frame.attributes[i].value);
		switch ((enum frame_key)frame.attributes[i].key) {
		case FRAME_EVENT_ID: event->event_id = value; break;
		case FRAME_EVENT_NAME: event->event_name = value; break;
		case FRAME_USERNAME: event->username = value; break;
		case FRAME_EVENT_SOURCE: event->event_source = value; break;
		case FRAME_ACCESS_KEY_ID: event->access_key_id = value; break;
		case FRAME_RESOURCE_TYPE: resources[event->resource_count].type = value; break;
		case FRAME_RESOURCE_NAME: resources[event->resource_count++].name = value; break;
		case FRAME_READ_ONLY_TEXT:
		case FRAME_KEY_COUNT: break;
		}
	}
	return true;
}

static bool fill_page(struct search *search, struct arena *arena, struct history_page *page)
{
	bool has_more = search->count == search->wanted;

	page->count = has_more ? search->count - 1 : search->count;
	page->events = arena_array(arena, page->count, sizeof *page->events);
	for (size_t i = 0; i < page->count; i++)
		if (!fill_event(arena, &search->best[i], &page->events[i], search->err))
			return false;
	if (!has_more)
		return true;
	search->bounds.last_second = search->best[page->count - 1].second;
	search->bounds.last_seq = search->best[page->count - 1].frame.seq;
	search->bounds.issued_ms = search->request->now_ms;
	page->next_token = history_token_write(arena, search->history->options.token_key, search->request, &search->bounds);
	return true;
}

/* Times that arithmetic cannot leave: the years 1 to 9999. */
static int64_t bounded_ms(int64_t ms)
{
	const int64_t bound_ms = INT64_C(253402300799000);

	return ms > bound_ms ? bound_ms : ms < -bound_ms ? -bound_ms : ms;
}

/* The first page decides what all pages of its chain are about. */
static bool resolve(struct search *search, struct arena *arena)
{
	const struct history_request *request = search->request;
	size_t count = journal_view_count(search->view);
	uint64_t generation = count ? journal_view_file(search->view, count - 1).generation : 0;
	int64_t days = request->days ? request->days : HISTORY_DAYS_MAX;
	int64_t oldest_ms = request->now_ms - INT64_C(24) * 3600 * 1000 * days;

	search->bounds = (struct history_token){
		.start_ms = request->has_start && request->start_ms > oldest_ms ? bounded_ms(request->start_ms) : oldest_ms,
		.end_ms = request->has_end ? bounded_ms(request->end_ms) : request->now_ms,
		.generation = generation, .end_seq = journal_view_next_seq(search->view),
		.last_second = INT64_MAX, .last_seq = UINT64_MAX,
	};
	if (request->token.ptr
	    && (!history_token_read(arena, search->history->options.token_key, request, request->token, &search->bounds)
	        || search->bounds.generation != generation))
		return fail_as(search->err, ERR_INVALID, "InvalidNextTokenException",
		               "The next token is not valid: it has expired, or it belongs to a request with different parameters.");
	search->second_min = history_index_second(search->bounds.start_ms + 999);
	search->second_max = history_index_second(search->bounds.end_ms);
	return true;
}

bool history_lookup(struct history *history, struct arena *arena, const struct history_request *request,
                    struct history_page *page, struct error *err)
{
	assert(request->max_results >= 1 && request->max_results <= HISTORY_PAGE_MAX);

	struct search *search = arena_new(arena, struct search);
	search->history = history;
	search->request = request;
	search->err = err;
	search->wanted = (size_t)request->max_results + 1;
	search->place = history_index_place(request->account, request->region);
	search->hash = request->key ? event_frame_hash(request->key, request->value) : 0;
	*page = (struct history_page){ .next_token = SLICE_NONE };
	search->view = history->options.take_view(history->options.user);
	if (!search->view)
		return fail(err, ERR_BUSY, "The event history is being reset.");
	bool ok = resolve(search, arena)
	       && (request->category == HISTORY_INSIGHT || read_files(search))        /* no insight events yet */
	       && fill_page(search, arena, page);
	journal_view_release(search->view);
	return ok;
}
