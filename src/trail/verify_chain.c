/* trail/verify_chain.c: digests: each for itself, then each with the one before it. */
#include "base/clock.h"
#include "base/limits.h"
#include "codec/gzip.h"
#include "codec/hex.h"
#include "codec/rsa.h"
#include "trail/verify_keys.h"
#include "trail/verify_run.h"
#include "trail/verify_source.h"

enum { DELIVERED_TOLERANCE_MS = 60 * 1000 };    /* between an object's time and its trail's status */

/* ---- one digest, on any thread ---- */

static void find_fault(struct verify_digest *digest, struct arena *arena, enum verify_finding finding, const char *detail)
{
	digest->finding = (int)finding;
	digest->detail = arena_copy(arena, slice_of(detail));
}

/* Is the place that a digest or its name says the one where it lies? A copy may begin below the bucket's prefix. */
static bool is_in_place(const struct verify_digest *digest)
{
	const struct digest_document *document = &digest->document;
	struct slice stored = document->key, key = digest->key;
	bool is_same = slice_equal(stored, key)
	            || (stored.len > key.len && slice_has_suffix(stored, key) && stored.ptr[stored.len - key.len - 1] == '/');

	if (digest->object.bucket.ptr)
		is_same = slice_equal(stored, key) && slice_equal(document->bucket, digest->object.bucket);
	return is_same && slice_equal(document->account, digest->name.account) && document->end_ms == digest->name.time_ms;
}

static void read_body(struct verify_thread *thread, struct verify_digest *digest, struct slice body)
{
	struct error err = {0};
	struct slice json = gzip_read(thread->gzip, body, VERIFY_DIGEST_BYTES_MAX, &err);

	if (json.ptr)
		json = arena_copy(&thread->arena, json);
	if (!json.ptr || !digest_document_read(&thread->arena, json, &digest->document, &err)) {
		find_fault(digest, &thread->arena, VERIFY_DIGEST_FORMAT, err.message);
		return;
	}
	digest_sha256_hex(json, digest->hash);
	digest->to_sign = digest_document_to_sign(&thread->arena, &digest->document, json);
	digest->is_read = true;
	if (!is_in_place(digest))
		find_fault(digest, &thread->arena, VERIFY_DIGEST_MOVED, arena_cstr(&thread->arena, digest->document.key));
}

void verify_read_digest(struct verify_thread *thread, size_t index)
{
	struct verify_digest *digest = &thread->run->digests[index];
	struct verify_source *source = thread->run->options->source;
	struct verify_bytes bytes;
	struct error err = {0};
	bool is_missing = false;

	if (!source->get(source, &digest->object, &bytes, &is_missing, &err)) {
		find_fault(digest, &thread->arena, VERIFY_UNREADABLE, is_missing ? "it was there when the objects were listed" : err.message);
		return;
	}
	digest->signature = arena_copy(&thread->arena, bytes.signature);
	read_body(thread, digest, bytes.body);
	source->drop(source, &bytes);
}

/* ---- chains ---- */

static bool is_same_chain(const struct object_key *a, const struct object_key *b)
{
	return slice_equal(a->account, b->account) && slice_equal(a->region, b->region) && slice_equal(a->trail, b->trail)
	    && slice_equal(a->home_region, b->home_region) && a->is_backfill == b->is_backfill;
}

/* What is known from elsewhere about the newest digests. A chain of which nothing is left is asked about too. */
static void check_heads(struct verify_run *run)
{
	for (size_t i = 0; i < run->options->head_count; i++) {
		const struct verify_head *head = &run->options->heads[i];
		struct verify_digest *found = verify_find_digest(run, head->bucket, head->key);
		if (!found) {
			verify_add_problem(run, VERIFY_HEAD, head->key, "it is the newest one known, and is not here");
		} else if (!found->signature.ptr) {
			found->signature = head->signature;
		} else if (!slice_equal(found->signature, head->signature)) {
			verify_add_problem(run, VERIFY_HEAD, found->key, "its signature is not the expected one");
		}
	}
}

