/* tests/iam_fixture.c: what the pipeline does around an operation, in short. */
#include "tests/iam_fixture.h"

#include "auth/accounts.h"
#include "auth/keyring.h"
#include "auth/schema.h"
#include "auth/users.h"
#include "services/validate.h"

const int64_t FIXTURE_NOW_MS = 1768471267000;

extern const struct operation iam_create_user, iam_create_group, iam_create_role, iam_create_policy;

void fixture_begin(struct test *t, struct fixture *f)
{
	static const unsigned char master[AES256_KEY_BYTES] = { 1, 2, 3 };

	*f = (struct fixture){ .t = t };
	random_init_seeded(&f->random, 42);
	f->environment.keyring = keyring_from_key(master);
	f->catalog = catalog_open_writer(arena_printf(&t->arena, "%s/catalog.db", test_dir(t, "iam")), &t->err);
	CHECK(t, f->catalog && catalog_migrate(f->catalog, schema_auth_migrations, schema_auth_migration_count, &t->err));
	CHECK(t, accounts_insert(f->catalog, FIXTURE_ACCOUNT, FIXTURE_NOW_MS - 1000, &t->err));
	arena_init(&f->call.arena, 16 << 20);
	f->call.environment = &f->environment;
	f->call.wire = WIRE_QUERY;
	f->call.account = FIXTURE_ACCOUNT;
	f->call.region = S("us-east-1");
	f->call.now_ms = f->call.wall_ms = FIXTURE_NOW_MS;
	f->call.random = &f->random;
	f->call.catalog = f->catalog;
	fixture_as_root(f);
}

void fixture_end(struct fixture *f)
{
	keyring_close(f->environment.keyring);
	catalog_close(f->catalog);
	arena_fini(&f->call.arena);
}

void fixture_as_root(struct fixture *f)
{
	f->caller = (struct principal){
		.type = PRINCIPAL_ROOT, .account = FIXTURE_ACCOUNT, .arn = S("arn:aws:iam::111122223333:root"),
		.unique_id = FIXTURE_ACCOUNT,
	};
	f->call.principal = &f->caller;
}

void fixture_as_user(struct fixture *f, const char *name)
{
	const struct user *user = users_get(f->catalog, &f->t->arena, FIXTURE_ACCOUNT, slice_of(name), &f->t->err);

	CHECK(f->t, user);
	if (!user)
		return;
	f->caller = (struct principal){
		.type = PRINCIPAL_USER, .account = FIXTURE_ACCOUNT, .unique_id = user->user_id, .name = user->name,
		.arn = entity_arn(&f->t->arena, ENTITY_USER, FIXTURE_ACCOUNT, user->path, user->name),
	};
}

void fixture_as_session(struct fixture *f)
{
	f->caller = (struct principal){
		.type = PRINCIPAL_ROLE_SESSION, .account = FIXTURE_ACCOUNT, .name = S("session"), .is_temporary = true,
		.arn = S("arn:aws:sts::111122223333:assumed-role/R/session"), .unique_id = S("AROAEXAMPLEROLE000001:session"),
	};
}

bool fixture_call(struct fixture *f, const struct operation *operation, const void *input, void *output)
{
	struct call *call = &f->call;
	struct error ignored;
	bool done;

	call->operation = operation;
	call->error = (struct error){ 0 };
	call->prepared = NULL;
	if (operation->shape->output)
		memset(output, 0, operation->shape->output->bytes);
	if (operation->shape->input && !validate(operation->shape->input, input, PROTOCOL_QUERY, &call->error))
		return false;
	if (operation->prepare && !operation->prepare(call, input, &call->error))
		return false;
	CHECK(f->t, catalog_begin(call->catalog, &f->t->err) && catalog_savepoint(call->catalog, &f->t->err));
	done = operation->perform(call, input, output, &call->error);
	CHECK(f->t, done == (call->error.kind == ERR_NONE));
	CHECK(f->t, done ? catalog_release(call->catalog, &f->t->err) : catalog_rollback_to(call->catalog, &ignored));
	CHECK(f->t, catalog_commit(call->catalog, &f->t->err));
	return done;
}

/* Room for an output that nobody looks at. */
static void *any_output(struct fixture *f, const struct operation *operation)
{
	return arena_alloc(&f->t->arena, operation->shape->output ? operation->shape->output->bytes : 1);
}

void fixture_must(struct fixture *f, const char *file, int line, const struct operation *operation, const void *input,
                  void *output)
{
	if (!fixture_call(f, operation, input, output ? output : any_output(f, operation)))
		test_failed(f->t, file, line, "%.*s: %s", SLICE_ARG(operation->shape->name), f->call.error.message);
}

void fixture_refused(struct fixture *f, const char *file, int line, const char *name, const char *message,
                     const struct operation *operation, const void *input)
{
	const struct error *error = &f->call.error;

	if (fixture_call(f, operation, input, any_output(f, operation)))
		test_failed(f->t, file, line, "%.*s was not refused", SLICE_ARG(operation->shape->name));
	else if (strcmp(error->name ? error->name : "", name) != 0 || strcmp(error->message, message) != 0)
		test_failed(f->t, file, line, "refused as %s '%s', wanted %s '%s'", error->name, error->message, name, message);
}

struct slice fixture_targets(struct fixture *f, const struct operation *operation, const void *input)
{
	struct targets targets = { .count = 0 };
	struct buffer out;

	f->call.operation = operation;
	operation->targets(&f->call, input, &targets);
	buffer_init(&out, &f->t->arena, 65536);
	for (size_t i = 0; i < targets.count; i++) {
		const struct target *target = &targets.items[i];

		buffer_printf(&out, "%s%.*s|%.*s|%.*s", i ? "\n" : "", SLICE_ARG(target->action.ptr ? target->action : S("-")),
		              SLICE_ARG(target->resource), SLICE_ARG(target->shown));
	}
	return buffer_slice(&out);
}

struct slice fixture_context(struct fixture *f, const struct operation *operation, const void *input, struct slice key)
{
	const struct context_entry *entry;
	struct context context;
	struct buffer out;

	f->call.operation = operation;
	context_init(&context, &f->t->arena);
	operation->context(&f->call, input, &context);
	entry = context_find(&context, key);
	if (!entry)
		return SLICE_NONE;
	buffer_init(&out, &f->t->arena, 65536);
	for (size_t i = 0; i < entry->count; i++)
		buffer_printf(&out, "%s%.*s", i ? "," : "", SLICE_ARG(entry->values[i]));
	return buffer_slice(&out);
}

void fixture_user(struct fixture *f, const char *name)
{
	MUST(f, create_user, .user_name = slice_of(name));
}

void fixture_group(struct fixture *f, const char *name)
{
	MUST(f, create_group, .group_name = slice_of(name));
}

void fixture_role(struct fixture *f, const char *name)
{
	MUST(f, create_role, .role_name = slice_of(name), .assume_role_policy_document = TRUST);
}

struct slice fixture_policy(struct fixture *f, const char *name)
{
	MUST(f, create_policy, .policy_name = slice_of(name), .policy_document = DOCUMENT);
	return entity_arn(&f->t->arena, ENTITY_POLICY, FIXTURE_ACCOUNT, S("/"), slice_of(name));
}
