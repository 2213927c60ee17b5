/* bucket/tags_fuzz.c: what was read of x-amz-tagging is written and read again as the same tags. */
#include "bucket/tags.h"
#include "tests/fuzz.h"

FUZZ(tags)
{
	struct tag_list list, again;

	if (!tags_read(&f->arena, f->input, &list, &f->err)) {
		CHECK_FUZZ(f, f->err.kind == ERR_INVALID);
		return;
	}
	struct slice text = tags_write(&f->arena, &list);
	CHECK_FUZZ(f, (text.ptr != NULL) == (list.count > 0));
	if (list.count == 0)
		return;
	CHECK_FUZZ(f, tags_read(&f->arena, text, &again, &f->err) && again.count == list.count);
	for (size_t i = 0; i < list.count; i++)
		CHECK_FUZZ(f, slice_equal(again.items[i].key, list.items[i].key) && slice_equal(again.items[i].value, list.items[i].value));
	CHECK_FUZZ(f, slice_equal(tags_write(&f->arena, &again), text));
	CHECK_FUZZ(f, tags_check(&list, TAGS_OF_OBJECT, &f->err) == tags_check(&again, TAGS_OF_OBJECT, &f->err));
}
