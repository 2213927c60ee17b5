/* auth/sigv4_claim.c: reads who claims to have signed, from the Authorization header or a presigned query.
 *
 * The credential is split from the right, so that an odd key id cannot shift the scope. */
#include "auth/sigv4_canonical.h"
#include "base/clock.h"
#include "base/limits.h"
#include "codec/uri.h"

#define ALGORITHM            S("AWS4-HMAC-SHA256")
#define ALGORITHM_ASYMMETRIC S("AWS4-ECDSA-P256-SHA256")

static bool refuse(struct sigv4_refusal *refusal, enum sigv4_reason reason, struct slice detail)
{
	refusal->reason = reason;
	refusal->detail = detail;
	return false;
}

/* ---- the parameters of a presigned query ---- */

enum parameter { ALGORITHM_NAME, CREDENTIAL, DATE, EXPIRES, SIGNED_HEADERS, SIGNATURE, TOKEN, OLD_KEY, OLD_SIGNATURE,
                 PARAMETER_COUNT };

static const struct slice parameter_names[] = {
	[ALGORITHM_NAME] = S_INIT("X-Amz-Algorithm"),
	[CREDENTIAL]     = S_INIT("X-Amz-Credential"),
	[DATE]           = S_INIT("X-Amz-Date"),
	[EXPIRES]        = S_INIT("X-Amz-Expires"),
	[SIGNED_HEADERS] = S_INIT("X-Amz-SignedHeaders"),
	[SIGNATURE]      = S_INIT("X-Amz-Signature"),
	[TOKEN]          = S_INIT("X-Amz-Security-Token"),
	[OLD_KEY]        = S_INIT("AWSAccessKeyId"),
	[OLD_SIGNATURE]  = S_INIT("Signature"),
};
_Static_assert(COUNT(parameter_names) == PARAMETER_COUNT, "a name for each parameter");

struct presign {
	struct slice values[PARAMETER_COUNT];         /* decoded; SLICE_NONE where absent */
	bool         is_broken;                       /* one came twice, or has a bad escape */
};

static void read_parameter(struct arena *arena, struct slice piece, struct presign *presign)
{
	struct slice raw, value = slice_cut(piece, '=', &raw);
	struct slice name = uri_decode(arena, raw, URI_PLUS_IS_PLUS, NULL);

	for (size_t i = 0; i < PARAMETER_COUNT; i++) {
		if (!slice_equal(name, parameter_names[i]))
			continue;
		presign->is_broken |= presign->values[i].ptr != NULL;
		presign->values[i] = uri_decode(arena, value, URI_PLUS_IS_PLUS, NULL);
		presign->is_broken |= presign->values[i].ptr == NULL;
		return;
	}
}

static struct presign read_presign(struct arena *arena, struct slice target)
{
	struct slice path, piece;
	struct presign presign = {0};
	size_t pieces = 0;

	for (struct slice rest = slice_cut(target, '?', &path); rest.ptr && pieces++ < SIGV4_QUERY_PAIRS_MAX; ) {
		rest = slice_cut(rest, '&', &piece);
		if (piece.len)
			read_parameter(arena, piece, &presign);
	}
	return presign;
}

static bool is_presigned(const struct presign *presign)
{
	return presign->values[ALGORITHM_NAME].ptr || presign->values[CREDENTIAL].ptr || presign->values[SIGNATURE].ptr;
}

/* ---- the credential scope ---- */

/* Takes the last element off *rest; false where there is no slash before it. */
static bool take_last(struct slice *rest, struct slice *element)
{
	size_t slash = slice_rfind_byte(*rest, '/');

	if (slash == SLICE_NPOS)
		return false;
	*element = slice_from(*rest, slash + 1);
	*rest = slice_sub(*rest, 0, slash);
	return true;
}

static bool read_credential(struct slice credential, struct sigv4_claim *claim)
{
	struct slice rest = credential;

	if (credential.len > SIGV4_CREDENTIAL_BYTES_MAX || !take_last(&rest, &claim->terminator)
	    || !take_last(&rest, &claim->service) || !take_last(&rest, &claim->region) || !take_last(&rest, &claim->date))
		return false;
	claim->access_key_id = rest;
	return rest.len && slice_find_byte(rest, '/') == SLICE_NPOS && claim->date.len && claim->region.len
	       && claim->service.len && claim->terminator.len;
}

static bool has_few_names(struct slice signed_headers)
{
	size_t count = 1;

	for (size_t i = 0; i < signed_headers.len; i++)
		count += signed_headers.ptr[i] == ';';
	return signed_headers.len && count <= SIGV4_SIGNED_HEADERS_MAX;
}

