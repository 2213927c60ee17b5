/* event/identity_test.c: userIdentity of every type, member by member, and the Username that lookups use. */
#include "event/identity.h"

#include "codec/json.h"
#include "tests/test.h"

static const struct identity_session ROLE_SESSION = {
	.is_present = true, .creation_ms = 1768471092000,
	.issuer = { .type = S_INIT("Role"), .principal_id = S_INIT("AROAEXAMPLEROLE00001"),
	            .arn = S_INIT("arn:aws:iam::111122223333:role/ci/Deploy"), .account_id = S_INIT("111122223333"),
	            .user_name = S_INIT("Deploy") },
};

#define DEPLOY_ISSUER                                                                                                  \
	"\"sessionIssuer\":{\"type\":\"Role\",\"principalId\":\"AROAEXAMPLEROLE00001\","                               \
	"\"arn\":\"arn:aws:iam::111122223333:role/ci/Deploy\",\"accountId\":\"111122223333\",\"userName\":\"Deploy\"}"

struct row { struct identity identity; struct slice json, username; };

static void check_rows(struct test *t, const struct row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct buffer out;
		buffer_init(&out, &t->arena, 1 << 16);
		identity_write(&rows[i].identity, &out);
		CHECK_TEXT(t, buffer_slice(&out), rows[i].json);
		CHECK_TEXT(t, identity_username(&rows[i].identity), rows[i].username);
	}
}

TEST(identity_of_users_and_sessions_has_the_members_of_real_records)
{
	struct identity_session with_source = ROLE_SESSION, user_session = { .is_present = true, .has_mfa = true };
	with_source.source_identity = S("alice");
	with_source.ec2_role_delivery = S("2.0");
	struct identity_session federated = { .is_present = true, .issuer = { .type = S("IAMUser"),
		.principal_id = S("AIDA1"), .arn = S("arn:u"), .account_id = S("111122223333"), .user_name = S("alice") } };
	struct identity_session web = ROLE_SESSION;
	web.web_id_provider = S("accounts.google.com");
	web.web_id_attributes = S("{\"aud\":\"x\"}");
	const struct row rows[] = {
		{ { .type = IDENTITY_IAM_USER, .principal_id = S("AIDA1"), .arn = S("arn:aws:iam::111122223333:user/eng/alice"),
		    .account_id = S("111122223333"), .access_key_id = S("AKIA1"), .user_name = S("alice") },
		  S("{\"type\":\"IAMUser\",\"principalId\":\"AIDA1\",\"arn\":\"arn:aws:iam::111122223333:user/eng/alice\","
		    "\"accountId\":\"111122223333\",\"accessKeyId\":\"AKIA1\",\"userName\":\"alice\"}"), S("alice") },
		{ { .type = IDENTITY_IAM_USER, .principal_id = S("AIDA1"), .access_key_id = S("ASIA1"), .user_name = S("alice"),
		    .session = user_session, .invoked_by = S("cloudformation.amazonaws.com") },
		  S("{\"type\":\"IAMUser\",\"principalId\":\"AIDA1\",\"accessKeyId\":\"ASIA1\",\"userName\":\"alice\","
		    "\"sessionContext\":{\"attributes\":{\"creationDate\":\"1970-01-01T00:00:00Z\",\"mfaAuthenticated\":\"true\"}},"
		    "\"invokedBy\":\"cloudformation.amazonaws.com\"}"), S("alice") },
		{ { .type = IDENTITY_IAM_USER, .account_id = S("1"), .access_key_id = S(""),
		    .user_name = S("HIDDEN_DUE_TO_SECURITY_REASONS") },
		  S("{\"type\":\"IAMUser\",\"accountId\":\"1\",\"accessKeyId\":\"\",\"userName\":\"HIDDEN_DUE_TO_SECURITY_REASONS\"}"),
		  S("HIDDEN_DUE_TO_SECURITY_REASONS") },
		{ { .type = IDENTITY_ROOT, .principal_id = S("111122223333"), .arn = S("arn:aws:iam::111122223333:root"),
		    .account_id = S("111122223333"), .access_key_id = S("AKIA1") },
		  S("{\"type\":\"Root\",\"principalId\":\"111122223333\",\"arn\":\"arn:aws:iam::111122223333:root\","
		    "\"accountId\":\"111122223333\",\"accessKeyId\":\"AKIA1\"}"), S("root") },
		{ { .type = IDENTITY_ASSUMED_ROLE, .principal_id = S("AROAEXAMPLEROLE00001:s1"),
		    .arn = S("arn:aws:sts::111122223333:assumed-role/Deploy/s1"), .account_id = S("111122223333"),
		    .access_key_id = S("ASIA1"), .session = with_source },
		  S("{\"type\":\"AssumedRole\",\"principalId\":\"AROAEXAMPLEROLE00001:s1\","
		    "\"arn\":\"arn:aws:sts::111122223333:assumed-role/Deploy/s1\",\"accountId\":\"111122223333\","
		    "\"accessKeyId\":\"ASIA1\",\"sessionContext\":{" DEPLOY_ISSUER ",\"attributes\":{"
		    "\"creationDate\":\"2026-01-15T09:58:12Z\",\"mfaAuthenticated\":\"false\"},\"sourceIdentity\":\"alice\","
		    "\"ec2RoleDelivery\":\"2.0\"}}"), S("s1") },
		{ { .type = IDENTITY_ASSUMED_ROLE, .principal_id = S("AROA:s:1"), .session = web },
		  S("{\"type\":\"AssumedRole\",\"principalId\":\"AROA:s:1\",\"sessionContext\":{" DEPLOY_ISSUER ","
		    "\"webIdFederationData\":{\"federatedProvider\":\"accounts.google.com\",\"attributes\":{\"aud\":\"x\"}},"
		    "\"attributes\":{\"creationDate\":\"2026-01-15T09:58:12Z\",\"mfaAuthenticated\":\"false\"}}}"), S("s:1") },
		{ { .type = IDENTITY_FEDERATED_USER, .principal_id = S("111122223333:f"), .access_key_id = S("ASIA1"),
		    .session = federated },
		  S("{\"type\":\"FederatedUser\",\"principalId\":\"111122223333:f\",\"accessKeyId\":\"ASIA1\",\"sessionContext\":{"
		    "\"sessionIssuer\":{\"type\":\"IAMUser\",\"principalId\":\"AIDA1\",\"arn\":\"arn:u\","
		    "\"accountId\":\"111122223333\",\"userName\":\"alice\"},\"attributes\":{\"creationDate\":\"1970-01-01T00:00:00Z\","
		    "\"mfaAuthenticated\":\"false\"}}}"), S("f") },
	};
	check_rows(t, rows, COUNT(rows));
}

