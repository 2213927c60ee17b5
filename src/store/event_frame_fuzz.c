/* store/event_frame_fuzz.c: no body may be read past its end; what can be read is written back the same but for hashes. */
#include "store/event_frame.h"
#include "tests/fuzz.h"

FUZZ(event_frame)
{
	struct event_frame frame, again;
	char *out;
	size_t bytes;

	event_frame_has(f->input, 42);
	if (!event_frame_read(f->input, &frame, &f->err)) {
		CHECK_FUZZ(f, f->err.kind == ERR_CORRUPT);
		return;
	}
	bytes = event_frame_bytes(&frame);
	CHECK_FUZZ(f, bytes == f->input.len);
	out = arena_alloc(&f->arena, bytes);
	event_frame_write(&frame, out);
	CHECK_FUZZ(f, event_frame_read((struct slice){ out, bytes }, &again, &f->err));
	CHECK_FUZZ(f, slice_equal(frame.json, again.json) && frame.attribute_count == again.attribute_count);
	for (size_t i = 0; i < frame.attribute_count; i++)
		CHECK_FUZZ(f, event_frame_has((struct slice){ out, bytes },
		                              event_frame_hash(frame.attributes[i].key, frame.attributes[i].value)));
}
