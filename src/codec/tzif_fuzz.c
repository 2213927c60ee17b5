/* codec/tzif_fuzz.c: no bytes are too much for whoever reads a zone, and local clocks are never a day off. */
#include "codec/tzif.h"
#include "tests/fuzz.h"

FUZZ(tzif)
{
	struct tzif zone;

	if (!tzif_read(&f->arena, f->input, &zone, &f->err)) {
		CHECK_FUZZ(f, f->err.kind == ERR_CORRUPT);
		return;
	}
	for (int64_t time_s = -5000000000; time_s < 250000000000; time_s += 987654321) {
		struct tzif_type type = tzif_at(&zone, time_s);
		CHECK_FUZZ(f, type.name.ptr && type.offset_s > -86400 && type.offset_s < 86400);
	}
}