/* ---- the header form ---- */

struct header_parts {
	struct slice credential, signed_headers, signature;
	bool         has_duplicate;
};

static void set_once(struct header_parts *parts, struct slice *part, struct slice value)
{
	parts->has_duplicate |= part->ptr != NULL;
	*part = value;
}

/* `Credential=..., SignedHeaders=..., Signature=...` in any order; blanks around the commas do not matter. */
static struct header_parts read_header_parts(struct slice text)
{
	struct header_parts parts = {0};
	struct slice piece, name;

	for (struct slice rest = text; rest.ptr; ) {
		rest = slice_cut(rest, ',', &piece);
		struct slice value = slice_cut(slice_trim(piece), '=', &name);
		if (slice_equal(name, S("Credential")))
			set_once(&parts, &parts.credential, value);
		else if (slice_equal(name, S("SignedHeaders")))
			set_once(&parts, &parts.signed_headers, value);
		else if (slice_equal(name, S("Signature")))
			set_once(&parts, &parts.signature, value);
	}
	return parts;
}

static struct slice missing_parts(struct arena *arena, const struct header_parts *parts)
{
	return arena_format(arena, "%s%s%s",
	                    parts->credential.len ? "" : "Authorization header requires 'Credential' parameter. ",
	                    parts->signature.len ? "" : "Authorization header requires 'Signature' parameter. ",
	                    parts->signed_headers.len ? "" : "Authorization header requires 'SignedHeaders' parameter. ");
}

static bool read_header_time(const struct sigv4_request *request, struct sigv4_claim *claim, struct sigv4_refusal *refusal)
{
	size_t count;
	struct slice text = sigv4_canonical_header(request, S("x-amz-date"), &count);
	bool is_date = !text.ptr;

	if (is_date)
		text = sigv4_canonical_header(request, S("date"), &count);
	if (!text.ptr)
		return refuse(refusal, SIGV4_NO_DATE, S("Authorization header requires existence of either a 'X-Amz-Date' "
		                                        "or a 'Date' header."));
	bool is_time = time_parse_basic(text, &claim->time_ms) || (is_date && time_parse_http(text, &claim->time_ms));
	return (count == 1 && is_time)
	       || refuse(refusal, SIGV4_NO_DATE, S("Date must be in ISO-8601 'basic format', such as 20250315T120000Z."));
}

/* The text behind the algorithm's name, or SLICE_NONE and *reason. */
static struct slice scheme_rest(struct slice authorization, enum sigv4_reason *reason)
{
	struct slice scheme, rest = slice_cut(authorization, ' ', &scheme);

	*reason = slice_equal(scheme, S("AWS")) ? SIGV4_OLD_VERSION
	          : slice_equal(scheme, ALGORITHM_ASYMMETRIC) ? SIGV4_ASYMMETRIC : SIGV4_MALFORMED_HEADER;
	return slice_equal(scheme, ALGORITHM) ? rest : SLICE_NONE;
}

static bool parse_header(struct arena *arena, const struct sigv4_request *request, struct slice authorization,
                         struct sigv4_claim *claim, struct sigv4_refusal *refusal)
{
	enum sigv4_reason reason;
	struct slice rest = scheme_rest(authorization, &reason);

	if (!rest.ptr)
		return refuse(refusal, reason, reason == SIGV4_MALFORMED_HEADER
		                               ? S("The Authorization header must use AWS4-HMAC-SHA256.") : SLICE_NONE);
	struct header_parts parts = read_header_parts(rest);
	if (parts.has_duplicate)
		return refuse(refusal, SIGV4_MALFORMED_HEADER, S("A parameter of the Authorization header came twice."));
	if (!parts.credential.len || !parts.signature.len || !parts.signed_headers.len)
		return refuse(refusal, SIGV4_MALFORMED_HEADER, missing_parts(arena, &parts));
	if (!read_credential(parts.credential, claim))
		return refuse(refusal, SIGV4_MALFORMED_HEADER,
		              arena_format(arena, "Credential must have exactly 5 slash-delimited elements, e.g. "
		                           "keyid/date/region/service/term, got '%.*s'",
		                           SLICE_ARG(slice_sub(parts.credential, 0, SIGV4_CREDENTIAL_BYTES_MAX))));
	if (!has_few_names(parts.signed_headers))
		return refuse(refusal, SIGV4_MALFORMED_HEADER, S("SignedHeaders has too many names."));
	size_t tokens;
	claim->signed_headers = parts.signed_headers;
	claim->signature = parts.signature;
	claim->token = sigv4_canonical_header(request, S("x-amz-security-token"), &tokens);
	if (tokens > 1)
		return refuse(refusal, SIGV4_MALFORMED_HEADER, S("X-Amz-Security-Token came twice."));
	return read_header_time(request, claim, refusal);
}

