/* auth/sigv4_fuzz.c: whatever request our client signs, our server accepts, and no other method, secret or body.
 *
 * Input: a flag byte, the target on the first line, one header a line as name:value, an empty line, the body. */
#include "auth/sigv4_sign.h"
#include "tests/fuzz.h"

enum { HEADERS_MAX = 40 };
static const int64_t NOW_MS = 1742040000000;

static bool is_token(struct slice name)
{
	for (size_t i = 0; i < name.len; i++) {
		unsigned char c = (unsigned char)name.ptr[i];
		if (c <= ' ' || c >= 0x7F || strchr("\"(),/:;<=>?@[\\]{}", c))
			return false;
	}
	return name.len > 0;
}

/* Headers that signing adds, or that would be a claim of their own. */
static bool is_free(struct slice name)
{
	return !slice_has_prefix_nocase(name, S("x-amz-")) && !slice_equal_nocase(name, S("authorization"))
	       && !slice_equal_nocase(name, S("host"));
}

static struct sigv4_request read_request(struct fuzz *f, struct slice *rest)
{
	struct http_header *headers = arena_array(&f->arena, HEADERS_MAX, sizeof *headers);
	struct sigv4_request request = { .method = S("POST"), .headers = headers };
	struct slice line, name;

	headers[request.header_count++] = (struct http_header){ S("Host"), S("spoor.test") };
	*rest = slice_cut(*rest, '\n', &request.target);
	while (rest->ptr && request.header_count < HEADERS_MAX) {
		*rest = slice_cut(*rest, '\n', &line);
		if (line.len == 0)
			break;
		struct slice value = slice_cut(line, ':', &name);
		if (value.ptr && is_token(name) && is_free(name))
			headers[request.header_count++] = (struct http_header){ name, value };
	}
	request.body = rest->ptr ? *rest : S("");
	return request;
}

static enum sigv4_reason judge(struct fuzz *f, const struct sigv4_request *request, struct slice service, struct slice secret)
{
	const struct sigv4_expectation expectation = { .service = service, .wall_ms = NOW_MS, .skew_ms = 900000 };
	struct sigv4_verified verified;
	struct sigv4_refusal refusal;
	struct sigv4_claim claim;

	if (sigv4_claim_parse(&f->arena, request, &claim, &refusal))
		sigv4_verify(&f->arena, request, &claim, secret, &expectation, NULL, &verified, &refusal);
	return refusal.reason;
}

FUZZ(sigv4)
{
	struct slice rest = slice_from(f->input, 1), secret = S("an invented secret");
	char flags = f->input.len ? f->input.ptr[0] : 0;
	bool is_s3 = flags & 1, is_presigned = flags & 2;
	struct sigv4_request request = read_request(f, &rest);
	const struct sigv4_credentials credentials = {
		.access_key_id = S("AKIAEXAMPLE"), .secret = secret, .token = flags & 4 ? S("a+token/=") : SLICE_NONE,
		.region = S("eu-central-1"), .service = is_s3 ? S("s3") : S("iam"),
	};

	if (judge(f, &request, credentials.service, secret) != SIGV4_NO_CREDENTIALS)
		return;                                    /* the target makes a claim itself, which must not be a good one */
	bool is_signed = is_presigned ? sigv4_sign_target(&f->arena, &request, &credentials, NOW_MS, 60, &f->err)
	                              : sigv4_sign_request(&f->arena, &request, &credentials, NOW_MS, &f->err);
	if (!is_signed)
		return;
	enum sigv4_reason reason = judge(f, &request, credentials.service, secret);
	CHECK_FUZZ(f, reason == SIGV4_OK || reason == SIGV4_BAD_URI
	               || (is_presigned && reason == SIGV4_MALFORMED_QUERY));     /* a parameter that signing adds was there already */
	if (reason != SIGV4_OK)
		return;
	CHECK_FUZZ(f, judge(f, &request, credentials.service, S("another secret")) == SIGV4_BAD_SIGNATURE);
	request.method = S("PUT");
	CHECK_FUZZ(f, judge(f, &request, credentials.service, secret) == SIGV4_BAD_SIGNATURE);
	request.method = S("POST");
	request.body = arena_format(&f->arena, "%.*s.", SLICE_ARG(request.body));
	reason = judge(f, &request, credentials.service, secret);
	CHECK_FUZZ(f, reason == (!is_s3 ? SIGV4_BAD_SIGNATURE : is_presigned ? SIGV4_OK : SIGV4_BAD_PAYLOAD));
}
