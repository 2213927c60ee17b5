/* services/s3/object_acl.c: the one ACL that objects have: their bucket's owner controls them.
 * Source: Amazon S3 API Reference (2006-03-01), GetObjectAcl, PutObjectAcl. */
#include "services/rest_errors.h"
#include "services/s3/access.h"
#include "services/s3/found.h"
#include "services/s3/output.h"

static bool perform_get(struct call *call, const void *input, void *output, struct error *err)
{
	struct s3_get_object_acl_output *out = output;
	struct s3_grant *grant = arena_new(&call->arena, struct s3_grant);
	struct found found;

	if (!found_version(call, input, &found, err))
		return false;
	out->owner = output_owner(call, found.bucket->account);
	grant->grantee = arena_new(&call->arena, struct s3_grantee);
	grant->grantee->type = S("CanonicalUser");
	grant->grantee->id = out->owner->id;
	grant->permission = S("FULL_CONTROL");
	out->grants = (struct s3_grant_list){ grant, 1, true };
	return true;
}

static bool perform_put(struct call *call, const void *input, void *output, struct error *err)
{
	const struct s3_put_object_acl_request *in = input;
	struct found found;
	bool has_grants = in->grant_full_control.ptr || in->grant_read.ptr || in->grant_read_acp.ptr || in->grant_write.ptr
	                  || in->grant_write_acp.ptr;

	(void)output;
	if (!found_version(call, input, &found, err))
		return false;
	if (!in->acl.ptr && !has_grants && !in->access_control_policy)
		return fail_as(err, ERR_INVALID, "MissingSecurityHeader", "Your request was missing a required header");
	if (slice_equal(in->acl, S("bucket-owner-full-control")) && !has_grants)
		return true;
	if (found.bucket->ownership == OWNERSHIP_ENFORCED)
		return rest_errors_fail(err, ERR_INVALID, "AccessControlListNotSupported");
	if (slice_has_prefix(in->acl, S("public-")) && found.bucket->public_access_block & BLOCK_PUBLIC_ACLS)
		return fail_as(err, ERR_DENIED, "AccessDenied", "Access Denied");
	return (slice_equal(in->acl, S("private")) && !has_grants)
	    || fail_as(err, ERR_INVALID, "NotImplemented", "spoor keeps no ACLs but the owner's full control: use a bucket policy.");
}

const struct operation s3_get_object_acl = {
	.shape = &s3_get_object_acl_shape, .action = "s3:GetObjectAcl", .authorise = access_object,
	.access = ACCESS_READ, .place = PLACE_FRONT, .perform = perform_get,
};

const struct operation s3_put_object_acl = {
	.shape = &s3_put_object_acl_shape, .action = "s3:PutObjectAcl", .authorise = access_object,
	.access = ACCESS_WRITE, .place = PLACE_WRITER, .perform = perform_put,
};
