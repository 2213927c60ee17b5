/* auth/context.c: a list: a request has some thirty keys, and comparing thirty hashes costs less than hashing well. */
#include "auth/context.h"

#include "auth/principal.h"
#include "base/clock.h"

static unsigned char lower(char byte)
{
	return (unsigned char)(byte >= 'A' && byte <= 'Z' ? byte + ('a' - 'A') : byte);
}

uint64_t context_hash(struct slice key)
{
	uint64_t hash = 0xcbf29ce484222325u;       /* FNV-1a; equal hashes are compared byte by byte afterwards */

	for (size_t i = 0; i < key.len; i++)
		hash = (hash ^ lower(key.ptr[i])) * 0x100000001b3u;
	return hash;
}

void context_init(struct context *context, struct arena *arena)
{
	*context = (struct context){ .arena = arena };
}

const struct context_entry *context_find_hashed(const struct context *context, struct slice key, uint64_t hash)
{
	for (size_t i = 0; i < context->count; i++)
		if (context->entries[i].hash == hash && slice_equal_nocase(context->entries[i].key, key))
			return &context->entries[i];
	return NULL;
}

const struct context_entry *context_find(const struct context *context, struct slice key)
{
	return context_find_hashed(context, key, context_hash(key));
}

static struct context_entry *new_entry(struct context *context)
{
	if (context->count == context->room) {
		size_t room = context->room ? context->room * 2 : 32;
		struct context_entry *entries = arena_array(context->arena, room, sizeof *entries);
		if (context->count)
			memcpy(entries, context->entries, context->count * sizeof *entries);
		context->entries = entries;
		context->room = room;
	}
	return &context->entries[context->count++];
}

static void put(struct context *context, struct slice key, const struct slice *values, size_t count, bool is_multivalued)
{
	uint64_t hash = context_hash(key);
	size_t i = 0;

	while (i < context->count
	       && !(context->entries[i].hash == hash && slice_equal_nocase(context->entries[i].key, key)))
		i++;
	struct context_entry *entry = i < context->count ? &context->entries[i] : new_entry(context);
	*entry = (struct context_entry){ key, hash, values, count, is_multivalued };
}

void context_set(struct context *context, struct slice key, struct slice value)
{
	struct slice *values = arena_new(context->arena, struct slice);

	*values = value;
	put(context, key, values, value.ptr ? 1 : 0, false);
}

void context_set_bool(struct context *context, struct slice key, bool value)
{
	context_set(context, key, value ? S("true") : S("false"));
}

void context_set_i64(struct context *context, struct slice key, int64_t value)
{
	context_set(context, key, arena_format(context->arena, "%" PRId64, value));
}

void context_set_time(struct context *context, struct slice key, int64_t ms)
{
	char text[TIME_TEXT_BYTES];

	context_set(context, key, arena_copy(context->arena, time_iso(ms, text)));
}

void context_set_list(struct context *context, struct slice key, const struct slice *values, size_t count)
{
	put(context, key, values, count, true);
}

void context_set_named(struct context *context, struct slice prefix, struct slice name, struct slice value)
{
	context_set(context, arena_format(context->arena, "%.*s%.*s", SLICE_ARG(prefix), SLICE_ARG(name)), value);
}

static const struct slice TYPE_NAMES[PRINCIPAL_TYPE_COUNT] = {
	[PRINCIPAL_ROOT]         = S_INIT("Account"),
	[PRINCIPAL_USER]         = S_INIT("User"),
	[PRINCIPAL_ROLE_SESSION] = S_INIT("AssumedRole"),
	[PRINCIPAL_FEDERATED]    = S_INIT("FederatedUser"),
	[PRINCIPAL_SERVICE]      = S_INIT("Service"),
	[PRINCIPAL_ANONYMOUS]    = S_INIT("Anonymous"),
};

void context_add_principal(struct context *context, const struct principal *principal, int64_t now_ms)
{
	bool is_nobody = principal->type == PRINCIPAL_SERVICE || principal->type == PRINCIPAL_ANONYMOUS;

	if (principal->type == PRINCIPAL_ANONYMOUS)
		context_set(context, S("aws:userid"), S("anonymous"));
	context_set(context, S("aws:PrincipalType"), TYPE_NAMES[principal->type]);
	if (is_nobody)
		return;

	bool is_role = principal->type == PRINCIPAL_ROLE_SESSION;
	context_set(context, S("aws:PrincipalArn"), is_role ? principal->issuer_arn : principal->arn);
	context_set(context, S("aws:PrincipalAccount"), principal->account);
	context_set(context, S("aws:userid"), principal->unique_id);
	if (principal->type == PRINCIPAL_USER)
		context_set(context, S("aws:username"), principal->name);
	for (size_t i = 0; i < principal->tag_count; i++)
		context_set_named(context, S("aws:PrincipalTag/"), principal->tags[i].key, principal->tags[i].value);
	if (principal->source_identity.ptr)
		context_set(context, S("aws:SourceIdentity"), principal->source_identity);
	if (!principal->is_temporary)
		return;
	context_set_bool(context, S("aws:MultiFactorAuthPresent"), principal->has_mfa);
	if (principal->has_mfa)
		context_set_i64(context, S("aws:MultiFactorAuthAge"), (now_ms - principal->mfa_ms) / 1000);
	context_set_time(context, S("aws:TokenIssueTime"), principal->issued_ms);
}

void context_add_request(struct context *context, const struct context_request *request)
{
	if (request->source_ip.ptr)
		context_set(context, S("aws:SourceIp"), request->source_ip);
	if (request->user_agent.ptr)
		context_set(context, S("aws:UserAgent"), request->user_agent);
	if (request->referer.ptr)
		context_set(context, S("aws:Referer"), request->referer);
	if (request->region.ptr)
		context_set(context, S("aws:RequestedRegion"), request->region);
	context_set_bool(context, S("aws:SecureTransport"), request->is_tls);
	context_set_time(context, S("aws:CurrentTime"), request->now_ms);
	context_set_i64(context, S("aws:EpochTime"), request->now_ms / 1000);
	context_set_bool(context, S("aws:ViaAWSService"), false);
	context_set_bool(context, S("aws:PrincipalIsAWSService"), false);
}
