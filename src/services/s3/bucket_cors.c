/* services/s3/bucket_cors.c: rules for pages of other origins, and the preflight that browsers ask them with.
 * Source: Amazon S3 API Reference (2006-03-01), PutBucketCors, GetBucketCors, DeleteBucketCors, "OPTIONS object". */
#include "base/limits.h"
#include "services/rest.h"
#include "services/rest_errors.h"
#include "services/s3/access.h"
#include "services/s3/cors.h"
#include "services/s3/document.h"
#include "services/s3/shapes.h"

static bool perform_get(struct call *call, const void *input, void *output, struct error *err)
{
	struct s3_get_bucket_cors_output *out = output;
	const struct s3_cors_configuration *stored = document_require(call, DOCUMENT_CORS, &s3_put_bucket_cors_shape,
	                                                              "NoSuchCORSConfiguration", err);

	(void)input;
	if (stored)
		out->cors_rules = stored->cors_rules;
	return stored != NULL;
}

static bool have_one_star(const struct text_list *list, const char *what, struct error *err)
{
	for (size_t i = 0; i < list->count; i++) {
		size_t star = slice_find_byte(list->items[i], '*');
		if (star != SLICE_NPOS && slice_find_byte(slice_from(list->items[i], star + 1), '*') != SLICE_NPOS)
			return fail_as(err, ERR_INVALID, "InvalidRequest", "%s \"%.*s\" can not have more than one wildcard.", what,
				SLICE_ARG(list->items[i]));
	}
	return true;
}

static bool is_rule(const struct s3_cors_rule *rule, struct error *err)
{
	static const struct slice methods[] = { S_INIT("GET"), S_INIT("PUT"), S_INIT("POST"), S_INIT("DELETE"), S_INIT("HEAD") };

	for (size_t i = 0; i < rule->allowed_methods.count; i++) {
		bool is_known = false;
		for (size_t k = 0; k < COUNT(methods); k++)
			is_known |= slice_equal(methods[k], rule->allowed_methods.items[i]);
		if (!is_known)
			return fail_as(err, ERR_INVALID, "InvalidRequest",
				"Found unsupported HTTP method in CORS config. Unsupported method is %.*s", SLICE_ARG(rule->allowed_methods.items[i]));
	}
	if (rule->id.len > S3_RULE_ID_BYTES_MAX)
		return fail_as(err, ERR_INVALID, "InvalidRequest", "The ID of a CORS rule has at most %d characters.", S3_RULE_ID_BYTES_MAX);
	return have_one_star(&rule->allowed_origins, "AllowedOrigin", err) && have_one_star(&rule->allowed_headers, "AllowedHeader", err);
}

static bool perform_put(struct call *call, const void *input, void *output, struct error *err)
{
	const struct s3_put_bucket_cors_request *in = input;
	const struct s3_cors_rule_list *rules = &in->cors_configuration->cors_rules;

	(void)output;
	if (rules->count == 0)
		return rest_errors_fail(err, ERR_INVALID, "MalformedXML");
	if (rules->count > S3_CORS_RULES_MAX)
		return fail_as(err, ERR_INVALID, "InvalidRequest", "The number of CORS rules should not exceed allowed limit of %d rules.",
			S3_CORS_RULES_MAX);
	for (size_t i = 0; i < rules->count; i++)
		if (!is_rule(&rules->items[i], err))
			return false;
	return document_put(call, DOCUMENT_CORS, &s3_put_bucket_cors_shape, input, err);
}

static bool perform_delete(struct call *call, const void *input, void *output, struct error *err)
{
	(void)input;
	(void)output;
	return document_delete(call, DOCUMENT_CORS, err);
}

/* A preflight is never signed and asks no policy: the rules decide. */
static bool authorise_preflight(struct call *call, const void *input, struct error *err)
{
	const struct bucket *bucket = access_find_bucket(call, err);

	(void)input;
	return bucket && cors_answer_preflight(call, bucket, err);
}

static bool perform_preflight(struct call *call, const void *input, void *output, struct error *err)
{
	(void)call;
	(void)input;
	(void)output;
	(void)err;
	return true;
}

/* No operation of the model: browsers make it, not clients. */
static const struct operation_shape preflight_shape = {
	.name = S_INIT("PreflightRequest"), .service = &s3_shapes, .method = S_INIT("OPTIONS"), .uri = S_INIT("/{Bucket}/{Key+}"), .status = 200,
};

const struct operation s3_preflight_request = {
	.shape = &preflight_shape, .authorise = authorise_preflight,
	.access = ACCESS_READ, .place = PLACE_FRONT, .perform = perform_preflight,
};

const struct operation s3_get_bucket_cors = {
	.shape = &s3_get_bucket_cors_shape, .action = "s3:GetBucketCORS", .authorise = access_bucket,
	.access = ACCESS_READ, .place = PLACE_FRONT, .perform = perform_get,
};

const struct operation s3_put_bucket_cors = {
	.shape = &s3_put_bucket_cors_shape, .action = "s3:PutBucketCORS", .authorise = access_bucket,
	.access = ACCESS_WRITE, .place = PLACE_WRITER, .perform = perform_put,
};

const struct operation s3_delete_bucket_cors = {
	.shape = &s3_delete_bucket_cors_shape, .action = "s3:PutBucketCORS", .authorise = access_bucket,
	.access = ACCESS_WRITE, .place = PLACE_WRITER, .perform = perform_delete,
};
