/* auth/credential_reports.h: the report on all users' credentials that an account asked for last (SQL table
 * `credential_reports`). Source: IAM User Guide, "Generate credential reports for your AWS account". */
#ifndef SPOOR_AUTH_CREDENTIAL_REPORTS_H
#define SPOOR_AUTH_CREDENTIAL_REPORTS_H

#include "base/arena.h"

struct catalog;

struct credential_report {
	struct slice csv;                /* SLICE_NONE: none was made */
	int64_t      generated_ms;
};

extern const char credential_reports_table[];

/* Replaces the one before. */
bool credential_reports_put(struct catalog *catalog, struct slice account, const struct credential_report *report,
                            struct error *err);

bool credential_reports_get(struct catalog *catalog, struct arena *arena, struct slice account,
                            struct credential_report *report, struct error *err);

/* The account as it is now: a line for the root user, then one a user by name. */
bool credential_reports_write(struct catalog *catalog, struct arena *arena, struct slice account, struct slice *csv,
                              struct error *err);

#endif
