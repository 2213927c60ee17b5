/* auth/aws_chunked_test.c: what is no body of chunks is refused by its name; the signatures are tested by sigv4.jsonl. */
#include "auth/aws_chunked.h"
#include "base/buffer.h"
#include "codec/hex.h"
#include "tests/test.h"

#define SCOPE "20250315/us-east-1/s3/aws4_request"

static struct sigv4_verified verified_of(enum sigv4_payload payload)
{
	struct sigv4_verified verified = { .payload = payload, .time = "20250315T120000", .scope = S(SCOPE) };

	verified.time[15] = 'Z';
	memset(verified.seed_signature, 'a', sizeof verified.seed_signature);
	digest_hmac_sha256_init(&verified.signing_key, S("the key of a day"));
	return verified;
}

static struct slice decode(struct test *t, enum sigv4_payload payload, uint64_t bytes, struct slice body, struct slice trailer)
{
	struct sigv4_verified verified = verified_of(payload);
	struct aws_chunked chunked;
	struct buffer out;
	struct slice data;
	bool ok = true;

	t->err = (struct error){0};
	buffer_init(&out, &t->arena, 64 << 20);
	aws_chunked_init(&chunked, &verified, bytes, trailer);
	while (ok && body.len > 0) {
		ok = aws_chunked_next(&chunked, &body, &data, &t->err);
		buffer_add(&out, data);
	}
	ok = ok && aws_chunked_end(&chunked, &t->err);
	if (!ok)
		return slice_of(t->err.name);
	struct slice value = trailer.ptr ? aws_chunked_trailer(&chunked, trailer) : SLICE_NONE;
	return arena_format(&t->arena, "%.*s|%.*s", SLICE_ARG(buffer_slice(&out)), SLICE_ARG(value));
}

TEST(aws_chunked_reads_unsigned_chunks_and_their_trailer)
{
	static const struct { const char *body; uint64_t bytes; const char *want; } rows[] = {
		{ "5\r\nhello\r\n0\r\nx-a:1\r\n\r\n", 5, "hello|1" },
		{ "3\r\nhel\r\n00000002\r\nlo\r\n0\r\nX-A: \t1 2 \r\n\r\n", 5, "hello|1 2" },
		{ "a\r\n0123456789\r\n0\r\nx-a:\r\n\r\n", 10, "0123456789|" },
		{ "A\r\n0123456789\r\n0\r\nx-a:1\r\n\r\n", 10, "0123456789|1" },
		{ "0\r\nx-a:1\r\n\r\n", 0, "|1" },

		{ "5\r\nhello\r\n0\r\n\r\n", 5, "MalformedTrailerError" },
		{ "5\r\nhello\r\n0\r\nx-b:1\r\nx-a:1\r\n\r\n", 5, "MalformedTrailerError" },
		{ "5\r\nhello\r\n0\r\nx-a:1\r\nx-a:1\r\n\r\n", 5, "MalformedTrailerError" },
		{ "5\r\nhello\r\n0\r\nx-a\r\n\r\n", 5, "MalformedTrailerError" },
		{ "5\r\nhello\r\n0\r\nx-a:1\r\nx-amz-trailer-signature:00\r\n\r\n", 5, "MalformedTrailerError" },

		{ "5\r\nhello\r\n0\r\nx-a:1\r\n", 5, "IncompleteBody" },
		{ "5\r\nhello\r\n", 5, "IncompleteBody" },
		{ "5\r\nhel", 5, "IncompleteBody" },
		{ "", 0, "IncompleteBody" },
		{ "5\r\nhello\r\n0\r\nx-a:1\r\n\r\n", 6, "IncompleteBody" },
		{ "5\r\nhello\r\n0\r\nx-a:1\r\n\r\n", 4, "IncompleteBody" },
		{ "ffffffffffffffff\r\nhello\r\n0\r\nx-a:1\r\n\r\n", 5, "IncompleteBody" },

		{ "10000000000000000\r\nhello\r\n", 5, "InvalidRequest" },
		{ "5 \r\nhello\r\n0\r\nx-a:1\r\n\r\n", 5, "InvalidRequest" },
		{ "-5\r\nhello\r\n", 5, "InvalidRequest" },
		{ "0x5\r\nhello\r\n", 5, "InvalidRequest" },
		{ "\r\nhello\r\n", 5, "InvalidRequest" },
		{ "5\nhello\n", 5, "InvalidRequest" },
		{ "5;x=y\r\nhello\r\n0\r\nx-a:1\r\n\r\n", 5, "InvalidRequest" },
		{ "5\r\nhelloX\r\n", 5, "InvalidRequest" },
		{ "5\r\nhello\r\n0\r\nx-a:1\r\n\r\nmore", 5, "InvalidRequest" },
		{ "5\r\nhello\r\n0\r\nx-a:1\n\r\n", 5, "InvalidRequest" },
	};
	for (size_t i = 0; i < COUNT(rows); i++)
		if (!CHECK_TEXT(t, decode(t, SIGV4_PAYLOAD_UNSIGNED_TRAILER, rows[i].bytes, slice_of(rows[i].body), S("x-a")),
		                slice_of(rows[i].want)))
			printf("# in row %zu: %s\n", i, rows[i].body);
}