TEST(identity_of_other_types_has_only_what_applies)
{
	const struct row rows[] = {
		{ { .type = IDENTITY_SAML_USER, .principal_id = S("q:sub"), .user_name = S("sub"), .identity_provider = S("idp") },
		  S("{\"type\":\"SAMLUser\",\"principalId\":\"q:sub\",\"userName\":\"sub\",\"identityProvider\":\"idp\"}"), S("sub") },
		{ { .type = IDENTITY_WEB_IDENTITY_USER, .principal_id = S("i:a:u"), .user_name = S("u") },
		  S("{\"type\":\"WebIdentityUser\",\"principalId\":\"i:a:u\",\"userName\":\"u\"}"), S("u") },
		{ { .type = IDENTITY_ROLE, .user_name = S("R") }, S("{\"type\":\"Role\",\"userName\":\"R\"}"), S("R") },
		{ { .type = IDENTITY_DIRECTORY, .user_name = S("d") }, S("{\"type\":\"Directory\",\"userName\":\"d\"}"), S("d") },
		{ { .type = IDENTITY_AWS_ACCOUNT, .principal_id = S("AIDA9"), .account_id = S("999999999999") },
		  S("{\"type\":\"AWSAccount\",\"principalId\":\"AIDA9\",\"accountId\":\"999999999999\"}"), SLICE_NONE },
		{ { .type = IDENTITY_AWS_SERVICE, .invoked_by = S("cloudtrail.amazonaws.com") },
		  S("{\"type\":\"AWSService\",\"invokedBy\":\"cloudtrail.amazonaws.com\"}"), SLICE_NONE },
		{ { .type = IDENTITY_IDENTITY_CENTER_USER, .account_id = S("1"), .credential_id = S("c"),
		    .on_behalf_of_user_id = S("u"), .on_behalf_of_store_arn = S("a") },
		  S("{\"type\":\"IdentityCenterUser\",\"accountId\":\"1\",\"credentialId\":\"c\","
		    "\"onBehalfOf\":{\"userId\":\"u\",\"identityStoreArn\":\"a\"}}"), SLICE_NONE },
		{ { .type = IDENTITY_UNKNOWN }, S("{\"type\":\"Unknown\"}"), SLICE_NONE },
		{ { .type = IDENTITY_NONE, .account_id = S("1"), .invoked_by = S("AWS Internal") },
		  S("{\"accountId\":\"1\",\"invokedBy\":\"AWS Internal\"}"), SLICE_NONE },
	};
	check_rows(t, rows, COUNT(rows));
}

/* T44: "no MFA" detections look for mfaAuthenticated "false", which a long-term key must not have. */
TEST(identity_of_a_long_term_key_has_no_session_context)
{
	struct identity identity = { .type = IDENTITY_IAM_USER, .user_name = S("alice") };
	struct buffer out;

	buffer_init(&out, &t->arena, 4096);
	identity_write(&identity, &out);
	CHECK(t, slice_find(buffer_slice(&out), S("mfaAuthenticated")) == SLICE_NPOS);
}

TEST(identity_type_texts_read_back)
{
	for (enum identity_type type = IDENTITY_ROOT; type < IDENTITY_TYPE_COUNT; type++) {
		enum identity_type read = IDENTITY_NONE;
		CHECK(t, identity_type_parse(identity_type_text(type), &read) && read == type);
	}
	enum identity_type read;
	CHECK(t, !identity_type_parse(S("iamuser"), &read) && !identity_type_parse(SLICE_NONE, &read));
}
