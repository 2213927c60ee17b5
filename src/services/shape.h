/* services/shape.h: what the tables that tools/shapes generates from AWS's service models are made of.
 *
 * One operation is a struct for its input, a struct for its output and a const table for each. Every protocol, the
 * validation, the audit projection and the printed reference are loops over these tables; none knows an operation.
 *
 * A structure shape is a C struct. Its members are held like this (a zeroed struct has every member absent):
 *   string, blob       struct slice                  SLICE_NONE = absent; S("") is present and empty
 *   boolean            struct maybe_bool
 *   integer, long      struct maybe_i64
 *   float, double      struct maybe_double
 *   timestamp          struct maybe_time             milliseconds since 1970
 *   structure          a pointer                     NULL = absent
 *   list               struct NAME_list { T *items; size_t count; bool is_set; }
 *   map                struct NAME { struct NAME_entry { struct slice key; V value; } *items; size_t count; bool is_set; }
 * T and V are held alike, but structures lie there by value. A list or map with items counts as present even if
 * is_set is false, so that an operation only sets is_set for an empty one. */
#ifndef SPOOR_SERVICES_SHAPE_H
#define SPOOR_SERVICES_SHAPE_H

#include "base/base.h"

/* ---- values ---- */

struct maybe_bool   { bool is_set, value; };
struct maybe_i64    { bool is_set; int64_t value; };
struct maybe_double { bool is_set; double value; };
struct maybe_time   { bool is_set; int64_t ms; };

#define SET_BOOL(v)   ((struct maybe_bool){ true, (v) })
#define SET_I64(v)    ((struct maybe_i64){ true, (v) })
#define SET_DOUBLE(v) ((struct maybe_double){ true, (v) })
#define SET_TIME(v)   ((struct maybe_time){ true, (v) })

struct text_list   { struct slice *items; size_t count; bool is_set; };
struct bool_list   { struct maybe_bool *items; size_t count; bool is_set; };
struct i64_list    { struct maybe_i64 *items; size_t count; bool is_set; };
struct double_list { struct maybe_double *items; size_t count; bool is_set; };
struct time_list   { struct maybe_time *items; size_t count; bool is_set; };

/* How code that knows no operation sees any list or map. */
struct any_list    { void *items; size_t count; bool is_set; };

/* ---- shapes ---- */

enum shape_kind {
	SHAPE_STRUCTURE, SHAPE_LIST, SHAPE_MAP, SHAPE_STRING, SHAPE_BLOB, SHAPE_BOOLEAN, SHAPE_INTEGER, SHAPE_LONG,
	SHAPE_FLOAT, SHAPE_DOUBLE, SHAPE_TIMESTAMP,
	SHAPE_KIND_COUNT
};

enum time_format { TIME_FORMAT_DEFAULT, TIME_FORMAT_EPOCH, TIME_FORMAT_ISO8601, TIME_FORMAT_RFC822 }; /* default: the protocol's */

enum shape_flag {
	SHAPE_HAS_MIN      = 1 << 0,
	SHAPE_HAS_MAX      = 1 << 1,
	SHAPE_SENSITIVE    = 1 << 2,   /* never printed in an error, never in an event */
	SHAPE_FLATTENED    = 1 << 3,   /* list, map: no wrapping element */
	SHAPE_STREAMING    = 1 << 4,
	SHAPE_UNION        = 1 << 5,   /* structure: exactly one member is set */
	SHAPE_URL_ENCODED  = 1 << 6,   /* string: percent-encoded in replies (IAM's policy documents); held raw in the structs */
	SHAPE_CONSTRAINED  = 1 << 7,   /* it, or something in it, can fail validation */
};

/* A pattern of the model as a deterministic automaton over classes of characters, made by tools/shapes. State 0 is
 * the dead one, state 1 the start. The whole text must match. */
struct shape_pattern {
	struct slice    source;        /* as the model spells it and as errors quote it */
	const uint8_t  *ascii_classes; /* 128 */
	const struct shape_range {
		uint32_t first;        /* ... up to the next row's, ascending from 0x80 */
		uint32_t class_index;
	}              *ranges;
	const uint16_t *next;          /* [state * class_count + class] */
	const uint8_t  *accepts;       /* [state] */
	uint16_t        range_count, class_count, state_count;
};

enum member_flag {
	MEMBER_REQUIRED    = 1 << 0,
	MEMBER_IDEMPOTENCY = 1 << 1,   /* a client token: made up when absent */
	MEMBER_ATTRIBUTE   = 1 << 2,   /* an XML attribute */
};

enum member_location { IN_BODY, IN_HEADER, IN_HEADERS, IN_QUERY, IN_URI, IN_STATUS, IN_PAYLOAD };

