/* server/last_use.c: a change without an event: it says nothing that an event does not say better. */
#include "server/last_use.h"

#include "auth/access_keys.h"
#include "auth/roles.h"
#include "base/limits.h"

struct last_use {
	struct job   job;
	struct arena arena;
	const struct server *server;
	uint64_t     generation;               /* that it is about */
	bool         is_role;
	struct slice account, id;              /* access key id; of a session the role's id */
	struct slice service, region;
	int64_t      now_ms;
};

static bool perform_note(struct job *job, struct catalog *catalog, struct error *err)
{
	struct last_use *use = (struct last_use *)(void *)((char *)job - offsetof(struct last_use, job));

	if (use->generation != request_generation_now(use->server))
		return fail(err, ERR_CONFLICT, "a reset came between");
	return use->is_role ? roles_set_last_used(catalog, use->account, use->id, use->now_ms, use->region, err)
	                    : access_keys_set_last_used(catalog, use->account, use->id, use->now_ms, use->service, use->region, err);
}

static void finish_note(struct job *job, enum job_result result)
{
	struct last_use *use = (struct last_use *)(void *)((char *)job - offsetof(struct last_use, job));

	(void)result;
	arena_fini(&use->arena);
	free(use);
}

void last_use_note(struct request *request)
{
	const struct principal *principal = request->call.principal;
	bool is_role = principal->type == PRINCIPAL_ROLE_SESSION;

	if (principal->is_temporary && !is_role)
		return;                                  /* other sessions have nothing that remembers their use */
	struct last_use *use = xcalloc(1, sizeof *use);
	arena_init(&use->arena, LAST_USE_ARENA_BYTES);
	use->job = (struct job){ .perform = perform_note, .finish = finish_note };
	use->server = request->front->server;
	use->generation = request->generation;
	use->is_role = is_role;
	use->account = arena_copy(&use->arena, principal->account);
	use->id = arena_copy(&use->arena, is_role ? principal->issuer_id : principal->access_key_id);
	use->service = request->call.service->shape->name;
	use->region = arena_copy(&use->arena, request->claim.region);
	use->now_ms = request->call.now_ms;
	if (!recorder_submit(request->front->server->recorder, &use->job)) {
		arena_fini(&use->arena);
		free(use);
	}
}
