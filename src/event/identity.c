/* event/identity.c: members in the order of the records AWS delivers; empty objects are left out, as records of event
 * version 1.11 do. */
#include "event/identity.h"

#include "base/clock.h"
#include "codec/json.h"

static const struct slice TYPE_TEXTS[] = {
	[IDENTITY_NONE] = { NULL, 0 },
	[IDENTITY_ROOT] = S_INIT("Root"),
	[IDENTITY_IAM_USER] = S_INIT("IAMUser"),
	[IDENTITY_ASSUMED_ROLE] = S_INIT("AssumedRole"),
	[IDENTITY_ROLE] = S_INIT("Role"),
	[IDENTITY_FEDERATED_USER] = S_INIT("FederatedUser"),
	[IDENTITY_SAML_USER] = S_INIT("SAMLUser"),
	[IDENTITY_WEB_IDENTITY_USER] = S_INIT("WebIdentityUser"),
	[IDENTITY_AWS_ACCOUNT] = S_INIT("AWSAccount"),
	[IDENTITY_AWS_SERVICE] = S_INIT("AWSService"),
	[IDENTITY_IDENTITY_CENTER_USER] = S_INIT("IdentityCenterUser"),
	[IDENTITY_DIRECTORY] = S_INIT("Directory"),
	[IDENTITY_UNKNOWN] = S_INIT("Unknown"),
};
_Static_assert(COUNT(TYPE_TEXTS) == IDENTITY_TYPE_COUNT, "a text per type");

struct slice identity_type_text(enum identity_type type)
{
	return TYPE_TEXTS[type];
}

bool identity_type_parse(struct slice text, enum identity_type *type)
{
	for (size_t i = 0; i < COUNT(TYPE_TEXTS); i++)
		if (TYPE_TEXTS[i].ptr && slice_equal(TYPE_TEXTS[i], text)) {
			*type = (enum identity_type)i;
			return true;
		}
	return false;
}

static void write_issuer(struct json_writer *writer, const struct identity_issuer *issuer)
{
	json_key(writer, S("sessionIssuer"));
	json_object_begin(writer);
	json_member(writer, S("type"), issuer->type);
	json_member(writer, S("principalId"), issuer->principal_id);
	json_member(writer, S("arn"), issuer->arn);
	json_member(writer, S("accountId"), issuer->account_id);
	json_member(writer, S("userName"), issuer->user_name);
	json_object_end(writer);
}

static void write_web_id(struct json_writer *writer, const struct identity_session *session)
{
	json_key(writer, S("webIdFederationData"));
	json_object_begin(writer);
	json_member(writer, S("federatedProvider"), session->web_id_provider);
	if (session->web_id_attributes.ptr) {
		json_key(writer, S("attributes"));
		json_raw(writer, session->web_id_attributes);
	}
	json_object_end(writer);
}

static void write_session(struct json_writer *writer, const struct identity_session *session)
{
	char time[TIME_TEXT_BYTES];

	json_key(writer, S("sessionContext"));
	json_object_begin(writer);
	if (session->issuer.type.ptr)
		write_issuer(writer, &session->issuer);
	if (session->web_id_provider.ptr)
		write_web_id(writer, session);
	json_key(writer, S("attributes"));
	json_object_begin(writer);
	json_member(writer, S("creationDate"), time_iso(session->creation_ms, time));
	/* a string, not a boolean: detections compare it with "true" */
	json_member(writer, S("mfaAuthenticated"), session->has_mfa ? S("true") : S("false"));
	json_object_end(writer);
	json_member(writer, S("sourceIdentity"), session->source_identity);
	json_member(writer, S("ec2RoleDelivery"), session->ec2_role_delivery);
	json_object_end(writer);
}

static void write_on_behalf_of(struct json_writer *writer, const struct identity *identity)
{
	json_key(writer, S("onBehalfOf"));
	json_object_begin(writer);
	json_member(writer, S("userId"), identity->on_behalf_of_user_id);
	json_member(writer, S("identityStoreArn"), identity->on_behalf_of_store_arn);
	json_object_end(writer);
}

void identity_write(const struct identity *identity, struct buffer *out)
{
	struct json_writer writer;

	json_writer_init(&writer, out);
	json_object_begin(&writer);
	json_member(&writer, S("type"), identity_type_text(identity->type));
	json_member(&writer, S("principalId"), identity->principal_id);
	json_member(&writer, S("arn"), identity->arn);
	json_member(&writer, S("accountId"), identity->account_id);
	json_member(&writer, S("accessKeyId"), identity->access_key_id);
	json_member(&writer, S("userName"), identity->user_name);
	if (identity->session.is_present)
		write_session(&writer, &identity->session);
	json_member(&writer, S("invokedBy"), identity->invoked_by);
	json_member(&writer, S("identityProvider"), identity->identity_provider);
	json_member(&writer, S("credentialId"), identity->credential_id);
	if (identity->on_behalf_of_user_id.ptr)
		write_on_behalf_of(&writer, identity);
	json_object_end(&writer);
}

/* What follows the colon of "AROA...:session" and "ACCOUNT:name". */
static struct slice after_colon(struct slice principal_id)
{
	size_t colon = slice_find_byte(principal_id, ':');

	return colon == SLICE_NPOS ? SLICE_NONE : slice_from(principal_id, colon + 1);
}

struct slice identity_username(const struct identity *identity)
{
	switch (identity->type) {
	case IDENTITY_ROOT:
		return S("root");
	case IDENTITY_ASSUMED_ROLE:
	case IDENTITY_FEDERATED_USER:
		return after_colon(identity->principal_id);
	case IDENTITY_IAM_USER:
	case IDENTITY_ROLE:
	case IDENTITY_SAML_USER:
	case IDENTITY_WEB_IDENTITY_USER:
	case IDENTITY_DIRECTORY:
		return identity->user_name;
	case IDENTITY_NONE:
	case IDENTITY_AWS_ACCOUNT:
	case IDENTITY_AWS_SERVICE:
	case IDENTITY_IDENTITY_CENTER_USER:
	case IDENTITY_UNKNOWN:
	case IDENTITY_TYPE_COUNT:
		break;
	}
	return SLICE_NONE;
}
