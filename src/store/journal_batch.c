/* store/journal_batch.c: reading batches and frames; every length is checked before it is used.
 *
 * The magic numbers contain bytes that no UTF-8 text has, so that nothing a client sends can look like a batch. */
#include "store/journal_batch.h"

#include "codec/digest.h"

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "batches are written as they lie in memory");

static const uint64_t BATCH_MAGIC = UINT64_C(0xf5ff686374616273);      /* "sbatch", ff, f5 */

struct header {                                 /* on disk */
	uint64_t      magic, generation, first_seq;
	uint32_t      bytes, frame_count, event_count, change_offset;
	int64_t       time_min_ms, time_max_ms;
	uint64_t      zero;
	unsigned char previous_chain[JOURNAL_CHAIN_BYTES], chain[JOURNAL_CHAIN_BYTES];
};
_Static_assert(sizeof(struct header) == JOURNAL_BATCH_HEADER_BYTES, "the batch header is an on-disk format");

struct frame_header {                           /* on disk */
	uint64_t checksum;                      /* XXH3 of the rest of the header and the body */
	uint64_t seq;
	uint32_t bytes;                         /* of the body */
	uint16_t flags;
	uint8_t  kind, zero;
};
_Static_assert(sizeof(struct frame_header) == JOURNAL_FRAME_HEADER_BYTES, "the frame header is an on-disk format");

enum { CHECKSUM_BYTES = sizeof(uint64_t) };

/* ---- writing ---- */

static size_t align(size_t bytes, size_t to)
{
	return (bytes + to - 1) / to * to;
}

size_t journal_batch_frame_bytes(size_t body_bytes)
{
	return JOURNAL_FRAME_HEADER_BYTES + align(body_bytes, JOURNAL_FRAME_ALIGN_BYTES);
}

void journal_batch_seal_frame(char *at, enum journal_kind kind, uint16_t flags, uint64_t seq, size_t body_bytes)
{
	struct frame_header header = { .seq = seq, .bytes = (uint32_t)body_bytes, .flags = flags, .kind = (uint8_t)kind };

	memset(at + JOURNAL_FRAME_HEADER_BYTES + body_bytes, 0,
	       journal_batch_frame_bytes(body_bytes) - JOURNAL_FRAME_HEADER_BYTES - body_bytes);
	memcpy(at, &header, sizeof header);
	header.checksum = hash64((struct slice){ at + CHECKSUM_BYTES, JOURNAL_FRAME_HEADER_BYTES - CHECKSUM_BYTES + body_bytes });
	memcpy(at, &header.checksum, CHECKSUM_BYTES);
}

static void compute_chain(struct slice bytes, unsigned char chain[JOURNAL_CHAIN_BYTES])
{
	struct digest_sha256 sha256;

	digest_sha256_init(&sha256);
	digest_sha256_add(&sha256, slice_sub(bytes, 0, offsetof(struct header, chain)));
	digest_sha256_add(&sha256, slice_from(bytes, JOURNAL_BATCH_HEADER_BYTES));
	digest_sha256_final(&sha256, chain);
}

size_t journal_batch_seal(char *bytes, size_t used, struct journal_batch *batch)
{
	size_t total = align(used, JOURNAL_ALIGN_BYTES);
	struct header header = {
		.magic = BATCH_MAGIC, .generation = batch->generation, .first_seq = batch->first_seq, .bytes = (uint32_t)total,
		.frame_count = batch->frame_count, .event_count = batch->event_count, .change_offset = batch->change_offset,
		.time_min_ms = batch->time_min_ms, .time_max_ms = batch->time_max_ms,
	};

	assert(batch->frame_count > 0 && total <= UINT32_MAX);
	memset(bytes + used, 0, total - used);
	memcpy(header.previous_chain, batch->previous_chain, sizeof header.previous_chain);
	memcpy(bytes, &header, sizeof header);
	batch->bytes = (struct slice){ bytes, total };
	compute_chain(batch->bytes, batch->chain);
	memcpy(bytes + offsetof(struct header, chain), batch->chain, sizeof batch->chain);
	return total;
}

/* ---- reading ---- */

