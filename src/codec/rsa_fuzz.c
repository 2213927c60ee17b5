/* codec/rsa_fuzz.c: no DER makes the reader of public keys crash, and what it reads can be asked. */
#include "codec/rsa.h"

#include "tests/fuzz.h"

FUZZ(rsa)
{
	struct rsa_verifier *verifier = rsa_verifier_new(f->input, &f->err);

	if (verifier)
		CHECK_FUZZ(f, !rsa_verify(verifier, S("message"), S("signature")));
	rsa_verifier_free(verifier);
}
