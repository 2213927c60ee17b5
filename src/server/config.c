/* server/config.c: the table of settings, and one pass a source over it. */
#include "server/config.h"

#include "base/limits.h"
#include "server/flags.h"

enum kind { TEXT, SWITCH, NUMBER, ACCOUNT, REGION, REGIONS, CHOICE };

struct setting {
	const char *name;                        /* as in the file; the flag has '-' for '_', the environment SPOOR_ and capitals */
	enum kind   kind;
	size_t      offset;
	const char *initial, *lab;               /* lab: NULL where --lab changes nothing */
	int64_t     min, max;
	const char *unit;                        /* NUMBER: its unit; CHOICE: the words, separated by '|'; TEXT: what it is */
	const char *meaning;
};

#define AT(field) offsetof(struct config, field)

/* Enabled by default in an AWS account. Source: AWS Account Management Reference Guide, "Enable or disable AWS Regions". */
#define COMMERCIAL_REGIONS                                                                                    \
	"us-east-1 us-east-2 us-west-1 us-west-2 ca-central-1 sa-east-1 eu-central-1 eu-west-1 eu-west-2 eu-west-3 " \
	"eu-north-1 ap-south-1 ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-southeast-1 ap-southeast-2"

static const struct setting settings[] = {
	{ "data", TEXT, AT(data), "./spoor-data", NULL, 0, 0, "DIR", "everything spoor keeps" },
	{ "listen", TEXT, AT(listen), "127.0.0.1:4566", NULL, 0, 0, "ADDR:PORT",
	  "one port for all services; port 0 picks a free one" },
	{ "lab", SWITCH, AT(lab), "false", NULL, 0, 0, NULL,
	  "well-known keys (test/test, root/root, any 12-digit account/test), /_spoor/reset and /_spoor/clock" },
	{ "account", ACCOUNT, AT(account), "000000000000", NULL, 0, 0, "ID", "with --lab, the account of key test" },
	{ "region", REGION, AT(region), "us-east-1", NULL, 0, 0, "NAME", "home region where a request names none" },
	{ "regions", REGIONS, AT(regions), COMMERCIAL_REGIONS, NULL, 0, 0, "NAMES",
	  "regions that calls are made in, besides the home region and us-east-1; blanks between the names" },
	{ "tls_cert", TEXT, AT(tls_cert), "", NULL, 0, 0, "FILE", "certificate chain, PEM; with tls_key: TLS on the same port" },
	{ "tls_key", TEXT, AT(tls_key), "", NULL, 0, 0, "FILE", "private key of tls_cert, PEM" },
	{ "config", TEXT, AT(config), "", NULL, 0, 0, "FILE", "`key = value` lines; # begins a comment" },
	{ "history_days", NUMBER, AT(history_days), "90", NULL, 1, 90, "days", "how far LookupEvents looks back" },
	{ "delivery_interval", NUMBER, AT(delivery_interval_s), "300", "5", 1, 3600, "seconds",
	  "from the first event that a trail has not delivered to its next log files" },
	{ "digest_interval", NUMBER, AT(digest_interval_s), "3600", "60", 1, 86400, "seconds",
	  "what one digest of a trail's log files covers" },
	{ "trail_bucket_policy", CHOICE, AT(trail_bucket_policy), "require", "attach", 0, 0, "require|attach",
	  "attach: a bucket without policy that a trail is to deliver to gets the one CloudTrail needs" },
	{ "throttle", CHOICE, AT(throttle), "off", NULL, 0, 0, "off|aws",
	  "aws: calls of CloudTrail above AWS's rates, such as two LookupEvents a second, answer ThrottlingException" },
	{ "s3_domains", TEXT, AT(s3_domains), "localhost localhost.localstack.cloud", NULL, 0, 0, "NAMES",
	  "BUCKET.NAME and BUCKET.s3.NAME as host mean that bucket; blanks between the names" },
	{ "log_session_token", SWITCH, AT(log_session_token), "false", NULL, 0, 0, NULL,
	  "keep credentials.sessionToken in AssumeRole events, as AWS does" },
	{ "keep_denied_parameters", SWITCH, AT(keep_denied_parameters), "false", NULL, 0, 0, NULL,
	  "keep requestParameters in the events of refused calls, where AWS writes null" },
	{ "fronts", NUMBER, AT(fronts), "0", NULL, 0, 64, "threads", "threads that serve connections; 0: from the number of cores" },
	{ "workers", NUMBER, AT(workers), "0", NULL, 0, 64, "threads", "threads for long reads and hashing; 0: from the number of cores" },
	{ "journal_file_bytes", NUMBER, AT(journal_file_bytes), "67108864", NULL, 1048576, 1073741824, "bytes",
	  "size of one journal file, reserved on disk before it is used" },
	{ "connections_max", NUMBER, AT(connections_max), "16384", NULL, 16, 1048576, "connections", "more are refused" },
	{ "body_budget_bytes", NUMBER, AT(body_budget_bytes), "67108864", NULL, 1048576, 17179869184, "bytes",
	  "all request bodies in flight together; above it 503" },
};

