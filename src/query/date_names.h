/* query/date_names.h: the names of months, days and halves of a day, in English whatever the machine's language. */
#ifndef SPOOR_QUERY_DATE_NAMES_H
#define SPOOR_QUERY_DATE_NAMES_H

#include "base/base.h"

enum { DATE_SHORT_NAME_BYTES = 3 };             /* Jan, Mon: the beginning of each */

extern const struct slice date_months[12], date_weekdays[7], date_halves[2];    /* from Sunday; AM, PM */

#endif
