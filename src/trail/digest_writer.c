/* trail/digest_writer.c: reads what the digest says, writes its object, commits. */
#include "trail/digest_writer.h"

#include "codec/hex.h"
#include "store/catalog.h"
#include "trail/digest_document.h"
#include "trail/object_keys.h"
#include "trail/signing_keys.h"
#include "trail/trail_files.h"
#include "trail/trail_status.h"
#include "trail/trail_targets.h"

enum { SECOND_MS = 1000 };

struct writing {
	const struct digest_order *order;
	struct delivery_context   *context;
	struct arena              *arena;

	struct trail_file_list     files;
	struct digest_document     document;
	struct digest_head         head;        /* that it becomes */
	struct trail_object        object;
};

/* ---- where ---- */

static bool is_taken(struct writing *writing, bool *is_taken, struct error *err)
{
	struct catalog *reader = writing->context->reader;
	struct error failure = {0};
	const struct bucket *bucket = buckets_find(reader, writing->arena, writing->document.bucket, &failure);

	*is_taken = bucket && versions_find_latest(reader, writing->arena, bucket, writing->document.key, &failure);
	if (failure.kind != ERR_NONE)
		*err = failure;
	return failure.kind == ERR_NONE;
}

static bool find_key(struct writing *writing, const struct trail_target *target, struct error *err)
{
	const struct digest_order *order = writing->order;
	struct digest_document *document = &writing->document;
	bool is_key_taken = true;

	document->end_ms = order->window.end_ms - SECOND_MS;
	while (is_key_taken) {
		document->end_ms += SECOND_MS;
		if (document->end_ms > order->now_ms)
			return fail(err, ERR_BUSY, "the keys of all seconds up to now are taken");
		document->key = object_keys_make(writing->arena, &(struct object_key){
			.kind = OBJECT_KEY_DIGEST, .prefix = target->prefix, .account = order->chain->account,
			.region = order->chain->region, .trail = order->sender.name, .home_region = order->sender.region,
			.time_ms = document->end_ms,
		});
		if (!is_taken(writing, &is_key_taken, err))
			return false;
	}
	return true;
}

static bool find_place(struct writing *writing, struct error *err)
{
	const struct digest_chain *chain = writing->order->chain;
	struct error failure = {0};
	const struct trail_target *target = trail_targets_newest(writing->context->reader, writing->arena, chain->account,
	                                                         chain->trail_id, &failure);

	if (failure.kind != ERR_NONE) {
		*err = failure;
		return false;
	}
	if (!target)
		return fail(err, ERR_NOT_FOUND, "trail %" PRIu64 " has no place to deliver to", chain->trail_id);
	writing->document.bucket = target->bucket;
	return find_key(writing, target, err);
}

/* ---- what ---- */

static bool list_files(struct writing *writing, struct error *err)
{
	const struct digest_chain *chain = writing->order->chain;
	struct digest_document *document = &writing->document;
	struct trail_file_list *files = &writing->files;

	if (!trail_files_list(writing->context->reader, writing->arena, chain->account, chain->trail_id, chain->region,
	                      document->end_ms, files, err))
		return false;
	struct digest_file *listed = arena_array(writing->arena, files->count ? files->count : 1, sizeof *listed);
	for (size_t i = 0; i < files->count; i++)
		listed[i] = (struct digest_file){
			.bucket = files->items[i].bucket, .key = files->items[i].key, .hash = files->items[i].hash,
			.oldest_ms = files->items[i].oldest_ms, .newest_ms = files->items[i].newest_ms,
		};
	document->files = listed;
	document->file_count = files->count;
	return true;
}

static void link_to_previous(struct writing *writing)
{
	const struct digest_chain *chain = writing->order->chain;
	struct digest_document *document = &writing->document;

	if (chain->is_first)
		return;
	document->previous_bucket = chain->head.bucket;
	document->previous_key = chain->head.key;
	document->previous_hash = chain->head.hash;
	document->previous_signature = chain->head.signature;
}

