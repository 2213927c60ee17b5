/* services/s3/quiet_documents.c: what every bucket has, in its quiet state: no access log, no notifications, no transfer
 * acceleration, the owner pays.
 *
 * Each may be put as it is; anything else is refused by name, because nothing would act on it.
 * Source: Amazon S3 API Reference (2006-03-01), GetBucketLogging, GetBucketNotificationConfiguration,
 * GetBucketAccelerateConfiguration, GetBucketRequestPayment, and those that put them. */
#include "services/rest_errors.h"
#include "services/s3/access.h"
#include "services/s3/document.h"
#include "services/s3/shapes.h"

static bool refuse(struct error *err, const char *what)
{
	return fail_as(err, ERR_INVALID, "NotImplemented", "spoor does not serve %s.", what);
}

/* The output without members says it all. */
static bool perform_get_nothing(struct call *call, const void *input, void *output, struct error *err)
{
	(void)input;
	(void)output;
	return access_bucket_now(call, err) != NULL;
}

static bool perform_put_logging(struct call *call, const void *input, void *output, struct error *err)
{
	const struct s3_put_bucket_logging_request *in = input;
	const struct s3_logging_enabled *logging = in->bucket_logging_status->logging_enabled;

	(void)output;
	if (!access_bucket_now(call, err))
		return false;
	if (!logging)
		return true;
	struct error absent = {0};
	if (!buckets_find(call->catalog, &call->arena, logging->target_bucket, &absent))
		return absent.kind ? fail(err, absent.kind, "%s", absent.message)
		                   : rest_errors_fail(err, ERR_INVALID, "InvalidTargetBucketForLogging");
	return refuse(err, "server access logs: a trail with data events records the same calls");
}

static bool perform_put_notification(struct call *call, const void *input, void *output, struct error *err)
{
	const struct s3_put_bucket_notification_configuration_request *in = input;
	const struct s3_notification_configuration *wanted = in->notification_configuration;

	(void)output;
	if (!access_bucket_now(call, err))
		return false;
	bool is_empty = wanted->topic_configurations.count == 0 && wanted->queue_configurations.count == 0
	                && wanted->lambda_function_configurations.count == 0 && !wanted->event_bridge_configuration;
	return is_empty || refuse(err, "notifications of S3 events");
}

static bool perform_get_accelerate(struct call *call, const void *input, void *output, struct error *err)
{
	struct s3_get_bucket_accelerate_configuration_output *out = output;
	const void *value;

	(void)input;
	if (!document_get(call, DOCUMENT_ACCELERATE, &s3_put_bucket_accelerate_configuration_shape, &value, err))
		return false;
	if (value)
		out->status = ((const struct s3_accelerate_configuration *)value)->status;
	return true;
}

static bool perform_put_accelerate(struct call *call, const void *input, void *output, struct error *err)
{
	const struct s3_put_bucket_accelerate_configuration_request *in = input;

	(void)output;
	if (!in->accelerate_configuration->status.ptr)
		return rest_errors_fail(err, ERR_INVALID, "MalformedXML");
	if (slice_equal(in->accelerate_configuration->status, S("Enabled")))
		return refuse(err, "transfer acceleration");
	return document_put(call, DOCUMENT_ACCELERATE, &s3_put_bucket_accelerate_configuration_shape, input, err);
}

static bool perform_get_payer(struct call *call, const void *input, void *output, struct error *err)
{
	struct s3_get_bucket_request_payment_output *out = output;

	(void)input;
	out->payer = S("BucketOwner");
	return access_bucket_now(call, err) != NULL;
}

static bool perform_put_payer(struct call *call, const void *input, void *output, struct error *err)
{
	const struct s3_put_bucket_request_payment_request *in = input;

	(void)output;
	if (!access_bucket_now(call, err))
		return false;
	return slice_equal(in->request_payment_configuration->payer, S("BucketOwner")) || refuse(err, "requester-pays buckets");
}

#define READ(op, asked, code)                                                                                          \
	const struct operation s3_get_bucket_##op = {                                                                  \
		.shape = &s3_get_bucket_##op##_shape, .action = "s3:Get" asked, .authorise = access_bucket,            \
		.access = ACCESS_READ, .place = PLACE_FRONT, .perform = (code),                                        \
	}

#define WRITE(op, asked, code)                                                                                         \
	const struct operation s3_put_bucket_##op = {                                                                  \
		.shape = &s3_put_bucket_##op##_shape, .action = "s3:Put" asked, .authorise = access_bucket,            \
		.access = ACCESS_WRITE, .place = PLACE_WRITER, .perform = (code),                                      \
	}

READ(logging, "BucketLogging", perform_get_nothing);
WRITE(logging, "BucketLogging", perform_put_logging);
READ(notification_configuration, "BucketNotification", perform_get_nothing);
WRITE(notification_configuration, "BucketNotification", perform_put_notification);
READ(accelerate_configuration, "AccelerateConfiguration", perform_get_accelerate);
WRITE(accelerate_configuration, "AccelerateConfiguration", perform_put_accelerate);
READ(request_payment, "BucketRequestPayment", perform_get_payer);
WRITE(request_payment, "BucketRequestPayment", perform_put_payer);
