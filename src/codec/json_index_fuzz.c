/* codec/json_index_fuzz.c: every machine gives the same bits, and no fault is seen in what codec/json accepts. */
#include "codec/json.h"
#include "codec/json_index.h"
#include "codec/utf8.h"
#include "tests/fuzz.h"

FUZZ(json_index)
{
	struct json_index scalar = {0}, fast = {0};
	struct json_limits limits = { .depth_max = 64, .nodes_max = 200000, .allow_duplicate_keys = true };
	size_t count = (f->input.len + JSON_BLOCK_BYTES - 1) / JSON_BLOCK_BYTES;

	json_index_build(&scalar, f->input, JSON_SCALAR);
	CHECK_FUZZ(f, utf8_is_valid(f->input) == !(scalar.faults & JSON_NOT_UTF8));
	for (enum json_machine machine = JSON_AVX2; machine < JSON_MACHINE_COUNT; machine++) {
		if (!json_index_runs_on(machine))
			continue;
		json_index_build(&fast, f->input, machine);
		CHECK_FUZZ(f, scalar.faults == fast.faults);
		CHECK_FUZZ(f, count == 0 || memcmp(scalar.blocks, fast.blocks, count * sizeof *fast.blocks) == 0);
		CHECK_FUZZ(f, count == 0 || memcmp(scalar.commas, fast.commas, count * sizeof *fast.commas) == 0);
	}
	const struct json *value = json_parse(&f->arena, f->input, &limits, &f->err);
	CHECK_FUZZ(f, !value || scalar.faults == 0);
	if (value && (value->kind == JSON_OBJECT || value->kind == JSON_ARRAY)) {
		size_t at = (size_t)(value->text.ptr - f->input.ptr);
		CHECK_FUZZ(f, json_index_container_end(&scalar, at) == at + value->text.len - 1);
	}
	json_index_fini(&scalar);
	json_index_fini(&fast);
}
