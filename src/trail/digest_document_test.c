/* trail/digest_document_test.c: the reference chain of two digests, bit for bit, and what is no digest. */
#include "trail/digest_document.h"

#include "base/clock.h"
#include "codec/digest.h"
#include "codec/hex.h"
#include "codec/rsa.h"
#include "tests/test.h"

#define KEY_HEAD "AWSLogs/111122223333/CloudTrail-Digest/us-east-1/2026/01/15/111122223333_CloudTrail-Digest_us-east-1_vec-trail_us-east-1_"
#define LOG_KEY  "AWSLogs/111122223333/CloudTrail/us-east-1/2026/01/15/111122223333_CloudTrail_us-east-1_20260115T1005Z_AAAAAAAAAAAAAAAA.json.gz"

static const char FIRST[] =
	"{\"awsAccountId\":\"111122223333\",\"digestStartTime\":\"2026-01-15T09:00:00Z\",\"digestEndTime\":\"2026-01-15T10:00:00Z\""
	",\"digestS3Bucket\":\"spoor-vector-bucket\",\"digestS3Object\":\"AWSLogs/111122223333/CloudTrail-Digest/us-east-1/202"
	"6/01/15/111122223333_CloudTrail-Digest_us-east-1_vec-trail_us-east-1_20260115T100000Z.json.gz\",\"digestPublicKe"
	"yFingerprint\":\"db751860a3b8171155214c5903123683\",\"digestSignatureAlgorithm\":\"SHA256withRSA\",\"newestEventTime\":"
	"null,\"oldestEventTime\":null,\"previousDigestS3Bucket\":null,\"previousDigestS3Object\":null,\"previousDigestHashVal"
	"ue\":null,\"previousDigestHashAlgorithm\":null,\"previousDigestSignature\":null,\"logFiles\":[]}";

static const char FIRST_SIGNATURE[] =
	"8a080ef2a4a9ae21f5bf2750cdb8f4cfb369db20c47dfddb04172646a9b47502285be79d5991cc4a8d5b7680dad1ed2bcce80962006b6638b3bfd785"
	"61bb4d49d7af69db33b4ce51165b2ff6371db1272665a4904b9630b4a1cb54bfdb984f3a8d55a307204ce9f3042dca4ec6416601a4652e690fcb9d6b"
	"70cb7dc494626f99bfc3471873ca4b11cdea20201b39f1efc910a2146f25598510845efd83a148e2624cdaacbcac617c1cc7722a5b60602d2a271f7e"
	"7cb17401c4ea4d8e1186f33dd786b42a4abf4a5967651126e40f1cb800a6179328f31c1abea9ca137a3c86f4cc25a4b1ddf9ebe5721a506ba04ab4a0"
	"713f468f7a8c01de659f0c2193f1bd9d";

static const char SECOND_SIGNATURE[] =
	"bb325f101f12631a4c9807dc3b26a23a4d11ff5e84ffd7ca78f8d0a354a24bc506ad7d063752a86ccca58e0cd3bb228a8d9b4f9e61ade03081728f20"
	"69cb9c7ef408e184afdca12d544c5b01c61d17143969bb86e5017e98d700c81160becdcd7d58bcf9a646f5a630283e24238bdb49a315315ea96175e4"
	"5d20ccb146392448efd9e967fe0665be90adcb8601f8d061faca728e8058020228bcf8a3c3a2e77db782999cead2520bcc5c28af2864b116f0b2250f"
	"762c4f91fb275e41a08353a4f745dc686af7b960473d2d4ca7d77cd511e759c5890c5cc871ecefcc038d8e0ada3c91bb3c84777113b0374fd56a6d92"
	"fd6ce19b7cb1cc73daf719a6c7a2c842";

static const char PRIMES[] =
	"f28c7122611acecde9959310382c40d4199ad31a405c982d61b05c03d2b625652cfae507ac1904f5a82c8e7b27fb40a80275fb00c6b94c02bcb8d7e0"
	"7cc5c84434466ff4d6940b599a5382cf65cf3448f8710867d81710a23c1d76f13ebe44c6aee399e07905119437701d13caf34aa3df49dcfd958d0139"
	"1e6ceb7abe2dc6cbc81adbfa0965a5cfb54e62ff457c177e2d4b9174e37bc4a5b8729baf15797707cc1c8f52ea7a9d51e6c1ef86de7f78a595ec2722"
	"0d348252c3cf45bea5aaa45e3aeacbfd321c699c9998f9a71dd02688fcb0e6d8a6683d4c83838021357645924068bf8c3d2f92288c0e96a7719b1026"
	"a1d1227a083572167698b29b1c2f4643";

static int64_t at(const char *iso)
{
	int64_t ms = 0;

	time_parse_iso(slice_of(iso), &ms);
	return ms;
}

static struct digest_document first_document(void)
{
	return (struct digest_document){
		.account = S("111122223333"), .start_ms = at("2026-01-15T09:00:00Z"), .end_ms = at("2026-01-15T10:00:00Z"),
		.bucket = S("spoor-vector-bucket"), .key = S(KEY_HEAD "20260115T100000Z.json.gz"),
		.fingerprint = S("db751860a3b8171155214c5903123683"),
	};
}

static struct slice hash_of(struct test *t, struct slice text)
{
	return digest_sha256_hex(text, arena_alloc(&t->arena, SHA256_HEX_BYTES));
}

