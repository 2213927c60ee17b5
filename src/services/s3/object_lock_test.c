/* services/s3/object_lock_test.c: who may loosen what, of one version. */
#include "tests/s3_fixture.h"

extern const struct operation s3_get_object_retention, s3_put_object_retention, s3_get_object_legal_hold, s3_put_object_legal_hold,
	s3_get_object_acl, s3_put_object_acl, s3_get_object_attributes;

#define CHECK_CODE(answer, wanted_status, wanted_code)                                              \
	do {                                                                                       \
		struct s3_answer got_ = (answer);                                                  \
		CHECK_NUMBER(t, got_.status, (wanted_status));                                     \
		CHECK_TEXT(t, got_.code.ptr ? got_.code : S(""), S(wanted_code));                  \
	} while (0)
#define RETENTION(mode, date) "<Retention><Mode>" mode "</Mode><RetainUntilDate>" date "</RetainUntilDate></Retention>"
#define BYPASS "x-amz-bypass-governance-retention: true"
#define PUT(...) S3(&f, put_object_retention, .key = "k", __VA_ARGS__)

static void begin(struct test *t, struct s3_fixture *f)
{
	const struct retention none = { .mode = SLICE_NONE };

	s3_fixture_begin(t, f);
	CHECK(t, buckets_set_versioning(f->catalog, f->bucket, VERSIONING_ENABLED, false, &t->err));
	CHECK(t, buckets_set_object_lock(f->catalog, f->bucket, &none, &t->err));
	bucket_catalog_put(t, f->catalog, "bkt", "k", "etag", NOW_MS);
}

TEST(object_lock_needs_a_bucket_with_it_and_an_object)
{
	struct s3_fixture f;

	s3_fixture_begin(t, &f);
	bucket_catalog_put(t, f.catalog, "bkt", "k", "etag", NOW_MS);
	CHECK_CODE(S3(&f, get_object_retention, .key = "k"), 400, "InvalidRequest");
	CHECK_CODE(S3(&f, get_object_legal_hold, .key = "k"), 400, "InvalidRequest");
	CHECK_CODE(PUT(.body = RETENTION("GOVERNANCE", "2030-01-01T00:00:00Z")), 400, "InvalidRequest");
	CHECK_CODE(S3(&f, get_object_retention, .key = "other"), 404, "NoSuchKey");
	s3_fixture_end(&f);
}

TEST(object_lock_in_governance_yields_to_the_header)
{
	struct s3_fixture f;

	begin(t, &f);
	CHECK_CODE(S3(&f, get_object_retention, .key = "k"), 404, "NoSuchObjectLockConfiguration");
	CHECK_CODE(PUT(.body = RETENTION("GOVERNANCE", "2020-01-01T00:00:00Z")), 400, "InvalidArgument");
	CHECK_CODE(PUT(.body = "<Retention><Mode>GOVERNANCE</Mode></Retention>"), 400, "MalformedXML");
	CHECK_CODE(PUT(.body = RETENTION("GOVERNANCE", "2030-01-01T00:00:00Z")), 200, "");
	CHECK(t, slice_find(S3(&f, get_object_retention, .key = "k").body,
		S("<Mode>GOVERNANCE</Mode><RetainUntilDate>2030-01-01T00:00:00.000Z</RetainUntilDate>")) != SLICE_NPOS);
	CHECK_CODE(PUT(.body = RETENTION("GOVERNANCE", "2029-01-01T00:00:00Z")), 403, "AccessDenied");
	CHECK_CODE(PUT(.body = "<Retention/>"), 403, "AccessDenied");
	CHECK_CODE(PUT(.body = RETENTION("GOVERNANCE", "2031-01-01T00:00:00Z")), 200, "");
	CHECK_CODE(PUT(.body = RETENTION("GOVERNANCE", "2029-01-01T00:00:00Z"), .headers = BYPASS), 200, "");
	CHECK_CODE(PUT(.body = "<Retention/>", .headers = BYPASS), 200, "");
	CHECK_CODE(S3(&f, get_object_retention, .key = "k"), 404, "NoSuchObjectLockConfiguration");
	s3_fixture_end(&f);
}

