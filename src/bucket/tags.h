/* bucket/tags.h: an object's tags as kept in its row and as sent in x-amz-tagging: "k=v&k2=v2", percent-encoded.
 * Source: Amazon S3 User Guide, "Categorizing your objects using tags". */
#ifndef SPOOR_BUCKET_TAGS_H
#define SPOOR_BUCKET_TAGS_H

#include "base/arena.h"

struct tag { struct slice key, value; };
struct tag_list { struct tag *items; size_t count; };

/* Reads what a client sent in x-amz-tagging, or what is stored. Errors: ERR_INVALID "InvalidArgument". */
bool tags_read(struct arena *arena, struct slice text, struct tag_list *list, struct error *err);

/* As they are stored; SLICE_NONE for none. */
struct slice tags_write(struct arena *arena, const struct tag_list *list);

enum tags_of { TAGS_OF_OBJECT, TAGS_OF_BUCKET };        /* at most 10, at most 50 */

/* Counts, lengths, characters, duplicates, reserved keys. Errors: ERR_INVALID "InvalidTag", "BadRequest". */
bool tags_check(const struct tag_list *list, enum tags_of of, struct error *err);

#endif
