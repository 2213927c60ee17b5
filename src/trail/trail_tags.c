/* trail/trail_tags.c: one statement a function. */
#include "trail/trail_tags.h"

#include "codec/utf8.h"
#include "store/catalog.h"

const char trail_tags_table[] =
	"CREATE TABLE trail_tags ("
	" account TEXT NOT NULL,"
	" trail_id INTEGER NOT NULL,"
	" key TEXT NOT NULL,"
	" value TEXT,"
	" position INTEGER NOT NULL,"
	" PRIMARY KEY (account, trail_id, key)"
	") STRICT, WITHOUT ROWID";

enum { KEY_CHARACTERS_MAX = 128, VALUE_CHARACTERS_MAX = 256 };

static bool refuse(struct error *err, const char *text, struct slice key)
{
	return fail_as(err, ERR_INVALID, "InvalidTagParameterException", text, SLICE_ARG(key));
}

bool trail_tags_check(const struct trail_tag *tags, size_t count, struct error *err)
{
	for (size_t i = 0; i < count; i++) {
		size_t key = utf8_length(tags[i].key), value = utf8_length(tags[i].value);
		if (key == 0 || key > KEY_CHARACTERS_MAX)
			return refuse(err, "The key of a tag must have 1 to 128 characters: \"%.*s\".", slice_sub(tags[i].key, 0, 600));
		if (slice_has_prefix_nocase(tags[i].key, S("aws:")))
			return refuse(err, "The key of a tag must not begin with aws:, which is reserved: \"%.*s\".", tags[i].key);
		if (value > VALUE_CHARACTERS_MAX)
			return refuse(err, "The value of the tag \"%.*s\" has more than 256 characters.", tags[i].key);
		for (size_t other = 0; other < i; other++)
			if (slice_equal(tags[other].key, tags[i].key))
				return refuse(err, "The key \"%.*s\" is given twice.", tags[i].key);
	}
	return true;
}

static bool count_tags(struct catalog *catalog, struct slice account, uint64_t trail_id, int64_t *count, int64_t *position,
                       struct error *err)
{
	struct rows rows = catalog_query(catalog, err, "SELECT count(*), max(position) FROM trail_tags"
	                                 " WHERE account = ?1 AND trail_id = ?2", "ti", account, (int64_t)trail_id);

	*count = rows_next(&rows) ? rows_i64(&rows, 0) : 0;
	*position = *count ? rows_i64(&rows, 1) : 0;
	return rows_close(&rows);
}

bool trail_tags_set(struct catalog *catalog, struct slice account, uint64_t trail_id, const struct trail_tag *tags,
                    size_t count, struct error *err)
{
	int64_t present, position;

	if (!count_tags(catalog, account, trail_id, &present, &position, err))
		return false;
	for (size_t i = 0; i < count; i++)
		if (!catalog_run(catalog, err,
		                 "INSERT INTO trail_tags (account, trail_id, key, value, position) VALUES (?1, ?2, ?3, ?4, ?5)"
		                 " ON CONFLICT (account, trail_id, key) DO UPDATE SET value = excluded.value",
		                 "titti", account, (int64_t)trail_id, tags[i].key, tags[i].value, ++position))
			return false;
	if (!count_tags(catalog, account, trail_id, &present, &position, err))
		return false;
	return present <= TRAIL_TAGS_MAX
	    || fail_as(err, ERR_LIMIT, "TagsLimitExceededException", "A trail has at most 50 tags; this one would have %" PRId64 ".",
	               present);
}

bool trail_tags_remove(struct catalog *catalog, struct slice account, uint64_t trail_id, struct slice key, struct error *err)
{
	return catalog_run(catalog, err, "DELETE FROM trail_tags WHERE account = ?1 AND trail_id = ?2 AND key = ?3", "tit", account,
	                   (int64_t)trail_id, key);
}

bool trail_tags_delete_all(struct catalog *catalog, struct slice account, uint64_t trail_id, struct error *err)
{
	return catalog_run(catalog, err, "DELETE FROM trail_tags WHERE account = ?1 AND trail_id = ?2", "ti", account,
	                   (int64_t)trail_id);
}

bool trail_tags_list(struct catalog *catalog, struct arena *arena, struct slice account, uint64_t trail_id,
                     struct trail_tag_list *list, struct error *err)
{
	struct rows rows = catalog_query(catalog, err, "SELECT key, value FROM trail_tags WHERE account = ?1 AND trail_id = ?2"
	                                 " ORDER BY position", "ti", account, (int64_t)trail_id);

	*list = (struct trail_tag_list){ .items = arena_array(arena, TRAIL_TAGS_MAX, sizeof *list->items) };
	while (rows_next(&rows) && list->count < TRAIL_TAGS_MAX)
		list->items[list->count++] = (struct trail_tag){ rows_text(&rows, 0, arena), rows_text(&rows, 1, arena) };
	return rows_close(&rows);
}
