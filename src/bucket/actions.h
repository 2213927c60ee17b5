/* bucket/actions.h: the actions and condition keys that a bucket's policy may name, and what each is about.
 * Source: Service Authorization Reference, "Actions, resources, and condition keys for Amazon S3". */
#ifndef SPOOR_BUCKET_ACTIONS_H
#define SPOOR_BUCKET_ACTIONS_H

#include "base/base.h"

enum {                                       /* what an action is about, and what a resource is */
	ABOUT_BUCKET = 1 << 0,
	ABOUT_OBJECT = 1 << 1,
	ABOUT_LIST   = 1 << 2,               /* of a bucket's keys: s3:prefix makes sense */
};

/* All that the pattern ("s3:Get*", "*") could be about; 0: it is no action of S3. */
unsigned actions_about(struct slice pattern);

/* A condition key: what an action must be about for it, 0 for any. False: there is no such key. */
bool actions_key(struct slice key, unsigned *about);

#endif
