/* services/regions.c: a list of some twenty words, walked. */
#include "services/regions.h"

bool regions_serves(const struct environment *environment, struct slice region)
{
	struct slice rest = environment->regions, name;

	if (slice_equal(region, environment->home_region) || slice_equal(region, S("us-east-1")))
		return true;
	while (rest.ptr) {
		rest = slice_cut(rest, ' ', &name);
		if (name.len > 0 && slice_equal(name, region))
			return true;
	}
	return false;
}
