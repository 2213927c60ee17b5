/* services/s3/selection.c: one table: level, sub-resource, then an operation a method. */
#include "services/s3/selection.h"

enum level { SERVICE, BUCKET, OBJECT };
enum method { GET, HEAD, PUT, POST, DELETE, METHOD_COUNT };

static const struct slice methods[METHOD_COUNT] = {
	S_INIT("GET"), S_INIT("HEAD"), S_INIT("PUT"), S_INIT("POST"), S_INIT("DELETE"),
};

struct row {
	enum level   level;
	struct slice name;                           /* of the sub-resource; SLICE_NONE: what there is without one */
	const char  *type;                           /* as MethodNotAllowed names it */
	const char  *operations[METHOD_COUNT];
};

#define CONFIGURATION(name) "GetBucket" name "Configuration", NULL, "PutBucket" name "Configuration", NULL, "DeleteBucket" name "Configuration"

static const struct row rows[] = {
	{ SERVICE, { NULL, 0 }, "SERVICE", { "ListBuckets" } },

	{ BUCKET, S_INIT("abac"), "ABAC", { "GetBucketAbac", NULL, "PutBucketAbac" } },
	{ BUCKET, S_INIT("accelerate"), "ACCELERATE", { "GetBucketAccelerateConfiguration", NULL, "PutBucketAccelerateConfiguration" } },
	{ BUCKET, S_INIT("acl"), "ACL", { "GetBucketAcl", NULL, "PutBucketAcl" } },
	{ BUCKET, S_INIT("analytics"), "ANALYTICS", { CONFIGURATION("Analytics") } },
	{ BUCKET, S_INIT("cors"), "CORS", { "GetBucketCors", NULL, "PutBucketCors", NULL, "DeleteBucketCors" } },
	{ BUCKET, S_INIT("delete"), "DELETE", { NULL, NULL, NULL, "DeleteObjects" } },
	{ BUCKET, S_INIT("encryption"), "ENCRYPTION", { "GetBucketEncryption", NULL, "PutBucketEncryption", NULL, "DeleteBucketEncryption" } },
	{ BUCKET, S_INIT("intelligent-tiering"), "INTELLIGENT_TIERING", { CONFIGURATION("IntelligentTiering") } },
	{ BUCKET, S_INIT("inventory"), "INVENTORY", { CONFIGURATION("Inventory") } },
	{ BUCKET, S_INIT("lifecycle"), "LIFECYCLE", { "GetBucketLifecycleConfiguration", NULL, "PutBucketLifecycleConfiguration", NULL,
	  "DeleteBucketLifecycle" } },
	{ BUCKET, S_INIT("location"), "LOCATION", { "GetBucketLocation" } },
	{ BUCKET, S_INIT("logging"), "LOGGING", { "GetBucketLogging", NULL, "PutBucketLogging" } },
	{ BUCKET, S_INIT("metadataConfiguration"), "METADATA_CONFIGURATION", { "GetBucketMetadataConfiguration", NULL, NULL,
	  "CreateBucketMetadataConfiguration", "DeleteBucketMetadataConfiguration" } },
	{ BUCKET, S_INIT("metadataInventoryTable"), "METADATA_TABLE", { NULL, NULL, "UpdateBucketMetadataInventoryTableConfiguration" } },
	{ BUCKET, S_INIT("metadataJournalTable"), "METADATA_TABLE", { NULL, NULL, "UpdateBucketMetadataJournalTableConfiguration" } },
	{ BUCKET, S_INIT("metadataTable"), "METADATA_TABLE", { "GetBucketMetadataTableConfiguration", NULL, NULL,
	  "CreateBucketMetadataTableConfiguration", "DeleteBucketMetadataTableConfiguration" } },
	{ BUCKET, S_INIT("metrics"), "METRICS", { CONFIGURATION("Metrics") } },
	{ BUCKET, S_INIT("notification"), "NOTIFICATION", { "GetBucketNotificationConfiguration", NULL, "PutBucketNotificationConfiguration" } },
	{ BUCKET, S_INIT("object-lock"), "OBJECT_LOCK", { "GetObjectLockConfiguration", NULL, "PutObjectLockConfiguration" } },
	{ BUCKET, S_INIT("ownershipControls"), "OWNERSHIP_CONTROLS", { "GetBucketOwnershipControls", NULL, "PutBucketOwnershipControls", NULL,
	  "DeleteBucketOwnershipControls" } },
	{ BUCKET, S_INIT("policy"), "BUCKETPOLICY", { "GetBucketPolicy", NULL, "PutBucketPolicy", NULL, "DeleteBucketPolicy" } },
	{ BUCKET, S_INIT("policyStatus"), "BUCKETPOLICYSTATUS", { "GetBucketPolicyStatus" } },
	{ BUCKET, S_INIT("publicAccessBlock"), "PUBLIC_ACCESS_BLOCK", { "GetPublicAccessBlock", NULL, "PutPublicAccessBlock", NULL,
	  "DeletePublicAccessBlock" } },
	{ BUCKET, S_INIT("replication"), "REPLICATION", { "GetBucketReplication", NULL, "PutBucketReplication", NULL, "DeleteBucketReplication" } },
	{ BUCKET, S_INIT("requestPayment"), "REQUEST_PAYMENT", { "GetBucketRequestPayment", NULL, "PutBucketRequestPayment" } },
	{ BUCKET, S_INIT("session"), "SESSION", { "CreateSession" } },
	{ BUCKET, S_INIT("tagging"), "TAGGING", { "GetBucketTagging", NULL, "PutBucketTagging", NULL, "DeleteBucketTagging" } },
	{ BUCKET, S_INIT("uploads"), "UPLOADS", { "ListMultipartUploads" } },
	{ BUCKET, S_INIT("versioning"), "VERSIONING", { "GetBucketVersioning", NULL, "PutBucketVersioning" } },
	{ BUCKET, S_INIT("versions"), "VERSIONS", { "ListObjectVersions" } },
	{ BUCKET, S_INIT("website"), "WEBSITE", { "GetBucketWebsite", NULL, "PutBucketWebsite", NULL, "DeleteBucketWebsite" } },
	{ BUCKET, { NULL, 0 }, "BUCKET", { "ListObjects", "HeadBucket", "CreateBucket", NULL, "DeleteBucket" } },

	{ OBJECT, S_INIT("acl"), "ACL", { "GetObjectAcl", NULL, "PutObjectAcl" } },
	{ OBJECT, S_INIT("attributes"), "ATTRIBUTES", { "GetObjectAttributes" } },
	{ OBJECT, S_INIT("encryption"), "ENCRYPTION", { NULL, NULL, "UpdateObjectEncryption" } },
	{ OBJECT, S_INIT("legal-hold"), "LEGAL_HOLD", { "GetObjectLegalHold", NULL, "PutObjectLegalHold" } },
	{ OBJECT, S_INIT("renameObject"), "RENAME", { NULL, NULL, "RenameObject" } },
	{ OBJECT, S_INIT("restore"), "RESTORE", { NULL, NULL, NULL, "RestoreObject" } },
	{ OBJECT, S_INIT("retention"), "RETENTION", { "GetObjectRetention", NULL, "PutObjectRetention" } },
	{ OBJECT, S_INIT("select"), "SELECT", { NULL, NULL, NULL, "SelectObjectContent" } },
	{ OBJECT, S_INIT("tagging"), "TAGGING", { "GetObjectTagging", NULL, "PutObjectTagging", NULL, "DeleteObjectTagging" } },
	{ OBJECT, S_INIT("torrent"), "TORRENT", { "GetObjectTorrent" } },
	{ OBJECT, S_INIT("uploadId"), "UPLOAD", { "ListParts", NULL, "UploadPart", "CompleteMultipartUpload", "AbortMultipartUpload" } },
	{ OBJECT, S_INIT("uploads"), "UPLOADS", { NULL, NULL, NULL, "CreateMultipartUpload" } },
	{ OBJECT, { NULL, 0 }, "OBJECT", { "GetObject", "HeadObject", "PutObject", NULL, "DeleteObject" } },
};

