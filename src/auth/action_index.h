/* auth/action_index.h: which statements of a document speak of an action, found without asking each.
 *
 * Exact names are found by the hash of the whole action, patterns by the hash of their service; only patterns that
 * leave the service open ("*") and NotAction lists are compared one by one. The answer is a set of bits. */
#ifndef SPOOR_AUTH_ACTION_INDEX_H
#define SPOOR_AUTH_ACTION_INDEX_H

#include "base/arena.h"
#include "base/limits.h"

/* An action as it is asked for, prepared once a request. Lower case, because actions ignore case. */
struct action_name {
	char         lower[ACTION_BYTES_MAX];
	struct slice text;
	uint64_t     hash, service_hash;
};

/* False if the action is longer than any action can be. */
bool action_name_init(struct action_name *name, struct slice action);

enum action_rule_kind {
	RULE_EXACT,                      /* found by the hash of the action */
	RULE_OF_SERVICE,                 /* a pattern, found by the hash of its service */
	RULE_OPEN,                       /* the service is a wildcard, or has one */
	RULE_EXCLUDED,                   /* of NotAction: a statement's are side by side */
	RULE_KIND_COUNT
};

struct action_rule {
	enum action_rule_kind kind;
	uint32_t              statement;
	uint64_t              hash;
	struct slice          pattern;   /* lower case, wildcards marked (auth/wildcard.h) */
};

struct action_index {
	struct action_rule *rules;       /* by kind, hash, statement */
	size_t              first[RULE_KIND_COUNT + 1], count;
};

/* `rule_max`: how many patterns will be added. */
void action_index_init(struct action_index *index, struct arena *arena, size_t rule_max);
void action_index_add(struct action_index *index, struct arena *arena, struct slice pattern, uint32_t statement,
                      bool is_excluded);
void action_index_seal(struct action_index *index);       /* after the last one */

/* Sets the bit of each statement that speaks of the action; bits[] are zero before. */
void action_index_select(const struct action_index *index, const struct action_name *name, uint64_t *bits);

#endif
