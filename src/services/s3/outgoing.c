/* services/s3/outgoing.c: one reader at a time, opened when its first byte is wanted. */
#include "services/s3/outgoing.h"

#include "auth/keyring.h"
#include "base/limits.h"
#include "bucket/parts.h"
#include "store/object_reader.h"

enum { KEY_ARENA_BYTES = 4096 };

struct piece { char file[OBJECT_NAME_BYTES]; struct slice sealed_key; uint64_t bytes; };

struct outgoing {
	struct objects       *objects;
	struct keyring       *keyring;
	const struct piece   *pieces;                   /* in the call's arena */
	size_t                piece_count, piece;       /* `piece`: the one in hand */
	uint64_t              at, left;                 /* in the piece in hand; altogether */
	struct object_reader *reader;                   /* of the piece in hand; or NULL */
};

static bool list_pieces(struct call *call, const struct bucket *bucket, const struct version *version, struct outgoing *outgoing,
                        struct error *err)
{
	const struct content *content = &version->content;
	struct part_list parts = {0};
	struct part whole = { .bytes = content->bytes, .file = content->file, .sealed_key = content->sealed_key };

	if (!content->parts_id.ptr)
		parts = (struct part_list){ .items = &whole, .count = content->file.ptr ? 1 : 0 };
	else if (!parts_list(call->catalog, &call->arena, bucket, content->parts_id, 0, S3_PARTS_MAX, &parts, err))
		return false;
	struct piece *pieces = arena_array(&call->arena, parts.count + 1, sizeof *pieces);
	for (size_t i = 0; i < parts.count; i++) {
		if (!parts.items[i].file.ptr)
			continue;
		if (parts.items[i].file.len != OBJECT_NAME_BYTES)
			return fail(err, ERR_CORRUPT, "%.*s is no name of an object's file", SLICE_ARG(parts.items[i].file));
		struct piece *piece = &pieces[outgoing->piece_count++];
		memcpy(piece->file, parts.items[i].file.ptr, OBJECT_NAME_BYTES);
		piece->sealed_key = parts.items[i].sealed_key;
		piece->bytes = (uint64_t)parts.items[i].bytes;
	}
	outgoing->pieces = pieces;
	return true;
}

static bool open_reader(struct outgoing *outgoing, struct error *err)
{
	const struct piece *piece = &outgoing->pieces[outgoing->piece];
	struct slice name = { piece->file, OBJECT_NAME_BYTES };
	struct arena arena;

	arena_init(&arena, KEY_ARENA_BYTES);
	struct slice key = keyring_unseal(outgoing->keyring, KEYRING_OBJECT_KEY, name, piece->sealed_key, &arena, err);
	if (key.len == OBJECT_KEY_BYTES)
		outgoing->reader = object_open(outgoing->objects, name, (const unsigned char *)key.ptr, piece->bytes, err);
	else
		fail(err, ERR_CORRUPT, "the data key of objects/%.2s/%.*s does not open", name.ptr, SLICE_ARG(name));
	if (key.ptr)
		digest_wipe((char *)(uintptr_t)key.ptr, key.len);
	arena_fini(&arena);
	return outgoing->reader != NULL;
}

static void next_piece(struct outgoing *outgoing)
{
	object_reader_close(outgoing->reader);
	outgoing->reader = NULL;
	outgoing->piece++;
	outgoing->at = 0;
}

/* To the piece that holds the byte at `from`. */
static bool seek(struct outgoing *outgoing, uint64_t from, struct error *err)
{
	while (outgoing->piece < outgoing->piece_count && from >= outgoing->pieces[outgoing->piece].bytes)
		from -= outgoing->pieces[outgoing->piece++].bytes;
	outgoing->at = from;
	return outgoing->piece < outgoing->piece_count
	    || fail(err, ERR_CORRUPT, "the parts of an object are shorter than its row says");
}

struct outgoing *outgoing_open(struct call *call, const struct bucket *bucket, const struct version *version, uint64_t from,
                               uint64_t bytes, struct error *err)
{
	struct outgoing *outgoing = xcalloc(1, sizeof *outgoing);
	char first;

	outgoing->objects = call->environment->objects;
	outgoing->keyring = call->environment->keyring;
	outgoing->left = bytes;
	if (list_pieces(call, bucket, version, outgoing, err)
	    && (bytes == 0
	        || (seek(outgoing, from, err) && open_reader(outgoing, err) && object_read(outgoing->reader, outgoing->at, &first, 1, err))))
		return outgoing;
	outgoing_close(outgoing);
	return NULL;
}

bool outgoing_read(struct outgoing *outgoing, char *out, size_t room, size_t *got, struct error *err)
{
	*got = 0;
	while (room > 0 && outgoing->left > 0) {
		if (!seek(outgoing, outgoing->at, err) || (!outgoing->reader && !open_reader(outgoing, err)))
			return false;
		uint64_t here = outgoing->pieces[outgoing->piece].bytes - outgoing->at;
		size_t part = here < room ? (size_t)here : room;
		part = outgoing->left < part ? (size_t)outgoing->left : part;
		/* Whole frames are decrypted where they are wanted: so a window ends where a frame does. */
		size_t over = (outgoing->at + part) % OBJECT_FRAME_BYTES;
		if (part < here && part < outgoing->left && over < part)
			part -= over;
		if (!object_read(outgoing->reader, outgoing->at, out, part, err))
			return false;
		out += part;
		room -= part;
		*got += part;
		outgoing->at += part;
		outgoing->left -= part;
		if (outgoing->at == outgoing->pieces[outgoing->piece].bytes)
			next_piece(outgoing);
		else if (over)
			break;
	}
	return true;
}

void outgoing_close(struct outgoing *outgoing)
{
	if (!outgoing)
		return;
	object_reader_close(outgoing->reader);
	free(outgoing);
}
