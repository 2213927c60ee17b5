/* trail/object_keys_fuzz.c: a key that can be taken apart can be made again, but for an organization's id. */
#include "trail/object_keys.h"

#include "tests/fuzz.h"

FUZZ(object_keys)
{
	struct object_key key;

	object_keys_parse(f->input, &key);
	if (key.kind == OBJECT_KEY_OTHER || slice_find(f->input, S("/o-")) != SLICE_NPOS)
		return;
	struct slice again = object_keys_make(&f->arena, &key);
	CHECK_FUZZ(f, slice_has_suffix(f->input, again) || slice_has_prefix(f->input, S("/")) || slice_has_prefix(f->input, S("o-")));
}
