/* bucket/bucket_policy.h: who may do what with a bucket and its objects.
 *
 * One decision for callers of services/s3 and for services that act for themselves (trails deliver as
 * cloudtrail.amazonaws.com): identity policies, the bucket's policy and the public access block together. ACLs grant
 * nothing but the owner's control. Source: Amazon S3 User Guide, "Bucket policies", "Blocking public access"; IAM User
 * Guide, "Policy evaluation logic". */
#ifndef SPOOR_BUCKET_BUCKET_POLICY_H
#define SPOOR_BUCKET_BUCKET_POLICY_H

#include "auth/evaluate.h"
#include "bucket/buckets.h"

struct policy_cache;

struct bucket_question {
	const struct principal *principal;
	struct slice            action;         /* "s3:PutObject" */
	struct slice            resource;       /* "arn:aws:s3:::bucket" or "arn:aws:s3:::bucket/key" */
	const struct context   *context;        /* complete: nothing is added */
};

/* The policy of a bucket in hand, for many questions. `bucket` NULL: no such bucket, so only the caller's own policies
 * count. `policies` NULL (on the writer): the document is compiled for this once. Release it on the same thread. */
struct bucket_policy {
	const struct bucket *bucket;
	const struct policy *compiled;          /* NULL: it has none */
	struct policy_cache *policies;
};

/* False with `err` only if the catalog cannot be read. */
bool bucket_policy_take(struct catalog *catalog, struct policy_cache *policies, struct arena *arena,
                        const struct bucket *bucket, struct bucket_policy *policy, struct error *err);
void bucket_policy_release(struct bucket_policy *policy);

struct evaluation bucket_policy_weigh(const struct bucket_policy *policy, const struct bucket_question *question,
                                      struct arena *arena);

/* Not allowed is ERR_DENIED "AccessDenied" in AWS's words: those of the policies for a caller of the owner's account,
 * "Access Denied" for everybody else. */
bool bucket_policy_ask(const struct bucket_policy *policy, const struct bucket_question *question, struct arena *arena,
                       struct error *err);

/* One question: take, weigh or ask, release. The verdict is in *evaluation; false only if the catalog cannot be read. */
bool bucket_policy_decide(struct catalog *catalog, struct policy_cache *policies, struct arena *arena,
                          const struct bucket *bucket, const struct bucket_question *question,
                          struct evaluation *evaluation, struct error *err);
bool bucket_policy_allow(struct catalog *catalog, struct policy_cache *policies, struct arena *arena,
                         const struct bucket *bucket, const struct bucket_question *question, struct error *err);

/* The condition keys of a service that acts for a resource of its own: aws:SourceArn, aws:SourceAccount, aws:
 * PrincipalIsAWSService, aws:PrincipalServiceName, and the principal itself. */
struct bucket_service { struct slice name, source_arn, source_account, region; bool is_tls; int64_t now_ms; };
void bucket_policy_service(struct arena *arena, const struct bucket_service *service, struct principal *principal,
                           struct context *context);

/* A stored document as it is to be shown: ids of those who exist are ARNs again. SLICE_NONE on failure. */
struct slice bucket_policy_show(struct catalog *catalog, struct arena *arena, struct slice stored, struct error *err);

#endif
