"""tests/scenario/query_questions.py: what is asked of an archive in Insights' language, and the same in SQL, each written for itself.

In SQL `ev` has a row for each event: `place` is where it comes in the order that spoor promises (older is smaller; of one time, earlier in
the files), `ts` its time, `r` the record; the other columns are named in query_equals_duckdb.mjs. A column is named as in spoor's
answer, and everything has an ORDER BY, so answers are compared cell by cell. The table names what is asked by the order of its parts:

    (query, SQL[, flags for the command line])
"""

NEWEST = "ORDER BY place DESC"
GROUPS = "ORDER BY max(place) DESC"
NUMBER = "TRY_CAST({} AS DOUBLE)".format

# The questions of bench/query_files.py, with the ties settled.
BENCH = [
    ("stats count(*)",
     'SELECT count(*) AS "count(*)" FROM ev'),
    ("stats count(*) as c by eventName | sort c desc | limit 20",
     'SELECT eventName AS "eventName", count(*) AS c FROM ev GROUP BY 1 ORDER BY c DESC, max(place) DESC LIMIT 20'),
    ("fields eventTime, eventName, userIdentity.arn, sourceIPAddress | filter eventSource = 'iam.amazonaws.com' | sort @timestamp desc | limit 50",
     'SELECT eventTime, eventName, arn AS "userIdentity.arn", ip AS "sourceIPAddress" FROM ev WHERE eventSource = \'iam.amazonaws.com\' '
     'ORDER BY place DESC LIMIT 50'),
    ("fields eventTime, eventName, userIdentity.arn, errorCode | filter errorCode like /Denied|Unauthorized/ | sort @timestamp desc | limit 20",
     'SELECT eventTime, eventName, arn AS "userIdentity.arn", errorCode FROM ev WHERE contains(errorCode, \'Denied\') '
     'OR contains(errorCode, \'Unauthorized\') ORDER BY place DESC LIMIT 20'),
    ("fields eventTime, eventName, userIdentity.arn | filter eventName like /Policy|Role|User/ | sort @timestamp desc | limit 20",
     'SELECT eventTime, eventName, arn AS "userIdentity.arn" FROM ev WHERE regexp_matches(eventName, \'Policy|Role|User\') ORDER BY place DESC LIMIT 20'),
    ("fields eventTime, eventName, userIdentity.arn | filter userIdentity.arn like 'admin' | sort @timestamp desc | limit 50",
     'SELECT eventTime, eventName, arn AS "userIdentity.arn" FROM ev WHERE arn LIKE \'%admin%\' ORDER BY place DESC LIMIT 50'),
    ("stats count(*) by bin(1h), errorCode",
     f'SELECT date_trunc(\'hour\', ts) AS "bin(1h)", errorCode, count(*) AS "count(*)" FROM ev GROUP BY 1, 2 {GROUPS}'),
    ("stats count_distinct(sourceIPAddress) as c by userIdentity.arn | sort c desc | limit 20",
     'SELECT arn AS "userIdentity.arn", count(DISTINCT ip) AS c FROM ev GROUP BY 1 ORDER BY c DESC, max(place) DESC LIMIT 20'),
    ("fields @message | filter eventID = 'deadbeef-0000-4000-8000-00005f00d042'",
     'SELECT r AS "@message" FROM ev WHERE eventID = \'deadbeef-0000-4000-8000-00005f00d042\''),
    ("fields @message | filter @message like 'AKIASPOORNEEDLE00042'",
     f'SELECT r AS "@message" FROM ev WHERE contains(r::VARCHAR, \'AKIASPOORNEEDLE00042\') {NEWEST}'),
    ("fields @message | filter userIdentity.userName = 'dana.whitfield' | sort @timestamp desc | limit 50",
     'SELECT r AS "@message" FROM ev WHERE userName = \'dana.whitfield\' ORDER BY place DESC LIMIT 50'),
    ("filter userIdentity.arn like 'admin' | stats count(*) as c by eventName | sort c desc | limit 20",
     'SELECT eventName, count(*) AS c FROM ev WHERE arn LIKE \'%admin%\' GROUP BY 1 ORDER BY c DESC, max(place) DESC LIMIT 20'),
    ("fields eventTime, userAgent | filter userAgent like 'Python/3.11.3' and eventName = 'CreateAccessKey' | sort @timestamp desc | limit 20",
     'SELECT eventTime, agent AS "userAgent" FROM ev WHERE agent LIKE \'%Python/3.11.3%\' AND eventName = \'CreateAccessKey\' ORDER BY place DESC LIMIT 20'),
]

