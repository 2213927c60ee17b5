/* auth/policy_validate_test.c: each refusal of a document, in the words of AWS. */
#include "auth/policy_validate.h"
#include "tests/test.h"

/* JSON with ' for ". */
static struct slice quoted(struct test *t, const char *text)
{
	struct slice s = arena_copy(&t->arena, slice_of(text));

	for (size_t i = 0; i < s.len; i++)
		if (s.ptr[i] == '\'')
			((char *)(uintptr_t)s.ptr)[i] = '"';
	return s;
}

struct row { const char *document, *want; };      /* want NULL: accepted */

static bool is_known(void *user, struct slice principal)
{
	(void)user;
	return slice_find(principal, S("ghost")) == SLICE_NPOS;
}

static void check_rows(struct test *t, enum policy_kind kind, const struct row *rows, size_t count)
{
	struct policy_rules rules = { .kind = kind, .principal_exists = is_known };

	for (size_t i = 0; i < count; i++) {
		struct error err = {0};
		bool is_good = policy_validate(&t->arena, quoted(t, rows[i].document), &rules, &err);
		if (is_good != (rows[i].want == NULL))
			test_failed(t, __FILE__, __LINE__, "%s: %s", rows[i].document, is_good ? "accepted" : err.message);
		if (rows[i].want && !is_good) {
			CHECK_TEXT(t, slice_of(err.message), quoted(t, rows[i].want));
			CHECK_TEXT(t, slice_of(err.name), S("MalformedPolicyDocument"));
		}
	}
}

#define SYNTAX   "Syntax errors in policy."
#define NEW(...) "{'Version':'2012-10-17','Statement':" __VA_ARGS__ "}"
#define ONE(...) NEW("{'Effect':'Allow'," __VA_ARGS__ "}")

TEST(policy_grammar_is_refused_as_syntax)
{
	static const struct row rows[] = {
		{ "", SYNTAX }, { "null", SYNTAX }, { "[]", SYNTAX }, { "'x'", SYNTAX }, { "{", SYNTAX }, { "{}{}", SYNTAX },
		{ "This is no JSON", SYNTAX }, { "{'Version':'2012-10-17'}", SYNTAX },
		{ NEW("[]"), SYNTAX }, { NEW("''"), SYNTAX }, { NEW("[1]"), SYNTAX }, { NEW("{}"), SYNTAX },
		{ "{'Version':'2012-10-17','Statement':{'Effect':'Allow','Action':'s3:*','Resource':'*'},'Extra':1}", SYNTAX },
		{ "{'version':'2012-10-17','Statement':{'Effect':'Allow','Action':'s3:*','Resource':'*'}}", SYNTAX },
		{ "{'Version':'2013-10-17','Statement':{'Effect':'Allow','Action':'s3:*','Resource':'*'}}", SYNTAX },
		{ "{'Version':['2012-10-17'],'Statement':{'Effect':'Allow','Action':'s3:*','Resource':'*'}}", SYNTAX },
		{ "{'Version':'2012-10-17','Id':['x'],'Statement':{'Effect':'Allow','Action':'s3:*','Resource':'*'}}", SYNTAX },
		{ NEW("{'Effect':'allow','Action':'s3:*','Resource':'*'}"), SYNTAX },
		{ NEW("{'Effect':['Allow'],'Action':'s3:*','Resource':'*'}"), SYNTAX },
		{ NEW("{'effect':'Allow','Action':'s3:*','Resource':'*'}"), SYNTAX },
		{ NEW("{'Action':'s3:*','Resource':'*'}"), SYNTAX },
		{ ONE("'Action':'s3:*','Resource':'*','Extra':'x'"), SYNTAX },
		{ ONE("'Action':'s3:*','NotAction':'s3:*','Resource':'*'"), SYNTAX },
		{ ONE("'Action':'s3:*','Resource':'*','NotResource':'*'"), SYNTAX },
		{ ONE("'Action':['s3:*',1],'Resource':'*'"), SYNTAX },
		{ ONE("'Action':{'s3':1},'Resource':'*'"), SYNTAX },
		{ ONE("'Action':'s3:*','Resource':[null]"), SYNTAX },
		{ ONE("'Action':'s3:','Resource':'*'"), SYNTAX },
		{ ONE("'Sid':1,'Action':'s3:*','Resource':'*'"), SYNTAX },
		{ ONE("'Action':'s3:*','Action':'ec2:*','Resource':'*'"), SYNTAX },
		{ ONE("'Action':'s3:*','Resource':'*','Condition':'x'"), SYNTAX },
		{ ONE("'Action':'s3:*','Resource':'*','Condition':{'StringEquals':'x'}"), SYNTAX },
		{ ONE("'Action':'s3:*','Resource':'*','Condition':{'StringEquals':{'a:b':{}}}"), SYNTAX },
		{ ONE("'Action':'s3:*','Resource':'*','Condition':{'StringEquals':{'a:b':null}}"), SYNTAX },
		{ ONE("'Action':'s3:*','Resource':'*','Condition':{'StringSame':{'a:b':'c'}}"), SYNTAX },
		{ ONE("'Action':'s3:*','Resource':'*','Condition':{'NullIfExists':{'a:b':'true'}}"), SYNTAX },
		{ ONE("'Action':'s3:*','Resource':'arn:aws:s3:::\xE2\x82\xAC'"), SYNTAX },      /* beyond U+00FF */
		{ ONE("'Action':'s3:*','Resource':'arn:aws:s3:::\x01'"), SYNTAX },
		{ ONE("'Action':'s3:*','Resource':'arn:aws:s3:::\xFF'"), SYNTAX },
	};
	check_rows(t, POLICY_IDENTITY, rows, COUNT(rows));
}

