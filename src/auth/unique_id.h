/* auth/unique_id.h: the ids that IAM gives entities and never gives again: AIDA..., AROA... and so on.
 * Source: IAM User Guide, "IAM identifiers", unique ID prefixes. */
#ifndef SPOOR_AUTH_UNIQUE_ID_H
#define SPOOR_AUTH_UNIQUE_ID_H

#include "base/random.h"

enum { UNIQUE_ID_BYTES = 21 };

enum unique_id_kind {
	UNIQUE_ID_USER,                   /* AIDA */
	UNIQUE_ID_GROUP,                  /* AGPA */
	UNIQUE_ID_ROLE,                   /* AROA */
	UNIQUE_ID_POLICY,                 /* ANPA */
	UNIQUE_ID_POLICY_VERSION,         /* ANVA */
	UNIQUE_ID_INSTANCE_PROFILE,       /* AIPA */
	UNIQUE_ID_PUBLIC_KEY,             /* APKA */
	UNIQUE_ID_CERTIFICATE,            /* ASCA */
	UNIQUE_ID_KIND_COUNT
};

/* Prefix and 17 random characters A-Z2-7: 85 bits. Not NUL-terminated; returns `out`. */
struct slice unique_id_make(enum unique_id_kind kind, struct random *random, char out[UNIQUE_ID_BYTES]);

/* The kind that the prefix names; false for any other text. */
bool unique_id_kind_of(struct slice id, enum unique_id_kind *kind);

#endif
