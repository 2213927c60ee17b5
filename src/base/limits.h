/* base/limits.h: every maximum in one place, each with its source. */
#ifndef SPOOR_BASE_LIMITS_H
#define SPOOR_BASE_LIMITS_H

enum {
	/* Password hashes: OWASP Password Storage Cheat Sheet, Argon2id with m = 19 MiB, t = 2, p = 1. */
	PASSWORD_MEMORY_KIB      = 19456,
	PASSWORD_PASSES          = 2,

	/* Signature Version 4: AWS IAM User Guide "Create a signed AWS API request"; S3 API Reference "Query Parameters". */
	SIGV4_SKEW_MS            = 15 * 60 * 1000,
	SIGV4_EXPIRES_S_MAX      = 7 * 24 * 3600,      /* presigned requests */
	SIGV4_SIGNED_HEADERS_MAX = 100,                /* ours: more header fields than clients send */
	SIGV4_QUERY_PAIRS_MAX    = 1000,               /* ours */
	SIGV4_SECRET_BYTES_MAX   = 256,                /* ours: AWS's have 40 */
	SIGV4_CREDENTIAL_BYTES_MAX = 512,              /* ours: the longest key id is 128, a region or service name short */

	/* S3's own chunks: Amazon S3 API Reference, "Transferring payload in multiple chunks". */
	AWS_CHUNKED_SIGNED_BYTES_MAX  = 16 << 20,      /* ours: clients sign 64 KiB to 1 MiB at a time */
	AWS_CHUNKED_LINE_BYTES_MAX    = 1024,          /* ours: a chunk's header has about 100, a trailer's checksum 80 */
	AWS_CHUNKED_TRAILER_BYTES_MAX = 2048,          /* ours */

	/* Session tokens: STS API Reference, AssumeRole: a policy of 2,048 characters, 10 ARNs, 50 tags, packed together. */
	SESSION_PACKED_BYTES_MAX = 4096,               /* ours: what AWS calls 100 percent */
	SESSION_TAGS_MAX         = 50,
	SESSION_POLICY_ARNS_MAX  = 10,

	/* Policies. The largest document that an operation takes has 131,072 characters (IAM API, policyDocumentType). */
	POLICY_DOCUMENT_CHARACTERS_MAX = 131072,
	POLICY_STATEMENTS_MAX    = 4096,               /* ours: more do not fit into it */
	POLICY_NODES_MAX         = 70000,              /* ours: likewise */
	POLICY_DEPTH_MAX         = 16,                 /* ours: a condition's value is at depth 7 */
	POLICY_EXPANDED_BYTES_MAX = 256 * 1024,        /* ours: a pattern with its variables filled in */
	POLICY_COMPILED_BYTES_MAX = 16 << 20,          /* ours: some hundred bytes for each character of the largest */
	SIMULATE_SCRATCH_BYTES_MAX = 16 << 20,         /* ours: one simulated request over the largest policies */
	ACTION_BYTES_MAX         = 256,                /* IAM API, ActionNameType: 128 */
};

/* ---- services/decode: requests; all ours, above what any client sends ---- */
enum {
	REQUEST_DEPTH_MAX      = 64,             /* nesting of JSON, or of a form's dotted names */
	REQUEST_VALUES_MAX     = 100000,         /* JSON values in one body */
	REST_BODY_BYTES_MAX    = 4 << 20,        /* an XML document: 10,000 parts of CompleteMultipartUpload with checksums have 2 MiB */
	REST_ELEMENTS_MAX      = 200000,         /* elements and attributes of one: those parts have 130,000 */
	REST_QUERY_PAIRS_MAX   = 100,            /* query parameters: presigned requests have 10 */
	AUDIT_BYTES_MAX        = 2 << 20,        /* an event's projection of an input or output; the record sheds above 100 KiB */
};
#define TIME_S_MIN (-62167219200.0)              /* 0000-01-01T00:00:00Z, what base/clock can write */
#define TIME_S_MAX 253402300799.0                /* 9999-12-31T23:59:59Z */