bool journal_batch_read(struct slice bytes, struct journal_batch *batch, struct error *err)
{
	struct header header;

	*batch = (struct journal_batch){0};
	if (bytes.len < sizeof header)
		return fail(err, ERR_CORRUPT, "%zu bytes are too few for a batch", bytes.len);
	memcpy(&header, bytes.ptr, sizeof header);
	if (header.magic != BATCH_MAGIC)
		return fail(err, ERR_CORRUPT, "no batch begins here");

	uint64_t frames_end = (uint64_t)JOURNAL_BATCH_HEADER_BYTES + (uint64_t)header.frame_count * JOURNAL_FRAME_HEADER_BYTES;
	bool change_fits = header.change_offset == 0
	                || (header.change_offset >= JOURNAL_BATCH_HEADER_BYTES && header.change_offset % JOURNAL_FRAME_ALIGN_BYTES == 0
	                    && (uint64_t)header.change_offset + JOURNAL_FRAME_HEADER_BYTES <= header.bytes);
	if (header.bytes > bytes.len || header.bytes % JOURNAL_ALIGN_BYTES != 0 || frames_end > header.bytes || !change_fits
	    || header.frame_count == 0 || header.event_count > header.frame_count || header.zero != 0 || header.first_seq == 0
	    || header.first_seq > UINT64_MAX - header.frame_count)
		return fail(err, ERR_CORRUPT, "the header of a batch does not add up");
	*batch = (struct journal_batch){
		.generation = header.generation, .first_seq = header.first_seq, .frame_count = header.frame_count,
		.event_count = header.event_count, .change_offset = header.change_offset,
		.time_min_ms = header.time_min_ms, .time_max_ms = header.time_max_ms, .bytes = slice_sub(bytes, 0, header.bytes),
	};
	memcpy(batch->previous_chain, header.previous_chain, sizeof batch->previous_chain);
	memcpy(batch->chain, header.chain, sizeof batch->chain);
	return true;
}

bool journal_batch_is_genuine(const struct journal_batch *batch)
{
	unsigned char chain[JOURNAL_CHAIN_BYTES];

	compute_chain(batch->bytes, chain);
	return memcmp(chain, batch->chain, sizeof chain) == 0;
}

bool journal_batch_frame_at(const struct journal_batch *batch, uint32_t offset, struct journal_frame *frame,
                            struct error *err)
{
	struct frame_header header;
	size_t room = batch->bytes.len;

	if (offset < JOURNAL_BATCH_HEADER_BYTES || offset % JOURNAL_FRAME_ALIGN_BYTES != 0 || offset > room
	    || room - offset < sizeof header)
		return fail(err, ERR_CORRUPT, "a frame cannot begin at %u of a batch", offset);
	memcpy(&header, batch->bytes.ptr + offset, sizeof header);
	if (header.bytes > room - offset - sizeof header || header.zero != 0 || header.kind == 0
	    || header.seq < batch->first_seq || header.seq > journal_batch_last_seq(batch))
		return fail(err, ERR_CORRUPT, "the frame at %u of the batch that begins with sequence %" PRIu64 " is damaged", offset,
		            batch->first_seq);
	*frame = (struct journal_frame){
		.kind = header.kind, .flags = header.flags, .seq = header.seq,
		.body = { batch->bytes.ptr + offset + sizeof header, header.bytes },
	};
	return true;
}

bool journal_batch_next(const struct journal_batch *batch, uint32_t *offset, struct journal_frame *frame,
                        struct error *err)
{
	uint64_t want = *offset == 0 ? batch->first_seq : frame->seq + 1;

	if (want > journal_batch_last_seq(batch))
		return false;
	if (*offset == 0)
		*offset = JOURNAL_BATCH_HEADER_BYTES;
	if (!journal_batch_frame_at(batch, *offset, frame, err))
		return false;
	if (frame->seq != want)
		return fail(err, ERR_CORRUPT, "sequence %" PRIu64 " stands where %" PRIu64 " should", frame->seq, want);
	*offset += (uint32_t)journal_batch_frame_bytes(frame->body.len);
	return true;
}

bool journal_frame_is_intact(const struct journal_frame *frame)
{
	const char *at = frame->body.ptr - JOURNAL_FRAME_HEADER_BYTES;
	uint64_t checksum;

	memcpy(&checksum, at, sizeof checksum);
	return checksum == hash64((struct slice){ at + CHECKSUM_BYTES, JOURNAL_FRAME_HEADER_BYTES - CHECKSUM_BYTES + frame->body.len });
}
