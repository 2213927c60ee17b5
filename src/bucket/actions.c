/* bucket/actions.c: two tables. Names ignore case, as everywhere in policies. */
#include "bucket/actions.h"

static const struct row { unsigned about; struct slice name; } actions[] = {
	{ ABOUT_OBJECT, S_INIT("AbortMultipartUpload") },
	{ ABOUT_OBJECT, S_INIT("BypassGovernanceRetention") },
	{ ABOUT_BUCKET, S_INIT("CreateBucket") },
	{ ABOUT_BUCKET, S_INIT("DeleteBucket") },
	{ ABOUT_BUCKET, S_INIT("DeleteBucketPolicy") },
	{ ABOUT_BUCKET, S_INIT("DeleteBucketWebsite") },
	{ ABOUT_OBJECT, S_INIT("DeleteObject") },
	{ ABOUT_OBJECT, S_INIT("DeleteObjectTagging") },
	{ ABOUT_OBJECT, S_INIT("DeleteObjectVersion") },
	{ ABOUT_OBJECT, S_INIT("DeleteObjectVersionTagging") },
	{ ABOUT_BUCKET, S_INIT("GetAccelerateConfiguration") },
	{ ABOUT_BUCKET, S_INIT("GetAnalyticsConfiguration") },
	{ ABOUT_BUCKET, S_INIT("GetBucketAbac") },
	{ ABOUT_BUCKET, S_INIT("GetBucketAcl") },
	{ ABOUT_BUCKET, S_INIT("GetBucketCORS") },
	{ ABOUT_BUCKET, S_INIT("GetBucketLocation") },
	{ ABOUT_BUCKET, S_INIT("GetBucketLogging") },
	{ ABOUT_BUCKET, S_INIT("GetBucketMetadataTableConfiguration") },
	{ ABOUT_BUCKET, S_INIT("GetBucketNotification") },
	{ ABOUT_BUCKET, S_INIT("GetBucketObjectLockConfiguration") },
	{ ABOUT_BUCKET, S_INIT("GetBucketOwnershipControls") },
	{ ABOUT_BUCKET, S_INIT("GetBucketPolicy") },
	{ ABOUT_BUCKET, S_INIT("GetBucketPolicyStatus") },
	{ ABOUT_BUCKET, S_INIT("GetBucketPublicAccessBlock") },
	{ ABOUT_BUCKET, S_INIT("GetBucketRequestPayment") },
	{ ABOUT_BUCKET, S_INIT("GetBucketTagging") },
	{ ABOUT_BUCKET, S_INIT("GetBucketVersioning") },
	{ ABOUT_BUCKET, S_INIT("GetBucketWebsite") },
	{ ABOUT_BUCKET, S_INIT("GetEncryptionConfiguration") },
	{ ABOUT_BUCKET, S_INIT("GetIntelligentTieringConfiguration") },
	{ ABOUT_BUCKET, S_INIT("GetInventoryConfiguration") },
	{ ABOUT_BUCKET, S_INIT("GetLifecycleConfiguration") },
	{ ABOUT_BUCKET, S_INIT("GetMetricsConfiguration") },
	{ ABOUT_OBJECT, S_INIT("GetObject") },
	{ ABOUT_OBJECT, S_INIT("GetObjectAcl") },
	{ ABOUT_OBJECT, S_INIT("GetObjectAttributes") },
	{ ABOUT_OBJECT, S_INIT("GetObjectLegalHold") },
	{ ABOUT_OBJECT, S_INIT("GetObjectRetention") },
	{ ABOUT_OBJECT, S_INIT("GetObjectTagging") },
	{ ABOUT_OBJECT, S_INIT("GetObjectTorrent") },
	{ ABOUT_OBJECT, S_INIT("GetObjectVersion") },
	{ ABOUT_OBJECT, S_INIT("GetObjectVersionAcl") },
	{ ABOUT_OBJECT, S_INIT("GetObjectVersionAttributes") },
	{ ABOUT_OBJECT, S_INIT("GetObjectVersionForReplication") },
	{ ABOUT_OBJECT, S_INIT("GetObjectVersionTagging") },
	{ ABOUT_OBJECT, S_INIT("GetObjectVersionTorrent") },
	{ ABOUT_BUCKET, S_INIT("GetReplicationConfiguration") },
	{ ABOUT_OBJECT, S_INIT("InitiateReplication") },
	{ ABOUT_BUCKET | ABOUT_LIST, S_INIT("ListBucket") },
	{ ABOUT_BUCKET | ABOUT_LIST, S_INIT("ListBucketMultipartUploads") },
	{ ABOUT_BUCKET | ABOUT_LIST, S_INIT("ListBucketVersions") },
	{ ABOUT_OBJECT, S_INIT("ListMultipartUploadParts") },
	{ ABOUT_BUCKET, S_INIT("ListTagsForResource") },
	{ ABOUT_OBJECT, S_INIT("ObjectOwnerOverrideToBucketOwner") },
	{ ABOUT_BUCKET, S_INIT("PutAccelerateConfiguration") },
	{ ABOUT_BUCKET, S_INIT("PutAnalyticsConfiguration") },
	{ ABOUT_BUCKET, S_INIT("PutBucketAbac") },
	{ ABOUT_BUCKET, S_INIT("PutBucketAcl") },
	{ ABOUT_BUCKET, S_INIT("PutBucketCORS") },
	{ ABOUT_BUCKET, S_INIT("PutBucketLogging") },
	{ ABOUT_BUCKET, S_INIT("PutBucketNotification") },
	{ ABOUT_BUCKET, S_INIT("PutBucketObjectLockConfiguration") },
	{ ABOUT_BUCKET, S_INIT("PutBucketOwnershipControls") },
	{ ABOUT_BUCKET, S_INIT("PutBucketPolicy") },
	{ ABOUT_BUCKET, S_INIT("PutBucketPublicAccessBlock") },
	{ ABOUT_BUCKET, S_INIT("PutBucketRequestPayment") },
	{ ABOUT_BUCKET, S_INIT("PutBucketTagging") },
	{ ABOUT_BUCKET, S_INIT("PutBucketVersioning") },
	{ ABOUT_BUCKET, S_INIT("PutBucketWebsite") },
	{ ABOUT_BUCKET, S_INIT("PutEncryptionConfiguration") },
	{ ABOUT_BUCKET, S_INIT("PutIntelligentTieringConfiguration") },
	{ ABOUT_BUCKET, S_INIT("PutInventoryConfiguration") },
	{ ABOUT_BUCKET, S_INIT("PutLifecycleConfiguration") },
	{ ABOUT_BUCKET, S_INIT("PutMetricsConfiguration") },
	{ ABOUT_OBJECT, S_INIT("PutObject") },
	{ ABOUT_OBJECT, S_INIT("PutObjectAcl") },
	{ ABOUT_OBJECT, S_INIT("PutObjectLegalHold") },
	{ ABOUT_OBJECT, S_INIT("PutObjectRetention") },
	{ ABOUT_OBJECT, S_INIT("PutObjectTagging") },
	{ ABOUT_OBJECT, S_INIT("PutObjectVersionAcl") },
	{ ABOUT_OBJECT, S_INIT("PutObjectVersionTagging") },
	{ ABOUT_BUCKET, S_INIT("PutReplicationConfiguration") },
	{ ABOUT_OBJECT, S_INIT("ReplicateDelete") },
	{ ABOUT_OBJECT, S_INIT("ReplicateObject") },
	{ ABOUT_OBJECT, S_INIT("ReplicateTags") },
	{ ABOUT_OBJECT, S_INIT("RestoreObject") },
	{ ABOUT_BUCKET, S_INIT("TagResource") },
	{ ABOUT_BUCKET, S_INIT("UntagResource") },
	{ ABOUT_OBJECT, S_INIT("UpdateObjectEncryption") },
};