/* What the event shows instead of a value. Source: cloudtrail.md 3.10, listed in models/additions.list. */
enum redaction { REDACT_NONE, REDACT_DROP, REDACT_HIDDEN, REDACT_REMOVED, REDACT_SESSION_TOKEN };

struct shape_member {
	struct slice          name;             /* in JSON, and in errors and events with its first letter lowered */
	struct slice          query_name;       /* in the query protocol */
	struct slice          ec2_name;         /* in requests of the EC2 protocol */
	struct slice          xml_name;         /* element, header or query parameter */
	struct slice          record_name;      /* in events, and in the paths that validation errors name */
	const struct shape   *shape;
	const char           *constraint_error; /* the operation's own name for a violated constraint, or NULL */
	uint32_t              offset;           /* in the struct */
	uint8_t               flags;            /* enum member_flag */
	uint8_t               location;         /* enum member_location */
	uint8_t               redaction;        /* enum redaction */
	uint8_t               time_format;      /* enum time_format */
};

struct shape {
	struct slice                name;       /* the model's */
	uint8_t                     kind;       /* enum shape_kind */
	uint8_t                     time_format;
	uint16_t                    flags;      /* enum shape_flag */
	uint16_t                    member_count;  /* structure: its members; list: 1, the item; map: 2, key and value */
	uint16_t                    enum_count;
	uint32_t                    bytes;      /* structure: of its struct; list, map: of an item */
	int64_t                     min, max;   /* characters, bytes, items or the value */
	const struct shape_member  *members;
	const struct shape_pattern *pattern;    /* or NULL */
	const struct slice         *enum_values;
	const struct slice         *xml_namespace; /* or NULL */
};

/* ---- errors, operations, services ---- */

struct error_shape {
	struct slice name;                      /* of the shape: what events record */
	struct slice code;                      /* on the wire */
	struct slice query_code;                /* of awsQueryCompatible services: the older code; else SLICE_NONE */
	uint16_t     status;
	bool         is_receiver;               /* the server's fault */
};

enum protocol {
	PROTOCOL_JSON_1_0, PROTOCOL_JSON_1_1, PROTOCOL_QUERY, PROTOCOL_EC2_QUERY, PROTOCOL_REST_XML, PROTOCOL_REST_JSON,
	PROTOCOL_RPC_V2_CBOR,
	PROTOCOL_COUNT
};

/* How events print the timestamps of requests and replies. Source: cloudtrail.md 3.5. */
enum record_time { RECORD_TIME_ISO, RECORD_TIME_US, RECORD_TIME_US_COMMA };

struct service_shape;

struct operation_shape {
	struct slice                     name;           /* "CreateUser" */
	const struct service_shape      *service;
	const struct shape              *input, *output; /* NULL: no members */
	struct slice                     result_wrapper; /* query: "CreateUserResult"; SLICE_NONE where there is none */
	struct slice                     method, uri;    /* of the REST protocols; "POST" and "/" elsewhere */
	uint16_t                         status;         /* of a success */
	uint16_t                         error_count;
	const struct error_shape *const *errors;         /* modelled for it */
};

struct service_shape {
	struct slice                         name;          /* in the credential scope and in ARNs: "iam" */
	struct slice                         title;         /* "AWS Identity and Access Management" */
	struct slice                         event_source;  /* "iam.amazonaws.com" */
	struct slice                         api_version;   /* "2010-05-08", the query protocols' Version */
	struct slice                         target_prefix; /* of X-Amz-Target; SLICE_NONE: no JSON */
	struct slice                         xml_namespace;
	struct slice                         model;         /* where the tables come from and how new that is */
	unsigned                             protocols;     /* 1 << enum protocol */
	enum record_time                     record_time;
	const struct operation_shape *const *operations;    /* served, sorted by name */
	const struct slice                  *known_names;   /* every operation of the model, sorted */
	const struct error_shape            *errors;        /* of the model that a served operation can return, sorted by name */
	uint16_t                             operation_count, known_count, error_count;
};

/* Both by exact name; NULL if the model knows it but spoor does not serve it, or if it is unknown. */
const struct operation_shape *service_shape_find(const struct service_shape *service, struct slice name);
bool                          service_shape_knows(const struct service_shape *service, struct slice name);

/* Member of a structure by its model name; NULL if there is none. */
const struct shape_member *shape_member_find(const struct shape *shape, struct slice name);

/* Whole-text match, linear in its length; `text` must be valid UTF-8. */
bool shape_pattern_matches(const struct shape_pattern *pattern, struct slice text);

/* ---- reading values of any struct ---- */

/* Address of the value of `member` in the struct at `owner`: the struct itself for a structure, the field otherwise;
 * NULL if it is absent. */
const void *shape_value(const struct shape_member *member, const void *owner);

/* The i-th item of a list (an address like the one above), or the i-th entry of a map. */
const void *shape_item(const struct shape *list, const void *value, size_t index);

#endif
