/* server/match_print.h: one event as spoor match prints it: whole, as JSON, or the columns that tell most of an audit record. */
#ifndef SPOOR_SERVER_MATCH_PRINT_H
#define SPOOR_SERVER_MATCH_PRINT_H

#include "base/buffer.h"
#include "detect/pattern_fields.h"

enum match_format { MATCH_JSONL, MATCH_JSON, MATCH_TABLE, MATCH_CSV };

struct match_printer;

/* `width`: of the terminal, where a table's lines are cut; 0: they are not. `is_raw`: CSV values that a spreadsheet would take for a
 * formula are left alone. It may be used by several threads. */
const struct match_printer *match_printer_new(struct arena *arena, enum match_format format, size_t width, bool is_raw);

/* Begins with what separates it from the event before, if anything does. */
void match_printer_event(const struct match_printer *printer, const struct pattern_record *record, struct arena *scratch,
                         struct buffer *out);

/* Before all events and behind them. The first event's separator, so many bytes, is to be left out. */
struct slice match_printer_head(const struct match_printer *printer);
struct slice match_printer_tail(const struct match_printer *printer, bool has_events);
size_t       match_printer_separator(const struct match_printer *printer);

#endif