# What is looked at, and which rows stay.
FILTERS = [
    ("fields eventID", f"SELECT eventID FROM ev {NEWEST}"),
    ("filter eventName = 'ConsoleLogin'", f'SELECT ts AS "@timestamp", r AS "@message" FROM ev WHERE eventName = \'ConsoleLogin\' {NEWEST}'),
    ("limit 3", f'SELECT ts AS "@timestamp", r AS "@message" FROM ev {NEWEST} LIMIT 3'),
    ("fields @timestamp, eventName | sort @timestamp asc | limit 100",
     'SELECT ts AS "@timestamp", eventName FROM ev ORDER BY ts ASC, place DESC LIMIT 100'),
    ("fields eventID | filter errorCode != 'AccessDenied'", f"SELECT eventID FROM ev WHERE errorCode IS DISTINCT FROM 'AccessDenied' {NEWEST}"),
    ("fields eventID | filter not (errorCode = 'AccessDenied')", f"SELECT eventID FROM ev WHERE NOT coalesce(errorCode = 'AccessDenied', false) {NEWEST}"),
    ("fields eventID, errorCode | filter ispresent(errorCode)", f"SELECT eventID, errorCode FROM ev WHERE errorCode IS NOT NULL {NEWEST}"),
    ("fields eventID | filter !ispresent(errorCode) and !ispresent(tlsDetails.tlsVersion)",
     f"SELECT eventID FROM ev WHERE errorCode IS NULL AND tls IS NULL {NEWEST}"),
    ("fields eventID | filter ispresent(userIdentity)", "SELECT eventID FROM ev WHERE false"),
    ("fields eventID, responseElements.ConsoleLogin | filter responseElements.ConsoleLogin = 'Failure' or additionalEventData.MFAUsed = 'No'",
     f'SELECT eventID, login AS "responseElements.ConsoleLogin" FROM ev WHERE login = \'Failure\' OR mfaUsed = \'No\' {NEWEST}'),
    ("fields eventID | filter readOnly = 0 and managementEvent = 1", f"SELECT eventID FROM ev WHERE readOnly = '0' AND management = '1' {NEWEST}"),
    ("fields eventID, readOnly | filter readOnly = true | limit 500", f"SELECT eventID, readOnly FROM ev WHERE readOnly = '1' {NEWEST} LIMIT 500"),
    ("fields eventID, readOnly, managementEvent | filter readOnly = false | limit 500",
     f'SELECT eventID, readOnly, management AS "managementEvent" FROM ev WHERE readOnly = \'0\' {NEWEST} LIMIT 500'),
    ("fields eventID | filter userIdentity.type = 'Root' and not ispresent(userIdentity.invokedBy) and eventType != 'AwsServiceEvent'",
     f"SELECT eventID FROM ev WHERE userType = 'Root' AND invokedBy IS NULL AND eventType IS DISTINCT FROM 'AwsServiceEvent' {NEWEST}"),
    ("fields eventID | filter eventName in ['CreateUser', 'DeleteUser', \"AttachUserPolicy\"]",
     f"SELECT eventID FROM ev WHERE eventName IN ('CreateUser', 'DeleteUser', 'AttachUserPolicy') {NEWEST}"),
    ("fields eventID | filter errorCode not in ['AccessDenied', 'ThrottlingException']",
     f"SELECT eventID FROM ev WHERE errorCode IS NULL OR errorCode NOT IN ('AccessDenied', 'ThrottlingException') {NEWEST}"),
    ("fields eventID | filter errorCode like 'Access*'", "SELECT eventID FROM ev WHERE false"),
    ("fields eventID | filter errorCode like 'denied'", "SELECT eventID FROM ev WHERE contains(errorCode, 'denied')"),
    ("fields eventID | filter errorCode like /(?i)denied/", f"SELECT eventID FROM ev WHERE lower(errorCode) LIKE '%denied%' {NEWEST}"),
    ("fields eventID | filter errorCode not like /Denied/", f"SELECT eventID FROM ev WHERE coalesce(errorCode NOT LIKE '%Denied%', true) {NEWEST}"),
    ("fields eventID | filter errorCode not like 'Denied' and ispresent(errorCode)", f"SELECT eventID FROM ev WHERE errorCode NOT LIKE '%Denied%' {NEWEST}"),
    ("fields eventName, sourceIPAddress | filter sourceIPAddress =~ /^10\\.[0-3]\\.\\d{1,2}\\./",
     f'SELECT eventName, ip AS "sourceIPAddress" FROM ev WHERE regexp_matches(ip, \'^10\\.[0-3]\\.[0-9]{{1,2}}\\.\') {NEWEST}'),
    ("fields eventID | filter eventName like /^(Create|Delete)(User|AccessKey)$/",
     f"SELECT eventID FROM ev WHERE eventName IN ('CreateUser', 'CreateAccessKey', 'DeleteUser', 'DeleteAccessKey') {NEWEST}"),
    ("fields eventID | filter userAgent like /[\u6f22-\u6f23]./", f"SELECT eventID FROM ev WHERE regexp_matches(agent, '[\u6f22-\u6f23].') {NEWEST}"),
    ("fields eventID, userAgent | filter userAgent like 'r\u00e9sum\u00e9/\u6f22\u5b57'", f'SELECT eventID, agent AS "userAgent" FROM ev WHERE contains(agent, \'r\u00e9sum\u00e9/\u6f22\u5b57\') {NEWEST}'),
    ("fields userAgent | filter userAgent like 'back\\\\slash' | limit 5", f'SELECT agent AS "userAgent" FROM ev WHERE contains(agent, \'back\\slash\') {NEWEST} LIMIT 5'),
    ("fields eventID | filter userAgent like '\"quoted\"'", f"SELECT eventID FROM ev WHERE contains(agent, '\"quoted\"') {NEWEST}"),
    ("fields eventID | filter userAgent = ''", f"SELECT eventID FROM ev WHERE agent = '' {NEWEST}"),
    ("fields eventID | filter isempty(userAgent) or isblank(userIdentity.accessKeyId)",
     f"SELECT eventID FROM ev WHERE coalesce(agent, '') = '' OR trim(coalesce(accessKeyId, '')) = '' {NEWEST}"),
    ("fields eventID | filter requestParameters.durationSeconds = 3600", f"SELECT eventID FROM ev WHERE {NUMBER('duration')} = 3600 {NEWEST}"),
    ("fields eventID, requestParameters.durationSeconds | filter requestParameters.durationSeconds > 1000.5",
     f'SELECT eventID, {NUMBER("duration")} AS "requestParameters.durationSeconds" FROM ev WHERE {NUMBER("duration")} > 1000.5 {NEWEST}'),
    ("fields eventID | filter requestParameters.durationSeconds <= 1000 or requestParameters.maxResults >= 990",
     f"SELECT eventID FROM ev WHERE {NUMBER('duration')} <= 1000 OR {NUMBER('maxResults')} >= 990 {NEWEST}"),
    ("fields eventID | filter additionalEventData.retries < 0", f"SELECT eventID FROM ev WHERE {NUMBER('retries')} < 0 {NEWEST}"),
    ("fields eventID | filter additionalEventData.retries != 0", f"SELECT eventID FROM ev WHERE {NUMBER('retries')} IS DISTINCT FROM 0 {NEWEST}"),
    ("fields eventID | filter eventTime > '2026-01-16T12:00:00Z' and eventTime < '2026-01-16T13:00:00Z'",
     f"SELECT eventID FROM ev WHERE eventTime > '2026-01-16T12:00:00Z' AND eventTime < '2026-01-16T13:00:00Z' {NEWEST}"),
    ("fields eventID | filter @timestamp > '2020-01-01T00:00:00Z'", "SELECT eventID FROM ev WHERE false"),
    ("fields eventID | filter toMillis(@timestamp) >= 1768608000000", f"SELECT eventID FROM ev WHERE epoch_ms(ts) >= 1768608000000 {NEWEST}"),
    ("fields eventID | filter eventVersion < 1.10", f"SELECT eventID FROM ev WHERE {NUMBER('eventVersion')} < 1.1 {NEWEST}"),
    ("fields eventID | filter eventVersion = '1.10'", f"SELECT eventID FROM ev WHERE {NUMBER('eventVersion')} = 1.1 {NEWEST}"),
    ("fields eventID | filter eventName > 'DescribeInstances' and eventName <= 'GetRole'",
     f"SELECT eventID FROM ev WHERE eventName > 'DescribeInstances' AND eventName <= 'GetRole' {NEWEST}"),
    ("fields eventID | filter eventName = 'RunInstances' or eventSource = 'iam.amazonaws.com' and readOnly = 0",
     f"SELECT eventID FROM ev WHERE eventName = 'RunInstances' OR (eventSource = 'iam.amazonaws.com' AND readOnly = '0') {NEWEST}"),
    ("fields eventID | filter (eventName = 'RunInstances' or eventSource = 'iam.amazonaws.com') and not readOnly",
     f"SELECT eventID FROM ev WHERE (eventName = 'RunInstances' OR eventSource = 'iam.amazonaws.com') AND coalesce(readOnly, '0') = '0' {NEWEST}"),
    ("fields eventID | filter awsRegion = 'us-east-1' | filter eventSource = 's3.amazonaws.com' | where recipientAccountId = 111122223333",
     f"SELECT eventID FROM ev WHERE awsRegion = 'us-east-1' AND eventSource = 's3.amazonaws.com' AND recipient = '111122223333' {NEWEST}"),
    ("fields eventID | filter userIdentity.arn = errorMessage or eventSource = eventName", "SELECT eventID FROM ev WHERE arn = errorMessage OR eventSource = eventName"),
    ("fields eventID | filter no.such.field = 1 or nothing like /x/ or absent < 5", "SELECT eventID FROM ev WHERE false"),
    ("fields eventID, no.such.field | filter no.such.field != 1 | limit 7", f"SELECT eventID, NULL AS \"no.such.field\" FROM ev {NEWEST} LIMIT 7"),
    ("fields eventID | filter @message like /\"errorCode\": ?\"Throttling/", f"SELECT eventID FROM ev WHERE errorCode LIKE 'Throttling%' {NEWEST}"),
    ("fields eventID | filter strcontains(userIdentity.arn, 'admin') and startsWith(eventName, 'Get') = 1",
     f"SELECT eventID FROM ev WHERE contains(arn, 'admin') AND starts_with(eventName, 'Get') {NEWEST}"),
    ("fields eventID | filter eventName = 'GetObject' | limit 10", f"SELECT eventID FROM ev WHERE eventName = 'GetObject' {NEWEST} LIMIT 10",
     ["--start", "2026-01-16", "--end", "2026-01-16T18:30:00Z"], "ts >= '2026-01-16' AND ts <= '2026-01-16 18:30:00'"),
    ("stats count(*) as n by bin(1d)", f'SELECT date_trunc(\'day\', ts) AS "bin(1d)", count(*) AS n FROM ev GROUP BY 1 {GROUPS}',
     ["--start", "2026-01-16T06:00:00Z"], "ts >= '2026-01-16 06:00:00'"),
]

