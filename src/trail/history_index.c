/* trail/history_index.c: blocks from batch headers alone; filters from the frames of one block, on demand. */
#include "trail/history_index.h"

enum { FILTER_PROBES = 5, FILTER_BITS_PER_VALUE = 10 };

struct history_filter {
	uint32_t mask;                           /* bits - 1 */
	size_t   bytes;                          /* of the whole struct */
	uint64_t words[];
};

int64_t history_index_second(int64_t ms)
{
	return ms >= 0 ? ms / 1000 : -((-ms + 999) / 1000);
}

uint32_t history_index_place(uint64_t account, struct slice region)
{
	return (uint32_t)hash64_seeded(region, account);
}

/* ---- blocks ---- */

static void free_block(struct snapshot *snapshot)
{
	struct history_block *block = (struct history_block *)snapshot;
	struct history_filter *filter = atomic_load(&block->filter);

	_Static_assert(offsetof(struct history_block, snapshot) == 0, "a snapshot is its block");
	if (filter)
		atomic_fetch_sub(block->filter_bytes, filter->bytes);
	free(filter);
	free(block);
}

static void free_index(struct snapshot *snapshot)
{
	struct history_index *index = (struct history_index *)snapshot;

	_Static_assert(offsetof(struct history_index, snapshot) == 0, "a snapshot is its index");
	for (size_t i = 0; i < index->block_count; i++)
		snapshot_release(&index->blocks[i]->snapshot);
	free(index);
}

struct history_index *history_index_share(struct history_index *index)
{
	atomic_fetch_add(&index->snapshot.references, 1);
	return index;
}

void history_index_release(struct history_index *index)
{
	if (index)
		snapshot_release(&index->snapshot);
}

static struct history_block *new_block(uint64_t offset, uint64_t first_seq, atomic_size_t *filter_bytes)
{
	struct history_block *block = xcalloc(1, sizeof *block);

	block->snapshot.free = free_block;
	atomic_store(&block->snapshot.references, 1);
	block->offset = offset;
	block->first_seq = first_seq;
	block->second_min = INT64_MAX;
	block->second_max = INT64_MIN;
	block->filter_bytes = filter_bytes;
	return block;
}

static void add_batch(struct history_block *block, const struct journal_batch *batch, uint64_t end_offset)
{
	block->end_offset = end_offset;
	block->last_seq = journal_batch_last_seq(batch);
	if (batch->event_count == 0)
		return;
	int64_t second_min = history_index_second(batch->time_min_ms), second_max = history_index_second(batch->time_max_ms);
	if (second_min < block->second_min)
		block->second_min = second_min;
	if (second_max > block->second_max)
		block->second_max = second_max;
}

static struct history_index *add_block(struct history_index *index, struct history_block *block)
{
	/* room doubles at each power of two */
	if ((index->block_count & (index->block_count + 1)) == 0)
		index = xrealloc(index, sizeof *index + (index->block_count * 2 + 2) * sizeof index->blocks[0]);
	index->blocks[index->block_count++] = block;
	index->end_offset = block->end_offset;
	index->last_seq = block->last_seq;
	if (block->second_max > index->second_max)
		index->second_max = block->second_max;
	return index;
}

static struct history_index *new_index(const struct journal_scan *scan, const struct history_index *before)
{
	struct history_index *index = xcalloc(1, sizeof *index + 2 * sizeof index->blocks[0]);
	struct journal_file_facts facts = journal_view_file(scan->view, scan->file_index);

	index->snapshot.free = free_index;
	atomic_store(&index->snapshot.references, 1);
	index->generation = facts.generation;
	index->file_first_seq = facts.first_seq;
	index->end_offset = scan->offset;
	index->second_max = INT64_MIN;
	for (size_t i = 0; before && i < before->block_count; i++) {
		atomic_fetch_add(&before->blocks[i]->snapshot.references, 1);
		index = add_block(index, before->blocks[i]);
	}
	return index;
}

struct history_index *history_index_build(const struct journal_scan *scan, bool is_finished,
                                          const struct history_index *before, atomic_size_t *filter_bytes,
                                          struct error *err)
{
	struct history_index *index = new_index(scan, before);
	struct journal_scan at = *scan;
	struct history_block *block = NULL;
	struct journal_batch batch;
	struct error damage = { .kind = ERR_NONE };

	at.offset = index->end_offset;
	while (journal_scan_next(&at, &batch, &damage)) {
		if (!block)
			block = new_block(batch.file_offset, batch.first_seq, filter_bytes);
		add_batch(block, &batch, at.offset);
		if (block->end_offset - block->offset >= HISTORY_BLOCK_BYTES) {
			index = add_block(index, block);
			block = NULL;
		}
	}
	if (block && is_finished)
		index = add_block(index, block);
	else if (block)
		snapshot_release(&block->snapshot);
	if (damage.kind == ERR_NONE)
		return index;
	history_index_release(index);
	fail(err, damage.kind, "%s", damage.message);
	return NULL;
}

