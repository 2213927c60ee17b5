/* auth/policy.h: a policy document, compiled once into an immutable form that evaluation reads without allocating.
 *
 * Compiling accepts every document that means something, of either version, because documents are checked when they
 * are saved (auth/policy_validate.h) and only compiled afterwards. Statements are indexed by action, see
 * auth/action_index.h. Source: IAM User Guide, "IAM JSON policy element reference". */
#ifndef SPOOR_AUTH_POLICY_H
#define SPOOR_AUTH_POLICY_H

#include "base/arena.h"

struct policy;

/* Copies `document` into `arena`, which must outlive the result; nothing else is referred to.
 * Errors: ERR_INVALID "MalformedPolicyDocument"; ERR_LIMIT. */
const struct policy *policy_compile(struct arena *arena, struct slice document, struct error *err);

struct slice policy_document(const struct policy *policy);
size_t       policy_statement_count(const struct policy *policy);
struct slice policy_statement_sid(const struct policy *policy, size_t statement);        /* SLICE_NONE if it has none */

/* Where a statement begins and ends in the document as SimulatePrincipalPolicy reports it: lines and columns from 1. */
struct policy_position { int line, column; };
struct policy_span     { struct policy_position start, end; };
struct policy_span policy_statement_span(const struct policy *policy, size_t statement);

/* The condition keys that the document uses, as keys or as variables, each once (ignoring case), in the order of the
 * document. Returns how many there are; writes at most `room`. */
size_t policy_context_keys(const struct policy *policy, struct slice *keys, size_t room);

/* `document` with each AWS principal (of Principal and NotPrincipal) replaced by what `map` returns for it; SLICE_NONE
 * keeps it. All outside of these elements stays byte by byte. With it a user's ARN is bound to the unique id when a
 * document is saved, so that a user of the same name made later gains nothing, and becomes an ARN again when it is
 * shown. */
struct slice policy_map_principals(struct arena *arena, struct slice document,
                                   struct slice (*map)(void *user, struct slice principal), void *user,
                                   struct error *err);

#endif