# What is in lists, in names that need quotes, and in texts that hold JSON.
NESTED = [
    ("fields resources.0.ARN as first, resources.1.type as second | filter ispresent(resources.0.ARN)",
     f"SELECT res0 AS first, (r->>'$.resources[1].type') AS second FROM ev WHERE res0 IS NOT NULL {NEWEST}"),
    ("filter requestParameters.filterSet.items.0.valueSet.items.1.value = 1 | stats count(*) as n by requestParameters.filterSet.items.0.name as name | sort name asc",
     "SELECT r->>'$.requestParameters.filterSet.items[0].name' AS name, count(*) AS n FROM ev "
     "WHERE (r->>'$.requestParameters.filterSet.items[0].valueSet.items[1].value') = '1' GROUP BY 1 ORDER BY name NULLS FIRST"),
    ("stats count(*) as n by requestParameters.`x-amz-acl` as acl | sort n asc",
     "SELECT r->>'$.requestParameters.\"x-amz-acl\"' AS acl, count(*) AS n FROM ev GROUP BY 1 ORDER BY n ASC, max(place) DESC"),
    ("stats count(*) as n by requestParameters.encryptionContext.`aws:s3:arn` as arn | sort n desc, arn asc",
     "SELECT r->>'$.requestParameters.encryptionContext.\"aws:s3:arn\"' AS arn, count(*) AS n FROM ev GROUP BY 1 ORDER BY n DESC, arn NULLS FIRST"),
    ("fields requestParameters.key as k | filter k like '\u00fcber' | stats count(*) as n by k | sort k asc",
     "SELECT r->>'$.requestParameters.key' AS k, count(*) AS n FROM ev WHERE (r->>'$.requestParameters.key') LIKE '%\u00fcber%' GROUP BY 1 ORDER BY k"),
    ("fields jsonParse(requestParameters.policyDocument) as d | filter ispresent(d) | stats count(*) as n by d.Statement[0].Resource as on_what | sort on_what asc",
     "SELECT r->>'$.requestParameters.policyDocument'->>'$.Statement[0].Resource' AS on_what, count(*) AS n FROM ev "
     "WHERE (r->>'$.requestParameters.policyDocument') IS NOT NULL GROUP BY 1 ORDER BY on_what NULLS FIRST"),
    ("fields jsonParse(@message) as m, eventID | unnest m.resources into item | filter ispresent(item) | display eventID, item.ARN",
     'SELECT eventID, item->>\'$.ARN\' AS "item.ARN" FROM (SELECT place, eventID, unnest(from_json(r->\'$.resources\', \'["JSON"]\')) AS item, '
     "generate_subscripts(from_json(r->'$.resources', '[\"JSON\"]'), 1) AS i FROM ev) ORDER BY place DESC, i"),
    ("fields jsonParse(@message) as m | unnest m.resources into item | filter ispresent(item) | stats count(*) as n by item.ARN as a | sort n desc",
     "SELECT item->>'$.ARN' AS a, count(*) AS n FROM (SELECT place, unnest(from_json(r->'$.resources', '[\"JSON\"]')) AS item, "
     "generate_subscripts(from_json(r->'$.resources', '[\"JSON\"]'), 1) AS i FROM ev) GROUP BY 1 ORDER BY n DESC, max(place * 1000 - i) DESC"),
    ("fields jsonParse(@message) as m | fields m.eventID as id, jsonArraySize(m.resources) as n | filter n > 1 | display id, n",
     f"SELECT eventID AS id, json_array_length(r, '$.resources') AS n FROM ev WHERE json_type(r, '$.resources') = 'ARRAY' AND n > 1 {NEWEST}"),
]

