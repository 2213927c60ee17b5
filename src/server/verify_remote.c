/* server/verify_remote.c: the trail's heads first, then the lists, then the keys, then the objects: in this order whatever is
 * written meanwhile is only ever newer than what is asked for. */
#include "server/verify_remote.h"

#include "base/clock.h"
#include "base/limits.h"
#include "codec/json.h"
#include "trail/bucket_client.h"
#include "trail/trail_names.h"
#include "trail/verify_bucket.h"
#include "trail/verify_keys.h"
#include "trail/verify_source.h"

enum { CONNECTIONS_MIN = 8, SECOND_MS = 1000, DAY_MS = 24 * 3600 * 1000 };

struct remote {
	struct arena                 arena;
	struct endpoint              endpoint;
	struct api_client           *client;
	struct slice                 trail_arn; /* SLICE_NONE: none */
	struct trail_arn             trail;
	struct verify_bucket_place  *places;
	size_t                       place_count;
	struct verify_keys          *keys;
	struct verify_options        options;
	struct verify_delivered      delivered;
};

/* ---- places ---- */

static bool read_place(struct slice text, struct verify_bucket_place *place, struct error *err)
{
	return bucket_client_read_place(text, &place->bucket, &place->prefix, err);
}

static bool read_places(struct remote *remote, const struct verify_remote_flags *flags, struct error *err)
{
	remote->places = arena_array(&remote->arena, flags->place_count + 1, sizeof *remote->places);
	for (size_t i = 0; i < flags->place_count; i++)
		if (!read_place(slice_of(flags->places[i]), &remote->places[remote->place_count++], err))
			return false;
	return remote->place_count > 0 || flags->trail || fail(err, ERR_INVALID, "which bucket? s3://BUCKET, or --trail ARN");
}

/* ---- what the trail says of itself ---- */

static const struct json *ask(struct remote *remote, struct slice region, const char *operation, struct slice body, struct error *err)
{
	struct error failure = {0};
	const struct json *reply = api_client_cloudtrail(remote->client, &remote->arena, region, operation, body, &failure);

	if (!reply)
		fail(err, failure.kind, "%s: %s", operation, failure.message);
	return reply;
}

static struct slice name_body(struct remote *remote)
{
	return arena_format(&remote->arena, "{\"Name\":\"%.*s\"}", SLICE_ARG(remote->trail_arn));
}

static bool find_place(struct remote *remote, struct error *err)
{
	const struct json *trail = json_get(ask(remote, remote->trail.region, "GetTrail", name_body(remote), err), S("Trail"));
	struct slice bucket = json_get_text(trail, S("S3BucketName")), prefix = json_get_text(trail, S("S3KeyPrefix"));

	if (!bucket.ptr)
		return err->kind != ERR_NONE ? false : fail(err, ERR_INVALID, "GetTrail: the trail has no bucket");
	remote->places[remote->place_count++] = (struct verify_bucket_place){
		.bucket = bucket, .prefix = prefix.len ? arena_format(&remote->arena, "%.*s/", SLICE_ARG(prefix)) : SLICE_NONE,
	};
	return true;
}

static void add_head(struct remote *remote, const struct json *item)
{
	struct verify_head *heads = (struct verify_head *)(uintptr_t)remote->options.heads;

	heads[remote->options.head_count++] = (struct verify_head){
		.bucket = json_get_text(item, S("S3Bucket")), .key = json_get_text(item, S("S3Object")),
		.signature = json_get_text(item, S("Signature")),
	};
}

/* spoor tells the heads of all regions; AWS tells when the newest digest of the region came. */
static bool read_heads(struct remote *remote, struct error *err)
{
	const struct json *status = ask(remote, remote->trail.region, "GetTrailStatus", name_body(remote), err);
	const struct json *list = json_get(status, S("DigestHeads")), *time = json_get(status, S("LatestDigestDeliveryTime"));
	double seconds;

	if (!status)
		return false;
	if (list && list->kind == JSON_ARRAY) {
		struct verify_head *heads = arena_array(&remote->arena, remote->options.head_count + list->count, sizeof *heads);
		if (remote->options.head_count)
			memcpy(heads, remote->options.heads, remote->options.head_count * sizeof *heads);
		remote->options.heads = heads;
		for (const struct json *item = list->first; item; item = item->next)
			add_head(remote, item);
	} else if (time && json_to_double(time, &seconds)) {
		remote->delivered = (struct verify_delivered){
			.account = remote->trail.account, .region = remote->trail.region, .trail = remote->trail.name,
			.home_region = remote->trail.region, .time_ms = (int64_t)(seconds * SECOND_MS),
		};
		remote->options.delivered = &remote->delivered;
		remote->options.delivered_count = 1;
	}
	return true;
}

