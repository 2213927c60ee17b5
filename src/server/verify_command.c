/* server/verify_command.c: spoor verify: reads its flags, runs trail/verify, and prints what it found. */
#include "base/clock.h"
#include "base/file.h"
#include "base/limits.h"
#include "codec/hex.h"
#include "codec/json.h"
#include "server/command.h"
#include "server/flags.h"
#include "server/verify_print.h"
#include "server/verify_remote.h"
#include "store/directory.h"
#include "trail/verify.h"
#include "trail/verify_data.h"
#include "trail/verify_folder.h"
#include "trail/verify_keys.h"
#include "trail/verify_source.h"

extern char **environ;

struct verify_flags {
	const char *target, *data, *public_keys, *expected_head, *start, *format, *threads, *endpoint, *trail, *region, *profile;
	const char *places[VERIFY_REMOTE_PLACES_MAX];
	size_t      place_count;
};

static const struct flag FLAGS[] = {
	{ "--endpoint", "URL", "of the server; default AWS_ENDPOINT_URL. Credentials and region come from the environment or a profile, as for "
	  "AWS's CLI", offsetof(struct verify_flags, endpoint), NULL },
	{ "--trail", "ARN", "asks the trail for its newest digests first: they must be in the bucket", offsetof(struct verify_flags, trail), NULL },
	{ "--region", "NAME", "of the endpoint", offsetof(struct verify_flags, region), NULL },
	{ "--profile", "NAME", "of the credentials", offsetof(struct verify_flags, profile), NULL },
	{ "--data", "DIR", "the data directory of a server that does not run", offsetof(struct verify_flags, data), NULL },
	{ "--public-keys", "FILE", "what `aws cloudtrail list-public-keys --start-time ...` printed; of a bucket, default: asks the server",
	  offsetof(struct verify_flags, public_keys), NULL },
	{ "--expect-head", "FILE", "what is known from elsewhere to be the newest, which proves that nothing was cut off behind it. Digests: "
	  "{\"s3Object\": KEY, \"signature\": HEX}, or a list; a copy has no metadata, so only this proves the newest digest of a chain. A "
	  "journal: {\"sequence\": N, \"chain\": HEX}", offsetof(struct verify_flags, expected_head), NULL },
	{ "--start", "TIME", "digests that ended before it are not expected, for a copy that begins somewhere",
	  offsetof(struct verify_flags, start), NULL },
	{ "--format", "text|json", "default text", offsetof(struct verify_flags, format), NULL },
	{ "--threads", "N", "default: one a core; of a bucket at least 8, each with a connection", offsetof(struct verify_flags, threads), NULL },
};

struct verification {
	struct arena          arena;
	struct verify_options options;
	struct verify_keys   *keys;
	struct verify_mark    journal_head;
	bool                  is_json;
};

static void help(const struct flags *flags)
{
	puts("usage: spoor verify DIR --public-keys FILE [FLAGS]      a copy of a trail's bucket, or of a part of it\n"
	     "       spoor verify s3://BUCKET/PREFIX... [FLAGS]       the bucket itself, while it is being written\n"
	     "       spoor verify --trail ARN [FLAGS]                 the bucket of a trail, against what the trail says of itself\n"
	     "       spoor verify --data DIR [FLAGS]                  the data directory of a server that does not run\n\n"
	     "Of a bucket or its copy it checks the digests and log files. It finds what `aws cloudtrail validate-logs` finds, and digests deleted\n"
	     "at the end or several in a row, gaps that no recorded call explains, log files that no digest lists, and regions\n"
	     "without digests. Of a data directory it checks the journal's chain, the catalog against it, and every object.\n");
	flags_print(flags, stdout);
	puts("\nexit: 0 sound, 1 not sound, 2 usage, 3 could not tell\n\nexamples:\n"
	     "  aws cloudtrail list-public-keys --start-time 2026-01-01 > keys.json\n"
	     "  aws s3 sync s3://audit-logs audit-logs && spoor verify audit-logs --public-keys keys.json\n"
	     "  spoor verify --trail arn:aws:cloudtrail:us-east-1:111122223333:trail/audit --endpoint http://127.0.0.1:4566\n"
	     "  spoor verify --data /var/lib/spoor");
}

