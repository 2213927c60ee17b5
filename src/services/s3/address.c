/* services/s3/address.c: the host first, then the path. */
#include "services/s3/address.h"

#include "codec/uri.h"
#include "codec/utf8.h"

static struct slice lower(struct arena *arena, struct slice text)
{
	char *out = arena_alloc(arena, text.len);

	for (size_t i = 0; i < text.len; i++)
		out[i] = text.ptr[i] >= 'A' && text.ptr[i] <= 'Z' ? (char)(text.ptr[i] + 'a' - 'A') : text.ptr[i];
	return (struct slice){ out, text.len };
}

static struct slice without_port(struct slice host)
{
	size_t colon = slice_rfind_byte(host, ':');

	if (colon == SLICE_NPOS || slice_has_suffix(host, S("]")))
		return host;
	return slice_sub(host, 0, colon);
}

/* Takes the last label off; SLICE_NONE if it is the only one. */
static struct slice last_label(struct slice name, struct slice *before)
{
	size_t dot = slice_rfind_byte(name, '.');

	*before = dot == SLICE_NPOS ? SLICE_NONE : slice_sub(name, 0, dot);
	return dot == SLICE_NPOS ? name : slice_from(name, dot + 1);
}

/* What is left of a host before ".DOMAIN" without the labels of the service: "b.s3.eu-west-1" is bucket b. */
static struct slice without_service(struct slice name)
{
	struct slice before, further, label = last_label(name, &before);

	if (slice_equal(label, S("s3")) || slice_has_prefix(label, S("s3-")))
		return before;
	if (before.ptr && slice_equal(last_label(before, &further), S("s3")))
		return further;
	return name;
}

struct slice address_host_bucket(struct arena *arena, struct slice host, struct slice domains)
{
	struct slice name = lower(arena, without_port(host)), domain;

	for (struct slice rest = domains; rest.ptr; ) {
		rest = slice_cut(rest, ' ', &domain);
		if (domain.len == 0 || name.len < domain.len + 2 || !slice_has_suffix(name, domain)
		    || name.ptr[name.len - domain.len - 1] != '.')
			continue;
		return without_service(slice_sub(name, 0, name.len - domain.len - 1));
	}
	return SLICE_NONE;
}

static bool decode(struct arena *arena, struct slice text, struct slice *out, struct error *err)
{
	*out = uri_decode(arena, text, URI_PLUS_IS_PLUS, NULL);
	return (out->ptr && utf8_is_valid(*out)) || fail_as(err, ERR_INVALID, "InvalidURI", "Couldn't parse the specified URI.");
}

bool address_read(struct arena *arena, struct slice host, struct slice path, struct slice domains, struct address *address,
                  struct error *err)
{
	struct slice bucket = SLICE_NONE, key = slice_has_prefix(path, S("/")) ? slice_from(path, 1) : S("");
	struct slice hosted = address_host_bucket(arena, host, domains);

	*address = (struct address){ .is_virtual_hosted = hosted.ptr != NULL };
	if (!hosted.ptr)
		key = slice_cut(key, '/', &bucket);
	if (bucket.len && !decode(arena, bucket, &address->bucket, err))
		return false;
	if (hosted.ptr)
		address->bucket = hosted;
	return key.len == 0 || decode(arena, key, &address->key, err);
}
