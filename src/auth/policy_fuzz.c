/* auth/policy_fuzz.c: no document may crash, be accepted and not compile, or decide differently when asked again. */
#include "auth/evaluate.h"
#include "auth/policy.h"
#include "auth/policy_validate.h"
#include "tests/fuzz.h"

static struct slice keep(void *user, struct slice principal)
{
	(void)user, (void)principal;
	return SLICE_NONE;
}

static void decide(struct fuzz *f, const struct policy *policy)
{
	static const struct slice actions[] = { S_INIT("s3:GetObject"), S_INIT("iam:CreateUser"), S_INIT("") };
	static const struct slice resources[] = { S_INIT("arn:aws:s3:::b/k"), S_INIT("*") };
	struct principal principal = {
		.type = PRINCIPAL_ROLE_SESSION, .account = S("111122223333"),
		.arn = S("arn:aws:sts::111122223333:assumed-role/ops/s"), .unique_id = S("AROAOPS:s"), .name = S("s"),
		.issuer_arn = S("arn:aws:iam::111122223333:role/ops"), .is_temporary = true,
	};
	struct context context;

	context_init(&context, &f->arena);
	context_add_principal(&context, &principal, 0);
	context_set(&context, S("s3:prefix"), slice_sub(f->input, 0, 40));
	for (size_t a = 0; a < COUNT(actions); a++)
		for (size_t r = 0; r < COUNT(resources); r++) {
			struct evaluate_trace trace = {0};
			struct evaluate_request request = evaluate_request_of(&principal, actions[a], resources[r], &context,
			                                                      &f->arena);
			request.identity = (struct evaluate_policies){ &policy, 1, true };
			request.resource_policy = policy;
			struct evaluation first = evaluate(&request), second = evaluate(&request);
			request.trace = &trace;
			struct evaluation traced = evaluate(&request);
			CHECK_FUZZ(f, first.decision == second.decision && first.decided_by == second.decided_by);
			CHECK_FUZZ(f, first.decision == traced.decision && first.decided_by == traced.decided_by);
		}
}

FUZZ(policy)
{
	struct slice keys[4];
	const struct policy *policy = policy_compile(&f->arena, f->input, &f->err);

	for (enum policy_kind kind = 0; kind < POLICY_KIND_COUNT; kind++) {
		struct policy_rules rules = { .kind = kind };
		if (policy_validate(&f->arena, f->input, &rules, &f->err))
			CHECK_FUZZ(f, policy != NULL);
		else
			CHECK_FUZZ(f, f->err.kind == ERR_INVALID || f->err.kind == ERR_LIMIT);
	}
	if (!policy)
		return;
	decide(f, policy);
	policy_context_keys(policy, keys, COUNT(keys));
	for (size_t i = 0; i < policy_statement_count(policy); i++)
		CHECK_FUZZ(f, policy_statement_span(policy, i).end.line >= policy_statement_span(policy, i).start.line);
	struct slice same = policy_map_principals(&f->arena, f->input, keep, NULL, &f->err);
	CHECK_FUZZ(f, same.ptr && policy_compile(&f->arena, same, &f->err) != NULL);
}