/* ---- keys ---- */

/* Of the time that the digests of the region span, with a day at each end: keys overlap. */
static bool want_keys(void *user, struct slice region, int64_t start_ms, int64_t end_ms, struct error *err)
{
	struct remote *remote = user;
	struct slice token = SLICE_NONE;

	do {
		struct buffer body;
		struct json_writer out;
		buffer_init(&body, &remote->arena, 64 << 10);
		json_writer_init(&out, &body);
		json_object_begin(&out);
		json_key(&out, S("StartTime"));
		json_i64(&out, (start_ms - DAY_MS) / SECOND_MS);
		json_key(&out, S("EndTime"));
		json_i64(&out, (end_ms + DAY_MS) / SECOND_MS);
		json_member(&out, S("NextToken"), token);
		json_object_end(&out);
		const struct json *reply = ask(remote, region, "ListPublicKeys", buffer_slice(&body), err);
		if (!reply || !verify_keys_add(remote->keys, reply, err))
			return false;
		token = json_get_text(reply, S("NextToken"));
	} while (token.ptr && arena_check(&remote->arena, err));
	return true;
}

static bool prepare_keys(struct remote *remote, struct slice file, struct error *err)
{
	if (file.ptr) {
		remote->keys = verify_keys_read(file, err);
	} else {
		remote->keys = verify_keys_new();
		remote->options.want_keys = want_keys;
		remote->options.keys_user = remote;
	}
	remote->options.keys = remote->keys;
	return remote->keys != NULL;
}

/* ---- all of it ---- */

static bool run(struct remote *remote, const struct verify_remote_flags *flags, struct verify_report *report, struct error *err)
{
	struct slice region = remote->endpoint.region.ptr ? remote->endpoint.region
	                    : remote->trail.region.ptr ? remote->trail.region : S("us-east-1");
	struct verify_bucket_options bucket = { .settings = &remote->endpoint.settings, .region = region };
	long cores = sysconf(_SC_NPROCESSORS_ONLN);

	remote->client = api_client_new(&remote->endpoint.settings);
	if (remote->trail_arn.ptr && (!read_heads(remote, err) || (remote->place_count == 0 && !find_place(remote, err))))
		return false;
	if (!prepare_keys(remote, flags->public_keys, err))
		return false;
	bucket.places = remote->places;
	bucket.place_count = remote->place_count;
	if (!remote->options.threads)                    /* most of the time they wait for the server */
		remote->options.threads = cores > CONNECTIONS_MIN ? (size_t)cores : CONNECTIONS_MIN;
	remote->options.now_ms = clock_wall_ms();
	remote->options.source = verify_bucket_open(&bucket);
	bool ok = verify_run(&remote->options, report, err);
	remote->options.source->close(remote->options.source);
	return ok;
}

bool verify_remote_check(const struct verify_remote_flags *flags, struct error *err)
{
	struct verify_bucket_place place;
	struct trail_arn arn;
	struct http_url url;

	for (size_t i = 0; i < flags->place_count; i++)
		if (!read_place(slice_of(flags->places[i]), &place, err))
			return false;
	return (!flags->trail || trail_names_parse_arn(slice_of(flags->trail), &arn, err))
	    && (!flags->endpoint.endpoint || http_url_parse(slice_of(flags->endpoint.endpoint), &url, err));
}

bool verify_remote_run(const struct verify_remote_flags *flags, const struct verify_options *options, char *const *environment,
                       struct verify_report *report, struct error *err)
{
	struct remote remote = { .options = *options, .trail_arn = slice_of(flags->trail) };

	arena_init(&remote.arena, VERIFY_JSON_BYTES_MAX);
	bool ok = read_places(&remote, flags, err) && (!flags->trail || trail_names_parse_arn(remote.trail_arn, &remote.trail, err))
	       && endpoint_open(&remote.endpoint, &remote.arena, &flags->endpoint, environment, err)
	       && run(&remote, flags, report, err);
	api_client_free(remote.client);
	endpoint_close(&remote.endpoint);
	verify_keys_free(remote.keys);
	arena_fini(&remote.arena);
	return ok;
}