static const struct row *find_row(enum level level, struct slice name)
{
	for (size_t i = 0; i < COUNT(rows); i++)
		if (rows[i].level == level && (rows[i].name.ptr != NULL) == (name.ptr != NULL) && slice_equal(rows[i].name, name))
			return &rows[i];
	return NULL;
}

/* That of the first sub-resource in the query, else the one of the resource itself. */
static const struct row *row_of(const struct rest *rest, enum level level)
{
	for (size_t i = 0; i < rest->query.count; i++) {
		struct slice name = rest->query.items[i].name;
		const struct row *row = name.len ? find_row(level, name) : NULL;
		if (row)
			return row;
	}
	return find_row(level, SLICE_NONE);
}

static struct slice refuse(struct rest *rest, const struct row *row, struct error *err)
{
	fail_as(err, ERR_INVALID, "MethodNotAllowed", "The specified method is not allowed against this resource.");
	rest_add_element(rest, S("Method"), rest->method);
	rest_add_element(rest, S("ResourceType"), slice_of(row->type));
	return SLICE_NONE;
}

static struct slice contradiction(struct rest *rest, struct slice name, struct error *err)
{
	fail_as(err, ERR_INVALID, "InvalidArgument", "This operation does not accept a query-string.");
	rest_add_element(rest, S("ArgumentName"), name);
	rest_add_element(rest, S("ArgumentValue"), rest_query(rest, name));
	return SLICE_NONE;
}