TEST(aws_chunked_refuses_signed_chunks_without_a_signature_or_too_large)
{
	struct slice nines = hex_text(&t->arena, S("99999999999999999999999999999999"));
	static const struct { const char *format; const char *want; } rows[] = {
		{ "5;chunk-signature=%.*s\r\nhello\r\n", "SignatureDoesNotMatch" },
		{ "5\r\nhello\r\n", "InvalidRequest" },
		{ "5;chunk-signature=\r\nhello\r\n", "InvalidRequest" },
		{ "5;chunk-signature=%.*s0\r\nhello\r\n", "InvalidRequest" },
		{ "5;signature=%.*s\r\nhello\r\n", "InvalidRequest" },
		{ "1000001;chunk-signature=%.*s\r\n", "InvalidChunkSizeError" },
		{ "0;chunk-signature=%.*s\r\n\r\n", "SignatureDoesNotMatch" },
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		const char *place = strstr(rows[i].format, "%.*s");
		struct slice body = slice_of(rows[i].format);
		if (place)
			body = arena_format(&t->arena, "%.*s%.*s%s", (int)(place - rows[i].format), rows[i].format, SLICE_ARG(nines), place + 4);
		CHECK_TEXT(t, decode(t, SIGV4_PAYLOAD_CHUNKS, 17 << 20, body, SLICE_NONE), slice_of(rows[i].want));
	}
}

/* The chain, written down here a second time. */
static struct slice sign(struct test *t, struct slice kind, struct slice previous, struct slice hashed)
{
	struct slice empty = kind.ptr[17] == 'P' ? S(SHA256_EMPTY_HEX "\n") : S("");
	char hash[SHA256_HEX_BYTES];
	unsigned char mac[SHA256_BYTES];
	struct slice text = arena_format(&t->arena, "%.*s\n20250315T120000Z\n" SCOPE "\n%.*s\n%.*s%.*s", SLICE_ARG(kind),
	                                 SLICE_ARG(previous), SLICE_ARG(empty), SLICE_ARG(digest_sha256_hex(hashed, hash)));

	digest_hmac_sha256(S("the key of a day"), text, mac);
	return hex_text(&t->arena, (struct slice){ (const char *)mac, sizeof mac });
}