# Groups and what is told of each.
STATS = [
    ("stats count(*) as n by eventName, awsRegion", f"SELECT eventName, awsRegion, count(*) AS n FROM ev GROUP BY 1, 2 {GROUPS}"),
    ("stats count(*) by eventSource", f'SELECT eventSource, count(*) AS "count(*)" FROM ev GROUP BY 1 {GROUPS}'),
    ("stats count(errorCode), count(*) by userIdentity.type",
     f'SELECT userType AS "userIdentity.type", count(errorCode) AS "count(errorCode)", count(*) AS "count(*)" FROM ev GROUP BY 1 {GROUPS}'),
    ("stats count_distinct(userIdentity.arn) as arns, countDistinct(sourceIPAddress) as ips, count_distinct(errorCode)",
     'SELECT count(DISTINCT arn) AS arns, count(DISTINCT ip) AS ips, count(DISTINCT errorCode) AS "count_distinct(errorCode)" FROM ev'),
    ("stats count_distinct(eventID) as ids, count_distinct(requestID) as requests", "SELECT count(DISTINCT eventID) AS ids, count(DISTINCT requestID) AS requests FROM ev"),
    ("stats sum(additionalEventData.bytesTransferredOut) as s, avg(additionalEventData.bytesTransferredOut) as a, "
     "min(additionalEventData.bytesTransferredOut) as lo, max(additionalEventData.bytesTransferredOut) as hi by eventSource",
     "SELECT eventSource, sum(x) AS s, avg(x) AS a, min(x) AS lo, max(x) AS hi FROM "
     f"(SELECT *, {NUMBER('bytesOut')} AS x FROM ev) GROUP BY 1 {GROUPS}"),
    ("stats sum(additionalEventData.bytesTransferredIn), sum(additionalEventData.retries) by awsRegion",
     f'SELECT awsRegion, sum({NUMBER("bytesIn")}) AS "sum(additionalEventData.bytesTransferredIn)", '
     f'sum({NUMBER("retries")}) AS "sum(additionalEventData.retries)" FROM ev GROUP BY 1 {GROUPS}'),
    ("stats avg(requestParameters.durationSeconds) as a, sum(requestParameters.durationSeconds) as s, count(requestParameters.durationSeconds) as n by recipientAccountId",
     f'SELECT recipient AS "recipientAccountId", avg({NUMBER("duration")}) AS a, sum({NUMBER("duration")}) AS s, count(duration) AS n FROM ev GROUP BY 1 {GROUPS}'),
    ("stats avg(eventName) as a, sum(userIdentity.type) as s, max(eventName) as hi, min(eventName) as lo by awsRegion",
     f"SELECT awsRegion, NULL AS a, NULL AS s, max(eventName) AS hi, min(eventName) AS lo FROM ev GROUP BY 1 {GROUPS}"),
    ("stats pct(additionalEventData.bytesTransferredOut, 50) as p50, pct(additionalEventData.bytesTransferredOut, 95) as p95, "
     "pct(additionalEventData.bytesTransferredOut, 99.9) as p999, pct(additionalEventData.bytesTransferredOut, 100) as p100 by eventName",
     f"SELECT eventName, quantile_disc(x, 0.5) AS p50, quantile_disc(x, 0.95) AS p95, quantile_disc(x, 0.999) AS p999, max(x) AS p100 FROM "
     f"(SELECT *, {NUMBER('bytesOut')} AS x FROM ev) GROUP BY 1 {GROUPS}"),
    ("stats stddev(requestParameters.maxResults) as s, variance(requestParameters.maxResults) as v by awsRegion",
     f"SELECT awsRegion, stddev_pop(x) AS s, var_pop(x) AS v FROM (SELECT *, {NUMBER('maxResults')} AS x FROM ev) GROUP BY 1 {GROUPS}"),
    ("stats earliest(eventID) as first, latest(eventID) as last by eventName", f"SELECT eventName, arg_min(eventID, place) AS first, arg_max(eventID, place) AS last FROM ev GROUP BY 1 {GROUPS}"),
    ("stats earliest(errorCode) as first, latest(errorCode) as last by userIdentity.type as t", f"SELECT userType AS t, arg_min(errorCode, place) AS first, arg_max(errorCode, place) AS last FROM ev GROUP BY 1 {GROUPS}"),
    ("stats earliest(@timestamp) as first, latest(@timestamp) as last, min(@timestamp) as lo, max(@timestamp) as hi by awsRegion",
     f"SELECT awsRegion, epoch_ms(min(ts)) AS first, epoch_ms(max(ts)) AS last, epoch_ms(min(ts)) AS lo, epoch_ms(max(ts)) AS hi FROM ev GROUP BY 1 {GROUPS}"),
    ("stats sortsFirst(eventName) as first, sortsLast(eventName) as last by eventSource",
     f"SELECT eventSource, min(eventName) AS first, max(eventName) AS last FROM ev GROUP BY 1 {GROUPS}"),
    ("stats sortsFirst(requestParameters.maxResults) as first, sortsLast(requestParameters.maxResults) as last by awsRegion",
     f"SELECT awsRegion, min({NUMBER('maxResults')}) AS first, max({NUMBER('maxResults')}) AS last FROM ev GROUP BY 1 {GROUPS}"),
    ("stats values(tlsDetails.tlsVersion) as v by userIdentity.type as t",
     "SELECT t, to_json(coalesce(list(v ORDER BY newest DESC) FILTER (v IS NOT NULL), [])) AS v FROM "
     "(SELECT userType AS t, tls AS v, max(place) AS newest FROM ev GROUP BY 1, 2) GROUP BY 1 ORDER BY max(newest) DESC"),
    ("stats count(*) as n by bin(1h)", f'SELECT date_trunc(\'hour\', ts) AS "bin(1h)", count(*) AS n FROM ev GROUP BY 1 {GROUPS}'),
    ("stats count(*) as n by bin(300s) as t | sort t asc | limit 1000", "SELECT date_trunc('minute', ts) AS t, count(*) AS n FROM ev GROUP BY 1 ORDER BY t ASC NULLS FIRST LIMIT 1000"),
    ("stats count(*) as n, avg(readOnly) as reads by bin(5m) as t", f"SELECT time_bucket(INTERVAL 5 MINUTE, ts) AS t, count(*) AS n, avg(CAST(readOnly AS DOUBLE)) AS reads FROM ev GROUP BY 1 {GROUPS}"),
    ("stats count(*) by bin(1d), eventName", f'SELECT date_trunc(\'day\', ts) AS "bin(1d)", eventName, count(*) AS "count(*)" FROM ev GROUP BY 1, 2 {GROUPS}'),
    ("stats count(*) as n by bin(6h), recipientAccountId | sort n desc",
     'SELECT time_bucket(INTERVAL 6 HOUR, ts, TIMESTAMP \'1970-01-01\') AS "bin(6h)", recipient AS "recipientAccountId", count(*) AS n FROM ev GROUP BY 1, 2 ORDER BY n DESC, max(place) DESC'),
    ("stats count(*) as n by datefloor(@timestamp, 1w) as week, dateceil(@timestamp, 1d) as day",
     "SELECT date_trunc('week', ts) AS week, CASE WHEN ts = date_trunc('day', ts) THEN ts ELSE date_trunc('day', ts) + INTERVAL 1 DAY END AS day, "
     f"count(*) AS n FROM ev GROUP BY 1, 2 {GROUPS}"),
    ("stats count(*) as n by datefloor(@timestamp, 1mo) as month", f"SELECT date_trunc('month', ts) AS month, count(*) AS n FROM ev GROUP BY 1 {GROUPS}"),
    ("stats sum(additionalEventData.bytesTransferredOut) / count(*) as each, count(errorCode) * 100 / count(*) as share by eventSource",
     f"SELECT eventSource, sum({NUMBER('bytesOut')}) / count(*) AS each, count(errorCode) * 100.0::DOUBLE / count(*) AS share FROM ev GROUP BY 1 {GROUPS}"),
    ("stats sum(if(errorCode like /Denied/, 1, 0)) as denied, count(*) as n by userIdentity.arn | filter denied > 1 | sort denied desc",
     'SELECT arn AS "userIdentity.arn", sum(CASE WHEN errorCode LIKE \'%Denied%\' THEN 1 ELSE 0 END) AS denied, count(*) AS n FROM ev '
     'GROUP BY 1 HAVING denied > 1 ORDER BY denied DESC, max(place) DESC'),
    ("stats count(*) as n by strlen(eventName) as letters | sort letters desc", "SELECT length(eventName) AS letters, count(*) AS n FROM ev GROUP BY 1 ORDER BY letters DESC NULLS LAST"),
    ("stats count(*) as n by tolower(awsRegion), if(readOnly = 1, 'read', 'write') as kind",
     f'SELECT lower(awsRegion) AS "tolower(awsRegion)", CASE WHEN readOnly = \'1\' THEN \'read\' ELSE \'write\' END AS kind, count(*) AS n FROM ev GROUP BY 1, 2 {GROUPS}'),
    ("stats count(*) as n by additionalEventData.retries as retries | sort retries asc",
     f"SELECT {NUMBER('retries')} AS retries, count(*) AS n FROM ev GROUP BY 1 ORDER BY retries NULLS FIRST"),
    ("stats count(*) as n by userAgent", f'SELECT agent AS "userAgent", count(*) AS n FROM ev GROUP BY 1 {GROUPS}'),
    ("stats count(*) as n by eventName, userIdentity.arn, sourceIPAddress, awsRegion, errorCode",
     f'SELECT eventName, arn AS "userIdentity.arn", ip AS "sourceIPAddress", awsRegion, errorCode, count(*) AS n FROM ev GROUP BY 1, 2, 3, 4, 5 {GROUPS} LIMIT 10000'),
    ("stats count(*) as n by sourceIPAddress | filter n > 10 | stats count(*) as addresses, sum(n) as events, max(n) as most",
     "SELECT count(*) AS addresses, sum(n) AS events, max(n) AS most FROM (SELECT count(*) AS n FROM ev GROUP BY ip HAVING n > 10) HAVING count(*) > 0"),
    ("stats count(*) as n by eventName, userIdentity.arn | stats count(*) as names, sum(n) / count(*) as each, pct(n, 90) as p by userIdentity.arn | sort each desc, names asc | limit 30",
     'SELECT arn AS "userIdentity.arn", count(*) AS names, sum(n)::DOUBLE / count(*) AS each, quantile_disc(n, 0.9) AS p FROM '
     '(SELECT eventName, arn, count(*) AS n, max(place) AS newest FROM ev GROUP BY 1, 2) GROUP BY 1 ORDER BY each DESC, names ASC, max(newest) DESC LIMIT 30'),
    ("stats count(*) as n by bin(1h) as hour, eventName | stats max(n) as most, avg(n) as mean by hour | sort most desc, hour asc | limit 12",
     "SELECT hour, max(n) AS most, avg(n) AS mean FROM (SELECT date_trunc('hour', ts) AS hour, count(*) AS n FROM ev GROUP BY 1, eventName) GROUP BY 1 ORDER BY most DESC, hour ASC LIMIT 12"),
    ("filter eventName = 'NoSuchCall' | stats count(*) as n, sum(readOnly) as s", "SELECT 1 AS n, 1 AS s FROM ev WHERE false"),
    ("filter eventName = 'NoSuchCall' | stats count(*) as n by awsRegion", "SELECT awsRegion, 1 AS n FROM ev WHERE false"),
    ("stats count(no.such.field) as n, sum(no.such.field) as s, max(no.such.field) as m, values(no.such.field) as v",
     "SELECT 0 AS n, NULL AS s, NULL AS m, '[]' AS v"),
    ("stats count(*) as n by no.such.field", 'SELECT NULL AS "no.such.field", count(*) AS n FROM ev'),
]

