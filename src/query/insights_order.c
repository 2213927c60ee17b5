/* query/insights_order.c: merging halves; what is in order already, as logs mostly are, is only looked through. */
#include "query/insights_order.h"

static bool is_before(const struct insights_place *a, const struct insights_place *b)
{
	return a->time_ms != b->time_ms ? a->time_ms > b->time_ms : insights_order_is_before(a->order, b->order);
}

void insights_order_sort(struct insights_place *places, struct insights_place *room, size_t count)
{
	size_t half = count / 2, left = 0, right = half;

	if (count < 2)
		return;
	insights_order_sort(places, room, half);
	insights_order_sort(places + half, room, count - half);
	if (!is_before(&places[half], &places[half - 1]))
		return;
	memcpy(room, places, half * sizeof *places);
	for (size_t i = 0; left < half; i++) {
		bool takes_right = right < count && is_before(&places[right], &room[left]);
		places[i] = takes_right ? places[right++] : room[left++];
	}
}