TEST(policy_meaning_is_refused_in_aws_words)
{
	static const struct row rows[] = {
		{ "{'Version':'2008-10-17','Statement':{'Effect':'Allow','Action':'s3:*','Resource':'*'}}",
		  "Policy document must be version 2012-10-17 or greater." },
		{ "{'Statement':{'Effect':'Allow','Action':'s3:*','Resource':'*'}}",
		  "Policy document must be version 2012-10-17 or greater." },
		{ ONE("'Resource':'*'"), "Policy statement must contain actions." },
		{ ONE("'Action':[],'Resource':'*'"), "Policy statement must contain actions." },
		{ ONE("'Action':'s3:*'"), "Policy statement must contain resources." },
		{ ONE("'Action':'s3:*','Resource':[]"), "Policy statement must contain resources." },
		{ ONE("'Action':'GetObject','Resource':'*'"),
		  "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc." },
		{ ONE("'NotAction':['s3:*','GetObject'],'Resource':'*'"),
		  "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc." },
		{ ONE("'Action':'s3:*','Resource':'*','Condition':{'StringEquals':{'username':'x'}}"),
		  "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc." },
		{ ONE("'Action':'s3:s3:GetObject','Resource':'*'"), "Actions/Condition can contain only one colon." },
		{ ONE("'Action':'a a:GetObject','Resource':'*'"), "Vendor a a is not valid" },
		{ ONE("'Action':'s3:*','Resource':'b/*'"), "Resource b/* must be in ARN format or '*'." },
		{ ONE("'Action':'s3:*','Resource':['*','']"), "Resource  must be in ARN format or '*'." },
		{ ONE("'Action':'s3:*','NotResource':'b'"), "Resource b must be in ARN format or '*'." },
		{ ONE("'Action':'s3:*','Resource':'arn:error:s3:::b'"), "Partition 'error' is not valid for resource 'arn:error:s3:::b'." },
		{ ONE("'Action':'iam:*','Resource':'arn:aws:iam:us-east-1:111122223333:user/x'"),
		  "IAM resource arn:aws:iam:us-east-1:111122223333:user/x cannot contain region information." },
		{ ONE("'Action':'iam:*','Resource':'arn:aws:iam::111122223333:thing/x'"),
		  "IAM resource path must either be '*' or start with user/, federated-user/, role/, group/, instance-profile/, mfa/, "
		  "server-certificate/, policy/, sms-mfa/, saml-provider/, oidc-provider/, report/, access-report/." },
		{ ONE("'Sid':'not allowed','Action':'s3:*','Resource':'*'"),
		  "Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]*" },
		{ NEW("[{'Sid':'a','Effect':'Allow','Action':'s3:*','Resource':'*'},{'Effect':'Allow','Action':'s3:*','Resource':'*'},"
		      "{'Sid':'a','Effect':'Deny','Action':'s3:*','Resource':'*'}]"),
		  "Statement IDs (SID) in a single policy must be unique." },
		{ ONE("'Action':'s3:*','Resource':'*','Principal':'*'"), "Policy document should not specify a principal." },
		{ ONE("'Action':'s3:*','Resource':'*','NotPrincipal':{'AWS':'*'}"), "Policy document should not specify a principal." },
	};
	check_rows(t, POLICY_IDENTITY, rows, COUNT(rows));
	check_rows(t, POLICY_SESSION, rows + 2, COUNT(rows) - 2);
}

