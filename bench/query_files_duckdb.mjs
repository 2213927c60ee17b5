// bench/query_files_duckdb.mjs: DuckDB over CloudTrail's files, one question a line: query_files_duckdb.mjs DIR
//
// Reads lines {"sql", "need"}: `need` is what of a record the question names, as DuckDB's types, so that nothing else is parsed out
// of it; null: the whole record. Answers each by a line {"seconds", "rows"}.
import { createRequire } from "node:module";
import { createInterface } from "node:readline";

const { DuckDBInstance } = createRequire(new URL("../tests/scenario/", import.meta.url))("@duckdb/node-api");
const files = `${process.argv[2]}/**/*.json.gz`;
const instance = await DuckDBInstance.create(":memory:", { autoinstall_known_extensions: "false" });
const connection = await instance.connect();
await connection.run("SET preserve_insertion_order = false");
console.log(JSON.stringify({ version: (await connection.runAndReadAll("SELECT version()")).getRows()[0][0] }));

for await (const line of createInterface({ input: process.stdin })) {
  const { sql, need } = JSON.parse(line);
  const read = (type) => `read_json('${files}', columns = {Records: '${type}[]'}, maximum_object_size = 67108864)`;
  const events = need ? `SELECT unnest(s) FROM (SELECT unnest(Records) AS s FROM ${read(`STRUCT(${need})`)})`
    : `SELECT unnest(Records) AS r FROM ${read("JSON")}`;
  try {
    const start = performance.now();
    const reader = await connection.runAndReadAll(`WITH ev AS (${events}) ${sql}`);
    console.log(JSON.stringify({ seconds: (performance.now() - start) / 1000, rows: reader.getRowObjectsJson() }));
  } catch (error) {
    console.log(JSON.stringify({ error: error.message }));
  }
}
