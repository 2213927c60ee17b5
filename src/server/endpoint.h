/* server/endpoint.h: where a command finds its server, and who it is there: flags, environment and files as AWS's own CLI has
 * them. */
#ifndef SPOOR_SERVER_ENDPOINT_H
#define SPOOR_SERVER_ENDPOINT_H

#include "trail/api_client.h"

struct endpoint_flags { const char *endpoint, *region, *profile; };     /* NULL: not given */

struct endpoint {
	struct api_settings settings;
	struct slice        region;             /* SLICE_NONE: said nowhere */
};

/* The endpoint: flag or AWS_ENDPOINT_URL. The credentials: the profile of the flag, else AWS_ACCESS_KEY_ID and its kin, else
 * the profile of AWS_PROFILE or "default", in AWS_SHARED_CREDENTIALS_FILE or ~/.aws/credentials. The region: flag, AWS_REGION,
 * AWS_DEFAULT_REGION. Authorities for TLS: AWS_CA_BUNDLE, else the system's. `environment` as main() has it.
 * Texts live in `arena`. Errors: ERR_INVALID says what is missing and where it could be. */
bool endpoint_open(struct endpoint *endpoint, struct arena *arena, const struct endpoint_flags *flags, char *const *environment,
                   struct error *err);
void endpoint_close(struct endpoint *endpoint);

/* The value of `name` in section [profile] of a file as ~/.aws/credentials is; SLICE_NONE if it has none. */
struct slice endpoint_find_setting(struct slice file, struct slice profile, struct slice name);

#endif
