/* bucket/buckets.h: buckets (SQL table `buckets`), and what decides about all of a bucket's objects.
 *
 * A name is unique over all accounts. What a bucket is asked about with every call is in its row; documents that are only
 * stored and shown are in bucket/documents.h. Source: Amazon S3 API Reference, CreateBucket; User Guide, "Bucket naming rules". */
#ifndef SPOOR_BUCKET_BUCKETS_H
#define SPOOR_BUCKET_BUCKETS_H

#include "base/arena.h"

struct catalog;

enum versioning { VERSIONING_NEVER, VERSIONING_ENABLED, VERSIONING_SUSPENDED };

enum ownership {                            /* who owns objects that others put: ACLs count unless it is ENFORCED */
	OWNERSHIP_NONE,                     /* OwnershipControls were deleted: as OWNERSHIP_WRITER */
	OWNERSHIP_ENFORCED,                 /* BucketOwnerEnforced, the default */
	OWNERSHIP_PREFERRED,                /* BucketOwnerPreferred */
	OWNERSHIP_WRITER,                   /* ObjectWriter */
	OWNERSHIP_COUNT
};

enum {                                      /* of public_access_block */
	BLOCK_PUBLIC_ACLS       = 1 << 0,
	IGNORE_PUBLIC_ACLS      = 1 << 1,
	BLOCK_PUBLIC_POLICY     = 1 << 2,
	RESTRICT_PUBLIC_BUCKETS = 1 << 3,
	BLOCK_ALL_PUBLIC        = 15,       /* what a new bucket has */
	BLOCK_NOT_SET           = 16,       /* there is no configuration: NoSuchPublicAccessBlockConfiguration */
};

struct bucket {
	struct slice    account;            /* the owner's, 12 digits */
	struct slice    name, region;
	int64_t         created_ms;
	enum versioning versioning;
	bool            has_mfa_delete;
	bool            has_object_lock;    /* for good */
	struct retention {                  /* of new objects, if object lock is on; mode SLICE_NONE: none */
		struct slice mode;          /* "GOVERNANCE", "COMPLIANCE" */
		int64_t      days, years;   /* one of them is 0 */
	}               retention;
	enum ownership  ownership;
	unsigned        public_access_block;
	bool            has_policy;         /* documents.h has it */
	bool            has_public_policy;  /* found when it was put: somebody unknown is allowed something */
};

struct bucket_list { struct bucket *items; size_t count; bool is_truncated; };

extern const char buckets_table[];

/* Errors: ERR_INVALID "InvalidBucketName". */
bool buckets_check_name(struct slice name, struct error *err);

/* What a new bucket has beside name, account, region and time. */
#define BUCKET_DEFAULTS .ownership = OWNERSHIP_ENFORCED, .public_access_block = BLOCK_ALL_PUBLIC

/* Errors: ERR_CONFLICT "BucketAlreadyOwnedByYou" (in us-east-1 the caller calls that a success), "BucketAlreadyExists",
 * ERR_LIMIT "TooManyBuckets". The name must have passed buckets_check_name(). */
bool buckets_insert(struct catalog *catalog, const struct bucket *bucket, struct error *err);

/* NULL if there is none, and on failure (then `err`, clean before, is filled). */
const struct bucket *buckets_find(struct catalog *catalog, struct arena *arena, struct slice name, struct error *err);

/* As buckets_find; absence is ERR_NOT_FOUND "NoSuchBucket". */
const struct bucket *buckets_get(struct catalog *catalog, struct arena *arena, struct slice name, struct error *err);

struct buckets_wanted {
	struct slice after;                 /* name of the last one shown before; SLICE_NONE: from the start */
	struct slice prefix, region;        /* SLICE_NONE: all */
	size_t       limit;
};

/* Of one account, in byte order. */
bool buckets_list(struct catalog *catalog, struct arena *arena, struct slice account, const struct buckets_wanted *wanted,
                  struct bucket_list *list, struct error *err);

/* Each writes one property; the bucket is named by account and name. */
bool buckets_set_versioning(struct catalog *catalog, const struct bucket *bucket, enum versioning versioning,
                            bool has_mfa_delete, struct error *err);
bool buckets_set_object_lock(struct catalog *catalog, const struct bucket *bucket, const struct retention *retention,
                             struct error *err);       /* on, with this default */
bool buckets_set_ownership(struct catalog *catalog, const struct bucket *bucket, enum ownership ownership, struct error *err);
bool buckets_set_public_access_block(struct catalog *catalog, const struct bucket *bucket, unsigned flags, struct error *err);
bool buckets_set_policy(struct catalog *catalog, const struct bucket *bucket, bool has_policy, bool is_public,
                        struct error *err);

/* Deletes the bucket with its documents and uploads; parts' files are dead then (bucket/dead_files.h).
 * Errors: ERR_CONFLICT "BucketNotEmpty". */
bool buckets_delete(struct catalog *catalog, struct arena *arena, const struct bucket *bucket, int64_t now_ms,
                    struct error *err);

#endif
