/* bench/record.c: nanoseconds to write one audit record of usual size. */
#include "base/clock.h"
#include "base/limits.h"
#include "event/record.h"

static const struct record RECORD = {
	.time_ms = 1768471267000, .type = RECORD_API_CALL, .category = RECORD_MANAGEMENT,
	.identity = {
		.type = IDENTITY_IAM_USER, .principal_id = S_INIT("AIDAEXAMPLEALICE0001"),
		.arn = S_INIT("arn:aws:iam::111122223333:user/alice"), .account_id = S_INIT("111122223333"),
		.access_key_id = S_INIT("AKIAEXAMPLEKEY000001"), .user_name = S_INIT("alice"),
	},
	.event_source = S_INIT("iam.amazonaws.com"), .event_name = S_INIT("CreateUser"), .region = S_INIT("us-east-1"),
	.source_ip = S_INIT("203.0.113.10"),
	.user_agent = S_INIT("aws-cli/2.15.0 Python/3.11.6 Linux/6.1.0-18-amd64 exe/x86_64.debian.12 prompt/off command/iam.create-user"),
	.request_id = S_INIT("0f6a2a52-6a0e-4c0e-9f3f-2f6a6f1f7a01"), .event_id = S_INIT("6a1c5b2e-3d1c-4b3e-8a57-0d8f5f1b2c11"),
	.recipient_account_id = S_INIT("111122223333"),
	.request_parameters = S_INIT("{\"userName\":\"bob\",\"path\":\"/eng/\",\"tags\":[{\"key\":\"team\",\"value\":\"red\"}]}"),
	.response_elements = S_INIT("{\"user\":{\"path\":\"/eng/\",\"userName\":\"bob\",\"userId\":\"AIDAEXAMPLEBOB000001\","
	                            "\"arn\":\"arn:aws:iam::111122223333:user/eng/bob\",\"createDate\":\"Jan 15, 2026 10:01:07 AM\"}}"),
	.tls_version = S_INIT("TLSv1.3"), .tls_cipher_suite = S_INIT("TLS_AES_128_GCM_SHA256"),
	.client_provided_host = S_INIT("iam.amazonaws.com"),
};

int main(void)
{
	enum { ROUNDS = 1000000 };
	struct arena arena;
	struct buffer out;
	uint64_t bytes = 0, start = clock_monotonic_ns();

	arena_init(&arena, 4 << 20);
	buffer_init(&out, &arena, RECORD_ROOM_BYTES);
	for (int i = 0; i < ROUNDS; i++) {
		buffer_truncate(&out, 0);
		record_write(&RECORD, &out);
		bytes += out.len;
	}
	printf("record_write %.0f ns\nrecord_size %.0f bytes\n", (double)(clock_monotonic_ns() - start) / ROUNDS, (double)bytes / ROUNDS);
	arena_fini(&arena);
	return 0;
}
