/* services/encode_json.h: replies and errors of the JSON 1.0 and 1.1 protocols. */
#ifndef SPOOR_SERVICES_ENCODE_JSON_H
#define SPOOR_SERVICES_ENCODE_JSON_H

#include "base/buffer.h"
#include "services/shape.h"

/* The body of a success: `{}` for an operation without output (`output` NULL). Absent members are left out; timestamps
 * are seconds since 1970 with up to three decimals, blobs base64. */
void encode_json(struct buffer *out, const struct shape *output, const void *value);

/* `{"__type":code,"message":..}`; AccessDeniedException alone spells it "Message", as AWS's front layer does. */
void encode_json_error(struct buffer *out, struct slice code, struct slice message);

#endif
