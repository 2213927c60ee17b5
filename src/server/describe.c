/* server/describe.c: the event of a call: who, what, from where, with which parameters, and how it ended.
 *
 * Redaction happens here, before anything leaves the call's memory. Source: CloudTrail User Guide, "CloudTrail record
 * contents"; which parameters a refused call keeps: event/error_code.h. */
#include "server/describe.h"

#include "base/limits.h"
#include "event/classify.h"
#include "event/error_code.h"
#include "event/lookup.h"
#include "services/audit.h"
#include "services/rest_errors.h"
#include "services/errors.h"
#include "services/shape.h"
#include "trail/stamper.h"

static const struct { enum identity_type type; struct slice issuer; } identities[PRINCIPAL_TYPE_COUNT] = {
	[PRINCIPAL_ROOT]         = { IDENTITY_ROOT,           { NULL, 0 } },
	[PRINCIPAL_USER]         = { IDENTITY_IAM_USER,       { NULL, 0 } },
	[PRINCIPAL_ROLE_SESSION] = { IDENTITY_ASSUMED_ROLE,   S_INIT("Role") },
	[PRINCIPAL_FEDERATED]    = { IDENTITY_FEDERATED_USER, S_INIT("IAMUser") },
	[PRINCIPAL_SERVICE]      = { IDENTITY_AWS_SERVICE,    { NULL, 0 } },
	[PRINCIPAL_ANONYMOUS]    = { IDENTITY_AWS_ACCOUNT,    { NULL, 0 } },
};

static void fill_identity(const struct principal *principal, struct identity *identity)
{
	bool is_delegated = principal->type == PRINCIPAL_ROLE_SESSION || principal->type == PRINCIPAL_FEDERATED;
	bool is_root_issuer = is_delegated && slice_equal(principal->issuer_id, principal->account);

	identity->type = identities[principal->type].type;
	if (principal->type == PRINCIPAL_ANONYMOUS) {
		identity->principal_id = S("");
		identity->account_id = S("anonymous");
		return;
	}
	identity->principal_id = principal->unique_id;
	identity->arn = principal->arn;
	identity->account_id = principal->account;
	identity->access_key_id = principal->access_key_id;
	identity->user_name = principal->type == PRINCIPAL_USER || principal->type == PRINCIPAL_ROOT ? principal->name : SLICE_NONE;
	if (!principal->is_temporary)
		return;                              /* a long-term key has no sessionContext at all */
	identity->session.is_present = true;
	identity->session.creation_ms = principal->issued_ms;
	identity->session.has_mfa = principal->has_mfa;
	identity->session.source_identity = principal->source_identity;
	if (is_delegated)
		identity->session.issuer = (struct identity_issuer){
			.type = is_root_issuer ? S("Root") : identities[principal->type].issuer,
			.principal_id = principal->issuer_id, .arn = principal->issuer_arn, .account_id = principal->account,
			.user_name = principal->issuer_name,
		};
}

static void fill_error(struct request *request, struct record *out, bool *keeps_parameters, bool *keeps_resources)
{
	const struct error *err = &request->call.error;
	enum error_cause cause = request->outcome == OUTCOME_DENIED      ? ERROR_CAUSE_DENIED
	                       : request->outcome == OUTCOME_THROTTLED ? ERROR_CAUSE_THROTTLED : ERROR_CAUSE_FAILED;
	const struct call *call = &request->call;
	const struct wire_error wire = call->rest ? rest_errors_resolve(err, call->rest)
	                             : errors_resolve(call->operation ? call->operation->shape : NULL, call->service->shape,
	                                              request_protocol(call->wire), err);
	struct error_code_recorded recorded = error_code_record(&request->call.arena, out->event_source, cause, wire.code);

	out->error_code = recorded.code;
	out->error_message = wire.message;                /* as answered: what broke inside is for the log */
	*keeps_parameters = recorded.keeps_parameters
	                 || (request->front->server->config->keep_denied_parameters && request->is_input_decoded);
	*keeps_resources = recorded.keeps_resources;
}

/* `hidden`: an account that is not named. */
static void fill_resources(struct call *call, struct record *out, struct slice hidden)
{
	struct record_resource *resources = arena_array(&call->arena, call->resource_count, sizeof *resources);

	for (size_t i = 0; i < call->resource_count; i++) {
		const struct resource_entry *entry = &call->resources[i];
		resources[i] = (struct record_resource){ .account_id = entry->account, .type = entry->type, .arn = entry->arn, .arn_prefix = entry->arn_prefix };
		if (entry->account.ptr && slice_equal(entry->account, hidden))
			resources[i].account_id = S("HIDDEN_DUE_TO_SECURITY_REASONS");
	}
	out->resources = resources;
	out->resource_count = call->resource_count;
}

/* A service that words its own events; its replies are part of them. */
static void fill_own_data(struct request *request, struct record *out, bool keeps_parameters)
{
	struct call *call = &request->call;
	struct call_event event = {0};

	call->service->describe(call, out->is_read_only, &event);
	if (keeps_parameters)
		out->request_parameters = event.request_parameters;
	out->response_elements = event.response_elements;
	out->additional_event_data = event.additional_event_data;
	if (call->user_agent.len)
		out->user_agent = arena_format(&call->arena, "[%.*s]", SLICE_ARG(call->user_agent));
}

