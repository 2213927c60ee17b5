/* auth/policy_size.c: white space costs nothing; a row a quota. */
#include "auth/policy_size.h"

#include "codec/utf8.h"

size_t policy_size_characters(struct slice document)
{
	size_t blanks = 0;

	for (size_t i = 0; i < document.len; i++)
		blanks += document.ptr[i] == ' ' || document.ptr[i] == '\t' || document.ptr[i] == '\n' || document.ptr[i] == '\r';
	return utf8_length(document) - blanks;
}

bool policy_size_check(enum policy_quota quota, size_t characters, struct slice name, struct error *err)
{
	static const struct { size_t characters_max; const char *text; } rows[POLICY_QUOTA_COUNT] = {
		[QUOTA_MANAGED_POLICY] = { 6144,  "Cannot exceed quota for PolicySize: %zu" },
		[QUOTA_TRUST_POLICY]   = { 2048,  "Cannot exceed quota for ACLSizePerRole: %zu" },
		[QUOTA_USER_INLINE]    = { 2048,  "Maximum policy size of %zu bytes exceeded for user %.*s" },
		[QUOTA_GROUP_INLINE]   = { 5120,  "Maximum policy size of %zu bytes exceeded for group %.*s" },
		[QUOTA_ROLE_INLINE]    = { 10240, "Maximum policy size of %zu bytes exceeded for role %.*s" },
	};

	return characters <= rows[quota].characters_max
	    || fail_as(err, ERR_CONFLICT, "LimitExceeded", rows[quota].text, rows[quota].characters_max, SLICE_ARG(name));
}
