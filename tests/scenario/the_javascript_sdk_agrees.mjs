// tests/scenario/the_javascript_sdk_agrees.mjs: the calls of the_javascript_sdk_agrees.py; prints TAP.
import { CloudTrailClient, LookupEventsCommand, paginateLookupEvents } from "@aws-sdk/client-cloudtrail";
import {
  AttachUserPolicyCommand, CreateAccessKeyCommand, CreateRoleCommand, CreateUserCommand, DeleteUserCommand, GetUserCommand,
  IAMClient, ListUsersCommand, paginateListUsers, PutRolePolicyCommand,
} from "@aws-sdk/client-iam";
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { check, end, refused } from "./tap.mjs";

const account = process.argv[2];

// The endpoint comes from AWS_ENDPOINT_URL, key and region from the environment, as in any program of a user.
const iam = new IAMClient({ maxAttempts: 1 });
const sts = new STSClient({ maxAttempts: 1 });
const trail = new CloudTrailClient({ maxAttempts: 1 });

async function events(key, value) {
  const found = [];
  const input = { LookupAttributes: [{ AttributeKey: key, AttributeValue: value }] };
  for await (const page of paginateLookupEvents({ client: trail, pageSize: 5 }, input)) found.push(...page.Events);
  return found.map((event) => ({ ...event, record: JSON.parse(event.CloudTrailEvent) }));
}

const me = await sts.send(new GetCallerIdentityCommand({}));
check(me.Account === account, "GetCallerIdentity answers the account", me);

const made = await iam.send(new CreateUserCommand({ UserName: "jane", Tags: [{ Key: "team", Value: "blue" }] }));
check(made.User.CreateDate instanceof Date && made.User.Arn.endsWith(":user/jane"), "CreateUser answers a user", made.User);
const [created] = await events("EventName", "CreateUser");
check(created.EventTime instanceof Date && created.ReadOnly === "false", "LookupEvents finds it", created);
check(created.record.requestID === made.$metadata.requestId, "with the request id that the SDK saw", created.record);
check(created.record.userAgent.includes("aws-sdk-js/3."), "and the SDK's user agent", created.record.userAgent);

const key = (await iam.send(new CreateAccessKeyCommand({ UserName: "jane" }))).AccessKey;
const jane = new IAMClient({ maxAttempts: 1, credentials: { accessKeyId: key.AccessKeyId, secretAccessKey: key.SecretAccessKey } });
const denial = await refused("jane may not list users", "AccessDenied", jane.send(new ListUsersCommand({})));
check(denial.$metadata.httpStatusCode === 403 && denial.message.includes("is not authorized to perform: iam:ListUsers"),
  "in AWS's words", denial.message);
await iam.send(new AttachUserPolicyCommand({ UserName: "jane", PolicyArn: "arn:aws:iam::aws:policy/IAMReadOnlyAccess" }));
check((await jane.send(new ListUsersCommand({}))).Users.length >= 2, "with a policy that AWS manages she may");
await refused("an unknown user is NoSuchEntityException", "NoSuchEntityException", iam.send(new GetUserCommand({ UserName: "ghost" })));
await refused("a user with a key stays", "DeleteConflictException", iam.send(new DeleteUserCommand({ UserName: "jane" })));

for (let n = 0; n < 7; n++) await iam.send(new CreateUserCommand({ UserName: `page${n}`, Path: "/page/" }));
const names = [];
for await (const page of paginateListUsers({ client: iam, pageSize: 3 }, { PathPrefix: "/page/" }))
  names.push(...page.Users.map((user) => user.UserName));
check(names.join() === "page0,page1,page2,page3,page4,page5,page6", "its paginator walks all pages", names);

await iam.send(new CreateRoleCommand({ RoleName: "worker", AssumeRolePolicyDocument: JSON.stringify({
  Version: "2012-10-17", Statement: [{ Effect: "Allow", Principal: { AWS: account }, Action: "sts:AssumeRole" }] }) }));
await iam.send(new PutRolePolicyCommand({ RoleName: "worker", PolicyName: "lookup", PolicyDocument: JSON.stringify({
  Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "cloudtrail:LookupEvents", Resource: "*" }] }) }));
const { Credentials: given } = await sts.send(new AssumeRoleCommand({
  RoleArn: `arn:aws:iam::${account}:role/worker`, RoleSessionName: "js" }));
const session = new CloudTrailClient({ maxAttempts: 1, credentials: {
  accessKeyId: given.AccessKeyId, secretAccessKey: given.SecretAccessKey, sessionToken: given.SessionToken } });
const page = await session.send(new LookupEventsCommand({ MaxResults: 1 }));
check(page.Events[0].EventName === "AssumeRole" && page.NextToken, "a role session looks up", page);
const [own] = await events("AccessKeyId", given.AccessKeyId);
check(own.Username === "js" && own.record.userIdentity.sessionContext.sessionIssuer.userName === "worker",
  "and is itself on record, with its role", own.record);
await refused("what AWS refuses is refused", "InvalidMaxResultsException", trail.send(new LookupEventsCommand({ MaxResults: 51 })));
end();
