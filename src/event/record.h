/* event/record.h: one audit event -> one line of compact JSON, the form in which it is stored, delivered and looked up.
 *
 * The hot path of every call: pieces that never change are written already escaped, text is escaped once, and what the
 * audit projection made (request parameters and so on) is copied as it is. Field order is that of the records AWS
 * delivers, so that outputs diff cleanly. Source: CloudTrail User Guide, "CloudTrail record contents" (event version 1.11). */
#ifndef SPOOR_EVENT_RECORD_H
#define SPOOR_EVENT_RECORD_H

#include "event/identity.h"

enum record_category {
	RECORD_MANAGEMENT, RECORD_DATA, RECORD_NETWORK_ACTIVITY,
	RECORD_CATEGORY_COUNT
};

enum record_type {
	RECORD_API_CALL, RECORD_SERVICE_EVENT, RECORD_CONSOLE_ACTION, RECORD_CONSOLE_SIGN_IN, RECORD_VPCE_EVENT,
	RECORD_TYPE_COUNT
};

struct record_resource {
	struct slice account_id;          /* SLICE_NONE for S3 objects */
	struct slice type;                /* "AWS::S3::Bucket"; required */
	struct slice arn;
	struct slice arn_prefix;          /* instead of arn: what a listing covers */
};

/* Texts are SLICE_NONE when the field does not apply. JSON texts are compact and trusted. */
struct record {
	int64_t              time_ms;
	enum record_type     type;
	enum record_category category;
	bool                 is_read_only;
	struct identity      identity;

	/* the call */
	struct slice event_source, event_name, region;
	struct slice source_ip, user_agent;
	struct slice request_id, event_id;
	struct slice api_version;
	struct slice recipient_account_id, shared_event_id;
	struct slice vpc_endpoint_id;

	/* how it ended; a sign-in failure has a message and no code */
	struct slice error_code, error_message;

	/* JSON objects; the first two are written as null when absent or empty, the others left out */
	struct slice request_parameters, response_elements;
	struct slice additional_event_data, service_event_details;

	const struct record_resource *resources;
	size_t                        resource_count;

	/* the connection; all absent: no tlsDetails */
	struct slice tls_version;         /* "TLSv1.3" */
	struct slice tls_cipher_suite;
	struct slice client_provided_host;
	bool         is_session_credential_from_console;
};

/* Appends the record. `out` may need RECORD_ROOM_BYTES more while at work (a usual record takes 1.5 KB) and is over when
 * that does not fit; its arena also takes texts that are no UTF-8. Too long texts are cut, too large objects replaced, as
 * base/limits.h says. */
void record_write(const struct record *record, struct buffer *out);

#endif
