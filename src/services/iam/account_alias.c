/* services/iam/account_alias.c: CreateAccountAlias, ListAccountAliases, DeleteAccountAlias.
 * Source: IAM API Reference (2010-05-08). */
#include "auth/account_aliases.h"
#include "services/iam/listing.h"
#include "services/iam/shapes.h"
#include "services/iam/subject.h"

static bool perform_create(struct call *call, const void *input, void *output, struct error *err)
{
	const struct iam_create_account_alias_request *in = input;

	(void)output;
	return account_aliases_set(call->catalog, call->account, in->account_alias, err);
}

static bool perform_list(struct call *call, const void *input, void *output, struct error *err)
{
	struct iam_list_account_aliases_response *out = output;
	struct listing listing;
	struct slice alias;
	size_t shown = 0;

	if (!listing_begin(&listing, call, input, err)
	    || !account_aliases_get(call->catalog, &call->arena, call->account, &alias, err))
		return false;
	out->account_aliases.is_set = true;
	if (alias.ptr && listing_admit(&listing, alias, &shown) == LISTING_SHOW) {
		out->account_aliases.items = arena_new(&call->arena, struct slice);
		out->account_aliases.items[out->account_aliases.count++] = alias;
	}
	listing_end(&listing, call, output, false, SLICE_NONE);
	return true;
}

static bool perform_delete(struct call *call, const void *input, void *output, struct error *err)
{
	const struct iam_delete_account_alias_request *in = input;

	(void)output;
	return account_aliases_delete(call->catalog, call->account, in->account_alias, err);
}

const struct operation iam_create_account_alias = {
	.shape   = &iam_create_account_alias_shape,
	.action  = "iam:CreateAccountAlias",
	.targets = subject_targets_account,
	.access  = ACCESS_WRITE,
	.place   = PLACE_WRITER,
	.changes_authority = true,               /* root's records carry the alias */
	.perform = perform_create,
};

const struct operation iam_list_account_aliases = {
	.shape   = &iam_list_account_aliases_shape,
	.action  = "iam:ListAccountAliases",
	.targets = subject_targets_account,
	.access  = ACCESS_READ,
	.place   = PLACE_FRONT,
	.perform = perform_list,
};

const struct operation iam_delete_account_alias = {
	.shape   = &iam_delete_account_alias_shape,
	.action  = "iam:DeleteAccountAlias",
	.targets = subject_targets_account,
	.access  = ACCESS_WRITE,
	.place   = PLACE_WRITER,
	.changes_authority = true,               /* root's records carry the alias */
	.perform = perform_delete,
};
