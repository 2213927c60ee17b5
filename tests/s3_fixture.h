/* tests/s3_fixture.h: S3's operations on a catalog of their own: from a request's parts to the reply, without a server. */
#ifndef SPOOR_TESTS_S3_FIXTURE_H
#define SPOOR_TESTS_S3_FIXTURE_H

#include "services/encode_rest_xml.h"
#include "services/operation.h"
#include "services/rest.h"
#include "tests/bucket_catalog.h"

struct s3_fixture {
	struct test       *t;
	struct catalog    *catalog;
	struct bucket     *bucket;       /* "bkt" of ACCOUNT, never versioned */
	struct random      random;
	struct environment environment;
	struct principal   caller;       /* root of ACCOUNT; change it for another */
	struct call        call;
	struct rest        rest;
};

/* What is sent to the bucket "bkt"; NULL: none. `header` is "Name: value" lines with "\n" between. */
struct s3_request { const char *key, *query, *body, *headers, *bucket; };

struct s3_answer {
	unsigned          status;
	struct slice      code;          /* of an error; SLICE_NONE: a success */
	struct slice      body;
	struct rest_reply reply;
};

void s3_fixture_begin(struct test *t, struct s3_fixture *f);
void s3_fixture_end(struct s3_fixture *f);

/* Decodes, authorises, performs and encodes, as the pipeline does. The answer lives until the test ends. */
struct s3_answer s3_fixture_call(struct s3_fixture *f, const struct operation *operation, const struct s3_request *request);
#define S3(f, op, ...) s3_fixture_call((f), &s3_##op, &(struct s3_request){ __VA_ARGS__ })

struct slice s3_fixture_header(const struct s3_answer *answer, const char *name);

/* The bucket's row as it is now. */
const struct bucket *s3_fixture_bucket(struct s3_fixture *f);

#endif