/* ---- event/record: CloudTrail User Guide, "CloudTrail record contents" and "Quotas" ---- */
enum {
	RECORD_BYTES_MAX        = 256 << 10,     /* a whole record; larger ones are not sent to CloudWatch Logs */
	RECORD_OBJECT_BYTES_MAX = 100 << 10,     /* requestParameters, responseElements, serviceEventDetails, each */
	RECORD_EXTRA_BYTES_MAX  = 28 << 10,      /* additionalEventData */
	RECORD_TEXT_BYTES_MAX   = 1 << 10,       /* userAgent, errorCode, errorMessage, requestID */
	RECORD_ROOM_BYTES       = 512 << 10,     /* ours: what a record may take before it sheds objects */
};

/* ---- detect: filter patterns. CloudWatch Logs User Guide, "Filter pattern syntax"; API Reference, FilterPattern ---- */
enum {
	PATTERN_CHARACTERS_MAX      = 1024,
	PATTERN_REGEXES_MAX         = 2,         /* in a JSON or column pattern */
	PATTERN_WILDCARDS_MAX       = 3,         /* selectors with one, in a JSON pattern */
	PATTERN_DEPTH_MAX           = 128,       /* ours: of parentheses */
	PATTERN_REGEX_POSITIONS_MAX = 1024,      /* ours: characters of an expression with its repetitions written out */
	PATTERN_POSITIONS_MAX       = 2048,      /* ours: of a pattern's expressions together: 0.6 s for a hostile message of 1 MiB */
	PATTERN_SCRATCH_BYTES_MAX   = 512 << 20, /* ours: of one message with a wildcard over millions of elements */
	PATTERN_SCRATCH_KEEP_BYTES  = 64 << 10,
	PATTERN_COLUMNS_MAX         = 1023,      /* empty ones between the commas of 1,024 characters */
};

/* ---- HTTP: defaults of net/http_server.h; "ours" means chosen here, and why ---- */
enum {
	HTTP_HEAD_BYTES_MAX         = 64 << 10,   /* request line and headers. Ours: 8 x what an SDK with a session token sends */
	HTTP_TARGET_BYTES_MAX       = 32 << 10,   /* ours: a GET with a 6,144 character policy, percent-encoded */
	HTTP_METHOD_BYTES_MAX       = 32,         /* ours: the longest registered method has 17 */
	HTTP_HEADERS_MAX            = 256,        /* ours: SDKs send 10 to 30 */
	HTTP_BODY_BYTES_MAX         = 1 << 20,    /* ours, where head() sets nothing else: PutLogEvents' batch, the largest bounded one */
	HTTP_CHUNK_EXTENSION_BYTES_MAX = 16 << 10, /* ours: of all chunks of a body: one-byte chunks with long ones cost CPU for nothing */
	HTTP_TRAILER_BYTES_MAX      = 8 << 10,    /* ours: aws-chunked sends one or two checksums */
	HTTP_CONNECTIONS_MAX        = 16384,      /* ours: 10,000 idle ones and room; also kept below the descriptor limit */
	HTTP_FRONTS_MAX             = 64,         /* ours: a mask of fronts is one word */
	HTTP_LISTENERS_MAX          = 8,          /* ours */
	HTTP_BUDGET_BYTES           = 64 << 20,   /* ours: request bytes of callers not yet known, over all connections */
	HTTP_WINDOW_BYTES           = 256 << 10,  /* ours: of a body that streams: four frames of an encrypted object */
	HTTP_STREAM_BUDGET_BYTES    = 64 << 20,   /* ours: 64 uploads and 64 downloads at two windows each */
	HTTP_TURN_BYTES_MAX         = 64 << 10,   /* ours: moved for one stream before the others get theirs: 20 us of copying */
	HTTP_HEADER_TIMEOUT_MS      = 20000,      /* ours: from the first byte of a request, or the connection, to its last header */
	HTTP_BODY_TIMEOUT_MS        = 20000,      /* ours: grace of a body or a reply before its minimum rate counts */
	HTTP_BODY_RATE_BYTES_MIN    = 1024,       /* ours: a second, after that grace */
	HTTP_IDLE_TIMEOUT_MS        = 75000,      /* ours: SDK connection pools keep theirs up to 60 s */
	HTTP_CALL_TIMEOUT_MS        = 120000,     /* ours: botocore's read timeout is 60 s; nobody is there any more */
	HTTP_LINGER_BYTES_MAX       = 1 << 20,    /* ours: read and dropped meanwhile */
	HTTP_LINGER_MS              = 2000,       /* ours: time for a refused client to read why before the reset */
};