enum { CONFIG_FILE_BYTES_MAX = 65536 };

static const struct setting *find_setting(struct slice name)
{
	for (size_t i = 0; i < COUNT(settings); i++)
		if (slice_equal(slice_of(settings[i].name), name))
			return &settings[i];
	return NULL;
}

static bool is_choice(const char *choices, struct slice value)
{
	struct slice rest = slice_of(choices), word;

	while (rest.ptr) {
		rest = slice_cut(rest, '|', &word);
		if (slice_equal(word, value))
			return true;
	}
	return false;
}

/* Region names are in keys of objects and in the names of digests, with '/' and '_' between. */
static bool is_region(struct slice name)
{
	if (name.len < 3 || name.len > REGION_BYTES_MAX)
		return false;
	for (size_t i = 0; i < name.len; i++) {
		char c = name.ptr[i];
		if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '-')
			return false;
	}
	return true;
}

static bool are_regions(struct slice names)
{
	struct slice rest = names, name;

	while (rest.ptr) {
		rest = slice_cut(rest, ' ', &name);
		if (name.len > 0 && !is_region(name))
			return false;
	}
	return true;
}

static bool set(struct config *config, const struct setting *setting, struct slice value, const char *where,
                struct error *err)
{
	char *field = (char *)config + setting->offset;
	uint64_t number;

	switch (setting->kind) {
	case SWITCH:
		if (!slice_equal(value, S("true")) && !slice_equal(value, S("false")))
			return fail(err, ERR_INVALID, "%s: %s is true or false, not '%.*s'", where, setting->name, SLICE_ARG(value));
		*(bool *)(void *)field = slice_equal(value, S("true"));
		return true;
	case NUMBER:
		if (!slice_to_u64(value, &number) || number < (uint64_t)setting->min || number > (uint64_t)setting->max)
			return fail(err, ERR_INVALID, "%s: %s is a number of %s from %" PRId64 " to %" PRId64 ", not '%.*s'", where,
			            setting->name, setting->unit, setting->min, setting->max, SLICE_ARG(value));
		*(int64_t *)(void *)field = (int64_t)number;
		return true;
	case ACCOUNT:
		if (value.len != 12 || !slice_to_u64(value, &number))
			return fail(err, ERR_INVALID, "%s: %s is 12 digits, not '%.*s'", where, setting->name, SLICE_ARG(value));
		break;
	case REGION:
		if (!is_region(value))
			return fail(err, ERR_INVALID, "%s: %s is a name such as us-east-1, not '%.*s'", where, setting->name,
			            SLICE_ARG(value));
		break;
	case REGIONS:
		if (!are_regions(value))
			return fail(err, ERR_INVALID, "%s: %s are names such as us-east-1 with blanks between, not '%.*s'", where,
			            setting->name, SLICE_ARG(value));
		break;
	case CHOICE:
		if (!is_choice(setting->unit, value))
			return fail(err, ERR_INVALID, "%s: %s is one of %s, not '%.*s'", where, setting->name, setting->unit,
			            SLICE_ARG(value));
		break;
	case TEXT:
		break;
	}
	*(struct slice *)(void *)field = value;
	return true;
}

/* ---- sources ---- */

static struct slice flag_name(struct arena *arena, struct slice flag)
{
	char *name = arena_alloc(arena, flag.len);

