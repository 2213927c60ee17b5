/* services/rest.c: small lists, searched from the front. */
#include "services/rest.h"

static void add(struct rest_pairs *pairs, struct slice name, struct slice value)
{
	for (size_t i = 0; i < pairs->count; i++)
		if (slice_equal_nocase(pairs->items[i].name, name))
			return;
	assert(pairs->count < REST_PAIRS_MAX);
	pairs->items[pairs->count++] = (struct rest_pair){ name, value };
}

void rest_add_header(struct rest *rest, struct slice name, struct slice value)
{
	if (value.ptr)
		add(&rest->headers_out, name, value);
}

void rest_add_element(struct rest *rest, struct slice name, struct slice value)
{
	if (value.ptr)
		add(&rest->elements, name, value);
}

struct slice rest_header(const struct rest *rest, struct slice name)
{
	for (size_t i = 0; i < rest->header_count; i++)
		if (slice_equal_nocase(rest->headers[i].name, name))
			return rest->headers[i].value;
	return SLICE_NONE;
}

struct slice rest_query(const struct rest *rest, struct slice name)
{
	const struct uri_pair *pair = uri_pairs_find(&rest->query, name);

	return !pair ? SLICE_NONE : pair->value.ptr ? pair->value : S("");
}
