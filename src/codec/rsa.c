/* codec/rsa.c: nettle's RSA; of ASN.1 only the two forms of a public key. */
#include "codec/rsa.h"

#include "codec/digest.h"

#include <nettle/asn1.h>
#include <nettle/rsa.h>

enum { EXPONENT = 65537, DER_INTEGER = 0x02, DER_SEQUENCE = 0x30, VERIFIER_BITS_MIN = 1024, VERIFIER_BITS_MAX = 8192 };

struct rsa_signer   { struct rsa_public_key public; struct rsa_private_key private; };
struct rsa_verifier { struct rsa_public_key public; };

static void give_random(void *context, size_t length, uint8_t *out)
{
	random_bytes(context, out, length);
}

/* ---- making and holding a private key ---- */

static void put_number(const mpz_t number, unsigned char *out, size_t bytes)
{
	nettle_mpz_get_str_256(bytes, out, number);
}

void rsa_make(struct random *random, unsigned char secret[RSA_PRIVATE_BYTES])
{
	struct rsa_signer signer;

	rsa_public_key_init(&signer.public);
	rsa_private_key_init(&signer.private);
	mpz_set_ui(signer.public.e, EXPONENT);
	int ok = rsa_generate_keypair(&signer.public, &signer.private, random, give_random, NULL, NULL, RSA_BITS, 0);
	assert(ok);
	put_number(signer.private.p, secret, RSA_PRIME_BYTES);
	put_number(signer.private.q, secret + RSA_PRIME_BYTES, RSA_PRIME_BYTES);
	rsa_private_key_clear(&signer.private);
	rsa_public_key_clear(&signer.public);
}

/* d, and from it what the Chinese remainder theorem makes fast: a = d mod p-1, b = d mod q-1, c = 1/q mod p. */
static bool derive(struct rsa_signer *signer)
{
	struct rsa_private_key *key = &signer->private;
	mpz_t p1, q1, phi;

	mpz_inits(p1, q1, phi, NULL);
	mpz_mul(signer->public.n, key->p, key->q);
	mpz_sub_ui(p1, key->p, 1);
	mpz_sub_ui(q1, key->q, 1);
	mpz_mul(phi, p1, q1);
	bool ok = mpz_sizeinbase(signer->public.n, 2) == RSA_BITS && mpz_cmp(key->p, key->q) != 0
	       && mpz_invert(key->d, signer->public.e, phi) != 0 && mpz_invert(key->c, key->q, key->p) != 0;
	if (ok) {
		mpz_mod(key->a, key->d, p1);
		mpz_mod(key->b, key->d, q1);
	}
	mpz_clears(p1, q1, phi, NULL);
	return ok && rsa_private_key_prepare(key) && rsa_public_key_prepare(&signer->public);
}

struct rsa_signer *rsa_signer_new(const unsigned char secret[RSA_PRIVATE_BYTES], struct error *err)
{
	struct rsa_signer *signer = xcalloc(1, sizeof *signer);

	rsa_public_key_init(&signer->public);
	rsa_private_key_init(&signer->private);
	mpz_set_ui(signer->public.e, EXPONENT);
	nettle_mpz_set_str_256_u(signer->private.p, RSA_PRIME_BYTES, secret);
	nettle_mpz_set_str_256_u(signer->private.q, RSA_PRIME_BYTES, secret + RSA_PRIME_BYTES);
	if (mpz_odd_p(signer->private.p) && mpz_odd_p(signer->private.q) && derive(signer))
		return signer;
	rsa_signer_free(signer);
	fail(err, ERR_CORRUPT, "this is no private key of %d bits", RSA_BITS);
	return NULL;
}

void rsa_signer_free(struct rsa_signer *signer)
{
	if (!signer)
		return;
	rsa_private_key_clear(&signer->private);
	rsa_public_key_clear(&signer->public);
	digest_wipe(signer, sizeof *signer);
	free(signer);
}

void rsa_sign(struct rsa_signer *signer, struct random *random, struct slice message, unsigned char signature[RSA_SIGNATURE_BYTES])
{
	struct sha256_ctx hash;
	mpz_t number;

	sha256_init(&hash);
	sha256_update(&hash, message.len, (const uint8_t *)message.ptr);
	mpz_init(number);
	int ok = rsa_sha256_sign_tr(&signer->public, &signer->private, random, give_random, &hash, number);
	assert(ok);                             /* only a miscalculation: better no signature than a wrong one */
	put_number(number, signature, RSA_SIGNATURE_BYTES);
	mpz_clear(number);
}

/* ---- DER ---- */

