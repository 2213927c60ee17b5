/* query/zone.c: offsets are read, names looked up in the tz database. */
#include "query/zone.h"

#include "base/file.h"
#include "base/limits.h"
#include "codec/tzif.h"

enum { OFFSET_HOURS_MAX = 18, DAY_MS = 86400000 };

struct zone {
	bool        is_fixed;
	int         offset_s;                   /* fixed */
	struct slice name;                      /* fixed */
	struct tzif tzif;
};

static int digit(struct slice s, size_t at)
{
	return at < s.len && s.ptr[at] >= '0' && s.ptr[at] <= '9' ? s.ptr[at] - '0' : -1;
}

/* +h, +hh, +hhmm, +hh:mm, +hhmmss, +hh:mm:ss. */
static bool read_offset(struct slice s, int *offset_s)
{
	int parts[3] = { 0, 0, 0 }, sign;
	size_t at = 1, count = 0;

	if (s.len < 2 || (s.ptr[0] != '+' && s.ptr[0] != '-'))
		return false;
	sign = s.ptr[0] == '-' ? -1 : 1;
	if (s.len == 2) {
		parts[0] = digit(s, 1);
		*offset_s = sign * parts[0] * 3600;
		return parts[0] >= 0;
	}
	bool has_colons = s.len > 3 && s.ptr[3] == ':';
	for (; at < s.len && count < 3; count++) {
		if (count > 0 && has_colons && s.ptr[at++] != ':')
			return false;
		if (digit(s, at) < 0 || digit(s, at + 1) < 0)
			return false;
		parts[count] = 10 * digit(s, at) + digit(s, at + 1);
		at += 2;
	}
	*offset_s = sign * (parts[0] * 3600 + parts[1] * 60 + parts[2]);
	return at == s.len && parts[1] < 60 && parts[2] < 60
	    && (parts[0] < OFFSET_HOURS_MAX || (parts[0] == OFFSET_HOURS_MAX && parts[1] + parts[2] == 0));
}

static bool read_fixed(struct slice name, int *offset_s)
{
	static const struct slice words[] = { S_INIT("UTC"), S_INIT("GMT"), S_INIT("UT"), S_INIT("") };

	*offset_s = 0;
	if (slice_equal(name, S("Z")))
		return true;
	for (size_t i = 0; i < COUNT(words); i++)
		if (slice_has_prefix(name, words[i]))
			return (name.len == words[i].len && name.len > 0) || read_offset(slice_from(name, words[i].len), offset_s);
	return false;
}

/* Letters, digits, _ + and - between slashes: no path leads out of the folder. */
static bool is_name(struct slice name)
{
	bool was_slash = true;

	for (size_t i = 0; i < name.len; i++) {
		char c = name.ptr[i];
		bool is_fine = ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '+';
		if (!is_fine && (c != '/' || was_slash))
			return false;
		was_slash = c == '/';
	}
	return !was_slash && name.len <= ZONE_NAME_BYTES_MAX;
}

/* The whole file; names that are links to others are followed, as other readers of the database do. */
static struct slice read_file(struct arena *arena, const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	uint64_t bytes = 0;
	size_t got = 0;
	char *into = NULL;
	struct stat facts;

	if (fd < 0)
		return SLICE_NONE;
	if (fstat(fd, &facts) == 0 && S_ISREG(facts.st_mode) && facts.st_size <= ZONE_FILE_BYTES_MAX) {
		bytes = (uint64_t)facts.st_size;
		into = arena_alloc(arena, bytes + 1);
	}
	bool is_read = into && file_read(NULL, fd, into, bytes, 0, &got, path, NULL);
	file_close(fd);
	return is_read ? (struct slice){ into, got } : SLICE_NONE;
}

const struct zone *zone_find(struct arena *arena, const char *database, struct slice name, const char **reason)
{
	struct zone *zone = arena_new(arena, struct zone);

	if (read_fixed(name, &zone->offset_s)) {
		zone->is_fixed = true;
		zone->name = slice_equal(name, S("Z")) ? S("UTC") : arena_copy(arena, name);
		return zone;
	}
	*reason = "there is no such time zone: UTC, an offset such as +02:00, or a name of the tz database such as Europe/Berlin";
	if (!is_name(name))
		return NULL;
	struct slice bytes = read_file(arena, arena_printf(arena, "%s/%.*s", database, SLICE_ARG(name)));
	if (!bytes.ptr) {
		*reason = "the system's tz database has no such time zone; UTC and offsets such as +02:00 are always there";
		return NULL;
	}
	return tzif_read(arena, bytes, &zone->tzif, NULL) ? zone : NULL;
}

/* Whole seconds, towards the past. */
static int64_t to_s(int64_t ms)
{
	return ms / 1000 - (ms % 1000 < 0);
}

int zone_offset_s(const struct zone *zone, int64_t time_ms, struct slice *abbreviation)
{
	struct tzif_type type = { zone->offset_s, zone->name };

	if (!zone->is_fixed)
		type = tzif_at(&zone->tzif, to_s(time_ms));
	if (abbreviation)
		*abbreviation = type.name;
	return type.offset_s;
}

int64_t zone_to_utc_ms(const struct zone *zone, int64_t local_ms)
{
	/* No offset is a day, so these are on both sides of whatever change is near. */
	int before_s = zone_offset_s(zone, local_ms - DAY_MS, NULL), after_s = zone_offset_s(zone, local_ms + DAY_MS, NULL);
	int64_t first_ms = local_ms - INT64_C(1000) * before_s, second_ms = local_ms - INT64_C(1000) * after_s;

	if (zone_offset_s(zone, first_ms, NULL) == before_s)
		return first_ms;
	return zone_offset_s(zone, second_ms, NULL) == after_s ? second_ms : first_ms;
}
