/* server/authenticate.c: who asks: the claim, the key behind it, the signature.
 *
 * What fails here is nobody's call: it is counted and logged, not recorded, since anybody could fill the journal with
 * it. Source: IAM User Guide, "Troubleshoot Signature Version 4"; cloudtrail behaviour 1.4. */
#include "auth/sigv4_errors.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/log.h"
#include "server/founding.h"
#include "server/last_use.h"
#include "server/request.h"
#include "server/route.h"
#include "server/route_rest.h"
#include "services/regions.h"
#include "services/shape.h"

static enum sigv4_family family_of(enum wire wire)
{
	switch (wire) {
	case WIRE_QUERY:
		return SIGV4_FAMILY_QUERY;
	case WIRE_EC2:
		return SIGV4_FAMILY_EC2;
	case WIRE_REST_XML:
		return SIGV4_FAMILY_S3;
	default:
		return SIGV4_FAMILY_JSON;
	}
}

static enum verdict refuse(struct request *request)
{
	struct call *call = &request->call;

	request->status = (unsigned)sigv4_errors_fill(&request->refusal, family_of(call->wire), &call->error);
	metrics_count(&request->front->metrics, METRIC_SIGNATURES_REFUSED);
	if (call->rest)
		route_rest_explain(request);
	log_limited(request->front->refusals, clock_monotonic_ms(), "signature refused",
	            "reason=%s key=%.*s source=%.*s service=%.*s", sigv4_errors_word(request->refusal.reason),
	            SLICE_ARG(request->claim.access_key_id), SLICE_ARG(call->source_ip), SLICE_ARG(call->service->shape->name));
	return DROP;
}

static enum verdict refuse_for(struct request *request, enum sigv4_reason reason)
{
	request->refusal.reason = reason;
	return refuse(request);
}

static bool is_signed_with(struct request *request, struct slice secret)
{
	const struct call *call = &request->call;
	const struct sigv4_request signed_request = route_signed_request(request);
	const struct sigv4_expectation expectation = {
		.service = call->service->shape->name, .wall_ms = call->wall_ms, .skew_ms = SIGV4_SKEW_MS,
	};
	struct sigv4_verified *verified = &request->verified;

	if (!sigv4_verify(&request->call.arena, &signed_request, &request->claim, secret, &expectation,
	                  request->front->signing_keys, verified, &request->refusal))
		return false;
	if (request->is_streaming || call->rest)
		request->rest.verified = verified;           /* its key goes with the body */
	else
		digest_wipe(&verified->signing_key, sizeof verified->signing_key);
	return true;
}

/* Lab: any 12 digits with secret `test` are the administrator of that account, which is made when first seen; so is the
 * main one, of test/test and root/root, should a reset have been cut short. Signed well, so that strangers make none. */
static enum verdict unknown_key(struct request *request)
{
	const struct server *server = request->front->server;
	struct slice id = request->claim.access_key_id, account = server->config->account;
	bool is_root = slice_equal(id, S("root"));
	uint64_t number;

	if (id.len == 12 && slice_to_u64(id, &number))
		account = id;
	else if (!is_root && !slice_equal(id, S("test")))
		return refuse_for(request, SIGV4_UNKNOWN_KEY);
	if (!server->config->lab || request->was_founded || request->claim.token.ptr)
		return refuse_for(request, SIGV4_UNKNOWN_KEY);
	if (!is_signed_with(request, is_root ? id : S("test")))
		return refuse(request);
	return request->is_at_head ? WAIT : founding_of_lab_account(request, account);
}

static enum verdict find_credential(struct request *request)
{
	struct front *front = request->front;
	struct call *call = &request->call;
	uint64_t epoch = recorder_authority_epoch(front->server->recorder);

	uint64_t loaded = principals_loaded(front->principals);
	enum principals_found found = principals_take(front->principals, front->reader, epoch, request->claim.access_key_id,
	                                              request->claim.token, call->now_ms, &request->credential, &call->error);

	if (principals_loaded(front->principals) != loaded)
		metrics_count(&front->metrics, METRIC_PRINCIPALS_LOADED);
	switch (found) {
	case PRINCIPALS_FOUND:
		return NEXT;
	case PRINCIPALS_UNKNOWN:
		return unknown_key(request);
	case PRINCIPALS_BAD_TOKEN:
		return refuse_for(request, SIGV4_BAD_TOKEN);
	case PRINCIPALS_EXPIRED:
		return refuse_for(request, SIGV4_EXPIRED_TOKEN);
	case PRINCIPALS_FAILED:
		break;
	}
	log_limited(front->refusals, clock_monotonic_ms(), "principal unreadable", "key=%.*s reason=\"%s\"",
	            SLICE_ARG(request->claim.access_key_id), call->error.message);
	call->error.name = "InternalFailure";
	request->status = 500;
	return DROP;
}

static enum verdict refuse_region(struct request *request)
{
	const struct call *call = &request->call;

	request->refusal.detail = call->rest ? arena_format(&request->call.arena, "The authorization header is malformed; the region "
	                                                    "'%.*s' is wrong; expecting '%.*s'", SLICE_ARG(request->claim.region),
	                                                    SLICE_ARG(call->environment->home_region))
	                                     : S("Credential should be scoped to a valid region.");
	return refuse_for(request, SIGV4_WRONG_REGION);
}

/* Sessions of users call IAM only with MFA, federated ones never. Source: STS API Reference, GetSessionToken. */
static bool may_call_service(const struct request *request)
{
	const struct principal *principal = request->call.principal;

	if (!principal->is_temporary || !slice_equal(request->call.service->shape->name, S("iam")))
		return true;
	return principal->type == PRINCIPAL_ROLE_SESSION || (principal->type != PRINCIPAL_FEDERATED && principal->has_mfa);
}

/* S3 has buckets that are open to everybody: who that is, is decided there. */
static enum verdict go_on_unsigned(struct request *request)
{
	static const struct principal anonymous = { .type = PRINCIPAL_ANONYMOUS, .arn = S_INIT("*") };
	struct call *call = &request->call;

	call->principal = &anonymous;
	call->account = S("");
	call->region = call->environment->home_region;
	call->rest->is_anonymous = true;
	return NEXT;
}

enum verdict authenticate(struct request *request)
{
	struct call *call = &request->call;
	struct sigv4_request signed_request = route_signed_request(request);

	if (!sigv4_claim_parse(&call->arena, &signed_request, &request->claim, &request->refusal))
		return call->rest && request->refusal.reason == SIGV4_NO_CREDENTIALS ? go_on_unsigned(request) : refuse(request);
	if (call->rest)
		call->rest->is_presigned = request->claim.is_presigned;
	enum verdict found = find_credential(request);
	if (found != NEXT)
		return found;

	if (!is_signed_with(request, request->credential->secret))
		return refuse(request);
	if (!regions_serves(call->environment, request->claim.region))
		return refuse_region(request);
	call->principal = &request->credential->principal;
	call->account = call->principal->account;
	call->region = call->service->is_global ? S("us-east-1") : request->claim.region;
	if (principals_note_use(request->credential, call->now_ms))
		last_use_note(request);
	return may_call_service(request) ? NEXT : refuse_for(request, SIGV4_UNKNOWN_KEY);
}
