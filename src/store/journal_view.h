/* store/journal_view.h: views as the journal makes them; readers use store/journal.h. */
#ifndef SPOOR_STORE_JOURNAL_VIEW_H
#define SPOOR_STORE_JOURNAL_VIEW_H

#include "store/journal.h"
#include "store/journal_file.h"

/* What is published of `list` now. Takes over the reference. */
struct journal_view *journal_view_of(struct journal_file_list *list);

/* Of what a journal has published in its slot; NULL if nothing. */
struct journal_view *journal_view_from(struct snapshot_slot *slot);

/* As journal_replay, of what the view sees. */
bool journal_view_replay(struct journal_view *view, const struct journal_mark *mark, journal_each *each, void *user,
                         struct error *err);

#endif