/* ---- the query form ---- */

static const char *lifetime_problem(struct slice text, int64_t *seconds)
{
	if (!slice_to_i64(text, seconds))
		return "X-Amz-Expires should be a number";
	if (*seconds < 1)
		return "X-Amz-Expires must be at least 1 second";
	return *seconds <= SIGV4_EXPIRES_S_MAX ? NULL : "X-Amz-Expires must be less than a week (in seconds); that is, the "
	                                                "given X-Amz-Expires must be less than 604800 seconds";
}

static bool parse_query(const struct presign *presign, struct sigv4_claim *claim, struct sigv4_refusal *refusal)
{
	const struct slice *values = presign->values;

	if (slice_equal(values[ALGORITHM_NAME], ALGORITHM_ASYMMETRIC))
		return refuse(refusal, SIGV4_ASYMMETRIC, SLICE_NONE);
	for (size_t i = ALGORITHM_NAME; i <= SIGNATURE; i++)
		if (!values[i].len || presign->is_broken)
			return refuse(refusal, SIGV4_MALFORMED_QUERY,
			              S("Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, "
			                "X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters."));
	if (!slice_equal(values[ALGORITHM_NAME], ALGORITHM))
		return refuse(refusal, SIGV4_MALFORMED_QUERY, S("X-Amz-Algorithm only supports \"AWS4-HMAC-SHA256\""));
	if (!read_credential(values[CREDENTIAL], claim))
		return refuse(refusal, SIGV4_MALFORMED_QUERY,
		              S("Error parsing the X-Amz-Credential parameter; the Credential is mal-formed; expecting "
		                "\"<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request\"."));
	if (!time_parse_basic(values[DATE], &claim->time_ms))
		return refuse(refusal, SIGV4_MALFORMED_QUERY,
		              S("X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\""));
	const char *problem = lifetime_problem(values[EXPIRES], &claim->expires_s);
	if (problem)
		return refuse(refusal, SIGV4_MALFORMED_QUERY, slice_of(problem));
	if (!has_few_names(values[SIGNED_HEADERS]))
		return refuse(refusal, SIGV4_MALFORMED_QUERY, S("X-Amz-SignedHeaders has too many names."));
	claim->is_presigned = true;
	claim->signed_headers = values[SIGNED_HEADERS];
	claim->signature = values[SIGNATURE];
	claim->token = values[TOKEN];
	return true;
}

bool sigv4_claim_parse(struct arena *arena, const struct sigv4_request *request, struct sigv4_claim *claim,
                       struct sigv4_refusal *refusal)
{
	size_t count;
	struct slice authorization = sigv4_canonical_header(request, S("authorization"), &count);
	struct presign presign = read_presign(arena, request->target);

	*claim = (struct sigv4_claim){0};
	*refusal = (struct sigv4_refusal){0};
	if (authorization.ptr && is_presigned(&presign))
		return refuse(refusal, SIGV4_BOTH_FORMS, SLICE_NONE);
	if (count > 1)
		return refuse(refusal, SIGV4_MALFORMED_HEADER, S("There is more than one Authorization header."));
	if (authorization.ptr)
		return parse_header(arena, request, authorization, claim, refusal);
	if (is_presigned(&presign))
		return parse_query(&presign, claim, refusal);
	if (presign.values[OLD_KEY].ptr && presign.values[OLD_SIGNATURE].ptr)
		return refuse(refusal, SIGV4_OLD_VERSION, SLICE_NONE);
	return refuse(refusal, SIGV4_NO_CREDENTIALS, SLICE_NONE);
}

struct slice sigv4_claim_service(struct arena *arena, const struct sigv4_request *request)
{
	enum sigv4_reason reason;
	struct sigv4_claim claim;
	struct slice authorization = sigv4_canonical_header(request, S("authorization"), NULL);
	struct slice credential = authorization.ptr ? read_header_parts(scheme_rest(authorization, &reason)).credential
	                                            : read_presign(arena, request->target).values[CREDENTIAL];

	return credential.ptr && read_credential(credential, &claim) ? claim.service : SLICE_NONE;
}
