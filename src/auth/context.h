/* auth/context.h: what is known about a request when its policies are asked: condition keys and their values.
 *
 * Keys are compared ignoring ASCII case, the tag part of aws:PrincipalTag/KEY included. A key without values counts as
 * absent. Nothing is added by the evaluator, so a context is complete when it is handed over. Keys and values are not
 * copied: they live as long as the context's arena, or longer.
 * Source: IAM User Guide, "AWS global condition context keys". */
#ifndef SPOOR_AUTH_CONTEXT_H
#define SPOOR_AUTH_CONTEXT_H

#include "base/arena.h"

struct principal;

struct context_entry {
	struct slice        key;
	uint64_t            hash;               /* context_hash(key) */
	const struct slice *values;
	size_t              count;
	bool                is_multivalued;     /* cannot stand for a policy variable, even with one value */
};

struct context {
	struct arena         *arena;
	struct context_entry *entries;
	size_t                count, room;
};

void context_init(struct context *context, struct arena *arena);

/* Each replaces an earlier value of the same key. SLICE_NONE as value removes the key. */
void context_set(struct context *context, struct slice key, struct slice value);
void context_set_bool(struct context *context, struct slice key, bool value);
void context_set_i64(struct context *context, struct slice key, int64_t value);
void context_set_time(struct context *context, struct slice key, int64_t ms);         /* 2026-01-15T10:01:07Z */
void context_set_list(struct context *context, struct slice key, const struct slice *values, size_t count);

/* The key is `prefix` and `name` joined, for aws:RequestTag/ and its like: copies the key. */
void context_set_named(struct context *context, struct slice prefix, struct slice name, struct slice value);

/* aws:PrincipalArn, PrincipalAccount, PrincipalType, userid, username, PrincipalTag/..., MultiFactorAuthPresent and
 * -Age, TokenIssueTime, SourceIdentity: each only where AWS has it (a long-term key has no MultiFactorAuthPresent). */
void context_add_principal(struct context *context, const struct principal *principal, int64_t now_ms);

struct context_request {
	struct slice source_ip;           /* SLICE_NONE when a service calls */
	struct slice user_agent, referer; /* SLICE_NONE: not sent */
	struct slice region;
	bool         is_tls;
	int64_t      now_ms;
};

/* aws:SourceIp, UserAgent, Referer, SecureTransport, RequestedRegion, CurrentTime, EpochTime, ViaAWSService and
 * PrincipalIsAWSService (both false). */
void context_add_request(struct context *context, const struct context_request *request);

/* NULL if absent. `hash` is context_hash(key); policies know it beforehand. */
const struct context_entry *context_find(const struct context *context, struct slice key);
const struct context_entry *context_find_hashed(const struct context *context, struct slice key, uint64_t hash);

uint64_t context_hash(struct slice key);            /* ignores ASCII case */

#endif