/* PUT of a part is known by two parameters: one alone must not become a whole object. */
static struct slice select_put(struct rest *rest, struct slice name, struct error *err)
{
	bool has_upload = rest_query(rest, S("uploadId")).ptr != NULL, has_part = rest_query(rest, S("partNumber")).ptr != NULL;
	bool is_copy = rest_header(rest, S("x-amz-copy-source")).ptr != NULL;

	if (has_upload != has_part)
		return contradiction(rest, has_part ? S("partNumber") : S("uploadId"), err);
	if (slice_equal(name, S("UploadPart")))
		return is_copy ? S("UploadPartCopy") : name;
	return is_copy ? S("CopyObject") : name;
}

/* One configuration of many has an id; without it they are listed. */
static bool is_list_of_configurations(const struct rest *rest, const struct row *row, enum method method)
{
	static const struct slice names[] = { S_INIT("analytics"), S_INIT("intelligent-tiering"), S_INIT("inventory"), S_INIT("metrics") };

	if (method != GET || row->level != BUCKET || rest_query(rest, S("id")).ptr)
		return false;
	for (size_t i = 0; i < COUNT(names); i++)
		if (slice_equal(row->name, names[i]))
			return true;
	return false;
}

static struct slice list_name(struct slice sub_resource)
{
	return slice_equal(sub_resource, S("analytics"))           ? S("ListBucketAnalyticsConfigurations")
	     : slice_equal(sub_resource, S("intelligent-tiering")) ? S("ListBucketIntelligentTieringConfigurations")
	     : slice_equal(sub_resource, S("inventory"))           ? S("ListBucketInventoryConfigurations")
	                                                           : S("ListBucketMetricsConfigurations");
}

struct slice selection_find(struct rest *rest, struct error *err)
{
	enum level level = rest->key.ptr ? OBJECT : rest->bucket.ptr ? BUCKET : SERVICE;
	const struct row *row = row_of(rest, level);
	size_t method = 0;

	if (slice_equal(rest->method, S("OPTIONS")) && level != SERVICE)
		return S("PreflightRequest");
	while (method < METHOD_COUNT && !slice_equal(methods[method], rest->method))
		method++;
	if (method == POST && level == BUCKET && !row->name.ptr) {
		fail_as(err, ERR_INVALID, "NotImplemented", "Uploads by HTML form are not implemented.");
		return SLICE_NONE;
	}
	if (method == METHOD_COUNT || !row->operations[method])
		return refuse(rest, row, err);
	struct slice name = slice_of(row->operations[method]);
	if (is_list_of_configurations(rest, row, (enum method)method))
		return list_name(row->name);
	if (slice_equal(name, S("ListObjects")) && slice_equal(rest_query(rest, S("list-type")), S("2")))
		return S("ListObjectsV2");
	if (slice_equal(name, S("PutObject")) || slice_equal(name, S("UploadPart")))
		return select_put(rest, name, err);
	return name;
}
