/* tests/cloudtrail_fixture.c: the pipeline in short. */
#include "tests/cloudtrail_fixture.h"

#include "auth/keyring.h"
#include "auth/schema.h"
#include "bucket/bucket_policy_check.h"
#include "bucket/documents.h"
#include "bucket/schema.h"
#include "services/authorisation.h"
#include "services/decode_json.h"
#include "services/encode_json.h"
#include "services/validate.h"
#include "trail/schema.h"

enum { ARENA_BYTES = 64 << 20, REPLY_BYTES_MAX = 1 << 20 };

static struct catalog *open_catalog(struct test *t)
{
	const struct { const struct migration *list; size_t count; } layers[] = {
		{ schema_auth_migrations, schema_auth_migration_count }, { schema_bucket_migrations, schema_bucket_migration_count },
		{ schema_trail_migrations, schema_trail_migration_count },
	};
	struct catalog *catalog = catalog_open_writer(arena_printf(&t->arena, "%s/catalog.db", test_dir(t, "trails")), &t->err);
	struct migration *list = arena_array(&t->arena, 200, sizeof *list);
	size_t count = 0;

	for (size_t i = 0; i < COUNT(layers); i++) {
		memcpy(list + count, layers[i].list, layers[i].count * sizeof *list);
		count += layers[i].count;
	}
	CHECK(t, catalog && catalog_migrate(catalog, list, count, &t->err));
	return catalog;
}

void trail_fixture_begin(struct test *t, struct trail_fixture *f)
{
	*f = (struct trail_fixture){ .t = t };
	random_init_seeded(&f->random, 42);
	f->catalog = open_catalog(t);
	f->bucket = bucket_catalog_make(t, f->catalog, "audit-logs", VERSIONING_NEVER);
	f->caller = (struct principal){
		.type = PRINCIPAL_ROOT, .account = ACCOUNT, .arn = S("arn:aws:iam::111122223333:root"), .unique_id = ACCOUNT,
	};
	f->environment.home_region = S("us-east-1");
	f->environment.regions = S("eu-central-1 eu-north-1 eu-west-1 us-east-2");
	f->call = (struct call){
		.environment = &f->environment, .service = &cloudtrail, .wire = WIRE_JSON_1_1, .principal = &f->caller, .account = ACCOUNT,
		.region = S("us-east-1"), .now_ms = NOW_MS, .wall_ms = NOW_MS, .random = &f->random, .catalog = f->catalog,
	};
	arena_init(&f->call.arena, ARENA_BYTES);
	trail_fixture_policy(f, "{\"Effect\":\"Allow\",\"Principal\":{\"Service\":\"cloudtrail.amazonaws.com\"},"
		"\"Action\":[\"s3:GetBucketAcl\",\"s3:PutObject\"],\"Resource\":[\"arn:aws:s3:::audit-logs\",\"arn:aws:s3:::audit-logs/*\"]}");
}

void trail_fixture_end(struct trail_fixture *f)
{
	catalog_close(f->catalog);
	arena_fini(&f->call.arena);
}

void trail_fixture_policy(struct trail_fixture *f, const char *statements)
{
	struct test *t = f->t;
	bool is_public = false;

	if (!statements) {
		CHECK(t, documents_delete(f->catalog, f->bucket, DOCUMENT_POLICY, NULL, &t->err)
		      && buckets_set_policy(f->catalog, f->bucket, false, false, &t->err));
		return;
	}
	struct slice document = arena_format(&t->arena, "{\"Version\":\"2012-10-17\",\"Statement\":[%s]}", statements);
	struct slice stored = bucket_policy_check(f->catalog, &t->arena, f->bucket, document, &is_public, &t->err);
	CHECK(t, stored.ptr && documents_put(f->catalog, f->bucket, DOCUMENT_POLICY, stored, NOW_MS, &t->err)
	      && buckets_set_policy(f->catalog, f->bucket, true, is_public, &t->err));
}

