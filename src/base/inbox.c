/* base/inbox.c: a stack of compare-and-swap pushes that is exchanged for NULL and turned over.
 *
 * Taking everything at once means no node is ever unlinked from the middle: the ABA problem cannot arise. */
#include "base/inbox.h"

void inbox_put(struct inbox *inbox, struct inbox_node *node)
{
	struct inbox_node *newest = atomic_load_explicit(&inbox->newest, memory_order_relaxed);

	do
		node->next = newest;
	while (!atomic_compare_exchange_weak(&inbox->newest, &newest, node));
}

bool inbox_is_empty(const struct inbox *inbox)
{
	return atomic_load(&inbox->newest) == NULL;
}

struct inbox_node *inbox_take(struct inbox *inbox)
{
	struct inbox_node *newest, *oldest = NULL;

	if (inbox_is_empty(inbox))
		return NULL;
	newest = atomic_exchange(&inbox->newest, NULL);
	while (newest) {
		struct inbox_node *older = newest->next;

		newest->next = oldest;
		oldest = newest;
		newest = older;
	}
	return oldest;
}
