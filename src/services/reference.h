/* services/reference.h: the printed reference of the operations, from the same tables that serve them. */
#ifndef SPOOR_SERVICES_REFERENCE_H
#define SPOOR_SERVICES_REFERENCE_H

#include "base/buffer.h"
#include "services/operation.h"

/* `spoor operations --markdown`: for each service its protocols and version, each operation's input and output members
 * with their bounds and its errors, and the names of the operations that are not served. `all` ends with NULL. */
void reference_write_markdown(struct buffer *out, const struct service *const *all);

/* `spoor operations`: one line an operation, "iam CreateUser". */
void reference_write_names(struct buffer *out, const struct service *const *all);

#endif