static const struct row keys[] = {                  /* behind "s3:"; a slash at the end: a name follows */
	{ 0, S_INIT("AccessPointNetworkOrigin") }, { 0, S_INIT("authType") }, { 0, S_INIT("BucketTag/") },
	{ 0, S_INIT("DataAccessPointAccount") }, { 0, S_INIT("DataAccessPointArn") }, { ABOUT_LIST, S_INIT("delimiter") },
	{ ABOUT_OBJECT, S_INIT("ExistingObjectTag/") }, { 0, S_INIT("if-match") }, { 0, S_INIT("if-none-match") },
	{ 0, S_INIT("InventoryAccessibleOptionalFields") }, { 0, S_INIT("LocationConstraint") }, { ABOUT_LIST, S_INIT("max-keys") },
	{ 0, S_INIT("object-lock-legal-hold") }, { 0, S_INIT("object-lock-mode") },
	{ 0, S_INIT("object-lock-remaining-retention-days") }, { 0, S_INIT("object-lock-retain-until-date") },
	{ 0, S_INIT("ObjectCreationOperation") }, { ABOUT_LIST, S_INIT("prefix") }, { 0, S_INIT("RequestObjectTag/") },
	{ 0, S_INIT("RequestObjectTagKeys") }, { 0, S_INIT("ResourceAccount") }, { 0, S_INIT("signatureAge") },
	{ 0, S_INIT("signatureversion") }, { 0, S_INIT("TlsVersion") }, { ABOUT_OBJECT, S_INIT("VersionId") },
	{ 0, S_INIT("x-amz-acl") }, { 0, S_INIT("x-amz-content-sha256") }, { 0, S_INIT("x-amz-copy-source") },
	{ 0, S_INIT("x-amz-grant-full-control") }, { 0, S_INIT("x-amz-grant-read") }, { 0, S_INIT("x-amz-grant-read-acp") },
	{ 0, S_INIT("x-amz-grant-write") }, { 0, S_INIT("x-amz-grant-write-acp") }, { 0, S_INIT("x-amz-metadata-directive") },
	{ 0, S_INIT("x-amz-object-ownership") }, { 0, S_INIT("x-amz-server-side-encryption") },
	{ 0, S_INIT("x-amz-server-side-encryption-aws-kms-key-id") },
	{ 0, S_INIT("x-amz-server-side-encryption-customer-algorithm") }, { 0, S_INIT("x-amz-storage-class") },
	{ 0, S_INIT("x-amz-website-redirect-location") },
};

