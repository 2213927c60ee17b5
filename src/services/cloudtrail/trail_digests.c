/* services/cloudtrail/trail_digests.c: the chain of the home region begins here, those of others with their first file. */
#include "services/cloudtrail/trail_digests.h"

#include "trail/digest_chains.h"

bool trail_digests_follow(struct call *call, const struct trail *trail, struct error *err)
{
	if (!trail->is_logging || !trail->has_validation)
		return digest_chains_end(call->catalog, trail->account, trail->trail_id, call->now_ms, err);
	return digest_chains_begin(call->catalog, trail->account, trail->trail_id, trail->region, call->now_ms, err)
	    && (trail->is_multi_region
	        || digest_chains_end_elsewhere(call->catalog, trail->account, trail->trail_id, trail->region, call->now_ms, err));
}
