/* server/founding.c: an account's first rows as one job, whoever asks for it. */
#include "server/founding.h"

#include "auth/access_keys.h"
#include "auth/accounts.h"
#include "auth/attachments.h"
#include "auth/login_profiles.h"
#include "auth/unique_id.h"
#include "auth/users.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/waiter.h"
#include "codec/json.h"
#include "server/describe.h"
#include "server/perform.h"
#include "server/service_event.h"

static bool write_key(struct catalog *catalog, const struct keyring *keyring, struct random *random, struct arena *arena,
                      struct slice account, struct slice owner_id, struct slice key_id, struct slice secret, int64_t now_ms,
                      struct error *err)
{
	if (!key_id.ptr)
		return true;
	const struct access_key key = {
		.account = account, .access_key_id = key_id, .owner_id = owner_id, .is_active = true, .created_ms = now_ms,
	};
	return access_keys_insert(catalog, arena, keyring, random, &key, secret, err);
}

static bool write_password(struct catalog *catalog, struct slice account, struct slice owner_id, struct slice hash,
                           int64_t now_ms, struct error *err)
{
	const struct login_profile profile = {
		.user_id = owner_id, .password_hash = hash, .created_ms = now_ms, .changed_ms = now_ms,
	};

	return !hash.ptr || login_profiles_insert(catalog, account, &profile, owner_id, err);
}

bool founding_write(struct catalog *catalog, const struct keyring *keyring, struct random *random, struct arena *arena,
                    const struct founding *founding, int64_t now_ms, struct error *err)
{
	struct slice account = founding->account;
	char user_id[UNIQUE_ID_BYTES];
	int64_t attached;
	struct user user = {
		.name = founding->administrator, .path = S("/"), .created_ms = now_ms,
		.user_id = unique_id_make(UNIQUE_ID_USER, random, user_id),
	};

	return accounts_insert(catalog, account, now_ms, err)
	    && users_insert(catalog, account, &user, err)
	    && attachments_insert(catalog, account, user.user_id, S("arn:aws:iam::aws:policy/AdministratorAccess"), &attached, err)
	    && write_key(catalog, keyring, random, arena, account, user.user_id, founding->administrator_key_id,
	                 founding->administrator_secret, now_ms, err)
	    && write_key(catalog, keyring, random, arena, account, user.user_id, founding->second_key_id,
	                 founding->second_secret, now_ms, err)
	    && write_key(catalog, keyring, random, arena, account, account, founding->root_key_id, founding->root_secret, now_ms, err)
	    && write_password(catalog, account, user.user_id, founding->administrator_password_hash, now_ms, err)
	    && write_password(catalog, account, account, founding->root_password_hash, now_ms, err);
}

void founding_describe(struct random *random, struct arena *arena, const struct founding *founding, struct slice region,
                       int64_t now_ms, struct event_frame *frame)
{
	struct buffer details;
	struct json_writer writer;

	buffer_init(&details, arena, RECORD_OBJECT_BYTES_MAX);
	json_writer_init(&writer, &details);
	json_object_begin(&writer);
	json_member(&writer, S("accountId"), founding->account);
	json_member(&writer, S("administratorUserName"), founding->administrator);
	json_object_end(&writer);
	service_event_describe(&(struct service_event){
		.name = S("SpoorAccountCreated"), .account = founding->account, .region = region,
		.details = buffer_slice(&details), .now_ms = now_ms,
	}, random, arena, frame);
}

struct founding founding_of_lab(struct slice account, bool is_main)
{
	return (struct founding){
		.account = account, .administrator = S("admin"),
		.administrator_key_id = account, .administrator_secret = S("test"),
		.second_key_id = is_main ? S("test") : SLICE_NONE, .second_secret = S("test"),
		.root_key_id = is_main ? S("root") : SLICE_NONE, .root_secret = S("root"),
	};
}

/* ---- as a job ---- */

struct founding_job {
	struct job             job;
	struct founding        founding;
	struct server         *server;
	struct arena           arena;
	struct request        *request;         /* of a lab account: resumed when done */
	struct waiter         *waiter;          /* else: who waits */
	bool                   is_done;
};

static struct founding_job *founding_of_job(struct job *job)
{
	return (struct founding_job *)(void *)((char *)job - offsetof(struct founding_job, job));
}

static bool job_perform(struct job *job, struct catalog *catalog, struct error *err)
{
	struct founding_job *own = founding_of_job(job);

	if (own->request && request_is_stale(own->request))
		return fail(err, ERR_CONFLICT, "a reset came between");
	return founding_write(catalog, own->server->environment.keyring, &own->server->recorder_random, &own->arena,
	                      &own->founding, server_now_ms(own->server, clock_wall_ms()), err);
}

static bool job_describe(struct job *job, struct event_frame *frame)
{
	struct founding_job *own = founding_of_job(job);

	if (job->error.kind)
		return false;                            /* another call has just made it: nothing happened */
	founding_describe(&own->server->recorder_random, &own->arena, &own->founding, own->server->environment.home_region,
	                  server_now_ms(own->server, clock_wall_ms()), frame);
	return true;
}

static void job_finish(struct job *job, enum job_result result)
{
	struct founding_job *own = founding_of_job(job);

	own->is_done = result == JOB_DONE;
	if (own->waiter) {
		waiter_wake(own->waiter);
		return;
	}
	struct request *request = own->request;
	request->after_wait = own->is_done ? NEXT : DROP;
	request->was_founded = true;
	arena_fini(&own->arena);
	free(own);
	http_resume_batch_add(&request->front->server->resumed, request->exchange);
}

static struct founding_job *new_job(struct server *server, const struct founding *founding)
{
	struct founding_job *own = xcalloc(1, sizeof *own);

	arena_init(&own->arena, CALL_ARENA_BYTES_MAX);
	own->job = (struct job){ .perform = job_perform, .describe = job_describe, .finish = job_finish };
	own->server = server;
	own->founding = *founding;
	return own;
}

enum verdict founding_of_lab_account(struct request *request, struct slice account)
{
	struct server *server = request->front->server;
	const struct founding founding = founding_of_lab(arena_copy(&request->call.arena, account),
	                                                 slice_equal(account, server->config->account));
	struct founding_job *own = new_job(server, &founding);

	own->request = request;
	request->step--;                                 /* authenticate once more */
	if (recorder_submit(server->recorder, &own->job))
		return WAIT;
	arena_fini(&own->arena);
	free(own);
	request->after_wait = DROP;
	return perform_after_wait(request);
}

bool founding_run(struct server *server, const struct founding *founding, struct error *err)
{
	struct founding_job *own = new_job(server, founding);
	bool ok;

	own->waiter = waiter_new();
	if (recorder_submit(server->recorder, &own->job)) {
		waiter_wait(own->waiter);
		ok = own->is_done ? !own->job.error.kind : fail(err, ERR_IO, "the journal cannot be written");
		if (own->is_done && own->job.error.kind)
			*err = own->job.error;
	} else {
		ok = fail(err, ERR_IO, "the journal cannot be written");
	}
	waiter_free(own->waiter);
	arena_fini(&own->arena);
	free(own);
	return ok;
}

bool founding_ensure_lab(struct server *server, struct error *err)
{
	struct catalog *reader = catalog_open_reader(recorder_catalog_path(server->recorder), err);
	const struct founding founding = founding_of_lab(server->config->account, true);
	bool exists = false;

	bool ok = reader && accounts_exists(reader, founding.account, &exists, err);
	catalog_close(reader);
	return ok && (exists || founding_run(server, &founding, err));
}
