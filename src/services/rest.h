/* services/rest.h: what of a call belongs to REST protocols: where it points, and what its reply has beside the output.
 *
 * `call->rest` is NULL for the other protocols. Reading it is always allowed; the lower half is written by operations. */
#ifndef SPOOR_SERVICES_REST_H
#define SPOOR_SERVICES_REST_H

#include "base/arena.h"
#include "codec/uri.h"
#include "net/http_header.h"

struct incoming;
struct outgoing;
struct sigv4_verified;
struct xml_element;

struct rest_pair { struct slice name, value; };

enum { REST_PAIRS_MAX = 12, REST_REQUEST_ID_BYTES = 17, REST_HOST_ID_BYTES = 77 };

struct rest_pairs {
	struct rest_pair items[REST_PAIRS_MAX];
	size_t           count;
};

struct rest {
	/* ---- the request; slices live as long as the call ---- */
	struct slice              method;
	struct slice              bucket, key;       /* decoded once; SLICE_NONE: it names none */
	struct uri_pairs          query;             /* decoded */
	const struct http_header *headers;           /* in arrival order */
	size_t                    header_count;
	struct slice              body;              /* SLICE_NONE while it streams */
	const struct xml_element *document;          /* the body as XML, once decoded; NULL: it is none */
	bool                      is_presigned, is_anonymous;
	uint64_t                  bytes_in;          /* of the body, as stored: without chunk framing */
	const struct sigv4_verified *verified;       /* of a body that streams: how it is framed and signed; NULL: unsigned */

	/* ---- what streams; made by the operation, closed by the server ---- */
	struct incoming          *incoming;          /* services/s3/incoming.h; or NULL */
	struct outgoing          *outgoing;          /* services/s3/outgoing.h; or NULL */

	/* ---- what the operation finds out ---- */
	struct slice              bucket_owner;      /* account of the bucket, once it is known to exist; else SLICE_NONE */
	struct slice              source_bucket, source_key;   /* CopyObject, UploadPartCopy: where the bytes come from */

	/* ---- the reply ---- */
	unsigned                  status;            /* 0: the operation's */
	struct rest_pairs         headers_out;       /* beside the output's, with a success and with an error */
	struct rest_pairs         elements;          /* of an error, beside Code and Message */
	bool                      streams_out;       /* the body comes in windows: `bytes_out` says how much */
	uint64_t                  bytes_out;
	char                      host_id[REST_HOST_ID_BYTES];
};

/* Added once by name; the first wins. Values live as long as the call. SLICE_NONE adds nothing. */
void rest_add_header(struct rest *rest, struct slice name, struct slice value);
void rest_add_element(struct rest *rest, struct slice name, struct slice value);

/* The first header of the request with that name, any case; the decoded value of a query parameter. SLICE_NONE: absent;
 * a parameter without '=' has the value S(""). */
struct slice rest_header(const struct rest *rest, struct slice name);
struct slice rest_query(const struct rest *rest, struct slice name);

#endif
