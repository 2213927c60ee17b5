/* bucket/bucket_policy_public.c: a condition fixes who may come if every value it accepts is one, and not a pattern. */
#include "bucket/bucket_policy_public.h"

#include "auth/statement.h"

enum { BROADEST_V4_BITS = 8, BROADEST_V6_BITS = 32 };

static bool is_fixed_text(const struct condition_value *value)
{
	if (!value->is_readable || value->text.part_count)
		return !value->is_readable;
	return slice_find_byte(value->text.text, (char)WILDCARD_STAR) == SLICE_NPOS
	    && slice_find_byte(value->text.text, (char)WILDCARD_ONE) == SLICE_NPOS;
}

/* An access point's name may be left open, its account not: "arn:aws:s3:*:111122223333:accesspoint/" and a star. */
static bool is_fixed_access_point(const struct condition_value *value)
{
	struct slice rest = value->text.text, part = SLICE_NONE;

	if (!value->is_readable || value->text.part_count)
		return !value->is_readable;
	for (int i = 0; i < 5; i++)
		rest = slice_cut(rest, ':', &part);
	return grantee_is_account(part);
}

static bool is_private_network(const struct condition_network *network)
{
	const uint8_t *b = network->bytes;

	return (b[0] == 10 && network->prefix_bits >= 8) || (b[0] == 172 && (b[1] & 0xf0) == 16 && network->prefix_bits >= 12)
	    || (b[0] == 192 && b[1] == 168 && network->prefix_bits >= 16);
}

static bool is_fixed_network(const struct condition_value *value)
{
	const struct condition_network *network = &value->network;

	if (!value->is_readable)
		return true;                    /* it matches nothing */
	return network->is_v6 ? network->prefix_bits >= BROADEST_V6_BITS
	                      : network->prefix_bits >= BROADEST_V4_BITS || is_private_network(network);
}

static const struct { struct slice key; bool (*is_fixed)(const struct condition_value *value); } fixing[] = {
	{ S_INIT("aws:SourceIp"),           is_fixed_network },
	{ S_INIT("aws:SourceArn"),          is_fixed_text },
	{ S_INIT("aws:SourceAccount"),      is_fixed_text },
	{ S_INIT("aws:SourceOwner"),        is_fixed_text },
	{ S_INIT("aws:SourceVpc"),          is_fixed_text },
	{ S_INIT("aws:SourceVpce"),         is_fixed_text },
	{ S_INIT("aws:PrincipalOrgID"),     is_fixed_text },
	{ S_INIT("aws:PrincipalArn"),       is_fixed_text },
	{ S_INIT("aws:PrincipalAccount"),   is_fixed_text },
	{ S_INIT("aws:userid"),             is_fixed_text },
	{ S_INIT("s3:DataAccessPointArn"),  is_fixed_access_point },
	{ S_INIT("s3:DataAccessPointAccount"), is_fixed_text },
	{ S_INIT("s3:x-amz-server-side-encryption-aws-kms-key-id"), is_fixed_text },
};

/* Operators that read a text, and IpAddress. Others say nothing about who comes. */
static bool is_fixing_operator(const struct condition *condition, bool is_network)
{
	bool is_ip = slice_equal(condition->operator->name, S("IpAddress"));
	bool is_text = slice_has_prefix(condition->operator->name, S("String")) || slice_has_prefix(condition->operator->name, S("Arn"));

	return !condition->operator->is_negated && !condition->operator->is_null && !condition->if_exists
	    && condition->scope != SCOPE_FOR_ALL_VALUES && (is_network ? is_ip : is_text);
}

static bool is_fixing(const struct condition *condition)
{
	for (size_t i = 0; i < COUNT(fixing); i++) {
		if (!slice_equal_nocase(condition->key, fixing[i].key))
			continue;
		if (!is_fixing_operator(condition, fixing[i].is_fixed == is_fixed_network))
			return false;
		for (size_t k = 0; k < condition->value_count; k++)
			if (!fixing[i].is_fixed(&condition->values[k]))
				return false;
		return true;
	}
	return false;
}

static bool names_everybody(const struct statement *statement)
{
	if (statement->excludes_grantees)
		return true;
	for (size_t i = 0; i < statement->grantees.count; i++)
		if (statement->grantees.items[i].kind == GRANTEE_EVERYBODY)
			return true;
	return false;
}

bool bucket_policy_public(const struct policy *policy)
{
	for (size_t i = 0; i < policy->statement_count; i++) {
		const struct statement *statement = &policy->statements[i];
		bool is_fixed = false;

		for (size_t k = 0; k < statement->condition_count; k++)
			is_fixed = is_fixed || is_fixing(&statement->conditions[k]);
		if (!statement->is_deny && names_everybody(statement) && !is_fixed)
			return true;
	}
	return false;
}
