/* server/config.h: every setting of `spoor serve`: one table row each: name, default, bounds, unit, meaning.
 *
 * A flag beats the environment, that beats the file of --config, that beats what --lab changes, that beats the default. */
#ifndef SPOOR_SERVER_CONFIG_H
#define SPOOR_SERVER_CONFIG_H

#include "base/arena.h"

struct config {
	/* where */
	struct slice data, listen, tls_cert, tls_key, config;

	/* who */
	bool         lab;
	struct slice account, region;
	struct slice regions;                    /* besides `region` and us-east-1; blanks between the names */

	/* what is kept and shown */
	int64_t      history_days;
	bool         log_session_token, keep_denied_parameters;
	struct slice throttle;                   /* "off" or "aws" */
	struct slice s3_domains;                 /* names, blanks between */

	/* trails */
	int64_t      delivery_interval_s, digest_interval_s;
	struct slice trail_bucket_policy;        /* "require" or "attach" */

	/* machine */
	int64_t      fronts, workers;            /* 0: from the number of cores */
	int64_t      journal_file_bytes, connections_max, body_budget_bytes;
};

/* Where a value came from, for `spoor config`. */
enum config_source { CONFIG_DEFAULT, CONFIG_LAB, CONFIG_FILE, CONFIG_ENVIRONMENT, CONFIG_FLAG };

/* Reads flags (argv without the program and command names), environment (NULL-terminated "NAME=value" list), and the file
 * that --config or SPOOR_CONFIG names. Texts live in `arena`.
 * Errors: ERR_INVALID naming the setting and what would be right; ERR_IO for the file. */
bool config_load(struct config *config, struct arena *arena, int argc, char *const *argv, char *const *environment,
                 struct error *err);

/* Prints each setting: name, value, default, bounds, unit, source, meaning. */
void config_print(const struct config *config, FILE *out);

/* Prints the flags as --help shows them: all, or those of the settings in `only`, which ends with NULL. */
void config_print_flags(FILE *out, const char *const *only);

#endif