static bool take_target(void *user, const char *target, const struct flag *after, struct error *err)
{
	struct verify_flags *flags = user;

	(void)after;
	if (slice_has_prefix(slice_of(target), S("s3://"))) {
		if (flags->place_count == COUNT(flags->places))
			return fail(err, ERR_INVALID, "at most %zu buckets at a time", COUNT(flags->places));
		flags->places[flags->place_count++] = target;
		return true;
	}
	if (flags->target)
		return fail(err, ERR_INVALID, "one folder at a time: '%s' or '%s'", flags->target, target);
	flags->target = target;
	return true;
}

static struct verify_remote_flags remote_flags(const struct verify_flags *flags)
{
	struct verify_remote_flags remote = {
		.endpoint = { flags->endpoint, flags->region, flags->profile }, .trail = flags->trail, .place_count = flags->place_count,
	};

	memcpy(remote.places, flags->places, sizeof flags->places);
	return remote;
}

/* Exactly one kind of thing, with the flags that it knows. */
static bool check_flags(struct verify_flags *flags, struct error *err)
{
	bool is_remote = flags->place_count > 0 || flags->trail;

	if (flags->target && !flags->data && !is_remote && directory_exists(flags->target)) {
		flags->data = flags->target;
		flags->target = NULL;
	}
	if ((flags->target != NULL) + (flags->data != NULL) + is_remote > 1)
		return fail(err, ERR_INVALID, "one at a time: a folder, a bucket, or --data DIR");
	if (flags->data && flags->public_keys)
		return fail(err, ERR_INVALID, "--public-keys is for the digests of a bucket, and %s is a data directory", flags->data);
	if (flags->endpoint && !is_remote)
		return fail(err, ERR_INVALID, "--endpoint is for s3://BUCKET or --trail ARN");
	if (is_remote) {
		struct verify_remote_flags remote = remote_flags(flags);
		return verify_remote_check(&remote, err);
	}
	if (flags->data)
		return true;
	if (!flags->target)
		return fail(err, ERR_INVALID, "which folder or bucket? See spoor verify --help");
	return flags->public_keys
	    || fail(err, ERR_INVALID, "--public-keys FILE is needed: what `aws cloudtrail list-public-keys` printed");
}

static struct slice read_whole(struct arena *arena, const char *path, struct error *err)
{
	uint64_t bytes = 0;
	size_t got = 0;
	char *text = NULL;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0) {
		fail_errno(err, path);
		return SLICE_NONE;
	}
	bool ok = file_size(fd, &bytes, path, err)
	       && (bytes <= VERIFY_FLAG_FILE_BYTES_MAX || fail(err, ERR_LIMIT, "%s has more than %d bytes", path, VERIFY_FLAG_FILE_BYTES_MAX));
	if (ok) {
		text = arena_alloc(arena, bytes + 1);
		ok = file_read(NULL, fd, text, bytes, 0, &got, path, err);
	}
	file_close(fd);
	return ok ? (struct slice){ text, got } : SLICE_NONE;
}

static bool read_head(const struct json *json, struct verify_head *head, const char *path, struct error *err)
{
	head->key = json_get_text(json, S("s3Object"));
	head->signature = json_get_text(json, S("signature"));
	return (head->key.ptr && head->signature.ptr) || fail(err, ERR_INVALID, "%s: a head needs s3Object and signature", path);
}

/* What a report calls the end of the journal. */
static bool read_journal_head(struct verification *v, const char *path, struct error *err)
{
	struct slice text = read_whole(&v->arena, path, err);
	const struct json *json = text.ptr ? json_parse(&v->arena, text, &JSON_LIMITS_DEFAULT, err) : NULL;
	struct slice chain = json_get_text(json, S("chain"));
	int64_t sequence = 0;

	if (!json)
		return false;
	if (!json_to_i64(json_get(json, S("sequence")), &sequence) || sequence < 1 || chain.len != 2 * sizeof v->journal_head.chain
	    || !hex_decode(chain, v->journal_head.chain, sizeof v->journal_head.chain))
		return fail(err, ERR_INVALID, "%s: the end of a journal is a sequence and a chain of %zu hex digits", path,
		            2 * sizeof v->journal_head.chain);
	v->journal_head.seq = (uint64_t)sequence;
	v->options.journal_head = &v->journal_head;
	return true;
}

