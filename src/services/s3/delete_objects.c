/* services/s3/delete_objects.c: up to a thousand keys, each authorised and deleted by itself.
 *
 * The call succeeds whatever becomes of its keys; what each came to stands in the reply.
 * Source: Amazon S3 API Reference (2006-03-01), DeleteObjects. */
#include "base/limits.h"
#include "bucket/bucket_delete.h"
#include "bucket/bucket_policy.h"
#include "bucket/bucket_put.h"
#include "services/rest.h"
#include "services/s3/access.h"
#include "services/s3/output.h"

/* What is said about one key on the front; ERR_NONE: it may go. */
static void judge(struct call *call, const struct s3_delete_objects_request *in, const struct bucket_policy *policy,
                  const struct context *context, const struct s3_object_identifier *object, struct error *err)
{
	struct bucket_question question = {
		call->principal, slice_of(access_version_action("s3:DeleteObject", object->version_id)),
		arena_format(&call->arena, "arn:aws:s3:::%.*s/%.*s", SLICE_ARG(policy->bucket->name), SLICE_ARG(object->key)), context,
	};

	if (!bucket_check_key(object->key, err) || !bucket_policy_ask(policy, &question, &call->arena, err))
		return;
	question.action = S("s3:BypassGovernanceRetention");
	if (in->bypass_governance_retention.value)
		bucket_policy_ask(policy, &question, &call->arena, err);
}

static bool authorise(struct call *call, const void *input, struct error *err)
{
	const struct s3_delete_objects_request *in = input;
	const struct bucket *bucket = access_find_bucket(call, err);
	struct bucket_policy policy;
	struct context context;
	struct error *verdicts;
	size_t count = in->delete->objects.count;

	if (!bucket)
		return false;
	if (count == 0 || count > S3_PAGE_ITEMS_MAX)
		return fail_as(err, ERR_INVALID, "MalformedXML",
		               "The XML you provided was not well-formed or did not validate against our published schema");
	if (!bucket_policy_take(call->catalog, call->policies, &call->arena, bucket, &policy, err))
		return false;
	access_context(call, input, bucket, &context);
	verdicts = arena_array(&call->arena, count, sizeof *verdicts);
	for (size_t i = 0; i < count; i++) {
		context_set(&context, S("s3:VersionId"), in->delete->objects.items[i].version_id);
		judge(call, in, &policy, &context, &in->delete->objects.items[i], &verdicts[i]);
	}
	bucket_policy_release(&policy);
	call->prepared = verdicts;
	return true;
}

static bool delete_one(struct call *call, const struct s3_delete_objects_request *in, const struct bucket *bucket,
                       const struct s3_object_identifier *object, struct s3_deleted_object *deleted, struct error *err)
{
	struct removal removal = {
		.key = object->key, .version_id = object->version_id, .if_match = object->e_tag,
		.bypasses_governance = in->bypass_governance_retention.value,
		.marker_id = versions_make_id(&call->arena, call->random),
	};
	struct removed removed;

	if (!bucket_delete(call->catalog, &call->arena, bucket, call->now_ms, &removal, &removed, err))
		return false;
	*deleted = (struct s3_deleted_object){ .key = object->key, .version_id = object->version_id };
	if (removed.is_marker) {
		deleted->delete_marker = SET_BOOL(true);
		deleted->delete_marker_version_id = removed.version_id;
	}
	return true;
}

/* Only what concerns one key becomes its error; a catalog that fails is everybody's. */
static bool is_of_key(const struct error *error)
{
	return error->kind == ERR_DENIED || error->kind == ERR_INVALID || error->kind == ERR_NOT_FOUND || error->kind == ERR_CONFLICT;
}

static bool perform(struct call *call, const void *input, void *output, struct error *err)
{
	const struct s3_delete_objects_request *in = input;
	const struct error *verdicts = call->prepared;
	struct s3_delete_objects_output *out = output;
	const struct bucket *bucket = access_bucket_now(call, err);
	size_t count = in->delete->objects.count;

	if (!bucket)
		return false;
	out->deleted.items = arena_array(&call->arena, count, sizeof *out->deleted.items);
	out->errors.items = arena_array(&call->arena, count, sizeof *out->errors.items);
	for (size_t i = 0; i < count; i++) {
		const struct s3_object_identifier *object = &in->delete->objects.items[i];
		struct s3_deleted_object *deleted = &out->deleted.items[out->deleted.count];
		struct error error = verdicts[i];

		if (error.kind == ERR_NONE && delete_one(call, in, bucket, object, deleted, &error)) {
			out->deleted.count += !in->delete->quiet.value;
			continue;
		}
		if (!is_of_key(&error)) {
			*err = error;
			return false;
		}
		out->errors.items[out->errors.count++] = (struct s3_error){
			.key = object->key, .version_id = object->version_id, .code = slice_of(error.name),
			.message = arena_copy(&call->arena, slice_of(error.message)),
		};
	}
	return true;
}

const struct operation s3_delete_objects = {
	.shape     = &s3_delete_objects_shape,
	.action    = "s3:DeleteObject",
	.authorise = authorise,
	.access    = ACCESS_WRITE,
	.place     = PLACE_WRITER,
	.perform   = perform,
};