static char lowered(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* Stars and question marks, ignoring case; goes back to its last star only. */
static bool matches(struct slice pattern, struct slice text)
{
	size_t p = 0, at = 0, star = SLICE_NPOS, from = 0;

	while (at < text.len) {
		if (p < pattern.len && pattern.ptr[p] == '*') {
			star = p++;
			from = at;
		} else if (p < pattern.len && (pattern.ptr[p] == '?' || lowered(pattern.ptr[p]) == lowered(text.ptr[at]))) {
			p++;
			at++;
		} else if (star != SLICE_NPOS) {
			p = star + 1;
			at = ++from;
		} else {
			return false;
		}
	}
	while (p < pattern.len && pattern.ptr[p] == '*')
		p++;
	return p == pattern.len;
}

unsigned actions_about(struct slice pattern)
{
	unsigned about = 0;
	struct slice name;

	if (slice_equal(pattern, S("*")))
		return ABOUT_BUCKET | ABOUT_OBJECT | ABOUT_LIST;
	if (!slice_has_prefix_nocase(pattern, S("s3:")))
		return 0;
	name = slice_from(pattern, sizeof "s3:" - 1);
	for (size_t i = 0; i < COUNT(actions); i++)
		if (matches(name, actions[i].name))
			about |= actions[i].about;
	return about;
}

/* Keys of identity providers are named after their hosts. */
static bool is_foreign_key(struct slice key)
{
	struct slice vendor;

	slice_cut(key, ':', &vendor);
	return slice_equal_nocase(vendor, S("aws")) || slice_equal_nocase(vendor, S("saml"))
	    || slice_equal_nocase(vendor, S("sts")) || slice_find_byte(vendor, '.') != SLICE_NPOS;
}

bool actions_key(struct slice key, unsigned *about)
{
	struct slice name = slice_has_prefix_nocase(key, S("s3:")) ? slice_from(key, sizeof "s3:" - 1) : SLICE_NONE;

	*about = 0;
	if (!name.ptr)
		return is_foreign_key(key);
	for (size_t i = 0; i < COUNT(keys); i++) {
		bool is_family = slice_has_suffix(keys[i].name, S("/"));
		*about = keys[i].about;
		if (is_family ? slice_has_prefix_nocase(name, keys[i].name) : slice_equal_nocase(name, keys[i].name))
			return true;
	}
	return false;
}
