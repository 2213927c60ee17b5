/* trail/object_list_fuzz.c: no reply may crash the reader, and what it takes has keys. */
#include "tests/fuzz.h"
#include "trail/object_list.h"

FUZZ(object_list)
{
	struct object_list list;

	if (!object_list_read(&f->arena, f->input, &list, &f->err)) {
		CHECK_FUZZ(f, f->err.kind == ERR_INVALID || f->err.kind == ERR_LIMIT);
		return;
	}
	for (size_t i = 0; i < list.count; i++)
		CHECK_FUZZ(f, list.entries[i].key.ptr);
	CHECK_FUZZ(f, !list.next.ptr || list.next.len > 0);
}
