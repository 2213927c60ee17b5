/* query/insights_row.c: what is discovered in a message, and what is known of it beside. */
#include "query/insights_row.h"

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* The message without white space around it, if it is an object from bracket to bracket. */
static struct slice object(const struct json_index *index)
{
	struct slice s = index->text;
	size_t at = 0;

	while (s.len > 0 && is_space(s.ptr[s.len - 1]))
		s.len--;
	while (at < s.len && is_space(s.ptr[at]))
		at++;
	if (index->faults || at == s.len || s.ptr[at] != '{' || json_index_container_end(index, at) != s.len - 1)
		return SLICE_NONE;
	return slice_from(s, at);
}

bool insights_row_discover(const struct insights_plan *plan, const struct json_index *index, struct field *found)
{
	struct slice record = object(index);

	return record.ptr && fields_read(plan->fields, index, record, found);
}

static struct value field_value(const struct field *field, struct arena *arena)
{
	struct json number = { .kind = JSON_NUMBER, .text = field->raw };

	switch (field->kind) {
	case FIELD_STRING:
		return value_text(fields_text(field, arena));
	case FIELD_NUMBER:
		return value_of_json(&number);
	case FIELD_TRUE:
	case FIELD_FALSE:
		return value_bool(field->kind == FIELD_TRUE);
	default:
		return value_none();
	}
}

struct value insights_row_value(const struct insights_source *source, const struct insights_event *event, const struct field *found,
                                struct arena *arena)
{
	switch (source->kind) {
	case SOURCE_FIELD:
		return found ? field_value(&found[source->field], arena) : value_none();
	case SOURCE_TIMESTAMP:
		return value_time((double)event->time_ms);
	case SOURCE_INGESTION_TIME:
		return value_time((double)event->ingestion_ms);
	case SOURCE_MESSAGE:
		return value_text(event->message);
	case SOURCE_LOG_STREAM:
		return value_text(event->log_stream);
	case SOURCE_LOG:
		return value_text(event->log);
	case SOURCE_PTR:
		return value_text(event->ptr);
	case SOURCE_COMPUTED:
	case SOURCE_NOTHING:
		break;
	}
	return value_none();
}

void insights_row_read(const struct insights_plan *plan, const struct insights_event *event, const struct json_index *index,
                       struct field *found, struct arena *arena, struct value *row)
{
	bool is_read = insights_row_discover(plan, index, found);

	for (size_t slot = 0; slot < plan->slot_count; slot++)
		row[slot] = insights_row_value(&plan->sources[slot], event, is_read ? found : NULL, arena);
}