TEST(aws_chunked_takes_trailers_signed_or_not_at_all)
{
	struct sigv4_verified verified = verified_of(SIGV4_PAYLOAD_CHUNKS_TRAILER);
	struct slice seed = { verified.seed_signature, SHA256_HEX_BYTES };
	struct slice one = sign(t, S("AWS4-HMAC-SHA256-PAYLOAD"), seed, S("hello")),
	             zero = sign(t, S("AWS4-HMAC-SHA256-PAYLOAD"), one, S("")),
	             end = sign(t, S("AWS4-HMAC-SHA256-TRAILER"), zero, S("x-a:1\n"));
	struct slice chunks = arena_format(&t->arena, "5;chunk-signature=%.*s\r\nhello\r\n0;chunk-signature=%.*s\r\n", SLICE_ARG(one),
	                                   SLICE_ARG(zero));
	struct slice good = arena_format(&t->arena, "%.*sX-A: 1\r\nx-amz-trailer-signature:%.*s\r\n\r\n", SLICE_ARG(chunks), SLICE_ARG(end)),
	             unsigned_one = arena_format(&t->arena, "%.*sx-a:1\r\n\r\n", SLICE_ARG(chunks)),
	             late = arena_format(&t->arena, "%.*sx-amz-trailer-signature:%.*s\r\nx-a:1\r\n\r\n", SLICE_ARG(chunks), SLICE_ARG(end)),
	             other = arena_format(&t->arena, "%.*sx-a:2\r\nx-amz-trailer-signature:%.*s\r\n\r\n", SLICE_ARG(chunks), SLICE_ARG(end));

	CHECK_TEXT(t, decode(t, SIGV4_PAYLOAD_CHUNKS_TRAILER, 5, good, S("x-a")), S("hello|1"));
	CHECK_TEXT(t, decode(t, SIGV4_PAYLOAD_CHUNKS_TRAILER, 5, unsigned_one, S("x-a")), S("MalformedTrailerError"));
	CHECK_TEXT(t, decode(t, SIGV4_PAYLOAD_CHUNKS_TRAILER, 5, late, S("x-a")), S("MalformedTrailerError"));
	CHECK_TEXT(t, decode(t, SIGV4_PAYLOAD_CHUNKS_TRAILER, 5, other, S("x-a")), S("SignatureDoesNotMatch"));
	CHECK_TEXT(t, decode(t, SIGV4_PAYLOAD_CHUNKS, 5, good, SLICE_NONE), S("InvalidRequest"));
	CHECK_TEXT(t, decode(t, SIGV4_PAYLOAD_CHUNKS, 5, arena_format(&t->arena, "%.*s\r\n", SLICE_ARG(chunks)), SLICE_NONE), S("hello|"));
}

TEST(aws_chunked_bounds_lines_and_trailers)
{
	struct buffer body;
	struct slice prefix = S("0\r\n");

	buffer_init(&body, &t->arena, 1 << 20);
	buffer_add(&body, prefix);
	buffer_add(&body, S("x-a:"));
	for (int i = 0; i < AWS_CHUNKED_LINE_BYTES_MAX; i++)
		buffer_add(&body, S("x"));
	CHECK_TEXT(t, decode(t, SIGV4_PAYLOAD_UNSIGNED_TRAILER, 0, buffer_slice(&body), S("x-a")), S("MalformedTrailerError"));
	CHECK_TEXT(t, decode(t, SIGV4_PAYLOAD_UNSIGNED_TRAILER, 0, slice_from(buffer_slice(&body), 6), S("x-a")), S("InvalidRequest"));

	struct slice long_ones = S("");
	struct slice names = S("x-0,x-1,x-2");
	for (int i = 0; i < 3; i++)
		long_ones = arena_format(&t->arena, "%.*sx-%d:%900d\r\n", SLICE_ARG(long_ones), i, 7);
	for (char *p = (char *)(uintptr_t)long_ones.ptr; p < long_ones.ptr + long_ones.len; p++)
		*p = *p == ' ' ? '0' : *p;
	struct slice all = arena_format(&t->arena, "0\r\n%.*s\r\n", SLICE_ARG(long_ones));
	CHECK_TEXT(t, decode(t, SIGV4_PAYLOAD_UNSIGNED_TRAILER, 0, all, names), S("MalformedTrailerError"));
}