/* ---- IAM: User Guide, "IAM and AWS STS quotas"; the first five can be raised for an account (auth/quotas.h) ---- */
enum {
	IAM_USERS_MAX                = 5000,
	IAM_GROUPS_MAX               = 300,
	IAM_ROLES_MAX                = 1000,
	IAM_POLICIES_MAX             = 1500,
	IAM_INSTANCE_PROFILES_MAX    = 1000,
	IAM_GROUPS_PER_USER_MAX      = 10,
	IAM_ATTACHED_POLICIES_MAX    = 10,          /* managed policies of a user, group or role */
	IAM_POLICY_VERSIONS_MAX      = 5,
	IAM_ACCESS_KEYS_PER_USER_MAX = 2,
	IAM_MFA_DEVICES_PER_USER_MAX = 8,
	IAM_TAGS_MAX                 = 50,
	IAM_PAGE_ITEMS_DEFAULT       = 100,
	IAM_PAGE_ITEMS_MAX           = 1000,
	IAM_PASSWORD_LENGTH_DEFAULT  = 8,           /* of an account without a password policy */
	IAM_PASSWORD_HISTORY_MAX     = 24,
	IAM_MARKER_BYTES_MAX         = 4096,        /* ours: ten times the longest that is given out */
};

/* ---- S3: API Reference; User Guide, "General purpose bucket quotas", "Multipart upload limits", "Object tags" ---- */
enum {
	S3_BUCKETS_MAX           = 10000,        /* an account; can be raised (auth/quotas.h) */
	S3_KEY_BYTES_MAX         = 1024,
	S3_PARTS_MAX             = 10000,
	S3_PART_BYTES_MIN        = 5 << 20,      /* of all parts but the last */
	S3_PAGE_ITEMS_MAX        = 1000,
	S3_OBJECT_TAGS_MAX       = 10,
	S3_BUCKET_TAGS_MAX       = 50,
	S3_CORS_RULES_MAX      = 100,
	S3_RULE_ID_BYTES_MAX   = 255,
	S3_TAG_KEY_CHARACTERS_MAX   = 128,
	S3_TAG_VALUE_CHARACTERS_MAX = 256,
	S3_TOKEN_BYTES_MAX       = 4096,         /* ours: the longest continuation token that is given out has 1,400 */
	S3_POLICY_BYTES_MAX      = 20480,
	S3_METADATA_BYTES_MAX    = 2048,         /* of the user's, names and values */
};
#define S3_OBJECT_BYTES_MAX (INT64_C(5) << 40)   /* of parts; a single PutObject or CopyObject: S3_PUT_BYTES_MAX */
#define S3_PUT_BYTES_MAX    (INT64_C(5) << 30)
#define UPLOAD_BYTES_MAX    (S3_PUT_BYTES_MAX + S3_PUT_BYTES_MAX / 8)     /* ours: on the wire, in chunks of 1 KiB and more */

/* ---- trail/history: CloudTrail API Reference (2013-11-01), LookupEvents ---- */
enum {
	HISTORY_PAGE_MAX         = 50,
	HISTORY_DAYS_MAX         = 90,
	HISTORY_VALUE_BYTES_MAX  = 2000 * 4,     /* LookupAttribute.AttributeValue: 2,000 characters */
	HISTORY_TOKEN_AGE_MS_MAX = 3600 * 1000,  /* ours */
	HISTORY_LOOKUP_MS_MAX    = 20000,        /* ours: clients wait 60 s; a retry goes on from what was learnt */
	HISTORY_FILTER_BYTES_MAX = 64 << 20,     /* ours: about 80 GB of journal; older blocks are read instead */
};

/* ---- trail/selectors: CloudTrail User Guide, "Quotas" ---- */
enum {
	SELECTORS_BASIC_MAX           = 5,
	SELECTOR_DATA_RESOURCES_MAX   = 250,     /* values over all basic selectors of a trail, but those that mean "all" */
	SELECTOR_CONDITIONS_MAX       = 500,     /* values over all advanced selectors of a trail */
	SELECTOR_VALUE_CHARACTERS_MAX = 2048,
};

