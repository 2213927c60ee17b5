/* codec/rsa_test.c: the primes, public key and signature of the reference digest, and what does not verify. */
#include "codec/rsa.h"

#include "codec/base64.h"
#include "codec/digest.h"
#include "codec/hex.h"
#include "tests/test.h"

static const char PRIMES[] =
	"f28c7122611acecde9959310382c40d4199ad31a405c982d61b05c03d2b625652cfae507ac1904f5a82c8e7b27fb40a80275fb00c6b94c02bcb8d7e07cc5c844"
	"34466ff4d6940b599a5382cf65cf3448f8710867d81710a23c1d76f13ebe44c6aee399e07905119437701d13caf34aa3df49dcfd958d01391e6ceb7abe2dc6cb"
	"c81adbfa0965a5cfb54e62ff457c177e2d4b9174e37bc4a5b8729baf15797707cc1c8f52ea7a9d51e6c1ef86de7f78a595ec27220d348252c3cf45bea5aaa45e"
	"3aeacbfd321c699c9998f9a71dd02688fcb0e6d8a6683d4c83838021357645924068bf8c3d2f92288c0e96a7719b1026a1d1227a083572167698b29b1c2f4643";

static const char PUBLIC_KEY[] =
	"MIIBCgKCAQEAvZcrEWQw8WrKuyTNsv7w2bAddgjwsLLLpQusHl9YgQT05TuKYt7OlLTU4keb6A3qwN8IJl2cEC5zNm1SEJy4lMd0OiXNB/dqrkj4z3Yw8u/3aa"
	"+ZzJXdsvONXcvb280oO5jzb2Y0uPriStUO3lEuZRE5bPzQO2KpP/Rpv7jSnZtUKwx8DtsXKFbf2c/NC5DHrXJJF9lJjh6nnruWGBIik5d3XdeCMolQ3jWIx3rO"
	"7ZWR8h5LH1C9JblhTRNJSl/kP1Xy8dtFNDKB6GHVEsBESX0Wt5SrEXcEjc8OpRkcDo23z3XrNQ1TsRczDJgRCFgg+Fwt5vHB29P7s6Au/ZuJIQIDAQAB";

static struct rsa_signer *reference_signer(struct test *t)
{
	unsigned char secret[RSA_PRIVATE_BYTES];

	CHECK(t, hex_decode(slice_of(PRIMES), secret, sizeof secret));
	return rsa_signer_new(secret, &t->err);
}

static struct slice sign(struct test *t, struct rsa_signer *signer, struct slice message)
{
	unsigned char *signature = arena_alloc(&t->arena, RSA_SIGNATURE_BYTES);
	struct random random;

	random_init_seeded(&random, 7);
	rsa_sign(signer, &random, message, signature);
	return (struct slice){ (const char *)signature, RSA_SIGNATURE_BYTES };
}

TEST(rsa_gives_the_public_key_of_the_reference_primes)
{
	struct rsa_signer *signer = reference_signer(t);

	REQUIRE(t, signer != NULL);
	CHECK_TEXT(t, base64_text(&t->arena, rsa_public_der(signer, &t->arena)), slice_of(PUBLIC_KEY));
	rsa_signer_free(signer);
}

TEST(rsa_signs_deterministically_and_verifies)
{
	struct rsa_signer *signer = reference_signer(t);

	REQUIRE(t, signer != NULL);
	struct rsa_verifier *verifier = rsa_verifier_new(rsa_public_der(signer, &t->arena), &t->err);
	REQUIRE(t, verifier != NULL);
	struct slice signature = sign(t, signer, S("message"));
	CHECK_TEXT(t, sign(t, signer, S("message")), signature);
	CHECK(t, rsa_verify(verifier, S("message"), signature));
	CHECK(t, !rsa_verify(verifier, S("massage"), signature));
	CHECK(t, !rsa_verify(verifier, S("message"), slice_sub(signature, 0, signature.len - 1)));
	CHECK(t, !rsa_verify(verifier, S("message"), S("")));
	char *altered = arena_alloc(&t->arena, signature.len);
	memcpy(altered, signature.ptr, signature.len);
	altered[100] ^= 1;
	CHECK(t, !rsa_verify(verifier, S("message"), (struct slice){ altered, signature.len }));
	rsa_verifier_free(verifier);
	rsa_signer_free(signer);
}

TEST(rsa_makes_keys_that_work_and_differ)
{
	unsigned char one[RSA_PRIVATE_BYTES], two[RSA_PRIVATE_BYTES];
	struct random random;

	random_init_seeded(&random, 1);
	rsa_make(&random, one);
	rsa_make(&random, two);
	CHECK(t, memcmp(one, two, sizeof one) != 0);
	struct rsa_signer *signer = rsa_signer_new(one, &t->err);
	REQUIRE(t, signer != NULL);
	struct slice der = rsa_public_der(signer, &t->arena);
	CHECK_NUMBER(t, der.len, 270);
	struct rsa_verifier *verifier = rsa_verifier_new(der, &t->err);
	REQUIRE(t, verifier != NULL);
	CHECK(t, rsa_verify(verifier, S("x"), sign(t, signer, S("x"))));
	rsa_verifier_free(verifier);
	rsa_signer_free(signer);
}

TEST(rsa_refuses_primes_that_are_none)
{
	unsigned char zeros[RSA_PRIVATE_BYTES] = {0}, same[RSA_PRIVATE_BYTES];

	CHECK(t, rsa_signer_new(zeros, &t->err) == NULL);
	CHECK_NUMBER(t, t->err.kind, ERR_CORRUPT);
	CHECK(t, hex_decode(slice_sub(slice_of(PRIMES), 0, 256), same, RSA_PRIME_BYTES));
	memcpy(same + RSA_PRIME_BYTES, same, RSA_PRIME_BYTES);
	CHECK(t, rsa_signer_new(same, &t->err) == NULL);
}

/* The same key as X.509 has it, which newer key lists of AWS also hold. */
TEST(rsa_reads_public_keys_in_both_forms_and_nothing_else)
{
	static const unsigned char head[] = {
		0x30, 0x82, 0x01, 0x22, 0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00, 0x03, 0x82,
		0x01, 0x0f, 0x00,
	};
	struct rsa_signer *signer = reference_signer(t);
	struct slice der = base64_decode(&t->arena, slice_of(PUBLIC_KEY), &t->err);
	char *wrapped = arena_alloc(&t->arena, sizeof head + der.len);

	REQUIRE(t, signer != NULL);
	memcpy(wrapped, head, sizeof head);
	memcpy(wrapped + sizeof head, der.ptr, der.len);
	struct slice spki = { wrapped, sizeof head + der.len };
	struct rsa_verifier *verifier = rsa_verifier_new(spki, &t->err);
	REQUIRE(t, verifier != NULL);
	CHECK(t, rsa_verify(verifier, S("x"), sign(t, signer, S("x"))));
	rsa_verifier_free(verifier);
	rsa_signer_free(signer);

	for (size_t cut = 0; cut < spki.len; cut++) {
		CHECK(t, rsa_verifier_new(slice_sub(spki, 0, cut), &t->err) == NULL);
		if (cut < der.len)
			CHECK(t, rsa_verifier_new(slice_sub(der, 0, cut), &t->err) == NULL);
	}
}
