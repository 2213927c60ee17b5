/* tests/digest_place.h: a trail that signs digests in a tests/trail_place.h, short ways to let it start, deliver and stop, and
 * the check of everything that was signed. */
#ifndef SPOOR_TESTS_DIGEST_PLACE_H
#define SPOOR_TESTS_DIGEST_PLACE_H

#include "tests/trail_place.h"

enum { DIGEST_PLACE_TRAIL = 7 };

/* Bucket "logs", the trail with its stream; a signing key of known primes, which costs no second. */
bool digest_place_make(struct trail_place *place);
bool digest_place_insert_key(struct trail_place *place);

bool digest_place_start(struct trail_place *place);             /* StartLogging with validation, of trail 7, in us-east-1 */
bool digest_place_stop(struct trail_place *place);
bool digest_place_delete(struct trail_place *place);            /* DeleteTrail */

/* Records an event and delivers it. False: it was not delivered; the disk may have failed. */
bool digest_place_deliver(struct trail_place *place, int number, const char *region);

/* Rounds until nothing is due: how many digests were written. */
uint64_t digest_place_round(struct trail_place *place);

/* "REGION START..END files=N[ <- KEY-TIME of the one before[ in BUCKET]]," of every digest by region and time; times in
 * seconds since TRAIL_PLACE_NOW_MS. */
struct slice digest_place_shown(struct trail_place *place);

/* NULL, or what is wrong: every digest lies where it says, is signed by a key that was valid at its end, follows the one
 * before it, and lists files as they are; no two follow the same one; every log file is in exactly one digest, or waits
 * for one; chains and heads in the catalog are where the newest digests are. */
const char *digest_place_check(struct trail_place *place);

#endif
