/* codec/json_count.h: how many records a log file has, at a fraction of what it costs to inflate it. */
#ifndef SPOOR_CODEC_JSON_COUNT_H
#define SPOOR_CODEC_JSON_COUNT_H

#include "base/base.h"

/* The objects two levels deep, as records are in {"Records":[{...},...]}. Of text that is no JSON it gives some number. */
uint64_t json_count_records(struct slice json);

#endif