static bool sign(struct writing *writing, const struct signing_key *key, struct slice json, struct error *err)
{
	struct delivery_context *context = writing->context;
	struct arena *arena = writing->arena;
	struct rsa_signer *signer = signing_keys_open(arena, context->options.keyring, key, err);
	unsigned char signature[RSA_SIGNATURE_BYTES];
	char hash[SHA256_HEX_BYTES];

	if (!signer)
		return false;
	rsa_sign(signer, &context->random, digest_document_to_sign(arena, &writing->document, json), signature);
	rsa_signer_free(signer);
	writing->head = (struct digest_head){
		.bucket = writing->document.bucket, .key = writing->document.key, .end_ms = writing->document.end_ms,
		.hash = arena_copy(arena, digest_sha256_hex(json, hash)),
		.signature = hex_text(arena, (struct slice){ (const char *)signature, sizeof signature }),
	};
	return true;
}

static bool make(struct writing *writing, struct slice *json, struct error *err)
{
	struct delivery_context *context = writing->context;
	struct error failure = {0};

	if (!find_place(writing, err) || !list_files(writing, err))
		return false;
	const struct signing_key *key = signing_keys_at(context->reader, writing->arena, writing->document.end_ms, &failure);
	if (!key) {
		*err = failure;
		return failure.kind == ERR_NONE && fail(err, ERR_BUSY, "there is no signing key yet");
	}
	link_to_previous(writing);
	writing->document.fingerprint = key->fingerprint;
	*json = digest_document_write(writing->arena, &writing->document);
	return sign(writing, key, *json, err) && arena_check(writing->arena, err);
}

/* ---- the commit ---- */

static bool commit(void *user, struct catalog *catalog, struct error *err)
{
	struct writing *writing = user;
	const struct digest_order *order = writing->order;
	const struct digest_chain *chain = order->chain;
	const struct trail_status_key status = { chain->account, chain->trail_id, chain->region };

	if (!digest_chains_advance(catalog, chain, &writing->head, order->window.is_last, err)
	    || !trail_object_put(catalog, writing->arena, &writing->object, order->now_ms, err)
	    || !trail_files_delete(catalog, chain->account, chain->trail_id, chain->region, writing->document.end_ms, err))
		return false;
	if (catalog_changes(catalog) != (int64_t)writing->files.count)
		return fail(err, ERR_CONFLICT, "a file was delivered into a window that was being closed");
	if (!trail_status_note_digest(catalog, &status, order->now_ms, SLICE_NONE, err))
		return false;
	if (order->window.is_last                        /* what was delivered since is not to be listed */
	    && !trail_files_delete(catalog, chain->account, chain->trail_id, chain->region, INT64_MAX, err))
		return false;
	return !order->window.is_last || !order->is_forgotten
	    || (digest_chains_forget(catalog, chain, err)
	        && digest_chains_begin_behind(catalog, chain, order->sender.region, order->sender.name, writing->head.end_ms, err));
}

bool digest_writer_write(struct delivery_context *context, struct arena *arena, const struct digest_order *order,
                         struct error *err)
{
	struct writing writing = {
		.order = order, .context = context, .arena = arena,
		.document = { .account = order->chain->account, .start_ms = order->window.start_ms },
	};
	struct trail_object *object = &writing.object;
	struct slice json;

	if (!make(&writing, &json, err))
		return false;
	object->sender = order->sender;
	object->bucket = writing.document.bucket;
	object->key = writing.document.key;
	object->metadata = arena_format(arena, "x-amz-meta-signature: %.*s\nx-amz-meta-signature-algorithm: SHA256withRSA\n",
	                                SLICE_ARG(writing.head.signature));
	if (!trail_object_check(context->reader, arena, object, order->now_ms, err)
	    || !trail_object_write(context, arena, object, json, err))
		return false;
	object->put.condition.if_none_match = S("*");
	enum delivery_result result = delivery_commit(context, commit, &writing, err);
	trail_object_end(object, result);
	return result == DELIVERY_COMMITTED;
}
