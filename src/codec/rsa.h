/* codec/rsa.h: RSA signatures for digests: RSASSA-PKCS1-v1_5 with SHA-256, keys of 2048 bits (RFC 8017).
 *
 * A private key is held and stored as its two primes, from which everything else follows. */
#ifndef SPOOR_CODEC_RSA_H
#define SPOOR_CODEC_RSA_H

#include "base/arena.h"
#include "base/random.h"

enum {
	RSA_BITS            = 2048,
	RSA_SIGNATURE_BYTES = RSA_BITS / 8,
	RSA_PRIME_BYTES     = RSA_BITS / 16,
	RSA_PRIVATE_BYTES   = 2 * RSA_PRIME_BYTES,      /* p, then q, big-endian */
	RSA_PUBLIC_DER_MAX  = 4096,                     /* of what is read */
};

struct rsa_signer;
struct rsa_verifier;

/* Two fresh primes. Takes a tenth of a second to one second. */
void rsa_make(struct random *random, unsigned char secret[RSA_PRIVATE_BYTES]);

/* Errors: ERR_CORRUPT: no two primes of a key of this size. The exponent is 65537. */
struct rsa_signer *rsa_signer_new(const unsigned char secret[RSA_PRIVATE_BYTES], struct error *err);
void rsa_signer_free(struct rsa_signer *signer);        /* wipes; accepts NULL */

/* Of the message, which is hashed here. `random` blinds. About a millisecond. */
void rsa_sign(struct rsa_signer *signer, struct random *random, struct slice message, unsigned char signature[RSA_SIGNATURE_BYTES]);

/* The public key as DER of PKCS#1's RSAPublicKey, as ListPublicKeys gives it; in the arena. */
struct slice rsa_public_der(const struct rsa_signer *signer, struct arena *arena);

/* Of DER: PKCS#1's RSAPublicKey or X.509's SubjectPublicKeyInfo; any size from 1024 to 8192 bits.
 * Errors: ERR_INVALID. A verifier is immutable: threads may share it. */
struct rsa_verifier *rsa_verifier_new(struct slice der, struct error *err);
void rsa_verifier_free(struct rsa_verifier *verifier);  /* accepts NULL */

bool rsa_verify(const struct rsa_verifier *verifier, struct slice message, struct slice signature);

#endif