TEST(object_lock_in_compliance_only_grows)
{
	struct s3_fixture f;

	begin(t, &f);
	CHECK_CODE(PUT(.body = RETENTION("COMPLIANCE", "2030-01-01T00:00:00Z")), 200, "");
	CHECK_CODE(PUT(.body = RETENTION("COMPLIANCE", "2029-01-01T00:00:00Z"), .headers = BYPASS), 403, "AccessDenied");
	CHECK_CODE(PUT(.body = RETENTION("GOVERNANCE", "2031-01-01T00:00:00Z"), .headers = BYPASS), 403, "AccessDenied");
	CHECK_CODE(PUT(.body = "<Retention/>", .headers = BYPASS), 403, "AccessDenied");
	CHECK_CODE(PUT(.body = RETENTION("COMPLIANCE", "2031-01-01T00:00:00Z")), 200, "");
	s3_fixture_end(&f);
}

TEST(object_lock_holds_are_on_or_off)
{
	struct s3_fixture f;

	begin(t, &f);
	CHECK(t, slice_find(S3(&f, get_object_legal_hold, .key = "k").body, S("<Status>OFF</Status>")) != SLICE_NPOS);
	CHECK_CODE(S3(&f, put_object_legal_hold, .key = "k", .body = "<LegalHold><Status>MAYBE</Status></LegalHold>"), 400, "MalformedXML");
	CHECK_CODE(S3(&f, put_object_legal_hold, .key = "k", .body = "<LegalHold/>"), 400, "MalformedXML");
	CHECK_CODE(S3(&f, put_object_legal_hold, .key = "k", .body = "<LegalHold><Status>ON</Status></LegalHold>"), 200, "");
	CHECK(t, slice_find(S3(&f, get_object_legal_hold, .key = "k").body, S("<Status>ON</Status>")) != SLICE_NPOS);
	s3_fixture_end(&f);
}

TEST(object_acls_say_what_is_the_case)
{
	struct s3_fixture f;

	begin(t, &f);
	CHECK(t, slice_find(S3(&f, get_object_acl, .key = "k").body, S("<Permission>FULL_CONTROL</Permission>")) != SLICE_NPOS);
	CHECK_CODE(S3(&f, put_object_acl, .key = "k", .headers = "x-amz-acl: bucket-owner-full-control"), 200, "");
	CHECK_CODE(S3(&f, put_object_acl, .key = "k", .headers = "x-amz-acl: public-read"), 400, "AccessControlListNotSupported");
	CHECK_CODE(S3(&f, put_object_acl, .key = "k"), 400, "MissingSecurityHeader");
	s3_fixture_end(&f);
}

TEST(object_attributes_are_those_asked_for)
{
	struct s3_fixture f;

	begin(t, &f);
	struct s3_answer answer = S3(&f, get_object_attributes, .key = "k", .headers = "x-amz-object-attributes: ETag,ObjectSize, StorageClass");
	CHECK_TEXT(t, answer.body, S("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<GetObjectAttributesResponse "
		"xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><ETag>etag</ETag><StorageClass>STANDARD</StorageClass>"
		"<ObjectSize>4</ObjectSize></GetObjectAttributesResponse>"));
	CHECK(t, s3_fixture_header(&answer, "Last-Modified").ptr && s3_fixture_header(&answer, "x-amz-version-id").ptr);
	CHECK_CODE(S3(&f, get_object_attributes, .key = "k"), 400, "InvalidArgument");
	CHECK_CODE(S3(&f, get_object_attributes, .key = "k", .headers = "x-amz-object-attributes: Colour"), 400, "InvalidArgument");
	s3_fixture_end(&f);
}