/* ---- filters ---- */

/* The distinct hashes of a block; 0 marks a free place. */
struct hash_set {
	uint32_t *places;
	size_t    count, room;                   /* room: a power of two */
};

static void put(struct hash_set *set, uint32_t hash);

static void grow(struct hash_set *set)
{
	struct hash_set larger = { .room = set->room ? set->room * 2 : 1024 };

	larger.places = xcalloc(larger.room, sizeof *larger.places);
	for (size_t i = 0; i < set->room; i++)
		if (set->places[i])
			put(&larger, set->places[i]);
	free(set->places);
	*set = larger;
}

static void put(struct hash_set *set, uint32_t hash)
{
	hash += hash == 0;
	if (set->count * 2 >= set->room)
		grow(set);
	size_t at = hash * 0x9E3779B1u & (set->room - 1);
	while (set->places[at] && set->places[at] != hash)
		at = (at + 1) & (set->room - 1);
	set->count += set->places[at] == 0;
	set->places[at] = hash;
}

static bool collect_frame(struct slice body, struct hash_set *set, struct error *err)
{
	struct event_frame frame;

	if (!(event_frame_flags(body) & FRAME_MANAGEMENT))
		return true;
	if (!event_frame_read(body, &frame, err))
		return false;
	put(set, history_index_place(frame.account, frame.region));
	for (size_t i = 0; i < frame.attribute_count; i++)
		put(set, event_frame_hash((enum frame_key)frame.attributes[i].key, frame.attributes[i].value));
	return true;
}

static bool collect(const struct history_block *block, const struct journal_scan *scan, struct hash_set *set,
                    struct error *err)
{
	struct journal_scan at = *scan;
	struct journal_batch batch;
	struct journal_frame frame;
	struct error damage = { .kind = ERR_NONE };

	at.offset = block->offset;
	while (at.offset < block->end_offset && journal_scan_next(&at, &batch, &damage)) {
		uint32_t offset = 0;
		while (journal_batch_next(&batch, &offset, &frame, &damage))
			if (frame.kind == JOURNAL_EVENT && !collect_frame(frame.body, set, &damage))
				return fail(err, damage.kind, "%s", damage.message);
	}
	return damage.kind == ERR_NONE || fail(err, damage.kind, "%s", damage.message);
}

static uint32_t probe(uint32_t hash, uint32_t turn)
{
	uint64_t mixed = (hash + (uint64_t)(hash == 0)) * 0x9E3779B97F4A7C15u;

	return (uint32_t)(mixed >> 32) + turn * ((uint32_t)mixed | 1);
}

static struct history_filter *filter_of(const struct hash_set *set)
{
	size_t bits = 64;

	while (bits < set->count * FILTER_BITS_PER_VALUE)
		bits *= 2;
	size_t bytes = sizeof(struct history_filter) + bits / 8;
	struct history_filter *filter = xcalloc(1, bytes);
	filter->mask = (uint32_t)(bits - 1);
	filter->bytes = bytes;
	for (size_t i = 0; i < set->room; i++)
		for (uint32_t turn = 0; set->places[i] && turn < FILTER_PROBES; turn++) {
			uint32_t bit = probe(set->places[i], turn) & filter->mask;
			filter->words[bit / 64] |= UINT64_C(1) << bit % 64;
		}
	return filter;
}

bool history_index_filter(struct history_block *block, const struct journal_scan *scan, size_t bytes_max, struct error *err)
{
	struct hash_set set = {0};
	struct history_filter *none = NULL;

	if (atomic_load(&block->filter) || atomic_load(block->filter_bytes) >= bytes_max)
		return true;
	if (!collect(block, scan, &set, err)) {
		free(set.places);
		return false;
	}
	struct history_filter *filter = filter_of(&set);
	free(set.places);
	if (atomic_compare_exchange_strong(&block->filter, &none, filter))
		atomic_fetch_add(block->filter_bytes, filter->bytes);
	else
		free(filter);                    /* another thread was faster */
	return true;
}

bool history_index_may_have(const struct history_block *block, uint32_t hash)
{
	const struct history_filter *filter = atomic_load(&block->filter);

	for (uint32_t turn = 0; filter && turn < FILTER_PROBES; turn++) {
		uint32_t bit = probe(hash, turn) & filter->mask;
		if (!(filter->words[bit / 64] >> bit % 64 & 1))
			return false;
	}
	return true;
}