	for (size_t i = 0; i < flag.len; i++)
		name[i] = flag.ptr[i] == '-' ? '_' : flag.ptr[i];
	return (struct slice){ name, flag.len };
}

/* Calls back for each flag; `--name value`, `--name=value`, and `--switch` alone. */
static bool each_flag(struct config *config, struct arena *arena, int argc, char *const *argv, const char *only,
                      struct error *err)
{
	for (int i = 0; i < argc; i++) {
		struct slice argument = slice_of(argv[i]), name;
		if (!slice_has_prefix(argument, S("--")))
			return fail(err, ERR_INVALID, "'%s' is no flag; see spoor serve --help", argv[i]);
		struct slice value = slice_cut(slice_from(argument, 2), '=', &name);
		const struct setting *setting = find_setting(flag_name(arena, name));
		if (!setting)
			return fail(err, ERR_INVALID, "unknown flag '--%.*s'; see spoor serve --help", SLICE_ARG(name));
		if (!value.ptr && setting->kind == SWITCH)
			value = S("true");
		else if (!value.ptr && i + 1 < argc)
			value = slice_of(argv[++i]);
		if (!value.ptr)
			return fail(err, ERR_INVALID, "--%.*s needs a value", SLICE_ARG(name));
		if ((!only || strcmp(only, setting->name) == 0)
		    && !set(config, setting, value, arena_printf(arena, "--%.*s", SLICE_ARG(name)), err))
			return false;
	}
	return true;
}

static struct slice environment_value(struct arena *arena, char *const *environment, const char *name)
{
	char *key = (char *)(uintptr_t)arena_printf(arena, "SPOOR_%s=", name);

	for (char *c = key; *c; c++)
		if (*c >= 'a' && *c <= 'z')
			*c = (char)(*c - ('a' - 'A'));
	for (; environment && *environment; environment++)
		if (strncmp(*environment, key, strlen(key)) == 0)
			return slice_of(*environment + strlen(key));
	return SLICE_NONE;
}

static bool from_environment(struct config *config, struct arena *arena, char *const *environment, const char *only,
                             struct error *err)
{
	for (size_t i = 0; i < COUNT(settings); i++) {
		struct slice value = environment_value(arena, environment, settings[i].name);
		if (value.ptr && (!only || strcmp(only, settings[i].name) == 0)
		    && !set(config, &settings[i], value, "environment", err))
			return false;
	}
	return true;
}

static bool read_file(struct arena *arena, struct slice path, struct slice *text, struct error *err)
{
	const char *name = arena_cstr(arena, path);
	FILE *file = fopen(name, "rbe");

	if (!file)
		return fail_errno(err, name);
	char *bytes = arena_alloc(arena, CONFIG_FILE_BYTES_MAX + 1);
	size_t got = fread(bytes, 1, CONFIG_FILE_BYTES_MAX + 1, file);
	bool failed = ferror(file) != 0;
	fclose(file);
	if (failed)
		return fail(err, ERR_IO, "%s cannot be read", name);
	if (got > CONFIG_FILE_BYTES_MAX)
		return fail(err, ERR_LIMIT, "%s is larger than %d bytes", name, CONFIG_FILE_BYTES_MAX);
	*text = (struct slice){ bytes, got };
	return true;
}

static bool from_file(struct config *config, struct arena *arena, struct slice text, const char *only, struct error *err)
{
	struct slice line;

	for (int number = 1; text.ptr; number++) {
		text = slice_cut(text, '\n', &line);
		const char *where = arena_printf(arena, "%.*s:%d", SLICE_ARG(config->config), number);
		struct slice name, value;
		if (line.len && line.ptr[line.len - 1] == '\r')
			line.len--;
		line = slice_trim(line);
		if (line.len == 0 || line.ptr[0] == '#')
			continue;
		value = slice_cut(line, '=', &name);
		if (!value.ptr)
			return fail(err, ERR_INVALID, "%s: expected key = value", where);
		const struct setting *setting = find_setting(slice_trim(name));
		if (!setting || setting->offset == AT(config))
			return fail(err, ERR_INVALID, "%s: unknown setting '%.*s'", where, SLICE_ARG(slice_trim(name)));
		if ((!only || strcmp(only, setting->name) == 0) && !set(config, setting, slice_trim(value), where, err))
			return false;
	}
	return true;
}

