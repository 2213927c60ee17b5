/* services/iam/simulation.c: auth/simulate.h asked for each action and resource, and its answers in IAM's shapes. */
#include "services/iam/simulation.h"

#include "services/iam/listing.h"

/* ---- reading ---- */

static bool check_actions(const struct text_list *actions, struct error *err)
{
	for (size_t i = 0; i < actions->count; i++) {
		struct slice action = actions->items[i];
		if (slice_find_byte(action, ':') == SLICE_NPOS || slice_find_byte(action, '*') != SLICE_NPOS
		    || slice_find_byte(action, '?') != SLICE_NPOS)
			return fail_as(err, ERR_INVALID, "InvalidInput",
			               "Invalid action name %.*s: it must name a service and one action, such as iam:CreateUser.",
			               SLICE_ARG(action));
	}
	return true;
}

/* Several values make a key multi-valued; what type they are declared to be does not matter. */
static void add_entries(const struct iam_context_entry_list *entries, struct context *context)
{
	for (size_t i = 0; i < entries->count; i++) {
		const struct iam_context_entry *entry = &entries->items[i];
		const struct text_list *values = &entry->context_key_values;
		if (values->count == 1)
			context_set(context, entry->context_key_name, values->items[0]);
		else
			context_set_list(context, entry->context_key_name, values->items, values->count);
	}
}

static bool read_caller(struct call *call, const struct simulation_input *in, struct simulation_subject *subject,
                        struct error *err)
{
	if (in->caller_arn.ptr)
		return simulate_caller(&call->arena, in->caller_arn, &subject->caller, err);
	return !in->resource_policy.ptr || subject->is_known
	    || fail_as(err, ERR_INVALID, "InvalidInput", "CallerArn is required when ResourcePolicy is included.");
}

static bool read_owner(const struct simulation_input *in, struct simulation *simulation, struct error *err)
{
	if (!in->resource_owner.ptr)
		return true;
	simulation->resource_owner = simulate_account(in->resource_owner);
	return simulation->resource_owner.ptr
	    || fail_as(err, ERR_INVALID, "InvalidInput", "Invalid ResourceOwner: %.*s is not the ARN of an account.",
	               SLICE_ARG(in->resource_owner));
}

static bool read_boundary(struct call *call, const struct simulation_input *in, struct simulation_subject *subject,
                          struct error *err)
{
	if (in->boundaries->count == 0)
		return true;
	if (in->boundaries->count > 1)
		return fail_as(err, ERR_INVALID, "InvalidInput", "Only one permissions boundary can be simulated.");
	subject->boundary = (struct policy_sources){ 0 };
	return policy_sources_add_texts(call, &subject->boundary, "PermissionsBoundaryPolicyInputList", in->boundaries, err);
}

/* ---- writing ---- */

static struct iam_position *position(struct call *call, struct policy_position from)
{
	struct iam_position *out = arena_new(&call->arena, struct iam_position);

	*out = (struct iam_position){ SET_I64(from.line), SET_I64(from.column) };
	return out;
}

static struct iam_statement_list statements(struct call *call, const struct simulate_result *result)
{
	struct iam_statement_list out = { .count = result->statement_count, .is_set = true };

	out.items = arena_array(&call->arena, out.count + 1, sizeof *out.items);
	for (size_t i = 0; i < out.count; i++)
		out.items[i] = (struct iam_statement){
			.source_policy_id = result->statements[i].source_id,
			.source_policy_type = result->statements[i].source_type,
			.start_position = position(call, result->statements[i].span.start),
			.end_position = position(call, result->statements[i].span.end),
		};
	return out;
}

static struct iam_permissions_boundary_decision_detail *boundary_detail(struct call *call,
                                                                        const struct simulate_result *result)
{
	struct iam_permissions_boundary_decision_detail *out = NULL;

	if (result->has_boundary) {
		out = arena_new(&call->arena, struct iam_permissions_boundary_decision_detail);
		out->allowed_by_permissions_boundary = SET_BOOL(result->is_allowed_by_boundary);
	}
	return out;
}

/* Of a resource: there, and empty in one account. */
static struct iam_eval_decision_details_type details(struct call *call, const struct simulate_result *result)
{
	struct iam_eval_decision_details_type out = { .count = result->is_cross_account ? 2 : 0, .is_set = true };