/* ---- trail/stamper: ours: selectors of a trail take 25 KB at most ---- */
enum { STAMPER_ARENA_BYTES_MAX = 256 << 20 };

/* ---- trail/deliverer: ours ---- */
enum {
	PENDING_ARENA_BYTES_MAX    = 64 << 20,   /* some hundred bytes a trail */
	DELIVERY_ARENA_BYTES_MAX   = 64 << 20,   /* of one delivery, without the bytes of its files */
	DELIVERY_SCRATCH_BYTES_MAX = 256 << 20,  /* a file of 16 MB and its compressed form; a digest of 400,000 files */
	DELIVERY_ROUND_MS          = 100,        /* events wake the deliverer at most this often */
	DELIVERY_WAIT_MS_MAX       = 60000,      /* a clock that was set forward is seen by then */
	DELIVERY_HOLD_MS           = 5000,       /* after a failure of our own disk */
	DELIVERY_CURSOR_LAG_MAX    = 65536,      /* frames that a trail without events is behind: read again after a start */
	DELIVERY_TRIES_MAX         = 6 + 30 * 24, /* of a deleted trail: 30 days. CloudTrail User Guide, "How CloudTrail works" */
};

/* ---- trail/digests: ours ---- */
enum {
	DIGEST_ROUND_BYTES_MAX  = 64 << 20,      /* rows of 50,000 chains */
	DIGEST_WORK_BYTES_MAX   = 256 << 20,     /* one digest of 100,000 files */
	DIGEST_WORK_KEEP_BYTES  = 1 << 20,
	DIGEST_RETRY_MS         = 1000,          /* when something changed under it, or the recorder refuses */
	DIGEST_TRIES_MAX        = 30 * 24,       /* of a deleted trail's last digest: 30 days, one an hour */
};

/* ---- server/endpoint: ours ---- */
enum { ENDPOINT_FILE_BYTES_MAX = 1 << 20 };     /* of ~/.aws/credentials */

/* ---- trail/api_client: ours ---- */
enum {
	API_REPLY_BYTES_MAX = 16 << 20,          /* a page of 1,000 keys has 1 MB where all are as long as they may be */
	API_TIMEOUT_MS      = 60000,             /* for the next bytes; botocore's */
};

/* ---- trail/verify: ours ---- */
enum {
	VERIFY_THREADS_MAX      = 64,
	VERIFY_DIGEST_BYTES_MAX = 256 << 20,     /* inflated: an hour with half a million log files */
	VERIFY_LOG_BYTES_MAX    = 1 << 30,       /* inflated: AWS closes a log file at 50 MB compressed */
	VERIFY_OBJECT_BYTES_MAX = 64 << 20,      /* compressed, where it is fetched into memory: a thread */
	VERIFY_FLAG_FILE_BYTES_MAX = 16 << 20,   /* of --public-keys and --expect-head */
};
#define VERIFY_JSON_BYTES_MAX  ((size_t)2 << 30)   /* a report of millions of problems */
#define VERIFY_ARENA_BYTES_MAX ((size_t)16 << 30)  /* a thread: the digests of a whole archive */

/* ---- spoor match: ours ---- */
enum {
	MATCH_PATTERNS_MAX   = 10000,
	MATCH_OUT_BYTES      = 64 << 10,         /* of one worker, before it hands over */
	MATCH_OUT_BYTES_MAX  = 8 << 20,          /* with one more record */
	MATCH_HELD_BYTES_MAX = 32 << 20,         /* of all workers, while an earlier file is not done */
	MATCH_ARENA_BYTES_MAX = 1 << 30,         /* ten thousand patterns of the longest kind */
};

