/* tests/lookups.c: frames by hand, in batches, and their ids found again. */
#include "tests/lookups.h"

struct journal_view *lookups_take_view(void *user)
{
	return journal_view_take(((struct lookups *)user)->journal);
}

bool lookups_begin(struct test *t, struct lookups *f, uint64_t file_bytes, size_t filter_bytes_max)
{
	struct journal_options journal = { .file_bytes = file_bytes };
	struct history_options history = { .take_view = lookups_take_view, .user = f, .token_key = { 9 },
	                                   .filter_bytes_max = filter_bytes_max };

	random_init_seeded(&f->random, 42);
	f->journal = journal_open(&journal, empty_dir(t, "journal"), 1, &t->err);
	f->history = history_new(&history);
	CHECK(t, f->journal != NULL);
	return f->journal != NULL;
}

void lookups_end(struct lookups *f)
{
	history_free(f->history);
	journal_close(f->journal);
}

void lookups_set(struct event_frame *frame, enum frame_key key, struct slice value)
{
	if (value.ptr)
		frame->attributes[frame->attribute_count++] = (struct frame_attribute){ (uint8_t)key, value };
}

uint64_t lookups_put(struct lookups *f, const struct lookups_event *event)
{
	struct event_frame frame = {
		.time_ms = event->time_ms, .account = event->account ? event->account : LOOKUPS_ACCOUNT,
		.region = event->region.ptr ? event->region : S("us-east-1"),
		.flags = event->is_data ? 0 : FRAME_MANAGEMENT, .json = S("{\"eventVersion\":\"1.11\"}"),
	};

	lookups_set(&frame, FRAME_EVENT_ID, event->id);
	lookups_set(&frame, FRAME_EVENT_NAME, event->name);
	lookups_set(&frame, FRAME_READ_ONLY_TEXT, S("false"));
	lookups_set(&frame, FRAME_USERNAME, event->username);
	if (event->resource.ptr) {
		lookups_set(&frame, FRAME_RESOURCE_TYPE, S("AWS::IAM::User"));
		lookups_set(&frame, FRAME_RESOURCE_NAME, event->resource);
	}
	return journal_add_event(f->journal, &frame);
}

void lookups_commit(struct test *t, struct lookups *f)
{
	CHECK(t, journal_commit(f->journal, &t->err));
	journal_publish(f->journal);
}

void lookups_add(struct test *t, struct lookups *f, const struct lookups_event *events, size_t count)
{
	CHECK(t, journal_ensure_room(f->journal, 1 << 20, &t->err));
	journal_begin(f->journal);
	for (size_t i = 0; i < count; i++)
		lookups_put(f, &events[i]);
	lookups_commit(t, f);
}

struct history_request lookups_request(void)
{
	return (struct history_request){ .account = LOOKUPS_ACCOUNT, .region = S("us-east-1"), .max_results = 50, .now_ms = LOOKUPS_NOW_MS };
}

struct history_request lookups_by(enum frame_key key, struct slice value)
{
	struct history_request asked = lookups_request();

	asked.key = key;
	asked.value = value;
	return asked;
}

struct slice lookups_found(struct test *t, struct lookups *f, const struct history_request *asked, struct slice *token)
{
	struct history_page page;
	struct buffer out;

	buffer_init(&out, &t->arena, 1 << 20);
	t->err = (struct error){ .kind = ERR_NONE };
	if (!history_lookup(f->history, &t->arena, asked, &page, &t->err))
		return slice_of(t->err.name ? t->err.name : "unnamed");
	for (size_t i = 0; i < page.count; i++)
		buffer_printf(&out, "%s%.*s", i ? " " : "", SLICE_ARG(page.events[i].event_id));
	if (token)
		*token = page.next_token;
	return buffer_slice(&out);
}
