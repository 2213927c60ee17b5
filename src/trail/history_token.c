/* trail/history_token.c: seven numbers and an HMAC over them and over the request. */
#include "trail/history_token.h"

#include "base/limits.h"
#include "codec/base64.h"
#include "codec/digest.h"

enum { NUMBERS = 7, FORMAT = 1, MAC_BYTES = 16, TOKEN_BYTES = 1 + NUMBERS * 8 + MAC_BYTES };

static void add_number(struct digest_hmac_sha256 *hmac, uint64_t number)
{
	digest_hmac_sha256_add(hmac, (struct slice){ (const char *)&number, sizeof number });
}

/* With its length, so that no two requests are written alike. */
static void add_text(struct digest_hmac_sha256 *hmac, struct slice text)
{
	add_number(hmac, text.ptr ? text.len : UINT64_MAX);
	digest_hmac_sha256_add(hmac, text);
}

static void authenticate(const unsigned char key[32], const struct history_request *request, struct slice payload,
                         unsigned char mac[SHA256_BYTES])
{
	struct digest_hmac_sha256 hmac;

	digest_hmac_sha256_init(&hmac, (struct slice){ (const char *)key, 32 });
	add_text(&hmac, S("spoor history token"));
	add_text(&hmac, payload);
	add_number(&hmac, request->account);
	add_text(&hmac, request->region);
	add_number(&hmac, request->category);
	add_number(&hmac, request->key);
	add_text(&hmac, request->key ? request->value : SLICE_NONE);
	add_number(&hmac, request->has_start);
	add_number(&hmac, request->has_start ? (uint64_t)request->start_ms : 0);
	add_number(&hmac, request->has_end);
	add_number(&hmac, request->has_end ? (uint64_t)request->end_ms : 0);
	digest_hmac_sha256_final(&hmac, mac);
	digest_wipe(&hmac, sizeof hmac);
}

struct slice history_token_write(struct arena *arena, const unsigned char key[32], const struct history_request *request,
                                 const struct history_token *token)
{
	const uint64_t numbers[NUMBERS] = {
		(uint64_t)token->issued_ms, (uint64_t)token->start_ms, (uint64_t)token->end_ms, token->generation,
		token->end_seq, (uint64_t)token->last_second, token->last_seq,
	};
	char bytes[TOKEN_BYTES] = { FORMAT };
	unsigned char mac[SHA256_BYTES];

	memcpy(bytes + 1, numbers, sizeof numbers);
	authenticate(key, request, (struct slice){ bytes, TOKEN_BYTES - MAC_BYTES }, mac);
	memcpy(bytes + TOKEN_BYTES - MAC_BYTES, mac, MAC_BYTES);
	return base64_text(arena, (struct slice){ bytes, sizeof bytes });
}

bool history_token_read(struct arena *arena, const unsigned char key[32], const struct history_request *request,
                        struct slice text, struct history_token *token)
{
	uint64_t numbers[NUMBERS];
	unsigned char mac[SHA256_BYTES];

	if (text.len != BASE64_TEXT_BYTES(TOKEN_BYTES))
		return false;
	struct slice bytes = base64_decode(arena, text, NULL);
	if (bytes.len != TOKEN_BYTES || bytes.ptr[0] != FORMAT)
		return false;
	authenticate(key, request, slice_sub(bytes, 0, TOKEN_BYTES - MAC_BYTES), mac);
	if (!slice_equal_secret(slice_from(bytes, TOKEN_BYTES - MAC_BYTES), (struct slice){ (const char *)mac, MAC_BYTES }))
		return false;
	memcpy(numbers, bytes.ptr + 1, sizeof numbers);
	*token = (struct history_token){
		.issued_ms = (int64_t)numbers[0], .start_ms = (int64_t)numbers[1], .end_ms = (int64_t)numbers[2],
		.generation = numbers[3], .end_seq = numbers[4], .last_second = (int64_t)numbers[5], .last_seq = numbers[6],
	};
	return request->now_ms - token->issued_ms <= HISTORY_TOKEN_AGE_MS_MAX;
}
