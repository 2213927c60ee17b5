/* tests/cloudtrail_fixture.h: CloudTrail's operations on a catalog of their own: from a request's JSON to the reply's. */
#ifndef SPOOR_TESTS_CLOUDTRAIL_FIXTURE_H
#define SPOOR_TESTS_CLOUDTRAIL_FIXTURE_H

#include "services/cloudtrail/shapes.h"
#include "services/operation.h"
#include "tests/bucket_catalog.h"

extern const struct service cloudtrail;

/* Account 111122223333, called by its root in us-east-1 at NOW_MS; the bucket "audit-logs", whose policy lets in every trail. */
struct trail_fixture {
	struct test       *t;
	struct catalog    *catalog;
	struct bucket     *bucket;
	struct random      random;
	struct environment environment;
	struct principal   caller;
	struct call        call;
};

void trail_fixture_begin(struct test *t, struct trail_fixture *f);
void trail_fixture_end(struct trail_fixture *f);

/* The policy of "audit-logs": statements, joined by commas; NULL: none. */
void trail_fixture_policy(struct trail_fixture *f, const char *statements);

/* Validates, authorises and performs as the pipeline does. The reply, or "ErrorName: message"; lives until the test ends. */
struct slice trail_fixture_call(struct trail_fixture *f, const char *operation, const char *body);
#define TRAIL_SAYS(f, operation, body, want) \
	test_check_text((f)->t, __FILE__, __LINE__, operation " " body, trail_fixture_call((f), operation, body), slice_of(want))

/* Makes the trail, which must work. */
void trail_fixture_make(struct trail_fixture *f, const char *name, const char *more);

/* "action resource" a line, as the policies are asked; the value of a condition key, or SLICE_NONE. */
struct slice trail_fixture_targets(struct trail_fixture *f, const char *operation, const char *body);
struct slice trail_fixture_context(struct trail_fixture *f, const char *operation, const char *body, struct slice key);

/* One text or number of one row. */
struct slice trail_fixture_query(struct trail_fixture *f, const char *sql);

#define AUDIT "arn:aws:cloudtrail:us-east-1:111122223333:trail/audit"

#endif