	out.items = arena_array(&call->arena, 2, sizeof *out.items);
	out.items[0].key = S("IAM Policy");
	out.items[0].value = simulate_decision_text(result->identity_decision);
	out.items[1].key = S("Resource Policy");
	out.items[1].value = simulate_decision_text(result->resource_decision);
	return out;
}

static void show_result(struct call *call, const struct simulate_result *result, struct iam_evaluation_result *out)
{
	struct iam_resource_specific_result *specific;

	*out = (struct iam_evaluation_result){
		.eval_action_name = result->action,
		.eval_resource_name = result->resource,
		.eval_decision = simulate_decision_text(result->decision),
		.matched_statements = statements(call, result),
		.missing_context_values = { result->missing_keys, result->missing_count, true },
		.permissions_boundary_decision_detail = boundary_detail(call, result),
	};
	if (slice_equal(result->resource, S("*")))
		return;
	out->eval_decision_details = details(call, result);
	specific = arena_new(&call->arena, struct iam_resource_specific_result);
	*specific = (struct iam_resource_specific_result){
		.eval_resource_name = out->eval_resource_name,
		.eval_resource_decision = out->eval_decision,
		.matched_statements = out->matched_statements,
		.missing_context_values = out->missing_context_values,
		.permissions_boundary_decision_detail = out->permissions_boundary_decision_detail,
	};
	if (result->is_cross_account)
		specific->eval_decision_details = out->eval_decision_details;
	out->resource_specific_results.items = specific;
	out->resource_specific_results.count = 1;
	out->resource_specific_results.is_set = true;
}

/* The key of a result is its number, with zeros in front so that texts sort as numbers do. */
static struct slice result_key(struct call *call, size_t number)
{
	return arena_format(&call->arena, "%012zu", number);
}

static void show_page(struct call *call, const struct listing *listing, const struct simulation *simulation,
                      const struct simulation_input *in, struct iam_simulate_policy_response *out)
{
	static const struct slice everything = S_INIT("*");
	const struct slice *resources = in->resources->count ? in->resources->items : &everything;
	size_t resource_count = in->resources->count ? in->resources->count : 1;
	size_t total = in->actions->count * resource_count, shown = 0;
	struct slice last_key = SLICE_NONE;
	bool is_truncated = false;

	for (size_t i = 0; i < total && !is_truncated; i++) {
		struct slice key = result_key(call, i);
		enum listing_verdict verdict = listing_admit(listing, key, &shown);
		is_truncated = verdict == LISTING_FULL;
		if (verdict != LISTING_SHOW)
			continue;
		struct simulate_result result = simulate(&call->arena, simulation, in->actions->items[i / resource_count],
		                                         resources[i % resource_count]);
		struct iam_evaluation_result_list *list = &out->evaluation_results;
		list->items = page_grow(&call->arena, list->items, list->count, sizeof *list->items);
		show_result(call, &result, &list->items[list->count++]);
		last_key = key;
	}
	out->evaluation_results.is_set = true;
	listing_end(listing, call, out, is_truncated, last_key);
}

bool simulation_perform(struct call *call, const void *input, const struct simulation_input *in,
                        struct simulation_subject *subject, struct iam_simulate_policy_response *out, struct error *err)
{
	struct simulation simulation = { .caller = &subject->caller, .context = &subject->context };
	struct listing listing;

	if (!listing_begin(&listing, call, input, err) || !check_actions(in->actions, err)
	    || !policy_sources_add_texts(call, &subject->identity, "PolicyInputList", in->policies, err)
	    || !read_boundary(call, in, subject, err)
	    || !policy_sources_read_resource(call, in->resource_policy, &simulation.resource_policy, err)
	    || !read_caller(call, in, subject, err) || !read_owner(in, &simulation, err) || !arena_check(&call->arena, err))
		return false;
	add_entries(in->context_entries, &subject->context);
	simulation.identity = (struct simulate_policies){ subject->identity.items, subject->identity.count };
	simulation.boundary = (struct simulate_policies){ subject->boundary.items, subject->boundary.count };
	show_page(call, &listing, &simulation, in, out);
	return arena_check(&call->arena, err);
}

void simulation_show_keys(struct call *call, const struct policy_sources *sources,
                          struct iam_get_context_keys_for_policy_response *out)
{
	struct simulate_policies policies = { sources->items, sources->count };

	out->context_key_names.count = simulate_context_keys(&call->arena, &policies, &out->context_key_names.items);
	out->context_key_names.is_set = true;
}