static bool read_heads(struct verification *v, const char *path, struct error *err)
{
	struct slice text = read_whole(&v->arena, path, err);
	const struct json *json = text.ptr ? json_parse(&v->arena, text, &JSON_LIMITS_DEFAULT, err) : NULL;
	const struct json *item;
	struct verify_head *heads;

	if (!json)
		return false;
	item = json->kind == JSON_ARRAY ? json->first : json;
	v->options.heads = heads = arena_array(&v->arena, json->count + 1, sizeof *heads);
	for (; item; item = json->kind == JSON_ARRAY ? item->next : NULL)
		if (!read_head(item, &heads[v->options.head_count++], path, err))
			return false;
	return true;
}

static bool read_options(struct verification *v, const struct verify_flags *flags, struct error *err)
{
	uint64_t threads = 0;

	if (flags->format && strcmp(flags->format, "text") != 0 && strcmp(flags->format, "json") != 0)
		return fail(err, ERR_INVALID, "--format is text or json, not '%s'", flags->format);
	v->is_json = flags->format && strcmp(flags->format, "json") == 0;
	if (flags->start && !time_parse_iso(slice_of(flags->start), &v->options.start_ms))
		return fail(err, ERR_INVALID, "--start is a time such as 2026-01-15 or 2026-01-15T10:00:00Z, not '%s'", flags->start);
	if (flags->threads && (!slice_to_u64(slice_of(flags->threads), &threads) || threads == 0 || threads > VERIFY_THREADS_MAX))
		return fail(err, ERR_INVALID, "--threads is 1 to %d, not '%s'", VERIFY_THREADS_MAX, flags->threads);
	v->options.threads = threads;
	if (!flags->expected_head)
		return true;
	return flags->data ? read_journal_head(v, flags->expected_head, err) : read_heads(v, flags->expected_head, err);
}

/* ---- the command ---- */

static bool run_copy(struct verification *v, const struct verify_flags *flags, struct verify_report *report, struct error *err)
{
	struct slice keys = read_whole(&v->arena, flags->public_keys, err);

	v->keys = keys.ptr ? verify_keys_read(keys, err) : NULL;
	v->options.keys = v->keys;
	v->options.source = v->keys ? verify_folder_open(flags->target, err) : NULL;
	if (!v->options.source)
		return false;
	bool ok = verify_run(&v->options, report, err);
	v->options.source->close(v->options.source);
	return ok;
}

static bool run_remote(struct verification *v, const struct verify_flags *flags, struct verify_report *report, struct error *err)
{
	struct verify_remote_flags remote = remote_flags(flags);

	if (flags->public_keys && !(remote.public_keys = read_whole(&v->arena, flags->public_keys, err)).ptr)
		return false;
	return verify_remote_run(&remote, &v->options, environ, report, err);
}

static bool run_any(struct verification *v, const struct verify_flags *flags, struct verify_report *report, struct error *err)
{
	if (flags->data)
		return verify_data_run(flags->data, &v->options, report, err);
	return flags->target ? run_copy(v, flags, report, err) : run_remote(v, flags, report, err);
}

static int run(struct verification *v, const struct verify_flags *flags, struct error *err)
{
	struct verify_line line = { .start_ms = clock_monotonic_ms() };
	struct verify_report report = {0};
	int code = EXIT_COULD_NOT;

	v->options.progress = isatty(STDERR_FILENO) ? verify_print_progress : NULL;
	v->options.user = &line;
	bool ok = run_any(v, flags, &report, err);
	verify_print_progress_end(&line);
	if (ok) {
		code = verify_exit_code(&report);
		(v->is_json ? verify_print_json : verify_print_text)(&report);
	}
	verify_report_free(&report);
	return code;
}

int command_verify(int argc, char **argv)
{
	struct verification v = {0};
	struct verify_flags wanted = {0};
	struct flag_group group = { FLAGS, COUNT(FLAGS), &wanted };
	struct flags flags = { .command = "verify", .groups = &group, .group_count = 1, .word = take_target, .user = &wanted };
	struct error err = {0};
	int code = EXIT_USAGE;
	bool wants_help;

	bool ok = flags_read(&flags, argc, argv, &wants_help, &err);
	if (wants_help) {
		help(&flags);
		return EXIT_OK;
	}
	arena_init(&v.arena, VERIFY_JSON_BYTES_MAX);
	if (ok && check_flags(&wanted, &err) && read_options(&v, &wanted, &err))
		code = run(&v, &wanted, &err);
	if (err.kind != ERR_NONE)
		fprintf(stderr, "spoor verify: %s\n", err.message);
	verify_keys_free(v.keys);
	arena_fini(&v.arena);
	return code;
}
