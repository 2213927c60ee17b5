/* bench/verify.c: makes a signed copy of a bucket for bench/validators.py: DIR FILES RECORDS, each log file with so many records.
 *
 * A few dozen different log files, each stored many times over: what is measured is reading, not writing. */
#include "base/clock.h"
#include "base/file.h"
#include "base/limits.h"
#include "codec/base64.h"
#include "codec/digest.h"
#include "codec/gzip.h"
#include "codec/hex.h"
#include "codec/json.h"
#include "codec/rsa.h"
#include "event/record.h"
#include "trail/digest_document.h"
#include "trail/object_keys.h"

enum { BODIES = 32, FILES_A_DIGEST = 200, HOUR_MS = 3600 * 1000 };

#define ACCOUNT S("111122223333")
#define REGION  S("us-east-1")
#define BUCKET  S("audit-logs")

struct bench {
	struct arena        arena;
	struct random       random;
	const char         *dir;
	struct gzip_writer *gzip;
	struct rsa_signer  *signer;
	struct slice        fingerprint;
	struct { struct slice file, hash; } bodies[BODIES];
	struct buffer       signatures;         /* of the digests: {"key": "hex", ...} */
	struct json_writer  json;
};

static void put(struct bench *bench, const char *name, struct slice bytes)
{
	const char *path = arena_printf(&bench->arena, "%s/%s", bench->dir, name);

	for (const char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/'))
		mkdir(arena_printf(&bench->arena, "%.*s", (int)(slash - path), path), 0700);
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	bool ok = fd >= 0 && file_write(NULL, fd, bytes, 0, path, NULL);
	assert(ok);
	file_close(fd);
}

static struct slice random_hex(struct bench *bench, size_t bytes)
{
	char *text = arena_alloc(&bench->arena, bytes);

	random_bytes(&bench->random, text, bytes);
	return hex_text(&bench->arena, (struct slice){ text, bytes });
}

static struct slice hash_of(struct bench *bench, struct slice text)
{
	return digest_sha256_hex(text, arena_alloc(&bench->arena, SHA256_HEX_BYTES));
}

static void add_record(struct bench *bench, struct buffer *out)
{
	static const struct slice names[] = { S_INIT("CreateUser"), S_INIT("AttachUserPolicy"), S_INIT("GetUser"), S_INIT("DescribeTrails") };
	struct slice user = random_hex(bench, 4), id = random_hex(bench, 16);
	struct record record = {
		.time_ms = 1768471267000, .type = RECORD_API_CALL, .category = RECORD_MANAGEMENT,
		.identity = {
			.type = IDENTITY_IAM_USER, .principal_id = arena_format(&bench->arena, "AIDA%.*s", SLICE_ARG(random_hex(bench, 8))),
			.arn = arena_format(&bench->arena, "arn:aws:iam::111122223333:user/%.*s", SLICE_ARG(user)), .account_id = ACCOUNT,
			.access_key_id = arena_format(&bench->arena, "AKIA%.*s", SLICE_ARG(random_hex(bench, 8))), .user_name = user,
		},
		.event_source = S("iam.amazonaws.com"), .event_name = names[random_u64(&bench->random) % COUNT(names)], .region = REGION,
		.source_ip = arena_format(&bench->arena, "203.0.113.%u", (unsigned)(random_u64(&bench->random) % 256)),
		.user_agent = S("aws-cli/2.15.0 Python/3.11.6 Linux/6.1.0-18-amd64 exe/x86_64.debian.12 prompt/off command/iam.create-user"),
		.request_id = id, .event_id = id, .recipient_account_id = ACCOUNT,
		.request_parameters = arena_format(&bench->arena, "{\"userName\":\"%.*s\",\"path\":\"/eng/\"}", SLICE_ARG(user)),
		.tls_version = S("TLSv1.3"), .tls_cipher_suite = S("TLS_AES_128_GCM_SHA256"), .client_provided_host = S("iam.amazonaws.com"),
	};

	record_write(&record, out);
}

static void make_bodies(struct bench *bench, long records)
{
	for (int i = 0; i < BODIES; i++) {
		struct buffer out;
		buffer_init(&out, &bench->arena, SIZE_MAX);
		buffer_add(&out, S("{\"Records\":["));
		for (long r = 0; r < records; r++) {
			buffer_add(&out, r ? S(",") : S(""));
			add_record(bench, &out);
		}
		buffer_add(&out, S("]}"));
		bench->bodies[i].file = gzip_write(bench->gzip, &bench->arena, buffer_slice(&out));
		bench->bodies[i].hash = hash_of(bench, buffer_slice(&out));
		if (i == 0)
			printf("# %zu bytes, compressed %zu\n", out.len, bench->bodies[i].file.len);
	}
}

static void make_key(struct bench *bench)
{
	unsigned char secret[RSA_PRIVATE_BYTES], md5[MD5_BYTES];

	rsa_make(&bench->random, secret);
	bench->signer = rsa_signer_new(secret, NULL);
	struct slice der = rsa_public_der(bench->signer, &bench->arena);
	digest_md5(der, md5);
	bench->fingerprint = hex_text(&bench->arena, (struct slice){ (const char *)md5, sizeof md5 });
	put(bench, "keys.json", arena_format(&bench->arena, "{\"PublicKeyList\":[{\"Value\":\"%.*s\",\"Fingerprint\":\"%.*s\"}]}",
	                                     SLICE_ARG(base64_text(&bench->arena, der)), SLICE_ARG(bench->fingerprint)));
}

static struct slice put_log(struct bench *bench, int64_t time_ms, long number)
{
	struct object_key name = {
		.kind = OBJECT_KEY_LOG, .account = ACCOUNT, .region = REGION, .time_ms = time_ms,
		.unique = arena_format(&bench->arena, "%016ld", number),
	};
	struct slice key = object_keys_make(&bench->arena, &name);

	put(bench, arena_printf(&bench->arena, "bucket/%.*s", SLICE_ARG(key)), bench->bodies[number % BODIES].file);
	return key;
}

/* Fills `document` but for the files and the one before it; gives its JSON. */
static struct slice put_digest(struct bench *bench, struct digest_document *document, struct slice *signature)
{
	struct object_key name = {
		.kind = OBJECT_KEY_DIGEST, .account = ACCOUNT, .region = REGION, .trail = S("audit"), .home_region = REGION,
		.time_ms = document->end_ms,
	};
	unsigned char bytes[RSA_SIGNATURE_BYTES];

	document->account = ACCOUNT;
	document->bucket = BUCKET;
	document->key = object_keys_make(&bench->arena, &name);
	document->fingerprint = bench->fingerprint;
	struct slice json = digest_document_write(&bench->arena, document);
	rsa_sign(bench->signer, &bench->random, digest_document_to_sign(&bench->arena, document, json), bytes);
	*signature = hex_text(&bench->arena, (struct slice){ (const char *)bytes, sizeof bytes });
	put(bench, arena_printf(&bench->arena, "bucket/%.*s", SLICE_ARG(document->key)), gzip_write(bench->gzip, &bench->arena, json));
	json_member(&bench->json, document->key, *signature);
	return json;
}

static void make_bucket(struct bench *bench, long files)
{
	struct digest_document document = {0};
	struct slice json = SLICE_NONE, signature = SLICE_NONE;
	int64_t start_ms = 1767225600000;
	long made = 0;

	for (; made < files; start_ms += HOUR_MS) {
		struct digest_file *list = arena_array(&bench->arena, FILES_A_DIGEST, sizeof *list);
		struct digest_document before = document;
		document = (struct digest_document){ .start_ms = start_ms, .end_ms = start_ms + HOUR_MS, .files = list };
		for (; document.file_count < FILES_A_DIGEST && made < files; made++)
			list[document.file_count++] = (struct digest_file){
				.bucket = BUCKET, .key = put_log(bench, start_ms + HOUR_MS / 2, made), .hash = bench->bodies[made % BODIES].hash,
				.newest_ms = start_ms, .oldest_ms = start_ms,
			};
		if (json.ptr) {
			document.previous_bucket = before.bucket;
			document.previous_key = before.key;
			document.previous_hash = hash_of(bench, json);
			document.previous_signature = signature;
		}
		json = put_digest(bench, &document, &signature);
	}
	put(bench, "head.json", arena_format(&bench->arena, "{\"s3Object\":\"%.*s\",\"signature\":\"%.*s\"}", SLICE_ARG(document.key),
	                                     SLICE_ARG(signature)));
}

int main(int argc, char **argv)
{
	struct bench bench = { .gzip = gzip_writer_new() };

	if (argc != 4) {
		fputs("usage: bench-verify DIR FILES RECORDS\n", stderr);
		return 2;
	}
	arena_init(&bench.arena, (size_t)8 << 30);
	random_init_seeded(&bench.random, 1);
	bench.dir = argv[1];
	buffer_init(&bench.signatures, &bench.arena, SIZE_MAX);
	json_writer_init(&bench.json, &bench.signatures);
	json_object_begin(&bench.json);
	make_key(&bench);
	make_bodies(&bench, strtol(argv[3], NULL, 10));
	make_bucket(&bench, strtol(argv[2], NULL, 10));
	json_object_end(&bench.json);
	put(&bench, "signatures.json", buffer_slice(&bench.signatures));
	rsa_signer_free(bench.signer);
	gzip_writer_free(bench.gzip);
	arena_fini(&bench.arena);
	return 0;
}
