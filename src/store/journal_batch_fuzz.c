/* store/journal_batch_fuzz.c: foreign bytes as one batch are never read past their end. */
#include "store/journal_batch.h"
#include "tests/fuzz.h"

static void walk(struct fuzz *f, const struct journal_batch *batch)
{
	struct journal_frame frame;
	uint32_t offset = 0, frames = 0;
	struct error err = { .kind = ERR_NONE };

	while (journal_batch_next(batch, &offset, &frame, &err)) {
		frames++;
		journal_frame_is_intact(&frame);
	}
	CHECK_FUZZ(f, err.kind == ERR_CORRUPT || frames == batch->frame_count);
	if (batch->change_offset)
		journal_batch_frame_at(batch, batch->change_offset, &frame, &err);
}

FUZZ(journal_batch)
{
	struct journal_batch batch;

	if (!journal_batch_read(f->input, &batch, &f->err)) {
		CHECK_FUZZ(f, f->err.kind == ERR_CORRUPT);
		return;
	}
	journal_batch_is_genuine(&batch);
	walk(f, &batch);
}
