/* auth/credential_reports.c: columns as AWS names and fills them. */
#include "auth/credential_reports.h"

#include "auth/access_keys.h"
#include "auth/accounts.h"
#include "auth/entity.h"
#include "auth/login_profiles.h"
#include "auth/mfa_devices.h"
#include "auth/password_policies.h"
#include "auth/users.h"
#include "base/buffer.h"
#include "base/clock.h"
#include "store/catalog.h"

enum { KEYS_SHOWN = 2, CERTIFICATES_SHOWN = 2, DAY_MS = 86400000 };

const char credential_reports_table[] =
	"CREATE TABLE credential_reports ("
	" account TEXT NOT NULL,"
	" csv TEXT NOT NULL,"
	" generated_ms INTEGER NOT NULL,"
	" PRIMARY KEY (account)"
	") STRICT, WITHOUT ROWID";

static const char HEADER[] =
	"user,arn,user_creation_time,password_enabled,password_last_used,password_last_changed,password_next_rotation,"
	"mfa_active,access_key_1_active,access_key_1_last_rotated,access_key_1_last_used_date,access_key_1_last_used_region,"
	"access_key_1_last_used_service,access_key_2_active,access_key_2_last_rotated,access_key_2_last_used_date,"
	"access_key_2_last_used_region,access_key_2_last_used_service,cert_1_active,cert_1_last_rotated,cert_2_active,"
	"cert_2_last_rotated";

bool credential_reports_put(struct catalog *catalog, struct slice account, const struct credential_report *report,
                            struct error *err)
{
	return catalog_run(catalog, err, "INSERT INTO credential_reports (account, csv, generated_ms) VALUES (?1, ?2, ?3)"
	                   " ON CONFLICT DO UPDATE SET csv = excluded.csv, generated_ms = excluded.generated_ms", "tti", account,
	                   report->csv, report->generated_ms);
}

bool credential_reports_get(struct catalog *catalog, struct arena *arena, struct slice account,
                            struct credential_report *report, struct error *err)
{
	struct rows rows = catalog_query(catalog, err, "SELECT csv, generated_ms FROM credential_reports WHERE account = ?1", "t",
	                                 account);

	*report = (struct credential_report){0};
	if (rows_next(&rows)) {
		report->csv = rows_text(&rows, 0, arena);
		report->generated_ms = rows_i64(&rows, 1);
	}
	return rows_close(&rows);
}

/* Names and paths may have commas; quotes only paths. */
static void put_quoted(struct buffer *out, struct slice text)
{
	bool is_plain = slice_find_byte(text, ',') == SLICE_NPOS && slice_find_byte(text, '"') == SLICE_NPOS;

	if (!is_plain)
		buffer_byte(out, '"');
	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] == '"')
			buffer_byte(out, '"');
		buffer_byte(out, text.ptr[i]);
	}
	if (!is_plain)
		buffer_byte(out, '"');
}

static void put(struct buffer *out, struct slice text)
{
	buffer_byte(out, ',');
	buffer_add(out, text);
}

static void put_bool(struct buffer *out, bool value)
{
	put(out, value ? S("true") : S("false"));
}

static void put_time(struct buffer *out, int64_t ms, struct slice none)
{
	char text[TIME_TEXT_BYTES];
	struct slice iso = time_iso(ms, text);

	put(out, ms ? slice_sub(iso, 0, iso.len - 1) : none);
	if (ms)
		buffer_add(out, S("+00:00"));
}

static bool put_keys(struct catalog *catalog, struct arena *arena, struct slice account, struct slice owner_id,
                     struct buffer *out, struct error *err)
{
	struct access_key_list keys;

	if (!access_keys_list(catalog, arena, account, owner_id, &keys, err))
		return false;
	for (size_t i = 0; i < KEYS_SHOWN; i++) {
		const struct access_key *key = i < keys.count ? &keys.items[i] : NULL;
		bool is_used = key && key->last_used_ms;

		put_bool(out, key && key->is_active);
		put_time(out, key ? key->created_ms : 0, S("N/A"));
		put_time(out, is_used ? key->last_used_ms : 0, S("N/A"));
		put(out, is_used ? key->last_used_region : S("N/A"));
		put(out, is_used ? key->last_used_service : S("N/A"));
	}
	for (size_t i = 0; i < CERTIFICATES_SHOWN; i++)
		buffer_add(out, S(",false,N/A"));
	return true;
}

static bool put_mfa(struct catalog *catalog, struct arena *arena, struct slice account, struct slice owner_id,
                    struct buffer *out, struct error *err)
{
	struct mfa_device_list devices;

	if (!mfa_devices_list(catalog, arena, account, owner_id, &devices, err))
		return false;
	put_bool(out, devices.count > 0);
	return true;
}

static bool put_root(struct catalog *catalog, struct arena *arena, struct slice account, struct buffer *out, struct error *err)
{
	int64_t created_ms;

	if (!accounts_created(catalog, account, &created_ms, err))
		return false;
	buffer_add(out, S("\n<root_account>"));
	put(out, arena_format(arena, "arn:aws:iam::%.*s:root", SLICE_ARG(account)));
	put_time(out, created_ms > 0 ? created_ms : 0, S("N/A"));
	buffer_add(out, S(",not_supported,no_information,not_supported,not_supported"));
	return put_mfa(catalog, arena, account, account, out, err) && put_keys(catalog, arena, account, account, out, err);
}

static bool put_user(struct catalog *catalog, struct arena *arena, struct slice account, const struct password_policy *policy,
                     const struct user *user, struct buffer *out, struct error *err)
{
	const struct login_profile *login = login_profiles_find(catalog, arena, account, user->user_id, err);

	if (err->kind != ERR_NONE)
		return false;
	buffer_byte(out, '\n');
	put_quoted(out, user->name);
	buffer_byte(out, ',');
	put_quoted(out, entity_arn(arena, ENTITY_USER, account, user->path, user->name));
	put_time(out, user->created_ms, S("N/A"));
	put_bool(out, login != NULL);
	put_time(out, login ? user->password_last_used_ms : 0, login ? S("no_information") : S("N/A"));
	put_time(out, login ? login->changed_ms : 0, S("N/A"));
	put_time(out, login && policy->max_age_days ? login->changed_ms + policy->max_age_days * DAY_MS : 0, S("N/A"));
	return put_mfa(catalog, arena, account, user->user_id, out, err)
	    && put_keys(catalog, arena, account, user->user_id, out, err);
}

bool credential_reports_write(struct catalog *catalog, struct arena *arena, struct slice account, struct slice *csv,
                              struct error *err)
{
	struct password_policy policy;
	struct user_list users;
	struct buffer out;

	if (!password_policies_get(catalog, account, &policy, err) || !users_list(catalog, arena, account, &PAGE_ALL, &users, err))
		return false;
	buffer_init(&out, arena, SIZE_MAX);
	buffer_add(&out, slice_of(HEADER));
	if (!put_root(catalog, arena, account, &out, err))
		return false;
	for (size_t i = 0; i < users.count; i++)
		if (!put_user(catalog, arena, account, &policy, &users.items[i], &out, err))
			return false;
	*csv = buffer_slice(&out);
	return arena_check(arena, err);
}
