/* tests/s3_fixture.c: the pipeline in short. */
#include "tests/s3_fixture.h"

#include "services/decode_rest_xml.h"
#include "services/rest_errors.h"
#include "services/shape.h"
#include "store/catalog.h"

void s3_fixture_begin(struct test *t, struct s3_fixture *f)
{
	*f = (struct s3_fixture){ .t = t };
	random_init_seeded(&f->random, 42);
	f->catalog = bucket_catalog_open(t);
	f->bucket = bucket_catalog_make(t, f->catalog, "bkt", VERSIONING_NEVER);
	f->environment.home_region = S("us-east-1");
	f->environment.regions = S("eu-central-1 eu-north-1 eu-west-1 us-east-2");
	f->caller = (struct principal){
		.type = PRINCIPAL_ROOT, .account = ACCOUNT, .arn = S("arn:aws:iam::111122223333:root"), .unique_id = ACCOUNT,
	};
	arena_init(&f->call.arena, 64 << 20);
}

void s3_fixture_end(struct s3_fixture *f)
{
	catalog_close(f->catalog);
	arena_fini(&f->call.arena);
}

static void read_headers(struct s3_fixture *f, struct slice text)
{
	struct http_header *headers = arena_array(&f->call.arena, 20, sizeof *headers);

	f->rest.headers = headers;
	for (struct slice rest = text, line; rest.ptr; ) {
		struct slice name;
		rest = slice_cut(rest, '\n', &line);
		struct slice value = slice_cut(line, ':', &name);
		headers[f->rest.header_count++] = (struct http_header){ name, slice_trim(value) };
	}
}

static bool run(struct s3_fixture *f, const struct operation *operation)
{
	struct call *call = &f->call;
	const struct shape *output = operation->shape->output;

	call->input = decode_rest_xml(&call->arena, operation->shape, call->rest, &call->error);
	if (!call->input || !operation->authorise(call, call->input, &call->error))
		return false;
	call->output = output ? arena_zalloc(&call->arena, output->bytes) : NULL;
	struct error undone = {0};
	CHECK(f->t, catalog_run(f->catalog, &f->t->err, "SAVEPOINT call", ""));
	bool ok = operation->perform(call, call->input, call->output, &call->error);
	CHECK(f->t, ok || catalog_run(f->catalog, &undone, "ROLLBACK TO call", ""));
	CHECK(f->t, catalog_run(f->catalog, &f->t->err, "RELEASE call", ""));
	return ok;
}

struct s3_answer s3_fixture_call(struct s3_fixture *f, const struct operation *operation, const struct s3_request *request)
{
	struct call *call = &f->call;
	struct arena arena = call->arena;
	struct s3_answer answer = {0};

	*call = (struct call){
		.arena = arena, .environment = &f->environment, .operation = operation, .wire = WIRE_REST_XML, .principal = &f->caller,
		.account = f->caller.account.ptr ? f->caller.account : S(""), .region = S("us-east-1"), .now_ms = NOW_MS, .wall_ms = NOW_MS,
		.random = &f->random, .host = S("bkt.localhost"), .catalog = f->catalog, .rest = &f->rest,
	};
	f->rest = (struct rest){
		.method = operation->shape->method, .bucket = request->bucket ? slice_of(request->bucket) : S("bkt"),
		.key = slice_of(request->key), .body = request->body ? slice_of(request->body) : S(""),
		.is_anonymous = f->caller.type == PRINCIPAL_ANONYMOUS,
	};
	read_headers(f, slice_of(request->headers));
	CHECK(f->t, uri_pairs_read(&call->arena, request->query ? slice_of(request->query) : S(""), URI_PLUS_IS_BLANK, 100, &f->rest.query,
		&f->t->err));
	if (run(f, operation)) {
		encode_rest_xml(&call->arena, operation->shape, call->output, &f->rest, 1 << 20, &answer.reply);
	} else {
		struct wire_error wire = rest_errors_resolve(&call->error, &f->rest);
		encode_rest_xml_error(&call->arena, &wire, &f->rest, S("REQUEST"), &answer.reply);
		answer.code = wire.code;
	}
	answer.status = answer.reply.status;
	answer.body = answer.reply.body.len ? buffer_slice(&answer.reply.body) : S("");
	return answer;
}

struct slice s3_fixture_header(const struct s3_answer *answer, const char *name)
{
	for (size_t i = 0; i < answer->reply.header_count; i++)
		if (slice_equal_nocase(answer->reply.headers[i].name, slice_of(name)))
			return answer->reply.headers[i].value;
	return SLICE_NONE;
}

const struct bucket *s3_fixture_bucket(struct s3_fixture *f)
{
	return buckets_get(f->catalog, &f->t->arena, f->bucket->name, &f->t->err);
}
