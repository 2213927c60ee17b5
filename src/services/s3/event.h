/* services/s3/event.h: how S3's calls look in events: as they were on the wire, not as the model names their members.
 * Source: Amazon S3 User Guide, "Amazon S3 CloudTrail events"; the record sets in tests/data. */
#ifndef SPOOR_SERVICES_S3_EVENT_H
#define SPOOR_SERVICES_S3_EVENT_H

#include "services/operation.h"

/* requestParameters: bucketName, key, Host, the query, x-amz- headers, and the document; a policy as `bucketPolicy`. What
 * authenticates and what is user data is left out, and so are the keys of DeleteObjects and the parts of an upload.
 * responseElements of a change: the x-amz- headers of its reply. additionalEventData: signature, bytes, x-amz-id-2.
 * resources: object and bucket, where `call->rest` knows the bucket's owner. */
void event_describe(struct call *call, bool is_read_only, struct call_event *event);

#endif