/* The operation and its decoded input are then those of the call. */
static bool read_input(struct trail_fixture *f, const char *name, const char *body)
{
	struct call *call = &f->call;

	call->operation = NULL;
	call->error = (struct error){0};
	for (const struct operation *const *row = cloudtrail.operations; *row; row++)
		if (slice_equal((*row)->shape->name, slice_of(name)))
			call->operation = *row;
	CHECK(f->t, call->operation != NULL);
	if (!call->operation)
		return false;
	const struct shape *shape = call->operation->shape->input;
	call->input = decode_json(&call->arena, shape, slice_of(body), &call->error);
	return call->input && validate(shape, call->input, PROTOCOL_JSON_1_1, &call->error);
}

static bool perform(struct trail_fixture *f)
{
	struct call *call = &f->call;
	const struct operation *operation = call->operation;
	struct error undone = {0};

	if (!(operation->authorise ? operation->authorise : authorisation_standard)(call, call->input, &call->error))
		return false;
	call->output = arena_zalloc(&call->arena, operation->shape->output->bytes);
	CHECK(f->t, catalog_begin(f->catalog, &f->t->err) && catalog_savepoint(f->catalog, &f->t->err));
	bool ok = operation->perform(call, call->input, call->output, &call->error);
	CHECK(f->t, ok == (call->error.kind == ERR_NONE));
	CHECK(f->t, ok ? catalog_release(f->catalog, &f->t->err) : catalog_rollback_to(f->catalog, &undone));
	CHECK(f->t, catalog_commit(f->catalog, &f->t->err));
	return ok;
}

struct slice trail_fixture_call(struct trail_fixture *f, const char *operation, const char *body)
{
	struct buffer out;

	if (!read_input(f, operation, body) || !perform(f))
		return arena_format(&f->t->arena, "%s: %s", f->call.error.name ? f->call.error.name : "-", f->call.error.message);
	buffer_init(&out, &f->t->arena, REPLY_BYTES_MAX);
	encode_json(&out, f->call.operation->shape->output, f->call.output);
	return buffer_slice(&out);
}

void trail_fixture_make(struct trail_fixture *f, const char *name, const char *more)
{
	const char *body = arena_printf(&f->t->arena, "{\"Name\":\"%s\",\"S3BucketName\":\"audit-logs\"%s}", name, more);
	struct slice reply = trail_fixture_call(f, "CreateTrail", body);

	if (!slice_has_prefix(reply, S("{")))
		test_failed(f->t, __FILE__, __LINE__, "%s: %.*s", name, SLICE_ARG(reply));
}

struct slice trail_fixture_targets(struct trail_fixture *f, const char *operation, const char *body)
{
	struct targets targets = {0};
	struct buffer out;

	if (!read_input(f, operation, body) || !f->call.operation->targets)
		return S("*");
	f->call.operation->targets(&f->call, f->call.input, &targets);
	buffer_init(&out, &f->t->arena, REPLY_BYTES_MAX);
	for (size_t i = 0; i < targets.count; i++) {
		const struct target *target = &targets.items[i];
		struct slice action = target->action.ptr ? target->action : slice_of(f->call.operation->action);
		buffer_printf(&out, "%s%.*s %.*s", i ? "\n" : "", SLICE_ARG(action), SLICE_ARG(target->resource));
	}
	return buffer_slice(&out);
}

struct slice trail_fixture_context(struct trail_fixture *f, const char *operation, const char *body, struct slice key)
{
	struct context context;
	struct buffer out;

	if (!read_input(f, operation, body))
		return slice_of(f->call.error.name);
	authorisation_context(&f->call, f->call.input, &context);
	const struct context_entry *entry = context_find(&context, key);
	if (!entry)
		return SLICE_NONE;
	buffer_init(&out, &f->t->arena, REPLY_BYTES_MAX);
	for (size_t i = 0; i < entry->count; i++)
		buffer_printf(&out, "%s%.*s", i ? "," : "", SLICE_ARG(entry->values[i]));
	return buffer_slice(&out);
}

struct slice trail_fixture_query(struct trail_fixture *f, const char *sql)
{
	struct rows rows = catalog_query(f->catalog, &f->t->err, sql, "");
	struct slice text = rows_next(&rows) ? rows_text(&rows, 0, &f->t->arena) : S("no row");

	CHECK(f->t, rows_close(&rows));
	return text;
}
