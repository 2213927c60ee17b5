/* server/endpoint.c: looked up in the same order as AWS's CLI does, so that what works there works here. */
#include "server/endpoint.h"

#include "base/file.h"
#include "base/limits.h"
#include "net/tls.h"

static struct slice variable(char *const *environment, const char *name)
{
	size_t length = strlen(name);

	for (; *environment; environment++)
		if (strncmp(*environment, name, length) == 0 && (*environment)[length] == '=')
			return (*environment)[length + 1] ? slice_of(*environment + length + 1) : SLICE_NONE;
	return SLICE_NONE;
}

struct slice endpoint_find_setting(struct slice file, struct slice profile, struct slice name)
{
	struct slice line, key;
	bool is_here = false;

	while (file.ptr) {
		file = slice_cut(file, '\n', &line);
		if (slice_has_suffix(line, S("\r")))
			line.len--;
		line = slice_trim(line);
		if (slice_has_prefix(line, S("[")) && slice_has_suffix(line, S("]"))) {
			is_here = slice_equal(slice_trim(slice_sub(line, 1, line.len - 2)), profile);
			continue;
		}
		if (!is_here || slice_has_prefix(line, S("#")) || slice_has_prefix(line, S(";")))
			continue;
		struct slice value = slice_cut(line, '=', &key);
		if (value.ptr && slice_equal(slice_trim(key), name))
			return slice_trim(value);
	}
	return SLICE_NONE;
}

/* ---- credentials ---- */

static struct slice credentials_path(struct arena *arena, char *const *environment)
{
	struct slice given = variable(environment, "AWS_SHARED_CREDENTIALS_FILE"), home = variable(environment, "HOME");

	return given.ptr ? given : home.ptr ? arena_format(arena, "%.*s/.aws/credentials", SLICE_ARG(home)) : SLICE_NONE;
}

static struct slice read_file(struct arena *arena, const char *path, struct error *err)
{
	uint64_t bytes = 0;
	size_t got = 0;
	int fd = file_open(NULL, AT_FDCWD, path, O_RDONLY, NULL, err);
	bool ok = fd >= 0 && file_size(fd, &bytes, path, err)
	       && (bytes <= ENDPOINT_FILE_BYTES_MAX || fail(err, ERR_LIMIT, "%s has more than %d bytes", path, ENDPOINT_FILE_BYTES_MAX));
	char *text = ok ? arena_alloc(arena, (size_t)bytes + 1) : NULL;

	ok = ok && file_read(NULL, fd, text, (size_t)bytes, 0, &got, path, err);
	file_close(fd);
	return ok ? (struct slice){ text, got } : SLICE_NONE;
}

static bool read_profile(struct api_settings *settings, struct arena *arena, struct slice profile, char *const *environment,
                         struct error *err)
{
	struct slice path = credentials_path(arena, environment);
	struct slice file = path.ptr ? read_file(arena, arena_cstr(arena, path), NULL) : SLICE_NONE;

	settings->access_key_id = endpoint_find_setting(file, profile, S("aws_access_key_id"));
	settings->secret = endpoint_find_setting(file, profile, S("aws_secret_access_key"));
	settings->token = endpoint_find_setting(file, profile, S("aws_session_token"));
	return (settings->access_key_id.ptr && settings->secret.ptr)
	    || fail(err, ERR_INVALID, "no credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or give profile '%.*s' some in %.*s",
	            SLICE_ARG(profile), SLICE_ARG(path.ptr ? path : S("~/.aws/credentials")));
}

static bool find_credentials(struct api_settings *settings, struct arena *arena, const char *profile, char *const *environment,
                             struct error *err)
{
	struct slice named = profile ? slice_of(profile) : variable(environment, "AWS_PROFILE");

	settings->access_key_id = variable(environment, "AWS_ACCESS_KEY_ID");
	settings->secret = variable(environment, "AWS_SECRET_ACCESS_KEY");
	settings->token = variable(environment, "AWS_SESSION_TOKEN");
	if (!profile && settings->access_key_id.ptr && settings->secret.ptr)
		return true;
	return read_profile(settings, arena, named.ptr ? named : S("default"), environment, err);
}

/* ---- all of it ---- */

bool endpoint_open(struct endpoint *endpoint, struct arena *arena, const struct endpoint_flags *flags, char *const *environment,
                   struct error *err)
{
	struct slice url = flags->endpoint ? slice_of(flags->endpoint) : variable(environment, "AWS_ENDPOINT_URL");
	struct slice bundle = variable(environment, "AWS_CA_BUNDLE");

	*endpoint = (struct endpoint){ .region = flags->region ? slice_of(flags->region) : variable(environment, "AWS_REGION") };
	if (!endpoint->region.ptr)
		endpoint->region = variable(environment, "AWS_DEFAULT_REGION");
	if (!url.ptr)
		return fail(err, ERR_INVALID, "which server? --endpoint URL, or AWS_ENDPOINT_URL");
	if (!http_url_parse(url, &endpoint->settings.url, err)
	    || !find_credentials(&endpoint->settings, arena, flags->profile, environment, err))
		return false;
	if (!endpoint->settings.url.is_tls)
		return true;
	endpoint->settings.tls = tls_client_open(bundle.ptr ? arena_cstr(arena, bundle) : NULL, err);
	return endpoint->settings.tls != NULL;
}

void endpoint_close(struct endpoint *endpoint)
{
	tls_client_close(endpoint->settings.tls);
	endpoint->settings.tls = NULL;
}
