/* trail/digest_chains.h: the chains of digests, one a trail and region: where each is (SQL table `digest_chains`), and its
 * newest digest (`digest_heads`).
 *
 * A chain begins when validation is on and logging starts, and ends with a last digest after one of the two ended; the
 * next start begins a new one. A trail signs digests, and its files are noted for them, as long as it has a chain. Heads
 * stay when chains end: whoever knows the head notices when the newest digests of a bucket are gone.
 * Source: CloudTrail User Guide, "Digest file structure", "Starting digest file". */
#ifndef SPOOR_TRAIL_DIGEST_CHAINS_H
#define SPOOR_TRAIL_DIGEST_CHAINS_H

#include "base/arena.h"

struct catalog;
struct trail_file;

struct digest_head {
	struct slice bucket, key;
	struct slice hash;                      /* SHA-256 of the uncompressed bytes, 64 lower-case hex digits */
	struct slice signature;                 /* in hex, as in the object's metadata */
	int64_t      end_ms;                    /* of its window */
};

struct digest_chain {
	struct slice account;
	uint64_t     trail_id;
	struct slice region;                    /* of the events */
	int64_t      start_ms;                  /* whole seconds: where the next window begins; the first one ends here */
	bool         is_first;                  /* no digest is written yet: the head is not of this chain */
	int64_t      ended_ms;                  /* what was admitted up to then is in the last digest; 0: it goes on */
	uint64_t     end_seq;                   /* of the journal: it is all at or before this; 0: not known yet */
	int64_t      close_ms;                  /* all of it is delivered: where the last window ends; 0: not known yet */
	int64_t      retry_at_ms;               /* after a failure; 0: none */
	int64_t      retry_count;               /* failures in a row */
	struct digest_head head;                /* the region's newest digest; bucket SLICE_NONE: none was ever written */
};

struct digest_chain_list { struct digest_chain *items; size_t count; };

extern const char digest_chains_table[], digest_heads_table[];

/* Digests begin at `now_ms`, a window before which is the first one's: in the home region, and, of a trail of all regions,
 * in those where it has written digests before. A chain that is there goes on, and does not end if it was about to. Here and
 * below, what has failed is tried again at once: the reason may be gone. */
bool digest_chains_begin(struct catalog *catalog, struct slice account, uint64_t trail_id, struct slice region,
                         int64_t now_ms, struct error *err);

/* In every region: the trail stopped, was deleted, or does not want digests any more. Without chains nothing happens. */
bool digest_chains_end(struct catalog *catalog, struct slice account, uint64_t trail_id, int64_t now_ms, struct error *err);

/* The trail is of its home region only from now on. */
bool digest_chains_end_elsewhere(struct catalog *catalog, struct slice account, uint64_t trail_id, struct slice home_region,
                                 int64_t now_ms, struct error *err);

/* A log file was delivered: the trail's next digest of the region lists it, if the trail signs digests. The first file of
 * a region begins the region's chain, which is about to end if the trail's others are, or if the trail has left the region
 * meanwhile. */
bool digest_chains_list_file(struct catalog *catalog, const struct trail_file *file, struct error *err);

/* All of every account, by account, trail and region. */
bool digest_chains_list(struct catalog *catalog, struct arena *arena, struct digest_chain_list *list, struct error *err);

/* Where the newest digest of any of the trail's regions ends, 0 without one. What is delivered from there on is for later
 * digests. */
bool digest_chains_last_end(struct catalog *catalog, struct slice account, uint64_t trail_id, int64_t *end_ms,
                            struct error *err);

/* Does the trail sign digests, its last ones included? */
bool digest_chains_any(struct catalog *catalog, struct slice account, uint64_t trail_id, bool *is_any, struct error *err);

/* Does it wait for its last digests? Then what is pending is delivered at once. */
bool digest_chains_is_ending(struct catalog *catalog, struct slice account, uint64_t trail_id, bool *is_ending,
                             struct error *err);

/* bucket is SLICE_NONE if the region has none. */
bool digest_chains_head(struct catalog *catalog, struct arena *arena, struct slice account, uint64_t trail_id,
                        struct slice region, struct digest_head *head, struct error *err);

/* Those of all of a trail's regions, in their order. */
struct digest_region { struct slice region; struct digest_head head; };
struct digest_region_list { struct digest_region *items; size_t count; };
bool digest_chains_list_heads(struct catalog *catalog, struct arena *arena, struct slice account, uint64_t trail_id,
                              struct digest_region_list *list, struct error *err);

/* A digest of the chain, as it was read, was written. `is_last`: the chain is gone, the head stays.
 * Errors: ERR_CONFLICT: somebody else wrote it, or the chain ends now or does not any more. */
bool digest_chains_advance(struct catalog *catalog, const struct digest_chain *chain, const struct digest_head *head,
                           bool is_last, struct error *err);

/* Each writes one property of a chain as it was read. Errors: ERR_CONFLICT as above. */
bool digest_chains_set_end(struct catalog *catalog, const struct digest_chain *chain, uint64_t end_seq, int64_t close_ms,
                           struct error *err);
bool digest_chains_fail(struct catalog *catalog, const struct digest_chain *chain, int64_t retry_at_ms, struct error *err);

/* Forgets chain, head and unlisted files of a region whose trail is gone. */
bool digest_chains_forget(struct catalog *catalog, const struct digest_chain *chain, struct error *err);

/* The last digest of a deleted trail ended at `end_ms`: a trail that was made under its name has its first one behind it. */
bool digest_chains_begin_behind(struct catalog *catalog, const struct digest_chain *chain, struct slice home_region,
                                struct slice name, int64_t end_ms, struct error *err);

#endif
