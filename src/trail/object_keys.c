/* trail/object_keys.c: folders and file name say the same twice, and a key where they differ is none. */
#include "trail/object_keys.h"

#include "base/clock.h"

static const struct slice folders[] = {
	[OBJECT_KEY_OTHER] = { NULL, 0 }, [OBJECT_KEY_LOG] = S_INIT("CloudTrail"), [OBJECT_KEY_DIGEST] = S_INIT("CloudTrail-Digest"),
	[OBJECT_KEY_INSIGHT] = S_INIT("CloudTrail-Insight"),
};

/* ---- making ---- */

static struct slice file_name(struct arena *arena, const struct object_key *key, const struct civil *t)
{
	struct slice folder = folders[key->kind];

	if (key->kind == OBJECT_KEY_DIGEST)
		return arena_format(arena, "%.*s_%.*s_%.*s_%.*s_%.*s_%04d%02d%02dT%02d%02d%02dZ%s.json.gz", SLICE_ARG(key->account),
		                    SLICE_ARG(folder), SLICE_ARG(key->region), SLICE_ARG(key->trail), SLICE_ARG(key->home_region),
		                    t->year, t->month, t->day, t->hour, t->minute, t->second, key->is_backfill ? "_backfill" : "");
	return arena_format(arena, "%.*s_%.*s_%.*s_%04d%02d%02dT%02d%02dZ_%.*s.json.gz", SLICE_ARG(key->account), SLICE_ARG(folder),
	                    SLICE_ARG(key->region), t->year, t->month, t->day, t->hour, t->minute, SLICE_ARG(key->unique));
}

struct slice object_keys_make(struct arena *arena, const struct object_key *key)
{
	struct civil t = civil_from_ms(key->time_ms);
	struct slice name = file_name(arena, key, &t);

	assert(key->kind != OBJECT_KEY_OTHER);
	return arena_format(arena, "%.*s%sAWSLogs/%.*s/%.*s/%.*s/%04d/%02d/%02d/%.*s", SLICE_ARG(key->prefix), key->prefix.len ? "/" : "",
	                    SLICE_ARG(key->account), SLICE_ARG(folders[key->kind]), SLICE_ARG(key->region), t.year, t.month, t.day,
	                    SLICE_ARG(name));
}

/* ---- taking apart ---- */

/* Takes what stands behind the last `byte`; *rest is what is before it. */
static struct slice cut_last(struct slice text, char byte, struct slice *rest)
{
	size_t at = slice_rfind_byte(text, byte);

	*rest = at == SLICE_NPOS ? SLICE_NONE : slice_sub(text, 0, at);
	return at == SLICE_NPOS ? text : slice_from(text, at + 1);
}

static bool is_account(struct slice text)
{
	uint64_t number;

	return text.len == 12 && slice_to_u64(text, &number);
}

/* "20260115T1005Z" or with seconds, and the day as the folders say it. */
static bool read_time(struct slice text, bool has_seconds, struct slice day_folders, int64_t *ms)
{
	char basic[17] = "00000000T000000Z";

	if (text.len != (has_seconds ? 16u : 14u) || text.ptr[text.len - 1] != 'Z')
		return false;
	memcpy(basic, text.ptr, has_seconds ? 15 : 13);
	if (!time_parse_basic((struct slice){ basic, 16 }, ms) || day_folders.len != sizeof "2026/01/15" - 1)
		return false;
	return memcmp(day_folders.ptr, text.ptr, 4) == 0 && day_folders.ptr[4] == '/' && memcmp(day_folders.ptr + 5, text.ptr + 4, 2) == 0
	    && day_folders.ptr[7] == '/' && memcmp(day_folders.ptr + 8, text.ptr + 6, 2) == 0;
}