TEST(policy_that_aws_accepts_is_accepted)
{
	static const struct row rows[] = {
		{ ONE("'Action':'s3:*','Resource':'*'"), NULL },
		{ ONE("'Action':'*','Resource':'*'"), NULL },
		{ ONE("'Action':'*:*','Resource':'*'"), NULL },
		{ "{'Id':'x','Statement':[{'Resource':'*','Action':['s3:Get*','ec2:?escribe'],'Effect':'Deny','Sid':''}],'Version':'2012-10-17'}", NULL },
		{ ONE("'NotAction':'iam:*','NotResource':['arn:aws:s3:::b','arn:aws:s3:::b/*']"), NULL },
		{ ONE("'Action':'iam:*','Resource':['arn:aws:iam::*:user/${aws:username}','arn:aws:iam::111122223333:*','arn:aws:iam::*']"), NULL },
		{ ONE("'Action':'iam:*','Resource':['arn:aws:iam::aws:policy/ReadOnlyAccess','arn:aws:iam::111122223333:mfa/x']"), NULL },
		{ ONE("'Action':'s3:*','Resource':['arn:aws:s3','arn:*:s3:::x','arn:aws-cn:s3:::x','arn:aws:s3:::${aws:username}']"), NULL },
		{ ONE("'Action':'s3:*','Resource':'*','Condition':{}"), NULL },
		{ ONE("'Action':'s3:*','Resource':'*','Condition':{'ForAllValues:StringLikeIfExists':{'aws:TagKeys':['a',1,true]},"
		      "'Null':{'aws:TokenIssueTime':true},'NumericLessThan':{'s3:max-keys':10}}"), NULL },
		{ ONE("'Action':'s3:*','Resource':'arn:aws:s3:::\xC3\xA9'"), NULL },
		{ "\n\t{ 'Version' : '2012-10-17' ,\r\n 'Statement' : { 'Effect' : 'Allow', 'Action' : 's3:*', 'Resource' : '*' } }\n", NULL },
	};
	check_rows(t, POLICY_IDENTITY, rows, COUNT(rows));
	check_rows(t, POLICY_SESSION, rows, COUNT(rows));
	static const struct row old[] = { { "{'Statement':{'Effect':'Allow','Action':'s3:*','Resource':'*'}}", NULL } };
	check_rows(t, POLICY_SESSION, old, COUNT(old));
}

#define WHO(who)   ONE("'Principal':" who ",'Action':'sts:AssumeRole'")
#define NOBODY(type, name) "Invalid principal in policy: '" type "':'" name "'"