bool config_load(struct config *config, struct arena *arena, int argc, char *const *argv, char *const *environment,
                 struct error *err)
{
	struct slice text = SLICE_NONE;

	*config = (struct config){0};
	for (size_t i = 0; i < COUNT(settings); i++) {
		bool ok = set(config, &settings[i], slice_of(settings[i].initial), "default", err);
		assert(ok);
	}

	/* the file's name, and whether this is a lab, decide about everything else */
	if (!from_environment(config, arena, environment, "config", err) || !each_flag(config, arena, argc, argv, "config", err))
		return false;
	if (config->config.len && !read_file(arena, config->config, &text, err))
		return false;
	if (!from_file(config, arena, text, "lab", err) || !from_environment(config, arena, environment, "lab", err)
	    || !each_flag(config, arena, argc, argv, "lab", err))
		return false;
	for (size_t i = 0; config->lab && i < COUNT(settings); i++) {
		bool ok = !settings[i].lab || set(config, &settings[i], slice_of(settings[i].lab), "lab", err);
		assert(ok);
	}
	if (!from_file(config, arena, text, NULL, err) || !from_environment(config, arena, environment, NULL, err)
	    || !each_flag(config, arena, argc, argv, NULL, err))
		return false;
	if (!config->tls_cert.len != !config->tls_key.len)
		return fail(err, ERR_INVALID, "tls_cert and tls_key go together: one is set, the other is not");
	return arena_check(arena, err);
}

/* ---- printing ---- */

static struct slice value_text(const struct config *config, const struct setting *setting, char number[32])
{
	const char *field = (const char *)config + setting->offset;

	switch (setting->kind) {
	case SWITCH:
		return *(const bool *)(const void *)field ? S("true") : S("false");
	case NUMBER:
		return (struct slice){ number, (size_t)snprintf(number, 32, "%" PRId64, *(const int64_t *)(const void *)field) };
	case TEXT:
	case ACCOUNT:
	case REGION:
	case REGIONS:
	case CHOICE:
		return *(const struct slice *)(const void *)field;
	}
	return SLICE_NONE;
}

void config_print(const struct config *config, FILE *out)
{
	char number[32];

	for (size_t i = 0; i < COUNT(settings); i++) {
		const struct setting *setting = &settings[i];
		struct slice value = value_text(config, setting, number);
		fprintf(out, "# %s", setting->meaning);
		if (setting->kind == NUMBER)
			fprintf(out, " (%s, %" PRId64 " to %" PRId64 ")", setting->unit, setting->min, setting->max);
		else if (setting->kind == CHOICE)
			fprintf(out, " (%s)", setting->unit);
		fprintf(out, "; default %s", *setting->initial ? setting->initial : "none");
		if (setting->lab)
			fprintf(out, ", with --lab %s", setting->lab);
		fprintf(out, "\n%s%s = %.*s\n\n", setting->offset == AT(config) ? "# " : "", setting->name, SLICE_ARG(value));
	}
}

void config_print_flags(FILE *out, const char *const *only)
{
	for (size_t i = 0; i < COUNT(settings); i++) {
		const struct setting *setting = &settings[i];
		char name[64], help[512];
		bool is_wanted = !only, has_initial = setting->kind != SWITCH && *setting->initial;
		for (const char *const *one = only; one && *one; one++)
			is_wanted |= strcmp(*one, setting->name) == 0;
		if (!is_wanted)
			continue;
		snprintf(name, sizeof name, "--%s", setting->name);
		for (char *c = name + 2; *c; c++)
			if (*c == '_')
				*c = '-';
		snprintf(help, sizeof help, "%s%s%s%s", setting->meaning, has_initial ? " [" : "", has_initial ? setting->initial : "",
		         has_initial ? "]" : "");
		struct flag flag = { .names = name, .help = help,
		                     .value = setting->kind == SWITCH ? NULL : setting->kind == NUMBER ? "N" : setting->unit };
		flags_print_row(&flag, out);
	}
}
