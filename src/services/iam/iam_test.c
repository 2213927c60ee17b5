/* services/iam/iam_test.c: the table of operations is the list that shapes are made for. */
#include "services/iam/shapes.h"
#include "services/operation.h"
#include "tests/test.h"

extern const struct service iam;

TEST(iam_serves_every_operation_that_has_a_shape)
{
	size_t count = 0;

	for (; iam.operations[count]; count++) {
		const struct operation *operation = iam.operations[count];

		REQUIRE(t, count < iam_shapes.operation_count);
		CHECK_TEXT(t, operation->shape->name, iam_shapes.operations[count]->name);
		CHECK_TEXT(t, slice_of(operation->action), arena_format(&t->arena, "iam:%.*s", SLICE_ARG(operation->shape->name)));
		/* AWS counts making a report as a read, though the report is kept. */
		bool is_kept_read = slice_equal(operation->shape->name, S("GenerateCredentialReport"));
		CHECK(t, (operation->access == ACCESS_WRITE || is_kept_read) == (operation->place == PLACE_WRITER));
		CHECK(t, operation->perform != NULL);
	}
	CHECK_NUMBER(t, count, iam_shapes.operation_count);
}
