/* services/iam/mfa_test.c: virtual MFA devices and the credential report, and each error they can answer. */
#include "base/clock.h"
#include "codec/base32.h"
#include "codec/totp.h"
#include "tests/iam_fixture.h"

extern const struct operation iam_create_virtual_mfa_device, iam_delete_virtual_mfa_device, iam_list_virtual_mfa_devices,
	iam_enable_mfa_device, iam_resync_mfa_device, iam_deactivate_mfa_device, iam_list_mfa_devices, iam_delete_user,
	iam_get_account_summary, iam_generate_credential_report, iam_get_credential_report;

#define SERIAL S("arn:aws:iam::111122223333:mfa/phones/bob")

/* A call without an input that must succeed. */
static void call_plain(struct fixture *f, const struct operation *operation, void *output)
{
	CHECK(f->t, fixture_call(f, operation, NULL, output));
}

/* Makes it and gives its seed. */
static struct slice make(struct test *t, struct fixture *f)
{
	struct iam_create_virtual_mfa_device_response out;
	char *seed = arena_alloc(&t->arena, 64);
	size_t count = 0;

	CALL(f, &out, create_virtual_mfa_device, .virtual_mfa_device_name = S("bob"), .path = S("/phones/"));
	CHECK_TEXT(t, out.virtual_mfa_device->serial_number, SERIAL);
	CHECK_NUMBER(t, out.virtual_mfa_device->base32_string_seed.len, 64);
	CHECK(t, slice_has_prefix(out.virtual_mfa_device->qr_code_png, S("\x89PNG\r\n")));
	CHECK(t, base32_decode(out.virtual_mfa_device->base32_string_seed, seed, 64, &count));
	return (struct slice){ seed, count };
}

static struct slice code_at(struct test *t, struct slice seed, int64_t steps_from_now)
{
	return totp_code(seed, totp_step(FIXTURE_NOW_MS) + steps_from_now, arena_alloc(&t->arena, TOTP_DIGITS));
}

static void enable(struct test *t, struct fixture *f, struct slice seed)
{
	MUST(f, enable_mfa_device, .user_name = S("bob"), .serial_number = SERIAL, .authentication_code1 = code_at(t, seed, -1),
	     .authentication_code2 = code_at(t, seed, 0));
}

TEST(virtual_mfa_devices_show_their_seed_once)
{
	struct iam_list_virtual_mfa_devices_response out;
	struct fixture f;

	fixture_begin(t, &f);
	fixture_user(&f, "bob");
	struct slice seed = make(t, &f);
	REFUSED(&f, "EntityAlreadyExists", "MFADevice entity at the same path and name already exists.", create_virtual_mfa_device,
	        .virtual_mfa_device_name = S("bob"), .path = S("/phones/"));
	CHECK_TEXT(t, TARGETS(&f, create_virtual_mfa_device, .virtual_mfa_device_name = S("x")),
	           S("-|arn:aws:iam::111122223333:mfa/x|"));
	CALL(&f, &out, list_virtual_mfa_devices, .assignment_status = S("Unassigned"));
	REQUIRE(t, out.virtual_mfa_devices.count == 1);
	CHECK(t, !out.virtual_mfa_devices.items[0].base32_string_seed.ptr && !out.virtual_mfa_devices.items[0].qr_code_png.ptr);
	CHECK(t, !out.virtual_mfa_devices.items[0].user && !out.virtual_mfa_devices.items[0].enable_date.is_set);
	enable(t, &f, seed);
	CALL(&f, &out, list_virtual_mfa_devices, .assignment_status = S("Unassigned"));
	CHECK_NUMBER(t, out.virtual_mfa_devices.count, 0);
	CALL(&f, &out, list_virtual_mfa_devices, .assignment_status = S("Assigned"));
	REQUIRE(t, out.virtual_mfa_devices.count == 1 && out.virtual_mfa_devices.items[0].user);
	CHECK_TEXT(t, out.virtual_mfa_devices.items[0].user->user_name, S("bob"));
	fixture_end(&f);
}

