// tests/scenario/query_equals_duckdb.mjs: answers questions in SQL about CloudTrail files, as DuckDB reads them.
//
// node query_equals_duckdb.mjs ASKED.json: {"sources": [SQL for file, i, r], "questions": [[sql, condition]...]}; prints
// {"version", "events", "answers": [{"columns", "types", "rows"} or {"error"}]}. Numbers with a fraction are numbers, all else is text.
import { DuckDBInstance } from "@duckdb/node-api";
import { readFileSync } from "node:fs";

const asked = JSON.parse(readFileSync(process.argv[2], "utf8"));
const instance = await DuckDBInstance.create(":memory:", { autoinstall_known_extensions: "false", threads: "2" });
const connection = await instance.connect();
await connection.run("SET TimeZone = 'UTC'").catch(() => {});      // what needs it is an extension that npm's DuckDB may lack

// What Insights discovers: objects, lists and null are no fields, true and false are 1 and 0.
await connection.run(`CREATE MACRO field(r, path) AS CASE json_type(r, path) WHEN 'OBJECT' THEN NULL WHEN 'ARRAY' THEN NULL
  WHEN 'BOOLEAN' THEN CASE r->>path WHEN 'true' THEN '1' ELSE '0' END ELSE r->>path END`);
const columns = {
  eventTime: "eventTime", eventVersion: "eventVersion", eventName: "eventName", eventSource: "eventSource", awsRegion: "awsRegion",
  ip: "sourceIPAddress", agent: "userAgent", errorCode: "errorCode", errorMessage: "errorMessage", eventID: "eventID",
  requestID: "requestID", readOnly: "readOnly", management: "managementEvent", eventType: "eventType", recipient: "recipientAccountId",
  userType: "userIdentity.type", arn: "userIdentity.arn", userName: "userIdentity.userName", accessKeyId: "userIdentity.accessKeyId",
  invokedBy: "userIdentity.invokedBy", issuer: "userIdentity.sessionContext.sessionIssuer.userName",
  duration: "requestParameters.durationSeconds", maxResults: "requestParameters.maxResults", maxItems: "requestParameters.maxItems",
  bytesIn: "additionalEventData.bytesTransferredIn", bytesOut: "additionalEventData.bytesTransferredOut",
  retries: "additionalEventData.retries", mfaUsed: "additionalEventData.MFAUsed", login: "responseElements.ConsoleLogin",
  tls: "tlsDetails.tlsVersion", res0: "resources[0].ARN",
};
const list = Object.entries(columns).map(([name, path]) => `field(r, '$.${path}') AS "${name}"`);
await connection.run(`CREATE TABLE read AS ${asked.sources.join(" UNION ALL ")}`);
await connection.run(`CREATE TABLE ev AS
  SELECT *, row_number() OVER (ORDER BY ts NULLS FIRST, file, i) AS place FROM
  (SELECT *, TRY_CAST(eventTime AS TIMESTAMP) AS ts FROM (SELECT file, i, r, ${list.join(", ")} FROM read))`);

const answers = [];
for (const [sql, condition] of asked.questions) {
  try {
    const some = condition ? `WITH ev AS (SELECT * FROM memory.main.ev WHERE ${condition}) ` : "";
    const reader = await connection.runAndReadAll(some + sql);
    answers.push({ columns: reader.columnNames(), types: reader.columnTypes().map(String), rows: reader.getRowsJson() });
  } catch (error) {
    answers.push({ error: error.message });
  }
}
const [[version, events]] = (await connection.runAndReadAll("SELECT version(), count(*) FROM ev")).getRowsJson();
process.stdout.write(JSON.stringify({ version, events: Number(events), answers }));
