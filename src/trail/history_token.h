/* trail/history_token.h: where the next page begins, as a text that only we can make and that fits only its request. */
#ifndef SPOOR_TRAIL_HISTORY_TOKEN_H
#define SPOOR_TRAIL_HISTORY_TOKEN_H

#include "trail/history.h"

struct history_token {
	int64_t  issued_ms;                     /* of the page that carries it; an hour later it is void */
	int64_t  start_ms, end_ms;              /* as the first page resolved them */
	uint64_t generation;                    /* of the journal */
	uint64_t end_seq;                       /* sequences from here on are not part of the pages */
	int64_t  last_second;                   /* of the last event that was handed out ... */
	uint64_t last_seq;                      /* ... and its sequence */
};

/* Base64 in `arena`. Account, region, category, attribute and the times as asked for are bound by the authentication
 * code and not part of the text. */
struct slice history_token_write(struct arena *arena, const unsigned char key[32], const struct history_request *request,
                                 const struct history_token *token);

/* False for a text that was not made by history_token_write with the same key for such a request, or that is too old. */
bool history_token_read(struct arena *arena, const unsigned char key[32], const struct history_request *request,
                        struct slice text, struct history_token *token);

#endif