/* When the last digest of a trail and region was delivered, by its status: no digest here is as new if that one is gone. */
static void check_delivered(struct verify_run *run, const struct verify_delivered *delivered)
{
	char text[TIME_TEXT_BYTES];
	int64_t newest_ms = 0;

	for (size_t i = 0; i < run->digest_count; i++) {
		const struct object_key *name = &run->digests[i].name;
		if (slice_equal(name->account, delivered->account) && slice_equal(name->region, delivered->region)
		    && slice_equal(name->trail, delivered->trail) && slice_equal(name->home_region, delivered->home_region)
		    && run->digests[i].object.modified_ms > newest_ms)
			newest_ms = run->digests[i].object.modified_ms;
	}
	if (newest_ms < delivered->time_ms - DELIVERED_TOLERANCE_MS)
		verify_add_problem(run, VERIFY_HEAD, SLICE_NONE, "a digest of %.*s in %.*s was delivered at %.*s and is not here",
		                   SLICE_ARG(delivered->trail), SLICE_ARG(delivered->region),
		                   SLICE_ARG(time_iso(delivered->time_ms, text)));
}

/* Were objects of this bucket listed? */
static bool is_listed(const struct verify_run *run, struct slice bucket)
{
	for (size_t i = 0; i < run->digest_count; i++)
		if (slice_equal(run->digests[i].object.bucket, bucket))
			return true;
	for (size_t i = 0; i < run->log_count; i++)
		if (slice_equal(run->logs[i].object.bucket, bucket))
			return true;
	return false;
}

/* A trail that moved: what a digest names may lie in a bucket that is not looked at here. */
static bool is_elsewhere(const struct verify_run *run, const struct verify_digest *digest, struct slice bucket)
{
	return bucket.ptr && !slice_equal(bucket, digest->document.bucket) && !is_listed(run, bucket);
}

static void add_elsewhere(struct verify_run *run, struct slice key, struct slice bucket)
{
	verify_add_problem(run, VERIFY_UNREADABLE, key, "it lies in another bucket, %.*s: verify both together", SLICE_ARG(bucket));
}

/* How many are missing nobody can tell, but which time they were of. `older` is the next one that is here; NULL: none. */
static void add_missing(struct verify_run *run, const struct verify_digest *digest, const struct verify_digest *older)
{
	const struct digest_document *document = &digest->document;
	char from[TIME_TEXT_BYTES], to[TIME_TEXT_BYTES];
	struct slice end = time_iso(document->start_ms, to);
	struct slice start = older && older->is_read ? time_iso(older->document.end_ms, from) : SLICE_NONE;

	if (start.ptr)
		verify_add_problem(run, VERIFY_DIGEST_MISSING, document->previous_key,
		                   "named by %.*s; without it nothing is known of %.*s to %.*s", SLICE_ARG(digest->key),
		                   SLICE_ARG(start), SLICE_ARG(end));
	else
		verify_add_problem(run, VERIFY_DIGEST_MISSING, document->previous_key,
		                   "named by %.*s; without it nothing is known of the time before %.*s", SLICE_ARG(digest->key),
		                   SLICE_ARG(end));
}

/* The link from a digest to the one before it. */
static void check_link(struct verify_run *run, struct verify_digest *digest, const struct verify_digest *older)
{
	const struct digest_document *document = &digest->document;

	digest->is_start = !document->previous_key.ptr;
	if (digest->is_start)
		return;
	struct verify_digest *previous = verify_find_digest(run, document->previous_bucket, document->previous_key);
	if (!previous) {
		struct object_key name;
		object_keys_parse(document->previous_key, &name);
		if (name.kind == OBJECT_KEY_DIGEST && name.time_ms < run->options->start_ms)
			return;
		if (is_elsewhere(run, digest, document->previous_bucket))
			add_elsewhere(run, document->previous_key, document->previous_bucket);
		else
			add_missing(run, digest, older);
		return;
	}
	if (!previous->is_read)
		return;                                 /* reported for itself */
	if (!slice_equal((struct slice){ previous->hash, sizeof previous->hash }, document->previous_hash))
		verify_add_problem(run, VERIFY_DIGEST_PREVIOUS, previous->key, "the digest after it, %.*s, has another hash of it",
		                   SLICE_ARG(digest->key));
	if (previous->document.end_ms != document->start_ms)
		verify_add_problem(run, VERIFY_DIGEST_GAP, digest->key, "it begins at another time than the one before it ends");
	if (!previous->signature.ptr)
		previous->signature = document->previous_signature;
	else if (!slice_equal(previous->signature, document->previous_signature))
		verify_add_problem(run, VERIFY_DIGEST_PREVIOUS, previous->key, "the digest after it, %.*s, has another signature of it",
		                   SLICE_ARG(digest->key));
}

