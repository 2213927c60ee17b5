/* services/s3/s3_test.c: what every row of S3's table must have. */
#include "services/operation.h"
#include "services/s3/shapes.h"
#include "tests/test.h"

extern const struct service s3;

TEST(s3_asks_somebody_before_each_operation)
{
	for (const struct operation *const *row = s3.operations; *row; row++) {
		CHECK(t, (*row)->shape->service == &s3_shapes);
		CHECK(t, (*row)->perform != NULL);
		CHECK(t, (*row)->authorise || (*row)->action);
	}
}
