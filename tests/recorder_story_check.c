/* tests/recorder_story_check.c: the invariants that no crash may break, read back from the files.
 *
 *   - Each answered call has its event, once, in the order of the calls, with the outcome that was answered.
 *   - Sequence numbers have no gap, every batch is genuine and holds the chain value of the one before it.
 *   - The events tell which users there are; the change frames, applied to an empty copy, tell it too; the catalog is
 *     sound and says the same: no user without its event, no event without its user. */
#include "tests/recorder_story_check.h"

#include "base/buffer.h"
#include "store/catalog_vfs.h"
#include "tests/recorder_story.h"

const struct migration story_migrations[STORY_MIGRATIONS] = {
	{ 1, "CREATE TABLE users (account TEXT NOT NULL, name TEXT NOT NULL, detail TEXT NOT NULL, PRIMARY KEY (account, name))"
	     " STRICT, WITHOUT ROWID" },
	{ 2, "CREATE INDEX users_by_detail ON users (detail)" },
};

struct found {
	int  times[STORY_CALLS_MAX];
	char outcome[STORY_CALLS_MAX];
	int  last;                              /* number of the newest event */
	bool is_there[256];                     /* by the letter of the name */
};

static const char *fault(struct story *story, const char *format, ...) PRINTF_LIKE(2, 3);

static const char *fault(struct story *story, const char *format, ...)
{
	char text[512];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	return arena_printf(story->arena, "%s", text);
}

/* ---- the journal ---- */

static const char *read_event(struct story *story, struct slice json, struct found *found)
{
	int number = atoi(json.ptr);
	char verb = json.ptr[4], outcome = json.ptr[6], name = json.ptr[8];

	if (json.len != STORY_JSON_BYTES || number < 0 || number >= story->call_count)
		return fault(story, "a strange event: %.20s", json.ptr);
	if (found->times[number]++ > 0)
		return fault(story, "the event of call %d is there twice", number);
	if (number < found->last)
		return fault(story, "the event of call %d stands behind that of call %d", number, found->last);
	found->last = number;
	found->outcome[number] = outcome;
	if (outcome == '+' && verb != STORY_READ) {
		if (found->is_there[(unsigned char)name] == (verb == STORY_CREATE))
			return fault(story, "event %.9s cannot follow what is before it", json.ptr);
		found->is_there[(unsigned char)name] = verb == STORY_CREATE;
	}
	return NULL;
}

struct walk {
	struct story   *story;
	struct catalog *copy;
	struct found   *found;
	uint64_t        next_seq;
	unsigned char   chain[JOURNAL_CHAIN_BYTES];
};

static const char *walk_batch(struct walk *walk, const struct journal_batch *batch)
{
	struct story *story = walk->story;
	struct journal_frame frame;
	struct event_frame event;
	struct error err = { .kind = ERR_NONE };
	uint32_t offset = 0;
	const char *wrong = NULL;

	if (!journal_batch_is_genuine(batch) || memcmp(batch->previous_chain, walk->chain, sizeof walk->chain) != 0)
		return fault(story, "the chain is broken at %" PRIu64, batch->first_seq);
	memcpy(walk->chain, batch->chain, sizeof walk->chain);
	while (!wrong && journal_batch_next(batch, &offset, &frame, &err)) {
		if (frame.seq != walk->next_seq++ || !journal_frame_is_intact(&frame))
			return fault(story, "sequence %" PRIu64 " is wrong", frame.seq);
		if (frame.kind == JOURNAL_CHANGE ? !catalog_apply(walk->copy, frame.body, &err) : !event_frame_read(frame.body, &event, &err))
			break;
		if (frame.kind == JOURNAL_EVENT)
			wrong = read_event(story, event.json, walk->found);
	}
	return wrong || err.kind == ERR_NONE ? wrong : fault(story, "%s", err.message);
}

static const char *walk_journal(struct walk *walk, struct journal_view *view)
{
	struct story *story = walk->story;
	const char *wrong = NULL;

	for (size_t i = 0; !wrong && i < journal_view_count(view); i++) {
		struct journal_scan scan;
		struct journal_batch batch;
		struct error err = { .kind = ERR_NONE };
		if (journal_scan_open(&scan, view, i, &err))
			while (!wrong && journal_scan_next(&scan, &batch, &err))
				wrong = walk_batch(walk, &batch);
		if (!wrong && err.kind != ERR_NONE)
			wrong = fault(story, "%s", err.message);
	}
	if (!wrong && journal_view_next_seq(view) != walk->next_seq)
		wrong = fault(story, "the view ends at %" PRIu64 " and not %" PRIu64, journal_view_next_seq(view), walk->next_seq);
	return wrong;
}

/* ---- the catalog ---- */

