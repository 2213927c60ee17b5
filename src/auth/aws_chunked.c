/* auth/aws_chunked.c: one state a line or a run of data; signatures are checked where a chunk ends. */
#include "auth/aws_chunked.h"

#include "auth/sigv4_errors.h"
#include "codec/hex.h"

static const struct slice SIGNATURE_EXTENSION = S_INIT("chunk-signature="), TRAILER_SIGNATURE = S_INIT("x-amz-trailer-signature");

enum { SIZE_DIGITS_MAX = 16 };

void aws_chunked_init(struct aws_chunked *chunked, const struct sigv4_verified *verified, uint64_t bytes, struct slice announced)
{
	assert(verified->payload >= SIGV4_PAYLOAD_CHUNKS);
	memset(chunked, 0, offsetof(struct aws_chunked, line));
	chunked->payload = verified->payload;
	chunked->bytes_expected = bytes;
	chunked->announced = announced;
	chunked->key = verified->signing_key;
	memcpy(chunked->time, verified->time, sizeof chunked->time);
	chunked->scope = verified->scope;
	memcpy(chunked->previous, verified->seed_signature, sizeof chunked->previous);
}

void aws_chunked_fini(struct aws_chunked *chunked)
{
	digest_wipe(&chunked->key, sizeof chunked->key);
}

static bool is_signed(const struct aws_chunked *chunked)
{
	return chunked->payload != SIGV4_PAYLOAD_UNSIGNED_TRAILER;
}

static bool fail_framing(struct error *err)
{
	return fail_as(err, ERR_INVALID, "InvalidRequest", "The body is not framed as x-amz-content-sha256 says.");
}

static bool fail_trailer(struct error *err, const char *what)
{
	return fail_as(err, ERR_INVALID, "MalformedTrailerError", "The request contained trailing data that was not well-formed or did "
	               "not conform to our published schema: %s.", what);
}

static bool fail_incomplete(struct error *err)
{
	return fail_as(err, ERR_INVALID, "IncompleteBody", "The request body terminated unexpectedly");
}

/* ---- signatures ---- */

static void add(struct digest_hmac_sha256 *hmac, struct slice text)
{
	digest_hmac_sha256_add(hmac, text);
	digest_hmac_sha256_add(hmac, S("\n"));
}

static struct slice text_time(const struct aws_chunked *chunked)
{
	return (struct slice){ chunked->time, sizeof chunked->time };
}

/* Checks the claimed signature of a chunk or of the trailers: it covers the one before it. */
static bool check_signature(struct aws_chunked *chunked, const unsigned char sha256[SHA256_BYTES], bool is_trailer, struct error *err)
{
	struct digest_hmac_sha256 *hmac = &chunked->key;
	unsigned char mac[SHA256_BYTES];
	char hex[SHA256_HEX_BYTES];

	add(hmac, is_trailer ? S("AWS4-HMAC-SHA256-TRAILER") : S("AWS4-HMAC-SHA256-PAYLOAD"));
	add(hmac, text_time(chunked));
	add(hmac, chunked->scope);
	add(hmac, (struct slice){ chunked->previous, sizeof chunked->previous });
	if (!is_trailer)
		add(hmac, S(SHA256_EMPTY_HEX));
	digest_hmac_sha256_add(hmac, hex_encode(sha256, SHA256_BYTES, hex));
	digest_hmac_sha256_final(hmac, mac);
	struct slice want = hex_encode(mac, sizeof mac, hex);
	memcpy(chunked->previous, hex, sizeof hex);
	if (slice_equal_secret(want, (struct slice){ chunked->claimed, sizeof chunked->claimed }))
		return true;
	sigv4_errors_fill(&(struct sigv4_refusal){ .reason = SIGV4_BAD_SIGNATURE }, SIGV4_FAMILY_S3, err);
	return false;
}

static bool end_chunk(struct aws_chunked *chunked, struct error *err)
{
	unsigned char sha256[SHA256_BYTES];

	if (!is_signed(chunked))
		return true;
	digest_sha256_final(&chunked->chunk_sha256, sha256);
	return check_signature(chunked, sha256, false, err);
}

/* ---- lines ---- */

