// tests/scenario/trails_by_the_javascript_sdk.mjs: the life of a trail by npm's SDK, for trails_are_made_and_changed.py; prints TAP.
import {
  AddTagsCommand, CloudTrailClient, CreateTrailCommand, DeleteTrailCommand, DescribeTrailsCommand, GetEventSelectorsCommand,
  GetInsightSelectorsCommand, GetTrailCommand, GetTrailStatusCommand, ListPublicKeysCommand, ListTagsCommand, paginateListTrails,
  PutEventSelectorsCommand, PutInsightSelectorsCommand, RemoveTagsCommand, StartLoggingCommand, StopLoggingCommand, UpdateTrailCommand,
} from "@aws-sdk/client-cloudtrail";
import { check, end, equal, refused } from "./tap.mjs";

const account = process.argv[2];
const arn = `arn:aws:cloudtrail:us-east-1:${account}:trail/audit`;

const client = new CloudTrailClient({ maxAttempts: 1 });
const call = async (command) => {
  const { $metadata, ...answer } = await client.send(command);
  return answer;
};

equal(await call(new CreateTrailCommand({ Name: "audit", S3BucketName: "audit-logs", TagsList: [{ Key: "team", Value: "sec" }] })), {
  Name: "audit", S3BucketName: "audit-logs", IncludeGlobalServiceEvents: true, IsMultiRegionTrail: false, TrailARN: arn,
  LogFileValidationEnabled: false, IsOrganizationTrail: false }, "CreateTrail");
await refused("a second one", "TrailAlreadyExistsException", client.send(new CreateTrailCommand({ Name: "audit", S3BucketName: "audit-logs" })),
  { status: 400, message: `Trail audit already exists for customer: ${account}` });
const fresh = await call(new GetTrailStatusCommand({ Name: "audit" }));
check(fresh.IsLogging === false && fresh.StartLoggingTime === undefined && fresh.LatestDeliveryTime === undefined && fresh.TimeLoggingStarted === "",
  "a new trail has no times", fresh);
equal(await call(new StartLoggingCommand({ Name: arn })), {}, "StartLogging");
const status = await call(new GetTrailStatusCommand({ Name: arn }));
check(status.IsLogging && status.StartLoggingTime instanceof Date && Math.abs(Date.now() - status.StartLoggingTime) < 3600e3,
  "GetTrailStatus gives a Date", status);
equal((await call(new GetTrailCommand({ Name: "audit" }))).Trail.HomeRegion, "us-east-1", "GetTrail");
equal((await call(new DescribeTrailsCommand({ trailNameList: ["audit", "nope"] }))).trailList.map((trail) => trail.Name), ["audit"], "DescribeTrails");
const names = [];
for await (const page of paginateListTrails({ client }, {})) names.push(...page.Trails.map((trail) => trail.Name));
equal(names, ["audit"], "ListTrails by its paginator");
equal((await call(new UpdateTrailCommand({ Name: "audit", IsMultiRegionTrail: true, EnableLogFileValidation: true }))).IsMultiRegionTrail, true,
  "UpdateTrail");
const selectors = [{ ReadWriteType: "WriteOnly", IncludeManagementEvents: true, DataResources: [], ExcludeManagementEventSources: [] }];
equal((await call(new PutEventSelectorsCommand({ TrailName: "audit", EventSelectors: [{ ReadWriteType: "WriteOnly" }] }))).EventSelectors, selectors,
  "PutEventSelectors");
equal(await call(new GetEventSelectorsCommand({ TrailName: "audit" })), { TrailARN: arn, EventSelectors: selectors }, "GetEventSelectors");
await refused("no insights", "InsightNotEnabledException", client.send(new GetInsightSelectorsCommand({ TrailName: "audit" })), { status: 400,
  message: "Trail audit does not have Insights enabled. Edit the trail settings to enable Insights, and then try the operation again." });
equal((await call(new PutInsightSelectorsCommand({ TrailName: "audit", InsightSelectors: [{ InsightType: "ApiCallRateInsight" }] }))).InsightSelectors,
  [{ InsightType: "ApiCallRateInsight" }], "PutInsightSelectors");
await call(new AddTagsCommand({ ResourceId: arn, TagsList: [{ Key: "a" }] }));
await call(new RemoveTagsCommand({ ResourceId: arn, TagsList: [{ Key: "team" }] }));
equal((await call(new ListTagsCommand({ ResourceIdList: [arn] }))).ResourceTagList, [{ ResourceId: arn, TagsList: [{ Key: "a" }] }], "tags");
check(Array.isArray((await call(new ListPublicKeysCommand({}))).PublicKeyList), "ListPublicKeys");
await refused("an unknown trail", "TrailNotFoundException", client.send(new StopLoggingCommand({ Name: "nope" })),
  { status: 400, message: `Unknown trail: ${arn.replace("audit", "nope")} for the user: ${account}` });
await refused("a short name", "InvalidTrailNameException", client.send(new DeleteTrailCommand({ Name: "ab" })),
  { status: 400, message: "Trail name too short. Minimum allowed length: 3 characters. Specified name length: 2 characters." });
equal(await call(new StopLoggingCommand({ Name: "audit" })), {}, "StopLogging");
equal(await call(new DeleteTrailCommand({ Name: "audit" })), {}, "DeleteTrail");
equal(await call(new DescribeTrailsCommand({})), { trailList: [] }, "it is gone");
end();
