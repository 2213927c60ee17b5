/* services/regions_test.c: which regions there are. */
#include "services/regions.h"

#include "tests/test.h"

TEST(regions_are_the_home_region_us_east_1_and_those_of_the_setting)
{
	const struct environment some = { .home_region = S_INIT("eu-north-1"), .regions = S_INIT("eu-west-1  sa-east-1 ") };
	const struct environment none = { .home_region = S_INIT("eu-north-1"), .regions = S_INIT("") };

	CHECK(t, regions_serves(&some, S("eu-north-1")) && regions_serves(&some, S("us-east-1")));
	CHECK(t, regions_serves(&some, S("eu-west-1")) && regions_serves(&some, S("sa-east-1")));
	CHECK(t, !regions_serves(&some, S("eu-west-11")) && !regions_serves(&some, S("eu-west")) && !regions_serves(&some, S("")));
	CHECK(t, !regions_serves(&some, S("eu-west-1 ")) && !regions_serves(&some, S("EU-WEST-1")));
	CHECK(t, regions_serves(&none, S("eu-north-1")) && regions_serves(&none, S("us-east-1")) && !regions_serves(&none, S("eu-west-1")));
}