static bool claim(struct aws_chunked *chunked, struct slice signature)
{
	if (!hex_is_lower(signature, SHA256_HEX_BYTES))
		return false;
	memcpy(chunked->claimed, signature.ptr, SHA256_HEX_BYTES);
	return true;
}

static bool read_size(struct slice text, uint64_t *size)
{
	unsigned char bytes[SIZE_DIGITS_MAX / 2];
	char digits[SIZE_DIGITS_MAX];

	if (text.len == 0 || text.len > SIZE_DIGITS_MAX)
		return false;
	memset(digits, '0', sizeof digits);
	memcpy(digits + sizeof digits - text.len, text.ptr, text.len);
	if (!hex_decode((struct slice){ digits, sizeof digits }, bytes, sizeof bytes))
		return false;
	*size = 0;
	for (size_t i = 0; i < sizeof bytes; i++)
		*size = *size << 8 | bytes[i];
	return true;
}

static bool read_header(struct aws_chunked *chunked, struct slice line, struct error *err)
{
	struct slice digits, extension = slice_cut(line, ';', &digits);
	uint64_t size;

	if (!read_size(digits, &size))
		return fail_framing(err);
	if (is_signed(chunked) ? !slice_has_prefix(extension, SIGNATURE_EXTENSION)
	                         || !claim(chunked, slice_from(extension, SIGNATURE_EXTENSION.len))
	                       : extension.ptr != NULL)
		return fail_framing(err);
	if (size > chunked->bytes_expected - chunked->bytes)
		return fail_incomplete(err);                     /* as AWS calls every length that is not the one announced */
	if (is_signed(chunked) && size > AWS_CHUNKED_SIGNED_BYTES_MAX)
		return fail_as(err, ERR_DENIED, "InvalidChunkSizeError", "A signed chunk has at most %d bytes; got %" PRIu64 ".",
		               AWS_CHUNKED_SIGNED_BYTES_MAX, size);
	chunked->chunk_left = size;
	digest_sha256_init(&chunked->chunk_sha256);
	chunked->state = size ? AWS_CHUNKED_DATA : AWS_CHUNKED_TRAILERS;
	return size || end_chunk(chunked, err);
}

static bool is_announced(const struct aws_chunked *chunked, struct slice name)
{
	struct slice rest = chunked->announced;

	while (rest.ptr) {
		struct slice one;
		rest = slice_cut(rest, ',', &one);
		if (slice_equal_nocase(slice_trim(one), name))
			return true;
	}
	return false;
}

static bool end_trailers(struct aws_chunked *chunked, struct error *err)
{
	unsigned char sha256[SHA256_BYTES];

	chunked->state = AWS_CHUNKED_DONE;
	if (chunked->payload != SIGV4_PAYLOAD_CHUNKS_TRAILER)
		return true;
	if (!chunked->is_trailer_signed)
		return fail_trailer(err, "x-amz-trailer-signature is missing");
	digest_sha256((struct slice){ chunked->trailers, chunked->trailer_bytes }, sha256);
	return check_signature(chunked, sha256, true, err);
}

static bool read_trailer(struct aws_chunked *chunked, struct slice line, struct error *err)
{
	struct slice name, value = slice_trim(slice_cut(line, ':', &name));

	if (line.len == 0)
		return end_trailers(chunked, err);
	if (chunked->payload == SIGV4_PAYLOAD_CHUNKS)
		return fail_framing(err);
	if (!value.ptr || name.len == 0 || chunked->is_trailer_signed)
		return fail_trailer(err, "it is not a list of headers");
	if (slice_equal_nocase(name, TRAILER_SIGNATURE)) {
		chunked->is_trailer_signed = chunked->payload == SIGV4_PAYLOAD_CHUNKS_TRAILER && claim(chunked, value);
		return chunked->is_trailer_signed || fail_trailer(err, "x-amz-trailer-signature is no signature of it");
	}
	if (!is_announced(chunked, name) || aws_chunked_trailer(chunked, name).ptr)
		return fail_trailer(err, "a header is not in x-amz-trailer, or twice");
	if (name.len + value.len + 2 > sizeof chunked->trailers - chunked->trailer_bytes)
		return fail_trailer(err, "it is too long");
	char *out = chunked->trailers + chunked->trailer_bytes;
	for (size_t i = 0; i < name.len; i++)
		*out++ = (char)(name.ptr[i] >= 'A' && name.ptr[i] <= 'Z' ? name.ptr[i] + 32 : name.ptr[i]);
	*out++ = ':';
	memcpy(out, value.ptr, value.len);
	out[value.len] = '\n';
	chunked->trailer_bytes += name.len + value.len + 2;
	return true;
}

