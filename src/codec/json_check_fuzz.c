/* codec/json_check_fuzz.c: no text may crash the check, and it takes all that the reader takes. */
#include "codec/json.h"
#include "codec/json_check.h"
#include "tests/fuzz.h"

FUZZ(json_check)
{
	static const struct json_limits limits = { .depth_max = 500, .nodes_max = 1 << 20, .allow_duplicate_keys = true };
	struct json_index index = {0};

	json_index_build(&index, f->input, json_index_fastest());
	bool is_json = json_check(&index, f->input, &f->arena);
	bool is_read = json_parse(&f->arena, f->input, &limits, &f->err) != NULL;
	if (is_read)
		CHECK_FUZZ(f, is_json);
	else if (is_json)                                /* the reader bounds depth, and wants surrogates in pairs */
		CHECK_FUZZ(f, f->err.kind == ERR_LIMIT || strstr(f->err.message, "surrogate"));
	json_index_fini(&index);
}