/* ---- query: all ours ---- */
enum {
	FIELDS_MAX      = 4096,                  /* paths that one query or one set of patterns names */
	FIELD_STEPS_MAX = 32,                    /* of one path: records are nested 6 to 10 deep */
	ARCHIVE_RECORD_BYTES_MAX = 1 << 20,      /* CloudTrail's largest is 256 KB; room for escapes and white space */
	ARCHIVE_WINDOWS_BYTES    = 48 << 20,     /* of text, over all workers, ... */
	ARCHIVE_WINDOW_BYTES_MIN = 2 << 20,      /* ... but each has this: two records, */
	ARCHIVE_WINDOW_BYTES_MAX = 32 << 20,     /* and no more than this; a log file of AWS's rarely inflates to more */
	ARCHIVE_RATIO_MAX        = 256,          /* gzip makes logs 6 to 40 times smaller, and zeros 1,032 times */
	ARCHIVE_RATIO_BYTES_MIN  = 64 << 20,     /* what may come out before that ratio is looked at */
	ARCHIVE_DEPTH_MAX        = 64,           /* folders in folders; AWS's layout has 8 */
	ARCHIVE_NAMES_BYTES      = 16 << 20,     /* names of files held at a time: 150,000 of AWS's */
	SCAN_REMOTE_THREADS      = 16,           /* at least, by default: most of the time each waits for an answer */
	ARCHIVE_PARTS_BYTES      = 64 << 20,     /* of objects, over all workers, that are asked for at a time, ... */
	ARCHIVE_PART_BYTES_MIN   = 1 << 20,      /* ... but each has this */
	ARCHIVE_PART_BYTES_MAX   = 4 << 20,      /* and no more: http_caller keeps as much from call to call */
	SCAN_THREADS_MAX         = 64,
};

/* ---- query/insights: CloudWatch Logs User Guide, "CloudWatch Logs quotas"; API Reference, StartQuery ---- */
enum {
	INSIGHTS_CHARACTERS_MAX  = 10000,        /* of a query */
	INSIGHTS_LIMIT_MAX       = 100000,       /* rows that `limit` may ask for */
	INSIGHTS_ROWS_DEFAULT    = 10000,        /* without it */
	INSIGHTS_STATS_MAX       = 10,
	INSIGHTS_LEAVES_MAX      = 200,          /* fields discovered in an event */
	INSIGHTS_BRANCHES_MAX    = 10,           /* of case() */
	INSIGHTS_COMMANDS_MAX    = 200,          /* ours */
	INSIGHTS_DEPTH_MAX       = 100,          /* ours: of parentheses, calls and signs in each other */
	INSIGHTS_TEXT_BYTES_MAX  = 4 << 20,      /* ours: what a function may make; a query that needs a longer one is refused */
	INSIGHTS_MEMORY_BYTES    = 160 << 20,    /* ours: rows and groups of a query over files, over all workers; windows have the rest of 256 */
	INSIGHTS_SCRATCH_BYTES   = 64 << 20,     /* ours: what functions make of one event, a worker */
	INSIGHTS_JSON_VALUES_MAX = 100000,       /* ours: of jsonParse() */
	INSIGHTS_PATTERN_BYTES_MAX = 4096,       /* ours: of a text that `pattern` looks at */
	QUERY_ARENA_BYTES_MAX    = 256 << 20,    /* ours: the plan of spoor query; a query full of expressions of the longest kind */
	QUERY_OUT_BYTES          = 256 << 10,    /* ours: rows written at a time */
	QUERY_OUT_BYTES_MAX      = 64 << 20,     /* ours: one row, as it is printed */
	REGEX_BYTES_MAX          = 4096,         /* ours: of an expression */
	REGEX_STEPS_MAX          = 4096,         /* ours: of its program, repetitions written out */
	REGEX_GROUPS_MAX         = 64,           /* ours: that capture */
	REGEX_DEPTH_MAX          = 64,           /* ours: of groups in groups */
	REGEX_REPEAT_MAX         = 1000,         /* RE2's own */
	REGEX_DFA_STATES_MAX     = 256,          /* ours: of the table of an expression; others are searched without one, */
	REGEX_DFA_CLASSES_MAX    = 64,           /* of characters that its sets tell apart, */
	REGEX_DFA_WORK_MAX       = 1 << 17,      /* steps looked at to make it: a millisecond or two, */
	REGEX_DFA_BYTES_MAX      = 4 << 20,      /* and memory meanwhile */
	REGEX_REPLACE_READS      = 16,           /* ours: how often each character of a text may be read to replace what is in it, */
	REGEX_REPLACE_READS_MIN  = 65536,        /* and this many more */
	DATE_OPTIONS_MAX         = 16,           /* ours: brackets in brackets of a date pattern */
	DATE_DIGITS_MAX          = 9,            /* ours: of a number in a date; java.time takes 19 */
	ZONE_NAME_BYTES_MAX      = 64,           /* ours: the tz database's longest has 32 */
	ZONE_FILE_BYTES_MAX      = 64 << 10,     /* ours: its largest has 4 KiB */
};
#define ARCHIVE_LATE_MS (INT64_C(24) * 3600 * 1000)  /* ours: between a call and its delivery; mostly 5 minutes (CloudTrail User Guide) */
#define ARCHIVE_SKEW_MS (INT64_C(15) * 60 * 1000)    /* ours: by which clocks may differ: a call seen as later than its delivery */

