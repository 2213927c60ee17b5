/* bucket/bucket_policy.c: one evaluation a question; what the public access block and the owner's root add to it. */
#include "bucket/bucket_policy.h"

#include "auth/policy.h"
#include "auth/policy_cache.h"
#include "auth/trust_principals.h"
#include "bucket/documents.h"
#include "store/catalog.h"

bool bucket_policy_take(struct catalog *catalog, struct policy_cache *policies, struct arena *arena,
                        const struct bucket *bucket, struct bucket_policy *policy, struct error *err)
{
	struct document document;

	*policy = (struct bucket_policy){ .bucket = bucket, .policies = policies };
	if (!bucket || !bucket->has_policy)
		return true;
	if (!documents_find(catalog, arena, bucket, DOCUMENT_POLICY, &document, err))
		return false;
	if (document.text.ptr)
		policy->compiled = policies ? policy_cache_take(policies, document.text, err)
		                            : policy_compile(arena, document.text, err);
	return policy->compiled != NULL
	    || fail(err, ERR_CORRUPT, "the policy of bucket %.*s cannot be read", SLICE_ARG(bucket->name));
}

void bucket_policy_release(struct bucket_policy *policy)
{
	if (policy->policies && policy->compiled)
		policy_cache_release(policy->policies, policy->compiled);
	policy->compiled = NULL;
}

static bool is_owner(const struct bucket *bucket, const struct principal *principal)
{
	return principal->account.ptr && slice_equal(bucket->account, principal->account);
}

/* The owner's root can always get rid of a policy. Source: API Reference, PutBucketPolicy. */
static bool is_way_out(const struct bucket *bucket, const struct bucket_question *question)
{
	static const struct slice actions[] = {
		S_INIT("s3:GetBucketPolicy"), S_INIT("s3:PutBucketPolicy"), S_INIT("s3:DeleteBucketPolicy"),
	};

	if (question->principal->type != PRINCIPAL_ROOT || !is_owner(bucket, question->principal))
		return false;
	for (size_t i = 0; i < COUNT(actions); i++)
		if (slice_equal_nocase(question->action, actions[i]))
			return true;
	return false;
}

/* A public policy counts for the owner's account and for services only. */
static bool is_restricted(const struct bucket *bucket, const struct principal *principal)
{
	return bucket->public_access_block & RESTRICT_PUBLIC_BUCKETS && bucket->has_public_policy
	    && !is_owner(bucket, principal) && principal->type != PRINCIPAL_SERVICE;
}

struct evaluation bucket_policy_weigh(const struct bucket_policy *policy, const struct bucket_question *question,
                                      struct arena *arena)
{
	const struct bucket *bucket = policy->bucket;
	struct evaluate_request request = evaluate_request_of(question->principal, question->action, question->resource,
	                                                      question->context, arena);
	struct evaluation evaluation;

	request.resource_policy = policy->compiled;
	request.resource_account = bucket ? bucket->account : SLICE_NONE;
	evaluation = evaluate(&request);
	if (bucket && is_way_out(bucket, question))
		return (struct evaluation){ .decision = DECISION_ALLOW, .decided_by = SET_ROOT };
	if (bucket && evaluation.decision == DECISION_ALLOW && is_restricted(bucket, question->principal))
		return (struct evaluation){ .decision = DECISION_IMPLICIT_DENY, .decided_by = SET_RESOURCE };
	return evaluation;
}

bool bucket_policy_ask(const struct bucket_policy *policy, const struct bucket_question *question, struct arena *arena,
                       struct error *err)
{
	struct evaluation evaluation = bucket_policy_weigh(policy, question, arena);
	struct slice shown, message = S("Access Denied");

	if (evaluation.decision == DECISION_ALLOW)
		return true;
	if (question->principal->account.ptr && (!policy->bucket || is_owner(policy->bucket, question->principal))) {
		shown = arena_format(arena, "\"%.*s\"", SLICE_ARG(question->resource));
		message = evaluate_denied_message(arena, question->principal->arn, question->action, shown, &evaluation, WORDING_FULL);
	}
	return fail_as(err, ERR_DENIED, "AccessDenied", "%.*s", SLICE_ARG(message));
}

bool bucket_policy_decide(struct catalog *catalog, struct policy_cache *policies, struct arena *arena,
                          const struct bucket *bucket, const struct bucket_question *question,
                          struct evaluation *evaluation, struct error *err)
{
	struct bucket_policy policy;

	if (!bucket_policy_take(catalog, policies, arena, bucket, &policy, err))
		return false;
	*evaluation = bucket_policy_weigh(&policy, question, arena);
	bucket_policy_release(&policy);
	return true;
}

bool bucket_policy_allow(struct catalog *catalog, struct policy_cache *policies, struct arena *arena,
                         const struct bucket *bucket, const struct bucket_question *question, struct error *err)
{
	struct bucket_policy policy;
	bool is_allowed;

	if (!bucket_policy_take(catalog, policies, arena, bucket, &policy, err))
		return false;
	is_allowed = bucket_policy_ask(&policy, question, arena, err);
	bucket_policy_release(&policy);
	return is_allowed;
}

void bucket_policy_service(struct arena *arena, const struct bucket_service *service, struct principal *principal,
                           struct context *context)
{
	*principal = (struct principal){ .type = PRINCIPAL_SERVICE, .arn = service->name, .unique_id = service->name };
	context_init(context, arena);
	context_add_request(context, &(struct context_request){
		.region = service->region, .is_tls = service->is_tls, .now_ms = service->now_ms,
	});
	context_set(context, S("aws:SourceArn"), service->source_arn);
	context_set(context, S("aws:SourceAccount"), service->source_account);
	context_set_bool(context, S("aws:PrincipalIsAWSService"), true);
	context_set(context, S("aws:PrincipalServiceName"), service->name);
}

struct slice bucket_policy_show(struct catalog *catalog, struct arena *arena, struct slice stored, struct error *err)
{
	return trust_principals_show(catalog, arena, stored, err);
}
