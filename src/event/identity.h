/* event/identity.h: who made a call, as the userIdentity of its record.
 *
 * A plain description that whoever knows the principal fills in; nothing here decides who somebody is. A member that is
 * SLICE_NONE is left out of the record, never null. Source: CloudTrail User Guide, "CloudTrail userIdentity element". */
#ifndef SPOOR_EVENT_IDENTITY_H
#define SPOOR_EVENT_IDENTITY_H

#include "base/buffer.h"

enum identity_type {
	IDENTITY_NONE,                    /* service events: no "type" member at all */
	IDENTITY_ROOT,
	IDENTITY_IAM_USER,
	IDENTITY_ASSUMED_ROLE,
	IDENTITY_ROLE,
	IDENTITY_FEDERATED_USER,
	IDENTITY_SAML_USER,
	IDENTITY_WEB_IDENTITY_USER,
	IDENTITY_AWS_ACCOUNT,
	IDENTITY_AWS_SERVICE,
	IDENTITY_IDENTITY_CENTER_USER,
	IDENTITY_DIRECTORY,
	IDENTITY_UNKNOWN,
	IDENTITY_TYPE_COUNT
};

/* Who the credentials of a session came from. */
struct identity_issuer {
	struct slice type;                /* "Role", "IAMUser", "Root"; SLICE_NONE: no sessionIssuer member */
	struct slice principal_id, arn, account_id, user_name;
};

struct identity_session {
	bool                   is_present; /* a long-term key has none: T44, "no MFA" detections depend on it */
	struct identity_issuer issuer;
	struct slice           web_id_provider;          /* webIdFederationData.federatedProvider */
	struct slice           web_id_attributes;        /* its attributes, a JSON object */
	int64_t                creation_ms;
	bool                   has_mfa;
	struct slice           source_identity;
	struct slice           ec2_role_delivery;        /* "1.0" or "2.0" */
};

struct identity {
	enum identity_type type;
	struct slice       principal_id, arn, account_id;
	struct slice       access_key_id;                /* S("") is written: failed sign-ins have it */
	struct slice       user_name;
	struct identity_session session;
	struct slice       invoked_by;                   /* a service's name when it acts for the caller, or is the caller */
	struct slice       identity_provider;
	struct slice       credential_id;
	struct slice       on_behalf_of_user_id, on_behalf_of_store_arn;
};

/* "IAMUser" and so on; SLICE_NONE for IDENTITY_NONE. */
struct slice identity_type_text(enum identity_type type);

/* Of a record's text; false for a text that no type has. */
bool identity_type_parse(struct slice text, enum identity_type *type);

/* The userIdentity object, compact. */
void identity_write(const struct identity *identity, struct buffer *out);

/* What LookupEvents calls Username; SLICE_NONE where it has none. Source: cloudtrail LookupEvents. */
struct slice identity_username(const struct identity *identity);

#endif