# In which order, which of them, and each only once.
ORDERS = [
    ("fields eventID, eventSource | sort eventSource asc, awsRegion desc | limit 300",
     "SELECT eventID, eventSource FROM ev ORDER BY eventSource ASC NULLS FIRST, awsRegion DESC NULLS LAST, place DESC LIMIT 300"),
    ("fields eventID, errorCode | sort errorCode asc | limit 50", "SELECT eventID, errorCode FROM ev ORDER BY errorCode ASC NULLS FIRST, place DESC LIMIT 50"),
    ("fields eventID, errorCode | sort errorCode desc | limit 2500", "SELECT eventID, errorCode FROM ev ORDER BY errorCode DESC NULLS LAST, place DESC LIMIT 2500"),
    ("fields eventID, requestParameters.maxResults as m | sort m desc | limit 500",
     f"SELECT eventID, {NUMBER('maxResults')} AS m FROM ev ORDER BY m DESC NULLS LAST, place DESC LIMIT 500"),
    ("fields eventID, requestParameters.maxResults as m | filter ispresent(m) | sort m | limit 500",
     f"SELECT eventID, {NUMBER('maxResults')} AS m FROM ev WHERE m IS NOT NULL ORDER BY m ASC, place DESC LIMIT 500"),
    ("fields eventID, eventTime | sort eventTime | limit 1000", "SELECT eventID, eventTime FROM ev ORDER BY eventTime ASC NULLS FIRST, place DESC LIMIT 1000"),
    ("fields eventID, eventVersion | sort eventVersion desc | limit 12000", f"SELECT eventID, eventVersion FROM ev ORDER BY {NUMBER('eventVersion')} DESC NULLS LAST, place DESC LIMIT 12000"),
    ("fields userIdentity.userName as u | filter u like /^admin\\.\\d+$/ | dedup u | limit 100",
     "SELECT u FROM (SELECT userName AS u, max(place) AS place FROM ev WHERE regexp_matches(userName, '^admin\\.[0-9]+$') GROUP BY 1) ORDER BY place DESC LIMIT 100"),
    ("filter userIdentity.userName like /^admin\\.\\d+$/ | stats count(*) as n by userIdentity.userName as u | sort u desc",
     "SELECT userName AS u, count(*) AS n FROM ev WHERE regexp_matches(userName, '^admin\\.[0-9]+$') GROUP BY 1 ORDER BY CAST(substr(userName, 7) AS BIGINT) DESC"),
    ("fields eventID, additionalEventData.bytesTransferredOut / 1024 as kb | sort kb desc | limit 40",
     f"SELECT eventID, {NUMBER('bytesOut')} / 1024 AS kb FROM ev ORDER BY kb DESC NULLS LAST, place DESC LIMIT 40"),
    ("fields eventID | sort strlen(userAgent) desc, @timestamp asc | limit 200", 
     "SELECT eventID FROM ev ORDER BY length(agent) DESC NULLS LAST, ts ASC NULLS FIRST, place DESC LIMIT 200"),
    ("fields eventID, eventName, awsRegion | dedup eventName, awsRegion",
     "SELECT eventID, eventName, awsRegion FROM ev QUALIFY eventName IS NULL OR awsRegion IS NULL OR row_number() OVER (PARTITION BY eventName, awsRegion ORDER BY place DESC) = 1 ORDER BY place DESC LIMIT 10000"),
    ("fields eventID, errorCode | dedup errorCode | limit 9000",
     "SELECT eventID, errorCode FROM ev QUALIFY errorCode IS NULL OR row_number() OVER (PARTITION BY errorCode ORDER BY place DESC) = 1 ORDER BY place DESC LIMIT 9000"),
    ("fields eventID, awsRegion | sort eventName desc | dedup awsRegion | limit 2",
     "SELECT eventID, awsRegion FROM (SELECT *, row_number() OVER (ORDER BY eventName DESC NULLS LAST, place DESC) AS nth FROM ev) "
     "QUALIFY awsRegion IS NULL OR row_number() OVER (PARTITION BY awsRegion ORDER BY nth) = 1 ORDER BY nth LIMIT 2"),
    ("fields eventID, eventName | sort @timestamp asc | dedup eventName",
     "SELECT eventID, eventName FROM (SELECT *, row_number() OVER (ORDER BY ts ASC NULLS FIRST, place DESC) AS nth FROM ev) "
     "QUALIFY eventName IS NULL OR row_number() OVER (PARTITION BY eventName ORDER BY nth) = 1 ORDER BY nth LIMIT 10000"),
    ("fields eventID | limit 20000", f"SELECT eventID FROM ev {NEWEST} LIMIT 20000"),
]