static void fill_data(struct request *request, struct record *out)
{
	struct call *call = &request->call;
	bool keeps_parameters = true, keeps_resources = true;

	if (call->rest)
		reply_encode(request);               /* its length is part of the event, and so is that it was too long */
	bool has_failed = call->error.kind != ERR_NONE;
	if (has_failed)
		fill_error(request, out, &keeps_parameters, &keeps_resources);
	if (call->service->describe)
		fill_own_data(request, out, keeps_parameters);
	else if (keeps_parameters && request->is_input_decoded)
		out->request_parameters = audit_request(&call->arena, call->operation->shape, call->input, 0);
	if (!has_failed && call->output && !call->service->describe)
		out->response_elements = audit_response(&call->arena, call->operation->shape, call->output,
		                                        out->is_read_only,
		                                        call->environment->log_session_token ? AUDIT_KEEP_SESSION_TOKEN : 0);
	if (keeps_resources && call->resource_count)
		fill_resources(call, out, call->shared_with);
	if ((!has_failed || (call->rest && request->outcome == OUTCOME_FAILED)) && call->shared_with.ptr)
		out->shared_event_id = random_uuid(call->random, arena_alloc(&call->arena, UUID_TEXT_BYTES));
}

void describe_frame(struct arena *arena, const struct record *record, struct event_frame *frame)
{
	struct lookup_resources resources;
	struct buffer json;

	buffer_init(&json, arena, RECORD_ROOM_BYTES);
	record_write(record, &json);
	assert(!json.is_over);
	lookup_resources_derive(arena, record, NULL, NULL, &resources);
	lookup_frame(record, &resources, buffer_slice(&json), frame);
}

/* What the owner of the other account's resource sees: the same call, by somebody of whom it learns id and account. */
static void describe_copy(struct request *request, const struct record *record)
{
	struct call *call = &request->call;
	struct record *copy = arena_new(&call->arena, struct record);

	*copy = *record;
	copy->identity = (struct identity){
		.type = IDENTITY_AWS_ACCOUNT, .principal_id = call->principal->unique_id, .account_id = call->account,
	};
	copy->event_id = random_uuid(call->random, arena_alloc(&call->arena, UUID_TEXT_BYTES));
	copy->recipient_account_id = call->shared_with;
	copy->resource_count = 0;
	if (call->rest && record->resource_count)
		fill_resources(call, copy, SLICE_NONE);
	request->copy = arena_new(&call->arena, struct event_frame);
	describe_frame(&call->arena, copy, request->copy);
	request->copy_record = copy;
}

bool describe_call(struct request *request, struct event_frame *frame)
{
	struct call *call = &request->call;
	const struct service *service = call->service;
	struct slice source = slice_of(service->event_source);
	struct slice name = classify_event_name(source, request->operation_name);

	struct slice owner = call->rest ? call->rest->bucket_owner : SLICE_NONE;
	struct slice recipient = call->account.len ? call->account : owner;

	if (!classify_is_recorded(source, name) || !recipient.len)
		return false;                            /* an unsigned call about nobody's bucket is nobody's event */
	if (owner.ptr && !slice_equal(owner, recipient))
		call->shared_with = owner;
	struct record *out = arena_new(&call->arena, struct record);
	*out = (struct record){
		.time_ms = call->now_ms, .type = RECORD_API_CALL,
		.category = classify_is_data(source, name) ? RECORD_DATA : RECORD_MANAGEMENT,
		.is_read_only = classify_is_read_only(source, name),
		.event_source = source, .event_name = name, .region = call->region,
		.source_ip = call->source_ip, .user_agent = call->user_agent,
		.request_id = slice_of(call->request_id), .event_id = slice_of(call->event_id),
		.recipient_account_id = recipient,
		.tls_version = call->tls_version, .tls_cipher_suite = call->tls_cipher,
		.client_provided_host = call->tls_version.ptr ? call->host : SLICE_NONE,
	};
	fill_identity(call->principal, &out->identity);
	fill_data(request, out);
	if (!out->error_code.ptr)
		out->api_version = classify_api_version(source);
	describe_frame(&call->arena, out, frame);
	if (out->shared_event_id.ptr)
		describe_copy(request, out);
	request->record = out;
	return true;
}

void describe_stamp(struct request *request, bool changed_trails, struct event_frame *frame)
{
	struct server *server = request->front->server;
	const struct stamper *stamper = server->stamper;
	struct arena *arena = &request->call.arena;

	frame->stamps = changed_trails ? stamper_stamp_change(stamper, request->record, arena)
	                               : stamper_stamp(stamper, request->record, arena);
	if (request->copy)
		request->copy->stamps = stamper_stamp(stamper, request->copy_record, arena);
	server->has_stamped |= frame->stamps.len > 0 || (request->copy && request->copy->stamps.len > 0);
	server->wakes_deliverer |= changed_trails;
}
