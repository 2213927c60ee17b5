/* event/lookup_fuzz.c: no request or response may make the derived resources crash, repeat a pair or outgrow a frame. */
#include "event/lookup.h"

#include "tests/fuzz.h"

FUZZ(lookup)
{
	static const struct slice calls[][2] = {
		{ S_INIT("cloudtrail.amazonaws.com"), S_INIT("CreateTrail") }, { S_INIT("cloudtrail.amazonaws.com"), S_INIT("ListTags") },
		{ S_INIT("config.amazonaws.com"), S_INIT("PutDeliveryChannel") }, { S_INIT("ec2.amazonaws.com"), S_INIT("RunInstances") },
		{ S_INIT("iam.amazonaws.com"), S_INIT("CreateRole") }, { S_INIT("s3.amazonaws.com"), S_INIT("CreateBucket") },
		{ S_INIT("sts.amazonaws.com"), S_INIT("AssumeRole") },
	};
	for (size_t i = 0; i < COUNT(calls); i++) {
		struct record record = { .event_source = calls[i][0], .event_name = calls[i][1], .request_parameters = f->input,
		                         .response_elements = f->input };
		struct lookup_resources resources;
		lookup_resources_derive(&f->arena, &record, NULL, NULL, &resources);
		CHECK_FUZZ(f, resources.count <= LOOKUP_RESOURCES_MAX);
		for (size_t a = 0; a < resources.count; a++)
			for (size_t b = 0; b < a; b++)
				CHECK_FUZZ(f, !slice_equal(resources.items[a].name, resources.items[b].name)
				              || !slice_equal(resources.items[a].type, resources.items[b].type));
	}
}
