/* services/s3/create_bucket.c: a new bucket, private, encrypted, its owner's.
 * Source: Amazon S3 API Reference (2006-03-01), CreateBucket. */
#include "services/regions.h"
#include "services/rest.h"
#include "services/s3/attributes.h"
#include "services/s3/access.h"
#include "services/s3/shapes.h"

/* Of no bucket yet: only the caller's own policies count. What is asked for with headers needs more. */
static bool authorise(struct call *call, const void *input, struct error *err)
{
	const struct s3_create_bucket_request *in = input;
	bool is_locked = in->object_lock_enabled_for_bucket.value;
	const struct { const char *action; bool is_asked; } questions[] = {
		{ "s3:CreateBucket",                     true },
		{ "s3:PutBucketObjectLockConfiguration", is_locked },
		{ "s3:PutBucketVersioning",              is_locked },
		{ "s3:PutBucketOwnershipControls",       in->object_ownership.ptr != NULL },
		{ "s3:PutBucketAcl",                     in->acl.ptr && !slice_equal(in->acl, S("private")) },
	};
	struct context context;

	if (!buckets_check_name(call->rest->bucket, err))
		return false;
	if (call->rest->is_anonymous)
		return fail_as(err, ERR_DENIED, "AccessDenied", "Access Denied");
	access_context(call, input, NULL, &context);
	if (in->create_bucket_configuration)
		context_set(&context, S("s3:LocationConstraint"), in->create_bucket_configuration->location_constraint);
	for (size_t i = 0; i < COUNT(questions); i++)
		if (questions[i].is_asked && !access_ask(call, NULL, questions[i].action, SLICE_NONE, &context, err))
			return false;
	return true;
}

/* The region of the endpoint, which the signature names; us-east-1 makes buckets for every region. */
static bool choose_region(struct call *call, const struct s3_create_bucket_request *in, struct slice *region, struct error *err)
{
	struct slice asked = in->create_bucket_configuration ? in->create_bucket_configuration->location_constraint : SLICE_NONE;
	bool is_first = slice_equal(call->region, S("us-east-1"));

	if (slice_equal(asked, S("EU")))
		asked = S("eu-west-1");
	*region = asked.ptr ? asked : call->region;
	if (asked.ptr && (slice_equal(asked, S("us-east-1")) || !regions_serves(call->environment, asked))) {
		rest_add_element(call->rest, S("LocationConstraint"), asked);
		return fail_as(err, ERR_INVALID, "InvalidLocationConstraint", "The specified location-constraint is not valid");
	}
	if (is_first || slice_equal(asked, call->region) || slice_equal(asked, call->environment->home_region))
		return true;
	return fail_as(err, ERR_INVALID, "IllegalLocationConstraintException",
	               "The %.*s location constraint is incompatible for the region specific endpoint this request was sent to.",
	               SLICE_ARG(asked.ptr ? asked : S("unspecified")));
}

static bool choose_ownership(const struct s3_create_bucket_request *in, struct bucket *bucket, struct error *err)
{
	static const struct { struct slice name; enum ownership ownership; } rows[] = {
		{ S_INIT("BucketOwnerEnforced"), OWNERSHIP_ENFORCED }, { S_INIT("BucketOwnerPreferred"), OWNERSHIP_PREFERRED },
		{ S_INIT("ObjectWriter"), OWNERSHIP_WRITER },
	};

	for (size_t i = 0; i < COUNT(rows); i++)
		if (!in->object_ownership.ptr || slice_equal(in->object_ownership, rows[i].name)) {
			bucket->ownership = rows[i].ownership;
			return true;
		}
	return fail_as(err, ERR_INVALID, "InvalidArgument", "Invalid x-amz-object-ownership header: %.*s",
	               SLICE_ARG(in->object_ownership));
}

static bool perform(struct call *call, const void *input, void *output, struct error *err)
{
	const struct s3_create_bucket_request *in = input;
	struct s3_create_bucket_output *out = output;
	bool is_locked = in->object_lock_enabled_for_bucket.value;
	struct bucket bucket = {
		.account = call->account, .name = call->rest->bucket, .created_ms = call->now_ms, BUCKET_DEFAULTS,
		.has_object_lock = is_locked, .versioning = is_locked ? VERSIONING_ENABLED : VERSIONING_NEVER,
	};
	bool is_first;

	if (!choose_region(call, in, &bucket.region, err) || !choose_ownership(in, &bucket, err)
	    || !attributes_check_acl(call, true, err))
		return false;
	is_first = slice_equal(bucket.region, S("us-east-1"));
	if (!buckets_insert(call->catalog, &bucket, err)) {
		if (!is_first || !err->name || strcmp(err->name, "BucketAlreadyOwnedByYou") != 0)
			return false;
		*err = (struct error){ 0 };             /* what us-east-1 answers since its first days */
	}
	out->location = is_first ? arena_format(&call->arena, "/%.*s", SLICE_ARG(bucket.name))
	                         : arena_format(&call->arena, "http://%.*s.%.*s/", SLICE_ARG(bucket.name), SLICE_ARG(call->host));
	out->bucket_arn = arena_format(&call->arena, "arn:aws:s3:::%.*s", SLICE_ARG(bucket.name));
	return true;
}

const struct operation s3_create_bucket = {
	.shape     = &s3_create_bucket_shape,
	.action    = "s3:CreateBucket",
	.authorise = authorise,
	.access    = ACCESS_WRITE,
	.place     = PLACE_WRITER,
	.perform   = perform,
};
