/* auth/grantee.c: Principal elements, compiled to what is compared. */
#include "auth/grantee.h"

#include "codec/json.h"

bool grantee_is_account(struct slice text)
{
	uint64_t number;

	return text.len == 12 && slice_to_u64(text, &number);
}

/* The account of arn:PARTITION:iam::ACCOUNT:root, else SLICE_NONE. */
static struct slice root_account(struct slice arn)
{
	struct slice part, rest = slice_cut(arn, ':', &part);

	if (!rest.ptr || !slice_equal(part, S("arn")))
		return SLICE_NONE;
	rest = slice_cut(rest, ':', &part);
	rest = slice_cut(rest, ':', &part);
	if (!rest.ptr || !slice_equal(part, S("iam")) || !slice_has_prefix(rest, S(":")))
		return SLICE_NONE;
	rest = slice_cut(slice_from(rest, 1), ':', &part);
	return slice_equal(rest, S("root")) ? part : SLICE_NONE;
}

static struct grantee classify(struct slice type, struct slice text)
{
	struct slice account = root_account(text);

	if (slice_equal(type, S("Service")))
		return (struct grantee){ GRANTEE_SERVICE, text };
	if (slice_equal(type, S("CanonicalUser")))
		return (struct grantee){ grantee_is_account(text) ? GRANTEE_ACCOUNT : GRANTEE_NOBODY, text };
	if (!slice_equal(type, S("AWS")))
		return (struct grantee){ GRANTEE_NOBODY, text };
	if (slice_equal(text, S("*")))
		return (struct grantee){ GRANTEE_EVERYBODY, text };
	if (grantee_is_account(text))
		return (struct grantee){ GRANTEE_ACCOUNT, text };
	if (account.ptr)
		return (struct grantee){ GRANTEE_ACCOUNT, account };
	return (struct grantee){ slice_has_prefix(text, S("arn:")) ? GRANTEE_ARN : GRANTEE_UNIQUE_ID, text };
}

static bool is_type(struct slice name)
{
	return slice_equal(name, S("AWS")) || slice_equal(name, S("Service")) || slice_equal(name, S("Federated"))
	    || slice_equal(name, S("CanonicalUser"));
}

bool grantees_compile(struct arena *arena, const struct json *value, struct grantees *grantees, struct error *err)
{
	struct grantee *items;
	size_t count = 1;

	if (value->kind == JSON_OBJECT)
		for (const struct json *member = value->first; member; member = member->next)
			count += member->kind == JSON_ARRAY ? member->count : 1;
	items = arena_array(arena, count, sizeof *items);
	*grantees = (struct grantees){ .items = items };

	if (value->kind == JSON_STRING && slice_equal(value->text, S("*"))) {
		items[grantees->count++] = (struct grantee){ GRANTEE_EVERYBODY, value->text };
		return true;
	}
	if (value->kind != JSON_OBJECT)
		return fail(err, ERR_INVALID, "A principal is \"*\" or an object.");
	for (const struct json *member = value->first; member; member = member->next) {
		const struct json *name = member->kind == JSON_ARRAY ? member->first : member;
		if (!is_type(member->key))
			return fail(err, ERR_INVALID, "%.*s is no type of principal.", SLICE_ARG(member->key));
		for (; name; name = member->kind == JSON_ARRAY ? name->next : NULL) {
			if (name->kind != JSON_STRING)
				return fail(err, ERR_INVALID, "A principal is a text.");
			items[grantees->count++] = classify(member->key, name->text);
		}
	}
	return true;
}

/* The id of the role of a session, whose own id is AROA...:NAME. */
static struct slice issuer_id(const struct principal *principal)
{
	struct slice id = principal->issuer_id;

	if (!id.ptr && principal->type == PRINCIPAL_ROLE_SESSION)
		slice_cut(principal->unique_id, ':', &id);
	return id;
}

static bool is_same(struct slice named, struct slice actual)
{
	return actual.len > 0 && slice_equal(named, actual);
}

static enum grant match_one(const struct grantee *grantee, const struct principal *principal)
{
	bool is_session = principal->type == PRINCIPAL_ROLE_SESSION || principal->type == PRINCIPAL_FEDERATED;
	bool is_person = is_session || principal->type == PRINCIPAL_USER || principal->type == PRINCIPAL_ROOT;

	switch (grantee->kind) {
	case GRANTEE_EVERYBODY:
		return is_session ? GRANT_LIMITED : GRANT_DIRECT;
	case GRANTEE_ACCOUNT:
		return is_person && is_same(grantee->text, principal->account) ? GRANT_ACCOUNT : GRANT_NONE;
	case GRANTEE_SERVICE:
		return principal->type == PRINCIPAL_SERVICE && is_same(grantee->text, principal->arn) ? GRANT_DIRECT
		                                                                                      : GRANT_NONE;
	case GRANTEE_ARN:
		if (is_person && is_same(grantee->text, principal->arn))
			return GRANT_DIRECT;
		return is_session && is_same(grantee->text, principal->issuer_arn) ? GRANT_LIMITED : GRANT_NONE;
	case GRANTEE_UNIQUE_ID:
		if (is_person && is_same(grantee->text, principal->unique_id))
			return is_session && slice_find_byte(grantee->text, ':') == SLICE_NPOS ? GRANT_LIMITED : GRANT_DIRECT;
		return is_session && is_same(grantee->text, issuer_id(principal)) ? GRANT_LIMITED : GRANT_NONE;
	case GRANTEE_NOBODY:
		break;
	}
	return GRANT_NONE;
}

enum grant grantees_match(const struct grantees *grantees, const struct principal *principal)
{
	enum grant best = GRANT_NONE;

	for (size_t i = 0; i < grantees->count && best != GRANT_DIRECT; i++) {
		enum grant grant = match_one(&grantees->items[i], principal);
		best = grant > best ? grant : best;
	}
	return best;
}

bool grantees_exempt(const struct grantees *grantees, const struct principal *principal)
{
	bool has_account = false, has_issuer = false, has_self = false;

	for (size_t i = 0; i < grantees->count; i++) {
		const struct grantee *grantee = &grantees->items[i];
		enum grant grant = match_one(grantee, principal);
		if (grantee->kind == GRANTEE_EVERYBODY)
			return true;
		has_account |= grant == GRANT_ACCOUNT;
		has_issuer |= grant == GRANT_LIMITED;
		has_self |= grant == GRANT_DIRECT;
	}
	switch (principal->type) {
	case PRINCIPAL_ROOT:         return has_account;
	case PRINCIPAL_USER:
	case PRINCIPAL_FEDERATED:    return has_account && has_self;
	case PRINCIPAL_ROLE_SESSION: return has_account && has_issuer && has_self;
	case PRINCIPAL_SERVICE:      return has_self;
	default:                     return false;
	}
}