TEST(enable_mfa_device_needs_two_codes_in_a_row)
{
	struct fixture f;

	fixture_begin(t, &f);
	fixture_user(&f, "bob");
	fixture_user(&f, "ann");
	struct slice seed = make(t, &f);
	REFUSED(&f, "InvalidAuthenticationCode", "Authentication code for device is not valid.", enable_mfa_device, .user_name = S("bob"),
	        .serial_number = SERIAL, .authentication_code1 = code_at(t, seed, 0), .authentication_code2 = code_at(t, seed, 0));
	REFUSED(&f, "NoSuchEntity", "MFA Device with serial number arn:aws:iam::111122223333:mfa/none does not exist.", enable_mfa_device,
	        .user_name = S("bob"), .serial_number = S("arn:aws:iam::111122223333:mfa/none"), .authentication_code1 = S("123456"),
	        .authentication_code2 = S("123457"));
	REFUSED(&f, "ValidationError", "1 validation error detected: Value '12345' at 'authenticationCode1' failed to satisfy constraint: Member "
	        "must have length greater than or equal to 6", enable_mfa_device, .user_name = S("bob"), .serial_number = SERIAL,
	        .authentication_code1 = S("12345"), .authentication_code2 = S("123457"));
	enable(t, &f, seed);
	REFUSED(&f, "EntityAlreadyExists", "MFA Device is already in use.", enable_mfa_device, .user_name = S("ann"),
	        .serial_number = SERIAL, .authentication_code1 = code_at(t, seed, 0), .authentication_code2 = code_at(t, seed, 1));
	REFUSED(&f, "NoSuchEntity", "MFA Device with serial number arn:aws:iam::111122223333:mfa/phones/bob does not exist.",
	        resync_mfa_device, .user_name = S("ann"), .serial_number = SERIAL, .authentication_code1 = code_at(t, seed, 0),
	        .authentication_code2 = code_at(t, seed, 1));
	MUST(&f, resync_mfa_device, .user_name = S("bob"), .serial_number = SERIAL, .authentication_code1 = code_at(t, seed, 40),
	     .authentication_code2 = code_at(t, seed, 41));
	fixture_end(&f);
}

TEST(mfa_devices_are_let_go_before_they_are_deleted)
{
	struct iam_list_mfa_devices_response out;
	struct iam_get_account_summary_response summary;
	struct fixture f;
	int64_t in_use = -1;

	fixture_begin(t, &f);
	fixture_user(&f, "bob");
	struct slice seed = make(t, &f);
	enable(t, &f, seed);
	CALL(&f, &out, list_mfa_devices, .user_name = S("bob"));
	REQUIRE(t, out.mfa_devices.count == 1);
	CHECK_TEXT(t, out.mfa_devices.items[0].serial_number, SERIAL);
	CHECK_NUMBER(t, out.mfa_devices.items[0].enable_date.ms, FIXTURE_NOW_MS);
	call_plain(&f, &iam_get_account_summary, &summary);
	for (size_t i = 0; i < summary.summary_map.count; i++)
		if (slice_equal(summary.summary_map.items[i].key, S("MFADevicesInUse")))
			in_use = summary.summary_map.items[i].value.value;
	CHECK_NUMBER(t, in_use, 1);
	REFUSED(&f, "DeleteConflict", "MFA VirtualDevice in use. Must deactivate first.", delete_virtual_mfa_device, .serial_number = SERIAL);
	REFUSED(&f, "DeleteConflict", "Cannot delete entity, must delete MFA device first.", delete_user, .user_name = S("bob"));
	fixture_as_user(&f, "bob");
	MUST(&f, deactivate_mfa_device, .serial_number = SERIAL);
	REFUSED(&f, "NoSuchEntity", "MFA Device with serial number arn:aws:iam::111122223333:mfa/phones/bob does not exist.",
	        deactivate_mfa_device, .serial_number = SERIAL);
	MUST(&f, delete_virtual_mfa_device, .serial_number = SERIAL);
	REFUSED(&f, "NoSuchEntity", "VirtualMFADevice with serial number arn:aws:iam::111122223333:mfa/phones/bob doesn't exist.",
	        delete_virtual_mfa_device, .serial_number = SERIAL);
	fixture_as_root(&f);
	CALL(&f, &out, list_mfa_devices, 0);
	CHECK_NUMBER(t, out.mfa_devices.count, 0);
	fixture_end(&f);
}

TEST(credential_report_is_made_got_and_expires)
{
	struct iam_generate_credential_report_response made;
	struct iam_get_credential_report_response got;
	struct fixture f;

	fixture_begin(t, &f);
	fixture_user(&f, "bob");
	CHECK(t, !fixture_call(&f, &iam_get_credential_report, NULL, &got));
	CHECK_TEXT(t, slice_of(f.call.error.name), S("ReportNotPresent"));
	call_plain(&f, &iam_generate_credential_report, &made);
	CHECK_TEXT(t, made.state, S("STARTED"));
	call_plain(&f, &iam_generate_credential_report, &made);
	CHECK_TEXT(t, made.state, S("COMPLETE"));
	call_plain(&f, &iam_get_credential_report, &got);
	CHECK_TEXT(t, got.report_format, S("text/csv"));
	CHECK(t, slice_has_prefix(got.content, S("user,arn,")) && slice_find(got.content, S("\nbob,")) != SLICE_NPOS);
	CHECK_NUMBER(t, got.generated_time.ms, FIXTURE_NOW_MS);
	f.call.now_ms += 4 * 3600 * 1000 + 1;
	CHECK(t, !fixture_call(&f, &iam_get_credential_report, NULL, &got));
	CHECK_TEXT(t, slice_of(f.call.error.name), S("ReportExpired"));
	fixture_end(&f);
}
