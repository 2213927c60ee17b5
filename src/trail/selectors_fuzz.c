/* trail/selectors_fuzz.c: any document is compiled or refused, and what compiles can be matched. */
#include "trail/selectors.h"

#include "event/record.h"
#include "tests/fuzz.h"

FUZZ(selectors)
{
	struct record_resource resource = { .type = S("AWS::S3::Object"), .arn = S("arn:aws:s3:::bucket/key") };
	struct record record = {
		.category = RECORD_DATA, .event_source = S("s3.amazonaws.com"), .event_name = S("GetObject"), .resources = &resource,
		.resource_count = 1,
	};
	const struct selectors *selectors = selectors_compile(&f->arena, f->input, &f->err);

	if (selectors)
		selectors_admit(selectors, &record);
	else
		CHECK_FUZZ(f, f->err.name != NULL);
}
