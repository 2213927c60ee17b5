/* services/s3/bucket_encryption.c: how new objects are encrypted: always, with the keys of this server.
 * Source: Amazon S3 API Reference (2006-03-01), PutBucketEncryption, GetBucketEncryption, DeleteBucketEncryption. */
#include "services/rest.h"
#include "services/rest_errors.h"
#include "services/s3/document.h"
#include "services/s3/access.h"
#include "services/s3/shapes.h"

static const struct s3_server_side_encryption_configuration *usual(struct call *call)
{
	struct s3_server_side_encryption_configuration *configuration = arena_new(&call->arena, struct s3_server_side_encryption_configuration);
	struct s3_server_side_encryption_rule *rule = arena_new(&call->arena, struct s3_server_side_encryption_rule);

	rule->apply_server_side_encryption_by_default = arena_new(&call->arena, struct s3_server_side_encryption_by_default);
	rule->apply_server_side_encryption_by_default->sse_algorithm = S("AES256");
	rule->bucket_key_enabled = SET_BOOL(false);
	configuration->rules.items = rule;
	configuration->rules.count = 1;
	return configuration;
}

static bool perform_get(struct call *call, const void *input, void *output, struct error *err)
{
	struct s3_get_bucket_encryption_output *out = output;
	const void *put;

	(void)input;
	if (!document_get(call, DOCUMENT_ENCRYPTION, &s3_put_bucket_encryption_shape, &put, err))
		return false;
	const struct s3_server_side_encryption_configuration *shown = put ? put : usual(call);
	out->server_side_encryption_configuration = arena_new(&call->arena, struct s3_server_side_encryption_configuration);
	*out->server_side_encryption_configuration = *shown;
	return true;
}

static bool perform_put(struct call *call, const void *input, void *output, struct error *err)
{
	const struct s3_put_bucket_encryption_request *in = input;
	const struct s3_server_side_encryption_configuration *configuration = in->server_side_encryption_configuration;

	(void)output;
	if (configuration->rules.count != 1 || !configuration->rules.items[0].apply_server_side_encryption_by_default)
		return rest_errors_fail(err, ERR_INVALID, "MalformedXML");
	const struct s3_server_side_encryption_by_default *rule = configuration->rules.items[0].apply_server_side_encryption_by_default;
	if (!slice_equal(rule->sse_algorithm, S("AES256")))
		return fail_as(err, ERR_INVALID, "NotImplemented", "spoor encrypts objects with AES256, not with %.*s yet.",
			SLICE_ARG(rule->sse_algorithm));
	if (rule->kms_master_key_id.ptr) {
		rest_add_element(call->rest, S("ArgumentName"), S("ApplyServerSideEncryptionByDefault"));
		return fail_as(err, ERR_INVALID, "InvalidArgument",
			"a KMSMasterKeyID is not applicable if the default sse algorithm is not aws:kms or aws:kms:dsse");
	}
	return document_put(call, DOCUMENT_ENCRYPTION, &s3_put_bucket_encryption_shape, input, err);
}

static bool perform_delete(struct call *call, const void *input, void *output, struct error *err)
{
	(void)input;
	(void)output;
	return document_delete(call, DOCUMENT_ENCRYPTION, err);
}

const struct operation s3_get_bucket_encryption = {
	.shape = &s3_get_bucket_encryption_shape, .action = "s3:GetEncryptionConfiguration", .authorise = access_bucket,
	.access = ACCESS_READ, .place = PLACE_FRONT, .perform = perform_get,
};

const struct operation s3_put_bucket_encryption = {
	.shape = &s3_put_bucket_encryption_shape, .action = "s3:PutEncryptionConfiguration", .authorise = access_bucket,
	.access = ACCESS_WRITE, .place = PLACE_WRITER, .perform = perform_put,
};

const struct operation s3_delete_bucket_encryption = {
	.shape = &s3_delete_bucket_encryption_shape, .action = "s3:PutEncryptionConfiguration", .authorise = access_bucket,
	.access = ACCESS_WRITE, .place = PLACE_WRITER, .perform = perform_delete,
};
