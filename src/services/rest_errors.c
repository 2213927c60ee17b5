/* services/rest_errors.c: one table, sorted by code. */
#include "services/rest_errors.h"

enum added { BUCKET_NAME = 1, KEY = 2, VERSION_ID = 4, UPLOAD_ID = 8, METHOD = 16 };

static const struct row {
	const char *code;
	uint16_t    status;
	uint16_t    added;                       /* enum added */
	const char *text;
} rows[] = {
	{ "AccessControlListNotSupported", 400, 0, "The bucket does not allow ACLs" },
	{ "AccessDenied", 403, 0, "Access Denied" },
	{ "AccessForbidden", 403, 0, "CORSResponse: CORS is not enabled for this bucket." },
	{ "AuthorizationHeaderMalformed", 400, 0, "The authorization header that you provided is not valid." },
	{ "AuthorizationQueryParametersError", 400, 0, "The authorization query parameters that you provided are not valid." },
	{ "BadDigest", 400, 0, "The Content-MD5 you specified did not match what we received." },
	{ "BadRequest", 400, 0, "Bad Request" },
	{ "BucketAlreadyExists", 409, BUCKET_NAME, "The requested bucket name is not available. The bucket namespace is shared by "
	  "all users of the system. Please select a different name and try again." },
	{ "BucketAlreadyOwnedByYou", 409, BUCKET_NAME, "Your previous request to create the named bucket succeeded and you already "
	  "own it." },
	{ "BucketNotEmpty", 409, BUCKET_NAME, "The bucket you tried to delete is not empty" },
	{ "ConditionalRequestConflict", 409, KEY, "The conditional request cannot succeed due to a conflicting operation against "
	  "this resource." },
	{ "CrossLocationLoggingProhibitted", 403, 0, "Cross S3 location logging not allowed." },
	{ "EntityTooLarge", 400, 0, "Your proposed upload exceeds the maximum allowed size" },
	{ "EntityTooSmall", 400, 0, "Your proposed upload is smaller than the minimum allowed size" },
	{ "ExpiredToken", 400, 0, "The provided token has expired." },
	{ "IllegalLocationConstraintException", 400, 0, "The unspecified location constraint is incompatible for the region "
	  "specific endpoint this request was sent to." },
	{ "IllegalVersioningConfigurationException", 400, 0, "The Versioning element must be specified" },
	{ "IncompleteBody", 400, 0, "The request body terminated unexpectedly" },
	{ "InternalError", 500, 0, "We encountered an internal error. Please try again." },
	{ "InvalidAccessKeyId", 403, 0, "The AWS Access Key Id you provided does not exist in our records." },
	{ "InvalidArgument", 400, 0, "Invalid Argument" },
	{ "InvalidBucketName", 400, BUCKET_NAME, "The specified bucket is not valid." },
	{ "InvalidBucketOwnerAWSAccountID", 400, 0, "The value of the expected bucket owner parameter must be an AWS account ID" },
	{ "InvalidBucketState", 409, 0, "The request is not valid for the current state of the bucket." },
	{ "InvalidDigest", 400, 0, "The Content-MD5 you specified was invalid." },
	{ "InvalidEncryptionAlgorithmError", 400, 0, "The Encryption request you specified is not valid. Supported value: AES256." },
	{ "InvalidLocationConstraint", 400, 0, "The specified location-constraint is not valid" },
	{ "InvalidObjectState", 403, 0, "The operation is not valid for the object's storage class" },
	{ "InvalidPart", 400, 0, "One or more of the specified parts could not be found.  The part may not have been uploaded, or "
	  "the specified entity tag may not match the part's entity tag." },
	{ "InvalidPartNumber", 416, 0, "The requested partnumber is not satisfiable" },
	{ "InvalidPartOrder", 400, 0, "The list of parts was not in ascending order. Parts must be ordered by part number." },
	{ "InvalidPolicyDocument", 400, 0, "The content of the form does not meet the conditions specified in the policy document." },
	{ "InvalidRange", 416, 0, "The requested range is not satisfiable" },
	{ "InvalidRequest", 400, 0, "Invalid Request" },
	{ "InvalidStorageClass", 400, 0, "The storage class you specified is not valid" },
	{ "InvalidTag", 400, 0, "The tag provided was not a valid tag. This error can occur if the tag did not pass input "
	  "validation." },
	{ "InvalidTargetBucketForLogging", 400, 0, "The target bucket for logging does not exist" },
	{ "InvalidToken", 400, 0, "The provided token is malformed or otherwise invalid." },
	{ "InvalidURI", 400, 0, "Couldn't parse the specified URI." },
	{ "KeyTooLongError", 400, 0, "Your key is too long" },
	{ "MalformedACLError", 400, 0, "The XML you provided was not well-formed or did not validate against our published schema" },
	{ "MalformedPolicy", 400, 0, "Policies must be valid JSON and the first byte must be '{'" },
	{ "MalformedTrailerError", 400, 0, "The request contained trailing data that was not well-formed or did not conform to our "
	  "published schema." },
	{ "MalformedXML", 400, 0, "The XML you provided was not well-formed or did not validate against our published schema" },
	{ "MetadataTooLarge", 400, 0, "Your metadata headers exceed the maximum allowed metadata size" },
	{ "MethodNotAllowed", 405, METHOD, "The specified method is not allowed against this resource." },
	{ "MissingContentLength", 411, 0, "You must provide the Content-Length HTTP header." },
	{ "MissingRequestBodyError", 400, 0, "Request Body is empty" },
	{ "NoSuchBucket", 404, BUCKET_NAME, "The specified bucket does not exist" },
	{ "NoSuchBucketPolicy", 404, BUCKET_NAME, "The bucket policy does not exist" },
	{ "NoSuchCORSConfiguration", 404, BUCKET_NAME, "The CORS configuration does not exist" },
	{ "NoSuchKey", 404, KEY, "The specified key does not exist." },
	{ "NoSuchLifecycleConfiguration", 404, BUCKET_NAME, "The lifecycle configuration does not exist" },
	{ "NoSuchObjectLockConfiguration", 404, 0, "The specified object does not have a ObjectLock configuration" },
	{ "NoSuchPublicAccessBlockConfiguration", 404, BUCKET_NAME, "The public access block configuration was not found" },
	{ "NoSuchTagSet", 404, BUCKET_NAME, "The TagSet does not exist" },
	{ "NoSuchUpload", 404, UPLOAD_ID, "The specified upload does not exist. The upload ID may be invalid, or the upload may have "
	  "been aborted or completed." },
	{ "NoSuchVersion", 404, KEY | VERSION_ID, "The specified version does not exist." },
	{ "NoSuchWebsiteConfiguration", 404, BUCKET_NAME, "The specified bucket does not have a website configuration" },
	{ "NotImplemented", 501, 0, "A header you provided implies functionality that is not implemented" },
	{ "NotModified", 304, 0, "Not Modified" },
	{ "ObjectLockConfigurationNotFoundError", 404, BUCKET_NAME, "Object Lock configuration does not exist for this bucket" },
	{ "OperationAborted", 409, 0, "A conflicting conditional operation is currently in progress against this resource. Please "
	  "try again." },
	{ "OwnershipControlsNotFoundError", 404, BUCKET_NAME, "The bucket ownership controls were not found" },
	{ "PermanentRedirect", 301, 0, "The bucket you are attempting to access must be addressed using the specified endpoint. "
	  "Please send all future requests to this endpoint." },
	{ "PreconditionFailed", 412, 0, "At least one of the pre-conditions you specified did not hold" },
	{ "ReplicationConfigurationNotFoundError", 404, BUCKET_NAME, "The replication configuration was not found" },
	{ "RequestTimeTooSkewed", 403, 0, "The difference between the request time and the current time is too large." },
	{ "RequestTimeout", 400, 0, "Your socket connection to the server was not read from or written to within the timeout "
	  "period. Idle connections will be closed." },
	{ "ServiceUnavailable", 503, 0, "Reduce your request rate." },
	{ "SignatureDoesNotMatch", 403, 0, "The request signature we calculated does not match the signature you provided. Check "
	  "your key and signing method." },
	{ "SlowDown", 503, 0, "Please reduce your request rate." },
	{ "TooManyBuckets", 400, 0, "You have attempted to create more buckets than allowed" },
	{ "XAmzContentSHA256Mismatch", 400, 0, "The provided 'x-amz-content-sha256' header does not match what was computed." },
};