static size_t header_bytes(size_t length)
{
	return length < 128 ? 2 : length < 256 ? 3 : 4;
}

static unsigned char *put_header(unsigned char *at, unsigned char tag, size_t length)
{
	*at++ = tag;
	if (length >= 256) {
		*at++ = 0x82;
		*at++ = (unsigned char)(length >> 8);
	} else if (length >= 128) {
		*at++ = 0x81;
	}
	*at++ = (unsigned char)length;
	return at;
}

/* An INTEGER is signed, so one with its highest bit set gets a zero in front. */
static size_t integer_bytes(const mpz_t number)
{
	return mpz_sizeinbase(number, 2) / 8 + 1;
}

static unsigned char *put_integer(unsigned char *at, const mpz_t number)
{
	size_t length = integer_bytes(number);

	at = put_header(at, DER_INTEGER, length);
	put_number(number, at, length);
	return at + length;
}

struct slice rsa_public_der(const struct rsa_signer *signer, struct arena *arena)
{
	size_t n = integer_bytes(signer->public.n), e = integer_bytes(signer->public.e);
	size_t inner = header_bytes(n) + n + header_bytes(e) + e;
	unsigned char *der = arena_alloc(arena, header_bytes(inner) + inner), *at = der;

	at = put_header(at, DER_SEQUENCE, inner);
	at = put_integer(at, signer->public.n);
	at = put_integer(at, signer->public.e);
	return (struct slice){ (const char *)der, (size_t)(at - der) };
}

/* SubjectPublicKeyInfo ::= SEQUENCE { SEQUENCE { OID rsaEncryption, NULL }, BIT STRING { RSAPublicKey } } */
static bool unwrap(struct slice der, struct slice *inner)
{
	static const unsigned char rsa_encryption[] = { 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01 };
	struct asn1_der_iterator outer, contents, algorithm;

	if (asn1_der_iterator_first(&outer, der.len, (const uint8_t *)der.ptr) != ASN1_ITERATOR_CONSTRUCTED
	    || outer.type != ASN1_SEQUENCE || asn1_der_decode_constructed(&outer, &contents) != ASN1_ITERATOR_CONSTRUCTED
	    || contents.type != ASN1_SEQUENCE
	    || asn1_der_decode_constructed(&contents, &algorithm) != ASN1_ITERATOR_PRIMITIVE
	    || algorithm.type != ASN1_IDENTIFIER || algorithm.length != sizeof rsa_encryption
	    || memcmp(algorithm.data, rsa_encryption, sizeof rsa_encryption) != 0
	    || asn1_der_iterator_next(&contents) != ASN1_ITERATOR_PRIMITIVE || contents.type != ASN1_BITSTRING
	    || contents.length < 1 || contents.data[0] != 0)
		return false;
	*inner = (struct slice){ (const char *)contents.data + 1, contents.length - 1 };
	return true;
}

static bool read_public(struct rsa_public_key *key, struct slice der)
{
	struct asn1_der_iterator sequence;

	return asn1_der_iterator_first(&sequence, der.len, (const uint8_t *)der.ptr) == ASN1_ITERATOR_CONSTRUCTED
	    && rsa_public_key_from_der_iterator(key, VERIFIER_BITS_MAX, &sequence)
	    && mpz_sizeinbase(key->n, 2) >= VERIFIER_BITS_MIN;
}

struct rsa_verifier *rsa_verifier_new(struct slice der, struct error *err)
{
	struct rsa_verifier *verifier = xcalloc(1, sizeof *verifier);
	struct slice inner = der;

	rsa_public_key_init(&verifier->public);
	unwrap(der, &inner);
	if (der.len <= RSA_PUBLIC_DER_MAX && read_public(&verifier->public, inner))
		return verifier;
	rsa_verifier_free(verifier);
	fail(err, ERR_INVALID, "this is no RSA public key in DER");
	return NULL;
}

void rsa_verifier_free(struct rsa_verifier *verifier)
{
	if (!verifier)
		return;
	rsa_public_key_clear(&verifier->public);
	free(verifier);
}

bool rsa_verify(const struct rsa_verifier *verifier, struct slice message, struct slice signature)
{
	struct sha256_ctx hash;
	mpz_t number;

	if (signature.len != verifier->public.size)
		return false;
	sha256_init(&hash);
	sha256_update(&hash, message.len, (const uint8_t *)message.ptr);
	nettle_mpz_init_set_str_256_u(number, signature.len, (const uint8_t *)signature.ptr);
	int ok = rsa_sha256_verify(&verifier->public, &hash, number);
	mpz_clear(number);
	return ok != 0;
}
