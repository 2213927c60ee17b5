/* auth/aws_chunked_fuzz.c: however a body is cut, the same comes out of it.
 *
 * Input: a byte that chooses the kind of payload, another for the announced length, then the body. */
#include "auth/aws_chunked.h"
#include "base/buffer.h"
#include "tests/fuzz.h"

struct outcome {
	bool         ok;
	char         name[32];
	struct slice data;
};

static struct outcome decode(struct fuzz *f, enum sigv4_payload payload, uint64_t bytes, struct slice body, size_t piece)
{
	struct sigv4_verified verified = { .payload = payload, .scope = S("20250315/us-east-1/s3/aws4_request") };
	struct aws_chunked *chunked = arena_alloc(&f->arena, sizeof *chunked);
	struct outcome outcome = {0};
	struct error err = {0};
	struct buffer out;

	digest_hmac_sha256_init(&verified.signing_key, S("key"));
	buffer_init(&out, &f->arena, 1 << 20);
	aws_chunked_init(chunked, &verified, bytes, S("x-amz-checksum-crc32,X-Other"));
	outcome.ok = true;
	for (size_t at = 0; outcome.ok && at < body.len; at += piece) {
		struct slice input = slice_sub(body, at, piece), data;
		do {
			outcome.ok = aws_chunked_next(chunked, &input, &data, &err);
			buffer_add(&out, outcome.ok ? data : S(""));
		} while (outcome.ok && input.len > 0);
	}
	outcome.ok = outcome.ok && aws_chunked_end(chunked, &err);
	outcome.data = buffer_slice(&out);
	CHECK_FUZZ(f, outcome.ok == (err.name == NULL));
	CHECK_FUZZ(f, !outcome.ok || (outcome.data.len == bytes && aws_chunked_trailer(chunked, S("x-other")).ptr)
	              || payload == SIGV4_PAYLOAD_CHUNKS);
	if (err.name)
		snprintf(outcome.name, sizeof outcome.name, "%s", err.name);
	return outcome;
}

FUZZ(aws_chunked)
{
	if (f->input.len < 2)
		return;
	enum sigv4_payload payload = SIGV4_PAYLOAD_CHUNKS + (unsigned char)f->input.ptr[0] % 3;
	uint64_t bytes = (unsigned char)f->input.ptr[1];
	struct slice body = slice_from(f->input, 2);
	struct outcome whole = decode(f, payload, bytes, body, body.len + 1), single = decode(f, payload, bytes, body, 1),
	               odd = decode(f, payload, bytes, body, 7);

	CHECK_FUZZ(f, whole.ok == single.ok && whole.ok == odd.ok);
	CHECK_FUZZ(f, strcmp(whole.name, single.name) == 0 && strcmp(whole.name, odd.name) == 0);
	CHECK_FUZZ(f, !whole.ok || (slice_equal(whole.data, single.data) && slice_equal(whole.data, odd.data)));
}
