/* services/s3/attributes.h: what a request says about the object that it makes: metadata, tags, class, lock, encryption.
 *
 * PutObject, CopyObject and CreateMultipartUpload say it with the same headers, so it is read from them and not from three
 * input structs. Source: Amazon S3 API Reference (2006-03-01), PutObject; User Guide, "Working with object metadata". */
#ifndef SPOOR_SERVICES_S3_ATTRIBUTES_H
#define SPOOR_SERVICES_S3_ATTRIBUTES_H

#include "bucket/buckets.h"
#include "bucket/versions.h"
#include "services/call.h"

struct context;

/* Errors: ERR_INVALID "MetadataTooLarge", "InvalidTag", "InvalidArgument", "InvalidRequest", "InvalidStorageClass",
 * "AccessControlListNotSupported", "InvalidEncryptionAlgorithmError", "NotImplemented" (keys of others than S3). */
bool attributes_read(struct call *call, const struct bucket *bucket, struct attributes *attributes, struct error *err);

/* Its parts, for CopyObject, which takes some from its source. */
struct slice attributes_headers(struct call *call, struct error *err);        /* SLICE_NONE on failure */
bool attributes_tags(struct call *call, struct slice *tags, struct error *err);
bool attributes_check(struct call *call, const struct bucket *bucket, struct error *err); /* ACL and encryption */
bool attributes_class_and_lock(struct call *call, const struct bucket *bucket, struct attributes *attributes,
                               struct error *err);

/* x-amz-acl and grants alone, for CreateBucket and objects: owners enforce themselves. */
bool attributes_check_acl(struct call *call, bool allows_private, struct error *err);

/* Whether the caller may do "s3:PutObjectTagging" and the like, for the headers that are there. */
bool attributes_ask(struct call *call, const struct bucket *bucket, struct slice key, const struct context *context,
                    struct error *err);

/* The `authorise` of an operation that makes the object of its key: access_object(), and these. */
bool attributes_authorise(struct call *call, const void *input, struct error *err);

#endif