static const struct row *find(struct slice code)
{
	for (size_t i = 0; i < COUNT(rows); i++)
		if (slice_equal(slice_of(rows[i].code), code))
			return &rows[i];
	return NULL;
}

struct slice rest_errors_text(struct slice code)
{
	const struct row *row = find(code);

	return row ? slice_of(row->text) : SLICE_NONE;
}

static void add_elements(const struct row *row, struct rest *rest)
{
	if (row->added & BUCKET_NAME)
		rest_add_element(rest, S("BucketName"), rest->bucket);
	if (row->added & KEY)
		rest_add_element(rest, S("Key"), rest->key);
	if (row->added & VERSION_ID)
		rest_add_element(rest, S("VersionId"), rest_query(rest, S("versionId")));
	if (row->added & UPLOAD_ID)
		rest_add_element(rest, S("UploadId"), rest_query(rest, S("uploadId")));
	if (row->added & METHOD)
		rest_add_element(rest, S("Method"), rest->method);
}

struct wire_error rest_errors_resolve(const struct error *err, struct rest *rest)
{
	struct wire_error wire = errors_resolve(NULL, NULL, PROTOCOL_REST_XML, err);
	const struct row *row = find(wire.code);

	if (!row)
		return wire;
	wire.status = row->status;
	wire.is_receiver = row->status >= 500;
	if (wire.message.len == 0)
		wire.message = slice_of(row->text);
	add_elements(row, rest);
	return wire;
}

bool rest_errors_fail(struct error *err, enum error_kind kind, const char *code)
{
	return fail_as(err, kind, code, "%.*s", SLICE_ARG(rest_errors_text(slice_of(code))));
}