TEST(trust_policy_names_its_principals_and_no_resource)
{
	static const struct row rows[] = {
		{ WHO("{'AWS':'111122223333'}"), NULL },
		{ WHO("{'AWS':['arn:aws:iam::111122223333:root','arn:aws:iam::111122223333:user/path/bob']}"), NULL },
		{ WHO("{'AWS':'arn:aws:iam::111122223333:role/ops','Service':'ec2.amazonaws.com'}"), NULL },
		{ WHO("{'AWS':'arn:aws:sts::111122223333:assumed-role/ops/s1'}"), NULL },
		{ WHO("{'AWS':'arn:aws:sts::111122223333:federated-user/kim'}"), NULL },
		{ WHO("{'AWS':'AIDABOB0000000000AA'}"), NULL },
		{ WHO("{'AWS':'*'}"), NULL }, { WHO("'*'"), NULL },
		{ WHO("{'Service':['ec2.amazonaws.com','cloudtrail.amazonaws.com']}"), NULL },
		{ ONE("'Principal':{'Federated':'arn:aws:iam::111122223333:oidc-provider/x'},'Action':'sts:AssumeRoleWithWebIdentity'"), NULL },
		{ ONE("'Principal':{'AWS':'111122223333'},'Action':['sts:AssumeRole','sts:TagSession','sts:SetSourceIdentity','sts:SetContext']"), NULL },
		{ ONE("'Principal':{'AWS':'111122223333'},'Action':'sts:AssumeRole*'"), NULL },
		{ "{'Version':'2008-10-17','Statement':[{'Effect':'Allow','Principal':{'AWS':'111122223333'},'Action':'sts:AssumeRole'}]}", NULL },
		{ "{'Statement':[{'Effect':'Allow','Principal':{'AWS':'111122223333'},'Action':'sts:AssumeRole'}]}", NULL },
		{ NEW("{'Effect':'Deny','NotPrincipal':{'AWS':'111122223333'},'Action':'sts:AssumeRole'}"), NULL },

		{ ONE("'Principal':{'AWS':'111122223333'},'Action':'sts:AssumeRole','Resource':'*'"), "Has prohibited field Resource" },
		{ ONE("'Principal':{'AWS':'111122223333'},'Action':'sts:AssumeRole','NotResource':'*'"), "Has prohibited field NotResource" },
		{ ONE("'Action':'sts:AssumeRole'"), "Missing required field Principal" },
		{ WHO("{}"), "Missing required field Principal" }, { WHO("{'AWS':[]}"), "Missing required field Principal" },
		{ WHO("{'AWS':'arn:aws:iam::111122223333:user/ghost'}"), NOBODY("AWS", "arn:aws:iam::111122223333:user/ghost") },
		{ WHO("{'AWS':['*','arn:aws:iam::111122223333:user/*']}"), NOBODY("AWS", "arn:aws:iam::111122223333:user/*") },
		{ WHO("{'AWS':'arn:aws:iam::111122223333:group/g'}"), NOBODY("AWS", "arn:aws:iam::111122223333:group/g") },
		{ WHO("{'AWS':'arn:aws:iam::1111:user/x'}"), NOBODY("AWS", "arn:aws:iam::1111:user/x") },
		{ WHO("{'AWS':'arn:aws:sts::111122223333:assumed-role/ops'}"), NOBODY("AWS", "arn:aws:sts::111122223333:assumed-role/ops") },
		{ WHO("{'AWS':'arn:aws:iam:us-east-1:111122223333:user/x'}"), NOBODY("AWS", "arn:aws:iam:us-east-1:111122223333:user/x") },
		{ WHO("{'AWS':'bob'}"), NOBODY("AWS", "bob") }, { WHO("'bob'"), NOBODY("AWS", "bob") },
		{ WHO("{'Service':'ec2'}"), NOBODY("SERVICE", "ec2") },
		{ WHO("{'Service':'*'}"), NOBODY("SERVICE", "*") },
		{ WHO("{'Federated':'*'}"), NOBODY("FEDERATED", "*") },
		{ WHO("{'Group':'g'}"), SYNTAX }, { WHO("['*']"), SYNTAX }, { WHO("{'AWS':{}}"), SYNTAX },
		{ ONE("'Principal':'*','NotPrincipal':'*','Action':'sts:AssumeRole'"), SYNTAX },
		{ ONE("'NotPrincipal':{'AWS':'111122223333'},'Action':'sts:AssumeRole'"), "Allow with NotPrincipal is not allowed." },
		{ ONE("'Principal':'*','Action':'s3:GetObject'"), "AssumeRole policy may only specify STS AssumeRole actions." },
		{ ONE("'Principal':'*','Action':['sts:AssumeRole','sts:GetCallerIdentity']"), "AssumeRole policy may only specify STS AssumeRole actions." },
		{ ONE("'Principal':'*','Action':'*'"), "AssumeRole policy may only specify STS AssumeRole actions." },
		{ ONE("'Principal':'*'"), "Policy statement must contain actions." },
	};
	check_rows(t, POLICY_TRUST, rows, COUNT(rows));
}

TEST(resource_policy_is_refused_in_the_words_of_its_services)
{
	static const struct row rows[] = {
		{ ONE("'Principal':'*','Action':'s3:GetObject','Resource':'arn:aws:s3:::b/*'"), NULL },
		{ ONE("'Sid':'Enable IAM user permissions','Principal':{'AWS':'111122223333'},'Action':'kms:*','Resource':'*'"), NULL },
		{ "no JSON", "Policies must be valid JSON and the first byte must be '{'" },
		{ "{'Version':'2012-10-17'}", "Missing required field Statement" },
		{ "{'Version':'2011-10-17','Statement':[]}", "The policy must contain a valid version string" },
		{ ONE("'Action':'s3:GetObject','Resource':'arn:aws:s3:::b/*'"), "Missing required field Principal" },
		{ ONE("'Principal':'*','Resource':'arn:aws:s3:::b/*'"), "Missing required field Action" },
		{ ONE("'Principal':'*','Action':'s3:GetObject'"), "Missing required field Resource" },
		{ ONE("'Principal':'*','Action':'s3:GetObject','Resource':'b'"), "Policy has invalid resource" },
		{ ONE("'Principal':{'AWS':'ghost'},'Action':'s3:GetObject','Resource':'*'"), "Invalid principal in policy" },
		{ ONE("'Principal':'*','Action':'s3:GetObject','Resource':'*','Condition':{'StringSame':{'a:b':'c'}}"),
		  "Invalid Condition type : StringSame" },
		{ NEW("{'Effect':'Permit','Principal':'*','Action':'s3:GetObject','Resource':'*'}"), "Invalid effect: Permit" },
		{ ONE("'Extra':1,'Principal':'*','Action':'s3:GetObject','Resource':'*'"), "Unknown field Extra" },
	};
	struct policy_rules rules = { .kind = POLICY_RESOURCE, .principal_exists = is_known };

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct error err = {0};
		bool is_good = policy_validate(&t->arena, quoted(t, rows[i].document), &rules, &err);
		CHECK_TEXT(t, is_good ? S("") : slice_of(err.message), slice_of(rows[i].want ? rows[i].want : ""));
	}
}
