/* services/encode_query.h: replies and errors of the Query protocol, in XML. */
#ifndef SPOOR_SERVICES_ENCODE_QUERY_H
#define SPOOR_SERVICES_ENCODE_QUERY_H

#include "base/buffer.h"
#include "services/shape.h"

/* <XResponse xmlns=".."><XResult>..</XResult><ResponseMetadata><RequestId/></ResponseMetadata></XResponse>; without the
 * result for an operation that has no output. Absent members are left out, but lists of the result itself are always
 * written, because clients read them without asking. IAM's policy documents are percent-encoded here. */
void encode_query(struct buffer *out, const struct operation_shape *operation, const void *value, struct slice request_id);

/* <ErrorResponse xmlns=".."><Error><Type/><Code/><Message/></Error><RequestId/></ErrorResponse>. `xml_namespace` may be
 * SLICE_NONE where no service was recognised. */
void encode_query_error(struct buffer *out, struct slice xml_namespace, struct slice code, bool is_receiver,
                        struct slice message, struct slice request_id);

#endif