# What is made of a row.
EXPRESSIONS = [
    ("fields eventTime, userIdentity.arn as who, eventName | display who, eventName | limit 400", f"SELECT arn AS who, eventName FROM ev {NEWEST} LIMIT 400"),
    ("fields concat(eventSource, ':', eventName) as call, strlen(userAgent) as n, toupper(awsRegion) as up | limit 400",
     f"SELECT eventSource || ':' || eventName AS call, length(agent) AS n, upper(awsRegion) AS up FROM ev {NEWEST} LIMIT 400"),
    ("fields substr(eventName, 2, 5) as a, substr(eventTime, 11) as b, replace(eventSource, '.amazonaws.com', '') as c | limit 400",
     f"SELECT substr(eventName, 3, 5) AS a, substr(eventTime, 12) AS b, replace(eventSource, '.amazonaws.com', '') AS c FROM ev {NEWEST} LIMIT 400"),
    ("fields coalesce(userIdentity.userName, userIdentity.sessionContext.sessionIssuer.userName, userIdentity.invokedBy, userIdentity.type) as who | limit 2000",
     f"SELECT coalesce(userName, issuer, invokedBy, userType) AS who FROM ev {NEWEST} LIMIT 2000"),
    ("fields case(errorCode like /Denied/, 'denied', ispresent(errorCode), 'error', 'ok') as outcome | stats count(*) as n by outcome",
     f"SELECT CASE WHEN errorCode LIKE '%Denied%' THEN 'denied' WHEN errorCode IS NOT NULL THEN 'error' ELSE 'ok' END AS outcome, count(*) AS n FROM ev GROUP BY 1 {GROUPS}"),
    ("fields requestParameters.maxResults % 7 as a, requestParameters.maxResults / 0 as b, -requestParameters.maxResults + 2 * 3 as c, requestParameters.maxResults ^ 2 as d | filter ispresent(a)",
     f"SELECT x % 7 AS a, NULL AS b, -x + 6 AS c, x * x AS d FROM (SELECT *, {NUMBER('maxResults')} AS x FROM ev) WHERE x IS NOT NULL {NEWEST}"),
    ("fields additionalEventData.bytesTransferredOut / 3 as a, round(additionalEventData.bytesTransferredOut / 3, 1) as b, floor(additionalEventData.bytesTransferredOut) as c, "
     "ceil(additionalEventData.bytesTransferredOut) as d, sqrt(additionalEventData.bytesTransferredOut) as e, abs(additionalEventData.retries) as f | filter ispresent(a)",
     f"SELECT x / 3 AS a, round(x / 3, 1) AS b, floor(x) AS c, ceil(x) AS d, sqrt(x) AS e, abs({NUMBER('retries')}) AS f FROM (SELECT *, {NUMBER('bytesOut')} AS x FROM ev) WHERE x IS NOT NULL {NEWEST}"),
    ("fields greatest(requestParameters.maxResults, 500) as hi, least(requestParameters.maxResults, 500, 300) as lo | filter ispresent(requestParameters.maxResults)",
     f"SELECT greatest(x, 500) AS hi, least(x, 300) AS lo FROM (SELECT *, {NUMBER('maxResults')} AS x FROM ev) WHERE x IS NOT NULL {NEWEST}"),
    ("fields requestParameters.maxItems as m, isNumeric(m) as n, m + 1 as p | filter ispresent(m)",
     f"SELECT maxItems AS m, 0 AS n, NULL AS p FROM ev WHERE maxItems IS NOT NULL {NEWEST}"),
    ("fields requestParameters.maxItems as m | fields isNumeric(m) as n, m + 1 as p | filter ispresent(m)",
     f"SELECT maxItems AS m, CASE WHEN x IS NULL THEN 0 ELSE 1 END AS n, x + 1 AS p FROM (SELECT *, {NUMBER('maxItems')} AS x FROM ev) WHERE maxItems IS NOT NULL {NEWEST}"),
    ("fields md5(eventID) as m, sha256(eventName) as s | limit 300", f"SELECT md5(eventID) AS m, sha256(eventName) AS s FROM ev {NEWEST} LIMIT 300"),
    ("fields base64encode(userAgent) as b, urlencode(sourceIPAddress) as u | limit 300", f"SELECT to_base64(encode(agent)) AS b, url_encode(ip) AS u FROM ev {NEWEST} LIMIT 300"),
    ("fields toMillis(@timestamp) as ms, fromMillis(toMillis(@timestamp)) as t, datefloor(@timestamp, 15m) as q | limit 300",
     f"SELECT epoch_ms(ts) AS ms, ts AS t, time_bucket(INTERVAL 15 MINUTE, ts) AS q FROM ev {NEWEST} LIMIT 300"),
    ("fields sourceIPAddress | filter isIpv4InSubnet(sourceIPAddress, '10.0.0.0/14')",
     f'SELECT ip AS "sourceIPAddress" FROM ev WHERE regexp_matches(ip, \'^10\\.[0-3]\\.[0-9]+\\.[0-9]+$\') {NEWEST}'),
    ("stats count(*) as n by isValidIp(sourceIPAddress) as v, isValidIpV4(sourceIPAddress) as v4, isValidIpV6(sourceIPAddress) as v6",
     "SELECT CAST(v4 OR v6 AS INTEGER) AS v, CAST(v4 AS INTEGER) AS v4, CAST(v6 AS INTEGER) AS v6, count(*) AS n FROM (SELECT place, regexp_full_match(ip, '((0|[1-9][0-9]?|1[0-9]{2}|2[0-4][0-9]|25[0-5])(\\.|$)){4}') AS v4, "
     f"regexp_full_match(ip, '[0-9a-f]*:[0-9a-f:]*') AS v6 FROM ev) GROUP BY ALL {GROUPS}"),
    ("fields trim(userAgent) as a, ltrim(eventName, 'CGD') as b, rtrim(eventSource, 'moc.') as c | limit 300",
     f"SELECT trim(agent) AS a, ltrim(eventName, 'CGD') AS b, rtrim(eventSource, 'moc.') AS c FROM ev {NEWEST} LIMIT 300"),
    ("fields regexReplace(userIdentity.arn, /[0-9]{12}/, 'ACCOUNT') as a | stats count(*) as n by a | sort n desc | limit 60",
     "SELECT regexp_replace(arn, '[0-9]{12}', 'ACCOUNT', 'g') AS a, count(*) AS n FROM ev GROUP BY 1 ORDER BY n DESC, max(place) DESC LIMIT 60"),
    ("fields eventName = 'GetObject' as is_get, readOnly and managementEvent as both | limit 300",
     f"SELECT CAST(eventName = 'GetObject' AS INTEGER) AS is_get, CAST(readOnly = '1' AND management = '1' AS INTEGER) AS both FROM ev {NEWEST} LIMIT 300"),
    ("parse userIdentity.arn 'arn:aws:*::*:*/*' as service, account, kind, name | filter ispresent(name) | display service, account, kind, name",
     "SELECT m.service, m.account, m.kind, m.name FROM (SELECT place, regexp_extract(arn, 'arn:aws:(.*?)::(.*?):(.*?)/(.*)$', ['service', 'account', 'kind', 'name']) AS m, "
     f"regexp_matches(arn, 'arn:aws:(.*?)::(.*?):(.*?)/(.*)$') AS is_match FROM ev) WHERE is_match {NEWEST}"),
    ("parse errorMessage 'User: * is not authorized to perform: *' as who, what | stats count(*) as n by what | sort n desc",
     "SELECT CASE WHEN regexp_matches(errorMessage, 'User: .*? is not authorized to perform: ') THEN regexp_extract(errorMessage, 'User: .*? is not authorized to perform: (.*)$', 1, 's') END AS what, "
     "count(*) AS n FROM ev GROUP BY 1 ORDER BY n DESC, max(place) DESC"),
    ("parse sourceIPAddress /^(?<a>\\d+)\\.(?<b>\\d+)\\.\\d+\\.(?<d>\\d+)$/ | stats count(*) as n, max(d) as hi by a | sort n desc | limit 40",
     "SELECT CASE WHEN is_match THEN m.a END AS a, count(*) AS n, max(CASE WHEN is_match THEN CAST(m.d AS INTEGER) END) AS hi FROM (SELECT place, ip, regexp_matches(ip, '^[0-9]+\\.[0-9]+\\.[0-9]+\\.[0-9]+$') AS is_match, "
     "regexp_extract(ip, '^([0-9]+)\\.[0-9]+\\.[0-9]+\\.([0-9]+)$', ['a', 'd']) AS m FROM ev) GROUP BY 1 ORDER BY n DESC, max(place) DESC LIMIT 40"),

    ("parse userAgent '*/* ' as product, version | filter ispresent(version) | stats count(*) as n by product, version",
     "SELECT m.product, m.version, count(*) AS n FROM (SELECT place, regexp_extract(agent, '^(.*?)/(.*?) ', ['product', 'version']) AS m, regexp_matches(agent, '^(.*?)/(.*?) ') AS is_match FROM ev) "
     f"WHERE is_match GROUP BY 1, 2 {GROUPS}"),
]

QUESTIONS = [question for part in (BENCH, FILTERS, NESTED, STATS, ORDERS, EXPRESSIONS) for question in part]