/* ---- server: all ours ---- */
enum {
	BODY_BYTES_MAX          = 1 << 20,       /* of a Query or JSON request; AWS takes less for most of them */
	FORM_PAIRS_MAX          = 20000,         /* parameters of a Query request */
	REGION_BYTES_MAX        = 32,
	CALL_ARENA_BYTES_MAX    = 32 << 20,
	CALL_ARENA_KEEP_BYTES   = 16 << 10,      /* kept for the next call */
	CALL_JOURNAL_BYTES      = 16 << 10,      /* reserved for a call's frames beside four times its request */
	REPLY_BYTES_MAX         = 16 << 20,
	PAGE_BYTES_MAX          = 256 << 10,     /* of spoor's own pages */
	REFERENCE_BYTES_MAX     = 16 << 20,      /* spoor operations --markdown */
	CONFIG_ARENA_BYTES_MAX  = 1 << 20,
	POLICY_CACHE_BYTES_MAX  = 16 << 20,      /* a front: compiled documents that nobody holds */
	PRINCIPALS_MAX          = 4096,          /* a front */
	SESSION_TOKEN_BYTES_MAX = 8192,          /* ours are shorter; longer ones are not */
	SIGNING_KEYS_MAX        = 1024,          /* a front */
	WORKERS_QUEUE_MAX       = 4096,
	SHUTDOWN_MS_MAX         = 10000,
	DEAD_FILES_KEEP_MS      = 60000,         /* a download of a replaced object in parts still finds the next one */
	DEAD_FILES_ROUND_MAX    = 256,
	SWEEPER_PAUSE_MS        = 1000,
	CODE_ATTEMPT_MS         = 30 * 1000,     /* a one-time code is tried once in its time, ... */
	CODE_ATTEMPTS_BURST     = 5,             /* ... a few more at first: six digits are found by 200,000 guesses */
	SESSION_AHEAD_MS_MAX    = 5 * 60 * 1000, /* a clock that is set right may go back by this; a later session is not of now */
	LAST_USE_NOTE_MS        = 15 * 60 * 1000, /* between two notes of a credential's use, a front */
	LAST_USE_ARENA_BYTES    = 4096,
	THROTTLE_KEYS_MAX       = 65536,
};
#define LAB_CLOCK_OFFSET_MS_MAX (INT64_C(100) * 366 * 86400 * 1000)

/* ---- store and recorder: all ours ---- */
enum {
	JOURNAL_FILE_BYTES       = 64 << 20,     /* preallocated at a time: 85 ms of zeros here, in the background */
	JOURNAL_BATCH_BYTES_MAX  = 256 << 20,    /* one operation may change as many rows as an account has */
	RECORDER_RESERVE_BYTES   = 4 << 20,      /* given back when the disk is full: the log of one pass of the catalog */
	RECORDER_QUEUE_MAX       = 16384,        /* jobs: more than connections that wait for an answer */
	RECORDER_BATCH_MAX       = 512,          /* jobs in a batch: 10 ms of SQL at 20 us each */
	RECORDER_BATCH_BYTES     = 4 << 20,      /* a batch takes no more jobs from here: 5 ms of disk */
	RECORDER_RETRY_MS        = 250,          /* between tries to record again */
	RECORDER_WAL_PAGES       = 1000,         /* 4 MiB of the catalog's log between passes: more, and the journal waits for the disk */
	RECORDER_WAL_PAGES_LONG  = 8000,         /* from here on it is time to begin the log anew, which needs the writer, ... */
	RECORDER_WAL_PAGES_REST  = 256,          /* ... who copies no more than this: 2 ms of disk, */
	RECORDER_WAL_PAGES_MAX   = 32000,        /* unless the checkpoints cannot keep up */
};

#endif
