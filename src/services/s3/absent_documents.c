/* services/s3/absent_documents.c: what no bucket has here: lifecycle rules, replication, a website.
 *
 * Nothing of the kind can be put, because nothing would act on it; who reads is told that there is none, and deleting
 * nothing succeeds, so that tools which manage whole buckets find what they expect.
 * Source: Amazon S3 API Reference (2006-03-01), GetBucketLifecycleConfiguration, GetBucketReplication, GetBucketWebsite. */
#include "services/rest_errors.h"
#include "services/s3/access.h"
#include "services/s3/shapes.h"

static bool missing(struct call *call, const char *code, struct error *err)
{
	return access_bucket_now(call, err) && rest_errors_fail(err, ERR_NOT_FOUND, code);
}

static bool perform_get_lifecycle(struct call *call, const void *input, void *output, struct error *err)
{
	(void)input;
	(void)output;
	return missing(call, "NoSuchLifecycleConfiguration", err);
}

static bool perform_get_replication(struct call *call, const void *input, void *output, struct error *err)
{
	(void)input;
	(void)output;
	return missing(call, "ReplicationConfigurationNotFoundError", err);
}

static bool perform_get_website(struct call *call, const void *input, void *output, struct error *err)
{
	(void)input;
	(void)output;
	return missing(call, "NoSuchWebsiteConfiguration", err);
}

static bool perform_delete(struct call *call, const void *input, void *output, struct error *err)
{
	(void)input;
	(void)output;
	return access_bucket_now(call, err) != NULL;
}

const struct operation s3_get_bucket_lifecycle_configuration = {
	.shape = &s3_get_bucket_lifecycle_configuration_shape, .action = "s3:GetLifecycleConfiguration", .authorise = access_bucket,
	.access = ACCESS_READ, .place = PLACE_FRONT, .perform = perform_get_lifecycle,
};

const struct operation s3_delete_bucket_lifecycle = {
	.shape = &s3_delete_bucket_lifecycle_shape, .action = "s3:PutLifecycleConfiguration", .authorise = access_bucket,
	.access = ACCESS_WRITE, .place = PLACE_WRITER, .perform = perform_delete,
};

const struct operation s3_get_bucket_replication = {
	.shape = &s3_get_bucket_replication_shape, .action = "s3:GetReplicationConfiguration", .authorise = access_bucket,
	.access = ACCESS_READ, .place = PLACE_FRONT, .perform = perform_get_replication,
};

const struct operation s3_delete_bucket_replication = {
	.shape = &s3_delete_bucket_replication_shape, .action = "s3:PutReplicationConfiguration", .authorise = access_bucket,
	.access = ACCESS_WRITE, .place = PLACE_WRITER, .perform = perform_delete,
};

const struct operation s3_get_bucket_website = {
	.shape = &s3_get_bucket_website_shape, .action = "s3:GetBucketWebsite", .authorise = access_bucket,
	.access = ACCESS_READ, .place = PLACE_FRONT, .perform = perform_get_website,
};

const struct operation s3_delete_bucket_website = {
	.shape = &s3_delete_bucket_website_shape, .action = "s3:DeleteBucketWebsite", .authorise = access_bucket,
	.access = ACCESS_WRITE, .place = PLACE_WRITER, .perform = perform_delete,
};
