/* store/journal_file_fuzz.c: a changed byte in a journal never goes unseen. */
#include "store/journal_file.h"
#include "tests/fuzz.h"

/* A journal of batches whose frames are the input, cut into pieces; then one byte of it changes. */
enum { BATCHES = 3, FILE_BYTES = 256 << 10, PIECE_BYTES_MAX = 20 << 10 };

static size_t write_journal(struct fuzz *f, char *file, size_t starts[BATCHES])
{
	struct journal_batch batch = { .generation = 1, .first_seq = 1 };
	size_t at = JOURNAL_FILE_HEADER_BYTES, piece = f->input.len / BATCHES;

	if (piece > PIECE_BYTES_MAX)
		piece = PIECE_BYTES_MAX;
	for (size_t i = 0; i < BATCHES; i++) {
		size_t used = JOURNAL_BATCH_HEADER_BYTES;
		starts[i] = at;
		batch.frame_count = 2;
		for (uint64_t k = 0; k < batch.frame_count; k++) {
			if (piece > 0)
				memcpy(file + at + used + JOURNAL_FRAME_HEADER_BYTES, f->input.ptr + i * piece, piece);
			journal_batch_seal_frame(file + at + used, JOURNAL_EVENT, 0, batch.first_seq + k, piece);
			used += journal_batch_frame_bytes(piece);
		}
		at += journal_batch_seal(file + at, used, &batch);
		batch.first_seq += batch.frame_count;
		memcpy(batch.previous_chain, batch.chain, sizeof batch.chain);
	}
	return at;
}

FUZZ(journal_file)
{
	struct journal_file *file = journal_file_new();
	char *bytes = arena_zalloc(&f->arena, FILE_BYTES);
	struct slice whole = { bytes, FILE_BYTES };
	struct journal_tail tail;
	struct journal_batch batch;
	size_t starts[BATCHES], end = write_journal(f, bytes, starts), changed;

	file->generation = 1;
	file->first_seq = 1;
	CHECK_FUZZ(f, journal_file_find_tail(file, whole, &tail, &f->err));
	CHECK_FUZZ(f, tail.end == end && tail.next_seq == 2 * BATCHES + 1 && tail.last_offset == starts[BATCHES - 1]);

	changed = JOURNAL_FILE_HEADER_BYTES + hash64(f->input) % (end - JOURNAL_FILE_HEADER_BYTES);
	bytes[changed] = (char)(bytes[changed] ^ 1);
	bool found = journal_file_find_tail(file, whole, &tail, &f->err);
	if (changed >= starts[BATCHES - 1]) {
		CHECK_FUZZ(f, found && tail.end == starts[BATCHES - 1]);        /* as torn: the batch before is the end */
	} else if (found) {                                                    /* a payload: a walk with hashes sees it */
		bool any_false = false;
		for (size_t i = 0; i < BATCHES; i++) {
			CHECK_FUZZ(f, journal_batch_read(slice_from(whole, starts[i]), &batch, &f->err));
			any_false = any_false || !journal_batch_is_genuine(&batch);
		}
		CHECK_FUZZ(f, any_false);
	} else {
		CHECK_FUZZ(f, f->err.kind == ERR_CORRUPT);
	}
	free(file);
}
