/* tests/iam_fixture.h: a catalog of its own and a caller, to perform operations on without a server. */
#ifndef SPOOR_TESTS_IAM_FIXTURE_H
#define SPOOR_TESTS_IAM_FIXTURE_H

#include "auth/context.h"
#include "auth/entity.h"
#include "services/iam/shapes.h"
#include "services/operation.h"
#include "tests/test.h"

#define FIXTURE_ACCOUNT S("111122223333")

/* An account with nothing in it, called by its root at FIXTURE_NOW_MS. Everything lives until the test ends; end it
 * with fixture_end. */
extern const int64_t FIXTURE_NOW_MS;                /* 2026-01-15T10:01:07Z */

struct fixture {
	struct test       *t;
	struct catalog    *catalog;
	struct random      random;
	struct environment environment;
	struct principal   caller;
	struct call        call;
};

void fixture_begin(struct test *t, struct fixture *f);
void fixture_end(struct fixture *f);

/* Whose call the next ones are. */
void fixture_as_root(struct fixture *f);
void fixture_as_user(struct fixture *f, const char *name);
void fixture_as_session(struct fixture *f);         /* of a role */

/* Validates and performs as the pipeline does; the output is zeroed before. True: done; false: undone, error in
 * f->call.error. */
bool fixture_call(struct fixture *f, const struct operation *operation, const void *input, void *output);

/* A call that must succeed, with and without a look at its output, and one that must fail just so. The output may
 * point into the input, which lives as long as the block around CALL. */
#define CALL(f, out, op, ...) \
	fixture_must((f), __FILE__, __LINE__, &iam_##op, &(struct iam_##op##_request){ __VA_ARGS__ }, (out))
#define MUST(f, op, ...) CALL(f, NULL, op, __VA_ARGS__)
void fixture_must(struct fixture *f, const char *file, int line, const struct operation *operation, const void *input,
                  void *output);

#define REFUSED(f, name, message, op, ...) \
	fixture_refused((f), __FILE__, __LINE__, (name), (message), &iam_##op, &(struct iam_##op##_request){ __VA_ARGS__ })
void fixture_refused(struct fixture *f, const char *file, int line, const char *name, const char *message,
                     const struct operation *operation, const void *input);

/* What the policies would be asked: "action resource shown" a line; the operation's own action is "-". */
struct slice fixture_targets(struct fixture *f, const struct operation *operation, const void *input);
#define TARGETS(f, op, ...) fixture_targets((f), &iam_##op, &(struct iam_##op##_request){ __VA_ARGS__ })

/* A condition key of a call: its values joined by commas; SLICE_NONE if absent. */
struct slice fixture_context(struct fixture *f, const struct operation *operation, const void *input, struct slice key);
#define CONTEXT(f, key, op, ...) fixture_context((f), &iam_##op, &(struct iam_##op##_request){ __VA_ARGS__ }, (key))

/* Shorthand for what many tests need first. */
void fixture_user(struct fixture *f, const char *name);
void fixture_group(struct fixture *f, const char *name);
void fixture_role(struct fixture *f, const char *name);
struct slice fixture_policy(struct fixture *f, const char *name);      /* its ARN */

#define TAGS(...) { .items = (struct iam_tag[]){ __VA_ARGS__ }, .count = COUNT(((struct iam_tag[]){ __VA_ARGS__ })) }
#define TEXTS(...) { .items = (struct slice[]){ __VA_ARGS__ }, .count = COUNT(((struct slice[]){ __VA_ARGS__ })), \
	             .is_set = true }

#define DOCUMENT S("{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"s3:*\",\"Resource\":\"*\"}]}")
#define TRUST S("{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\"," \
	"\"Principal\":{\"Service\":\"ec2.amazonaws.com\"},\"Action\":\"sts:AssumeRole\"}]}")

#endif
