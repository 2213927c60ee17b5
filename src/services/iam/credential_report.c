/* services/iam/credential_report.c: GenerateCredentialReport, GetCredentialReport.
 *
 * AWS makes a new report at most every four hours; here each request makes one, since it takes no time. It is told as
 * AWS does, started first and complete from then on, and it expires as there.
 * Source: IAM API Reference (2010-05-08); IAM User Guide, "Generate credential reports for your AWS account". */
#include "auth/credential_reports.h"
#include "services/iam/shapes.h"
#include "services/iam/subject.h"

enum { REPORT_EXPIRES_MS = 4 * 3600 * 1000 };

static bool is_expired(const struct call *call, const struct credential_report *report)
{
	return call->now_ms - report->generated_ms > REPORT_EXPIRES_MS;
}

static bool prepare_generate(struct call *call, const void *input, struct error *err)
{
	struct credential_report *report = arena_new(&call->arena, struct credential_report);

	(void)input;
	call->prepared = report;
	report->generated_ms = call->now_ms;
	return credential_reports_write(call->catalog, &call->arena, call->account, &report->csv, err);
}

static bool perform_generate(struct call *call, const void *input, void *output, struct error *err)
{
	struct iam_generate_credential_report_response *out = output;
	struct credential_report before;

	(void)input;
	if (!credential_reports_get(call->catalog, &call->arena, call->account, &before, err)
	    || !credential_reports_put(call->catalog, call->account, call->prepared, err))
		return false;
	if (before.csv.ptr && !is_expired(call, &before)) {
		out->state = S("COMPLETE");
		return true;
	}
	out->state = S("STARTED");
	out->description = S("No report exists. Starting a new report generation task");
	return true;
}

static bool perform_get(struct call *call, const void *input, void *output, struct error *err)
{
	struct iam_get_credential_report_response *out = output;
	struct credential_report report;

	(void)input;
	if (!credential_reports_get(call->catalog, &call->arena, call->account, &report, err))
		return false;
	if (!report.csv.ptr)
		return fail_as(err, ERR_NOT_FOUND, "ReportNotPresent", "No report exists. Generate a new one with GenerateCredentialReport.");
	if (is_expired(call, &report))
		return fail_as(err, ERR_NOT_FOUND, "ReportExpired", "The report is older than four hours. Generate a new one with "
		               "GenerateCredentialReport.");
	out->content = report.csv;
	out->report_format = S("text/csv");
	out->generated_time = SET_TIME(report.generated_ms);
	return true;
}

const struct operation iam_generate_credential_report = {
	.shape   = &iam_generate_credential_report_shape,
	.action  = "iam:GenerateCredentialReport",
	.targets = subject_targets_account,
	.access  = ACCESS_READ,
	.place   = PLACE_WRITER,
	.prepare = prepare_generate,
	.perform = perform_generate,
};

const struct operation iam_get_credential_report = {
	.shape   = &iam_get_credential_report_shape,
	.action  = "iam:GetCredentialReport",
	.targets = subject_targets_account,
	.access  = ACCESS_READ,
	.place   = PLACE_FRONT,
	.perform = perform_get,
};