static void check_signature(struct verify_run *run, struct verify_digest *digest)
{
	const struct rsa_verifier *key = verify_keys_find(run->options->keys, digest->document.fingerprint);
	char signature[1024];
	size_t bytes = digest->signature.len / 2;

	if (!key) {
		verify_add_problem(run, VERIFY_DIGEST_KEY, digest->key, "fingerprint %.*s",
		                   SLICE_ARG(slice_sub(digest->document.fingerprint, 0, 64)));
		return;
	}
	if (!digest->signature.ptr) {
		verify_add_problem(run, VERIFY_HEAD_UNSIGNED, digest->key,
		                   "no later digest has its signature, and neither does this copy; give --expect-head");
		return;
	}
	digest->is_valid = digest->signature.len % 2 == 0 && bytes <= sizeof signature
	                && hex_decode(digest->signature, signature, bytes)
	                && rsa_verify(key, digest->to_sign, (struct slice){ signature, bytes });
	if (!digest->is_valid)
		verify_add_problem(run, VERIFY_DIGEST_SIGNATURE, digest->key, "the digest is not what was signed");
}

static void expect_logs(struct verify_run *run, const struct verify_digest *digest)
{
	for (size_t i = 0; i < digest->document.file_count; i++) {
		const struct digest_file *file = &digest->document.files[i];
		struct verify_log *log = verify_find_log(run, file->bucket, file->key);
		if (!log) {
			if (is_elsewhere(run, digest, file->bucket))
				add_elsewhere(run, file->key, file->bucket);
			else
				verify_add_problem(run, VERIFY_LOG_MISSING, file->key, "listed by %.*s", SLICE_ARG(digest->key));
			continue;
		}
		log->is_proven = log->is_proven || digest->is_valid;
		if (!log->expected_hash.ptr || digest->is_valid)
			log->expected_hash = file->hash;
	}
}

static void note_span(struct verify_report *report, const struct digest_document *document)
{
	if (report->start_ms == 0 || document->start_ms < report->start_ms)
		report->start_ms = document->start_ms;
	if (document->end_ms > report->end_ms)
		report->end_ms = document->end_ms;
}

/* Newest first, because the signature of each is in the one after it. */
static void check_chain(struct verify_run *run, struct verify_digest *chain, size_t count)
{
	for (size_t i = count; i-- > 0;) {
		struct verify_digest *digest = &chain[i];
		run->report->digests++;
		if (digest->finding != VERIFY_OK)
			verify_add_problem(run, (enum verify_finding)digest->finding, digest->key, "%.*s", SLICE_ARG(digest->detail));
		if (!digest->is_read)
			continue;
		check_link(run, digest, i > 0 ? &chain[i - 1] : NULL);
		run->has_restart = run->has_restart || (digest->is_start && i > 0);
		if (digest->finding == VERIFY_OK)
			check_signature(run, digest);
		run->report->digests_valid += digest->is_valid;
		expect_logs(run, digest);
		note_span(run->report, &digest->document);
	}
}

void verify_check_chains(struct verify_run *run)
{
	size_t count;

	check_heads(run);
	for (size_t i = 0; i < run->options->delivered_count; i++)
		check_delivered(run, &run->options->delivered[i]);
	for (size_t i = 0; i < run->digest_count; i += count) {
		count = 1;
		while (i + count < run->digest_count && is_same_chain(&run->digests[i].name, &run->digests[i + count].name))
			count++;
		check_chain(run, &run->digests[i], count);
	}
}