static struct slice dump(struct story *story, struct catalog *catalog)
{
	struct buffer out;
	struct rows rows = catalog_query(catalog, &story->err, "SELECT name, detail FROM users ORDER BY account, name", "");

	buffer_init(&out, story->arena, 1 << 20);
	while (rows_next(&rows)) {
		buffer_add(&out, rows_text(&rows, 0, story->arena));
		buffer_add(&out, rows_text(&rows, 1, story->arena));
		buffer_byte(&out, '\n');
	}
	return rows_close(&rows) ? buffer_slice(&out) : S("unreadable");
}

static bool is_sound(struct catalog *catalog, struct error *err)
{
	struct arena arena = { .cap_bytes = 4096 };
	struct rows rows = catalog_query(catalog, err, "PRAGMA integrity_check", "");
	bool ok = rows_next(&rows) && slice_equal(rows_text(&rows, 0, &arena), S("ok"));

	arena_fini(&arena);
	return rows_close(&rows) && ok;
}

static const char *check_catalog(struct story *story, struct catalog *copy, const struct found *found)
{
	struct catalog *reader = catalog_open_reader(recorder_catalog_path(story->recorder), &story->err);
	const char *wrong = NULL;

	if (!is_sound(reader, &story->err))
		wrong = fault(story, "the catalog is damaged: %s", story->err.message);
	struct slice is = dump(story, reader), should = dump(story, copy);
	size_t users = 0, expected = 0;
	for (size_t at = 0; at < is.len && !wrong; at += STORY_DETAIL_BYTES + 2, users++)
		if (!found->is_there[(unsigned char)is.ptr[at]])
			wrong = fault(story, "user %c has no event", is.ptr[at]);
	for (size_t i = 0; i < COUNT(found->is_there); i++)
		expected += found->is_there[i];
	if (!wrong && users != expected)
		wrong = fault(story, "%zu users and events for %zu", users, expected);
	if (!wrong && !slice_equal(is, should))
		wrong = fault(story, "the catalog is not what its changes make");
	catalog_close(reader);
	return wrong;
}

/* ---- what was answered ---- */

static const char *check_calls(struct story *story, const struct found *found)
{
	bool is_reset = story->reset_at >= 0 || (story->resets_may_have && (story->call_count == 0 || found->times[0] == 0));

	for (int i = 0; i < story->call_count; i++) {
		const struct story_call *call = &story->calls[i];
		bool may_be_forgotten = is_reset && (i < story->reset_at || story->resets_may_have);
		char outcome = call->job.error.kind == ERR_NONE ? '+' : '-';
		if (i < story->reset_at && found->times[i] != 0)
			return fault(story, "call %d has come back from before the reset", i);
		if (call->is_answered && found->times[i] == 0 && !may_be_forgotten)
			return fault(story, "call %d (%c%s) was answered and its event is gone", i, (char)call->verb, call->name);
		if (call->is_answered && found->times[i] == 1 && found->outcome[i] != outcome)
			return fault(story, "call %d was answered %c and its event says %c", i, outcome, found->outcome[i]);
		if (!call->is_answered && found->times[i] == 1 && story->refused_are_absent)
			return fault(story, "call %d (%c%s) was refused and its event is there", i, (char)call->verb, call->name);
	}
	return NULL;
}

/* The copy need not survive anything. */
static int never_sync(struct disk *disk, struct disk_operation *operation)
{
	(void)disk;
	return operation->kind == DISK_SYNC || operation->kind == DISK_SYNC_DIR ? DISK_PRETEND : 0;
}

const char *story_check(struct story *story)
{
	struct found found = {0};
	struct walk walk = { .story = story, .found = &found, .next_seq = 1 };
	struct disk unsynced = { .before = never_sync };
	const char *wrong = NULL;

	if (!file_remove_tree(AT_FDCWD, story->copy_path, &story->err) || mkdir(story->copy_path, 0700) != 0)
		return fault(story, "the copy: %s", strerror(errno));
	walk.copy = catalog_open_writer_on(&unsynced, arena_printf(story->arena, "%s/catalog.db", story->copy_path), &story->err);
	if (!walk.copy || !catalog_migrate(walk.copy, story_migrations, STORY_MIGRATIONS, &story->err)
	    || !catalog_begin(walk.copy, &story->err)) {
		wrong = fault(story, "the copy: %s", story->err.message);
	} else {
		struct journal_view *view = recorder_journal_view(story->recorder);
		wrong = walk_journal(&walk, view);
		journal_view_release(view);
		wrong = wrong ? wrong : check_catalog(story, walk.copy, &found);
		wrong = wrong ? wrong : check_calls(story, &found);
		catalog_rollback(walk.copy);
	}
	catalog_abandon(walk.copy);
	catalog_vfs_unregister(&unsynced);
	return wrong;
}