/* ACCOUNT_CloudTrail_REGION_TIME_UNIQUE */
static bool read_log_name(struct slice stem, struct slice day, struct object_key *key)
{
	struct slice rest, time;

	key->unique = cut_last(stem, '_', &rest);
	time = cut_last(rest, '_', &rest);
	if (key->unique.len == 0 || !read_time(time, false, day, &key->time_ms))
		return false;
	for (size_t i = 0; i < key->unique.len; i++) {
		char c = key->unique.ptr[i];
		if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')))
			return false;
	}
	char head[256];
	int length = snprintf(head, sizeof head, "%.*s_%.*s_%.*s", SLICE_ARG(key->account), SLICE_ARG(folders[key->kind]),
	                      SLICE_ARG(key->region));
	return length < (int)sizeof head && slice_equal(rest, (struct slice){ head, (size_t)length });
}

/* ACCOUNT_CloudTrail-Digest_REGION_TRAIL_HOME_TIME[_backfill]; a trail's name may have underscores. */
static bool read_digest_name(struct slice stem, struct slice day, struct object_key *key)
{
	struct slice rest = stem, time;
	char head[256];

	key->is_backfill = slice_has_suffix(stem, S("_backfill"));
	if (key->is_backfill)
		rest = slice_sub(stem, 0, stem.len - (sizeof "_backfill" - 1));
	time = cut_last(rest, '_', &rest);
	key->home_region = cut_last(rest, '_', &rest);
	int length = snprintf(head, sizeof head, "%.*s_%.*s_%.*s_", SLICE_ARG(key->account), SLICE_ARG(folders[key->kind]),
	                      SLICE_ARG(key->region));
	if (length >= (int)sizeof head || !slice_has_prefix(rest, (struct slice){ head, (size_t)length }))
		return false;
	key->trail = slice_from(rest, (size_t)length);
	return key->trail.len > 0 && key->home_region.len > 0 && read_time(time, true, day, &key->time_ms);
}

/* No service makes a key with control bytes, and what is shown or written as text must not have them. */
static bool has_control(struct slice text)
{
	for (size_t i = 0; i < text.len; i++)
		if ((unsigned char)text.ptr[i] < 0x20 || text.ptr[i] == 0x7f)
			return true;
	return false;
}

static bool read_key(struct slice text, struct object_key *key)
{
	struct slice rest, name, day, part, folder, root;
	bool is_known = false;

	if (!slice_has_suffix(text, S(".json.gz")) || has_control(text))
		return false;
	name = cut_last(slice_sub(text, 0, text.len - (sizeof ".json.gz" - 1)), '/', &rest);
	if (rest.len < sizeof "2026/01/15" - 1)
		return false;
	day = slice_from(rest, rest.len - (sizeof "2026/01/15" - 1));
	part = cut_last(slice_sub(rest, 0, rest.len - day.len), '/', &rest);
	if (part.len != 0)                              /* a slash stands before the day */
		return false;
	key->region = cut_last(rest, '/', &rest);
	folder = cut_last(rest, '/', &rest);
	key->account = cut_last(rest, '/', &rest);
	for (enum object_key_kind kind = OBJECT_KEY_LOG; kind <= OBJECT_KEY_INSIGHT; kind++)
		if (slice_equal(folder, folders[kind])) {
			key->kind = kind;
			is_known = true;
		}
	root = cut_last(rest, '/', &key->prefix);
	if (slice_has_prefix(root, S("o-")))            /* an organization's id */
		root = cut_last(key->prefix, '/', &key->prefix);
	if (!is_known || !is_account(key->account) || key->region.len == 0 || !slice_equal(root, S("AWSLogs")))
		return false;
	if (!key->prefix.ptr)
		key->prefix = S("");
	return key->kind == OBJECT_KEY_DIGEST ? read_digest_name(name, day, key) : read_log_name(name, day, key);
}

void object_keys_parse(struct slice text, struct object_key *key)
{
	*key = (struct object_key){0};
	if (!read_key(text, key))
		*key = (struct object_key){ .kind = OBJECT_KEY_OTHER };
}