static struct digest_document second_document(struct test *t, const struct digest_file *file)
{
	struct digest_document document = first_document();

	document.previous_bucket = document.bucket;
	document.previous_key = document.key;
	document.previous_hash = hash_of(t, slice_of(FIRST));
	document.previous_signature = slice_of(FIRST_SIGNATURE);
	document.start_ms = document.end_ms;
	document.end_ms = at("2026-01-15T11:00:00Z");
	document.key = S(KEY_HEAD "20260115T110000Z.json.gz");
	document.files = file;
	document.file_count = 1;
	return document;
}

static const struct digest_file *log_file(struct test *t)
{
	struct digest_file *file = arena_new(&t->arena, struct digest_file);

	*file = (struct digest_file){
		.bucket = S("spoor-vector-bucket"), .key = S(LOG_KEY), .hash = hash_of(t, S("{\"Records\":[]}")),
		.newest_ms = at("2026-01-15T10:04:00Z"), .oldest_ms = at("2026-01-15T10:01:00Z"),
	};
	return file;
}

TEST(digest_document_writes_the_reference_chain_bit_for_bit)
{
	struct digest_document first = first_document(), second = second_document(t, log_file(t));

	CHECK_TEXT(t, digest_document_write(&t->arena, &first), slice_of(FIRST));
	CHECK_TEXT(t, hash_of(t, digest_document_write(&t->arena, &first)), S("38d7cff72eabfd3e727b1b51575a7a9314734560b54a59d17b82730ff36af777"));
	CHECK_TEXT(t, hash_of(t, digest_document_write(&t->arena, &second)), S("04e5d59d16ebc54a7a7b77fb5482812a129f51e6d8a0e8aff6a8f4d037ead22d"));
}

static struct slice signature_of(struct test *t, const struct digest_document *document)
{
	unsigned char secret[RSA_PRIVATE_BYTES], signature[RSA_SIGNATURE_BYTES];
	struct random random;

	random_init_seeded(&random, 3);
	CHECK(t, hex_decode(slice_of(PRIMES), secret, sizeof secret));
	struct rsa_signer *signer = rsa_signer_new(secret, &t->err);
	struct slice json = digest_document_write(&t->arena, document);
	rsa_sign(signer, &random, digest_document_to_sign(&t->arena, document, json), signature);
	rsa_signer_free(signer);
	return hex_text(&t->arena, (struct slice){ (const char *)signature, sizeof signature });
}

TEST(digest_document_is_signed_as_the_reference_chain)
{
	struct digest_document first = first_document(), second = second_document(t, log_file(t));

	CHECK_TEXT(t, signature_of(t, &first), slice_of(FIRST_SIGNATURE));
	CHECK_TEXT(t, signature_of(t, &second), slice_of(SECOND_SIGNATURE));
}

TEST(digest_document_spans_the_events_of_all_its_files)
{
	struct digest_file files[2] = { *log_file(t), *log_file(t) };
	struct digest_document document = second_document(t, files);

	files[1].newest_ms = at("2026-01-15T10:09:00Z");
	files[1].oldest_ms = at("2026-01-15T08:00:00Z");
	document.file_count = 2;
	struct slice json = digest_document_write(&t->arena, &document);
	CHECK(t, slice_find(json, S("\"newestEventTime\":\"2026-01-15T10:09:00Z\",\"oldestEventTime\":\"2026-01-15T08:00:00Z\",\"previous")) != SLICE_NPOS);
}

TEST(digest_document_reads_what_it_writes)
{
	struct digest_document first = first_document(), second = second_document(t, log_file(t)), read;

	CHECK(t, digest_document_read(&t->arena, slice_of(FIRST), &read, &t->err));
	CHECK_TEXT(t, digest_document_write(&t->arena, &read), slice_of(FIRST));
	CHECK(t, !read.previous_key.ptr && read.start_ms == first.start_ms);
	struct slice json = digest_document_write(&t->arena, &second);
	CHECK(t, digest_document_read(&t->arena, json, &read, &t->err));
	CHECK_TEXT(t, digest_document_write(&t->arena, &read), json);
}

TEST(digest_document_refuses_what_is_no_digest)
{
	static const char *const members[] = {
		"awsAccountId", "digestStartTime", "digestEndTime", "digestS3Bucket", "digestS3Object", "digestPublicKeyFingerprint",
		"previousDigestSignature", "previousDigestS3Bucket", "previousDigestHashValue", "logFiles",
	};
	struct digest_document read;

	for (size_t i = 0; i < COUNT(members); i++) {
		size_t from = slice_find(slice_of(FIRST), slice_of(members[i]));
		char *text = arena_alloc(&t->arena, sizeof FIRST);
		memcpy(text, FIRST, sizeof FIRST);
		text[from] = 'X';                       /* another name: the member is missing */
		t->err.message[0] = '\0';
		CHECK(t, !digest_document_read(&t->arena, slice_of(text), &read, &t->err));
		CHECK(t, strstr(t->err.message, members[i]) != NULL);
	}
	CHECK(t, !digest_document_read(&t->arena, S("{\"Records\":[]}"), &read, &t->err));
	CHECK(t, !digest_document_read(&t->arena, S("[]"), &read, &t->err));
	CHECK(t, !digest_document_read(&t->arena, S(""), &read, &t->err));
}
