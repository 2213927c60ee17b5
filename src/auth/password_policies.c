/* auth/password_policies.c: at most one row an account, and the check itself. */
#include "auth/password_policies.h"

#include "base/limits.h"
#include "codec/utf8.h"
#include "store/catalog.h"

const char password_policies_table[] =
	"CREATE TABLE password_policies ("
	" account TEXT NOT NULL PRIMARY KEY,"
	" minimum_length INTEGER NOT NULL,"
	" require_symbols INTEGER NOT NULL,"
	" require_numbers INTEGER NOT NULL,"
	" require_uppercase INTEGER NOT NULL,"
	" require_lowercase INTEGER NOT NULL,"
	" allow_change INTEGER NOT NULL,"
	" max_age_days INTEGER NOT NULL,"
	" reuse_prevention INTEGER NOT NULL,"
	" hard_expiry INTEGER NOT NULL"
	") STRICT, WITHOUT ROWID";

bool password_policies_get(struct catalog *catalog, struct slice account, struct password_policy *policy,
                           struct error *err)
{
	struct rows rows = catalog_query(catalog, err,
	                                 "SELECT minimum_length, require_symbols, require_numbers, require_uppercase,"
	                                 " require_lowercase, allow_change, max_age_days, reuse_prevention, hard_expiry"
	                                 " FROM password_policies WHERE account = ?1", "t", account);

	*policy = (struct password_policy){ .minimum_length = IAM_PASSWORD_LENGTH_DEFAULT, .is_default = true };
	if (rows_next(&rows))
		*policy = (struct password_policy){
			.minimum_length = rows_i64(&rows, 0),
			.require_symbols = rows_i64(&rows, 1) != 0,
			.require_numbers = rows_i64(&rows, 2) != 0,
			.require_uppercase = rows_i64(&rows, 3) != 0,
			.require_lowercase = rows_i64(&rows, 4) != 0,
			.allow_change = rows_i64(&rows, 5) != 0,
			.max_age_days = rows_i64(&rows, 6),
			.reuse_prevention = rows_i64(&rows, 7),
			.hard_expiry = rows_i64(&rows, 8) != 0,
		};
	return rows_close(&rows);
}

bool password_policies_set(struct catalog *catalog, struct slice account, const struct password_policy *policy,
                           struct error *err)
{
	return catalog_run(catalog, err,
	                   "INSERT OR REPLACE INTO password_policies (account, minimum_length, require_symbols,"
	                   " require_numbers, require_uppercase, require_lowercase, allow_change, max_age_days,"
	                   " reuse_prevention, hard_expiry) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
	                   "tiiiiiiiii", account, policy->minimum_length, (int64_t)policy->require_symbols,
	                   (int64_t)policy->require_numbers, (int64_t)policy->require_uppercase,
	                   (int64_t)policy->require_lowercase, (int64_t)policy->allow_change, policy->max_age_days,
	                   policy->reuse_prevention, (int64_t)policy->hard_expiry);
}

bool password_policies_delete(struct catalog *catalog, struct slice account, bool *deleted, struct error *err)
{
	if (!catalog_run(catalog, err, "DELETE FROM password_policies WHERE account = ?1", "t", account))
		return false;
	*deleted = catalog_changes(catalog) == 1;
	return true;
}

enum { CLASS_LOWER = 1, CLASS_UPPER = 2, CLASS_DIGIT = 4, CLASS_SYMBOL = 8 };

static unsigned classes_of(struct slice password)
{
	struct slice symbols = S("!@#$%^&*()_+-=[]{}|'");
	unsigned classes = 0;

	for (size_t i = 0; i < password.len; i++) {
		char c = password.ptr[i];

		if (c >= 'a' && c <= 'z')
			classes |= CLASS_LOWER;
		else if (c >= 'A' && c <= 'Z')
			classes |= CLASS_UPPER;
		else if (c >= '0' && c <= '9')
			classes |= CLASS_DIGIT;
		else if (slice_find_byte(symbols, c) != SLICE_NPOS)
			classes |= CLASS_SYMBOL;
	}
	return classes;
}

static bool fail_password(struct error *err, const char *what)
{
	return fail_as(err, ERR_INVALID, "PasswordPolicyViolation", "Password %s", what);
}

bool password_policies_check(const struct password_policy *policy, struct slice password, struct slice account,
                             struct slice alias, struct error *err)
{
	unsigned classes = classes_of(password);

	if (policy->minimum_length > (int64_t)utf8_length(password))
		return fail_as(err, ERR_INVALID, "PasswordPolicyViolation",
		               "Password should have a minimum length of %" PRId64, policy->minimum_length);
	if (policy->is_default && __builtin_popcount(classes) < 3)
		return fail_password(err, "should have at least three of: uppercase letters, lowercase letters, numbers, symbols");
	if (policy->is_default && (slice_equal_nocase(password, account) || slice_equal_nocase(password, alias)))
		return fail_password(err, "should not be the name of the account");
	if (policy->require_uppercase && !(classes & CLASS_UPPER))
		return fail_password(err, "should have at least one uppercase letter");
	if (policy->require_lowercase && !(classes & CLASS_LOWER))
		return fail_password(err, "should have at least one lowercase letter");
	if (policy->require_numbers && !(classes & CLASS_DIGIT))
		return fail_password(err, "should have at least one number");
	if (policy->require_symbols && !(classes & CLASS_SYMBOL))
		return fail_password(err, "should have at least one symbol");
	return true;
}