/* Moves from the input to the line until it is whole: *is_whole, and then without its CRLF. */
static bool take_line(struct aws_chunked *chunked, struct slice *input, bool *is_whole, struct error *err)
{
	size_t at = slice_find_byte(*input, '\n'), part = at == SLICE_NPOS ? input->len : at + 1;

	if (part > sizeof chunked->line - chunked->line_bytes)
		return chunked->state == AWS_CHUNKED_TRAILERS ? fail_trailer(err, "a line is too long") : fail_framing(err);
	memcpy(chunked->line + chunked->line_bytes, input->ptr, part);
	chunked->line_bytes += part;
	*input = slice_from(*input, part);
	*is_whole = at != SLICE_NPOS;
	if (!*is_whole)
		return true;
	if (chunked->line_bytes < 2 || chunked->line[chunked->line_bytes - 2] != '\r')
		return fail_framing(err);
	for (size_t i = 0; i < chunked->line_bytes - 2; i++)
		if ((unsigned char)chunked->line[i] < ' ' && chunked->line[i] != '\t')
			return fail_framing(err);
	return true;
}

static bool next_line(struct aws_chunked *chunked, struct slice *input, struct error *err)
{
	bool is_whole;

	if (!take_line(chunked, input, &is_whole, err))
		return false;
	if (!is_whole)
		return true;
	struct slice line = { chunked->line, chunked->line_bytes - 2 };
	chunked->line_bytes = 0;
	switch (chunked->state) {
	case AWS_CHUNKED_HEADER:
		return read_header(chunked, line, err);
	case AWS_CHUNKED_TRAILERS:
		return read_trailer(chunked, line, err);
	default:
		chunked->state = AWS_CHUNKED_HEADER;
		return line.len == 0 ? end_chunk(chunked, err) : fail_framing(err);
	}
}

static void take_data(struct aws_chunked *chunked, struct slice *input, struct slice *data)
{
	*data = slice_sub(*input, 0, chunked->chunk_left < input->len ? (size_t)chunked->chunk_left : input->len);
	*input = slice_from(*input, data->len);
	chunked->bytes += data->len;
	chunked->chunk_left -= data->len;
	if (is_signed(chunked))
		digest_sha256_add(&chunked->chunk_sha256, *data);
	if (chunked->chunk_left == 0)
		chunked->state = AWS_CHUNKED_DATA_END;
}

bool aws_chunked_next(struct aws_chunked *chunked, struct slice *input, struct slice *data, struct error *err)
{
	*data = SLICE_NONE;
	while (input->len > 0) {
		if (chunked->state == AWS_CHUNKED_DATA) {
			take_data(chunked, input, data);
			return true;
		}
		if (chunked->state == AWS_CHUNKED_DONE)
			return fail_framing(err);
		if (!next_line(chunked, input, err))
			return false;
	}
	return true;
}

bool aws_chunked_end(struct aws_chunked *chunked, struct error *err)
{
	struct slice rest = chunked->announced;

	if (chunked->state != AWS_CHUNKED_DONE || chunked->bytes != chunked->bytes_expected)
		return fail_incomplete(err);
	while (rest.ptr && chunked->payload != SIGV4_PAYLOAD_CHUNKS) {
		struct slice one;
		rest = slice_cut(rest, ',', &one);
		one = slice_trim(one);
		if (one.len && !aws_chunked_trailer(chunked, one).ptr)
			return fail_trailer(err, "a header of x-amz-trailer is missing");
	}
	return true;
}

struct slice aws_chunked_trailer(const struct aws_chunked *chunked, struct slice name)
{
	struct slice rest = { chunked->trailers, chunked->trailer_bytes };

	while (rest.len > 0) {
		struct slice line, found;
		rest = slice_cut(rest, '\n', &line);
		struct slice value = slice_cut(line, ':', &found);
		if (slice_equal_nocase(found, name))
			return value;
	}
	return SLICE_NONE;
}
