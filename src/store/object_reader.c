/* store/object_reader.c: frames that are wanted whole are decrypted where they are wanted, others beside. */
#include "store/object_reader.h"

#include "base/file.h"
#include "store/object_format.h"
#include "store/objects_folder.h"

enum { NO_FRAME = -1 };

struct object_reader {
	struct disk      *disk;
	int               fd;
	char              name[OBJECT_NAME_BYTES + 1];
	uint64_t          bytes, frame_count;
	int64_t           in_hand;              /* the index of the frame that `frame` holds in plain text, or NO_FRAME */
	struct digest_gcm gcm;
	unsigned char     frame[OBJECT_SEALED_BYTES];
};
_Static_assert(sizeof(struct object_reader) <= OBJECT_READER_BYTES, "what budgets count with");

static bool fail_corrupt(const struct object_reader *reader, const char *what, struct error *err)
{
	return fail(err, ERR_CORRUPT, "objects/%.2s/%s: %s", reader->name, reader->name, what);
}

static bool check_file(struct object_reader *reader, struct error *err)
{
	unsigned char header[OBJECT_HEADER_BYTES], want[OBJECT_HEADER_BYTES];
	uint64_t file_bytes = 0;
	size_t got;

	object_format_header(want);
	if (!file_size(reader->fd, &file_bytes, reader->name, err)
	    || !file_read(reader->disk, reader->fd, header, sizeof header, 0, &got, reader->name, err))
		return false;
	if (got < sizeof header || memcmp(header, want, sizeof header) != 0)
		return fail_corrupt(reader, "does not begin as an object of format 1", err);
	return file_bytes == object_format_file_bytes(reader->bytes)
	    || fail(err, ERR_CORRUPT, "objects/%.2s/%s has %" PRIu64 " bytes and not %" PRIu64, reader->name, reader->name, file_bytes,
	            object_format_file_bytes(reader->bytes));
}

static int open_file(struct object_reader *reader, struct objects *objects, struct error *err)
{
	bool is_missing = false;
	int folder_fd = objects_folder_open(objects, slice_of(reader->name), &is_missing, err);
	int fd = -1;

	if (folder_fd >= 0)
		fd = file_open(objects->disk, folder_fd, reader->name, O_RDONLY, &is_missing, err);
	file_close(folder_fd);
	if (is_missing)
		fail(err, ERR_NOT_FOUND, "objects/%.2s/%s is not there", reader->name, reader->name);
	return fd;
}

struct object_reader *object_open(struct objects *objects, struct slice name, const unsigned char key[OBJECT_KEY_BYTES],
                                  uint64_t bytes, struct error *err)
{
	struct object_reader *reader;

	if (!object_format_is_name(name)) {
		fail(err, ERR_CORRUPT, "%.*s is no name of an object's file", SLICE_ARG(name));
		return NULL;
	}
	reader = xmalloc(sizeof *reader);
	memset(reader, 0, offsetof(struct object_reader, gcm));
	memcpy(reader->name, name.ptr, OBJECT_NAME_BYTES);
	reader->disk = objects->disk;
	reader->bytes = bytes;
	reader->frame_count = object_format_frame_count(bytes);
	reader->in_hand = NO_FRAME;
	reader->fd = open_file(reader, objects, err);
	object_format_key(&reader->gcm, key, name);
	if (reader->fd >= 0 && check_file(reader, err))
		return reader;
	object_reader_close(reader);
	return NULL;
}

static size_t frame_bytes(const struct object_reader *reader, uint64_t index)
{
	return index + 1 < reader->frame_count ? OBJECT_FRAME_BYTES : (size_t)(reader->bytes - index * OBJECT_FRAME_BYTES);
}

/* Decrypts one frame to `plain`, which may be where the sealed bytes are. */
static bool open_frame(struct object_reader *reader, uint64_t index, unsigned char *plain, struct error *err)
{
	unsigned char nonce[GCM_NONCE_BYTES];
	size_t bytes = frame_bytes(reader, index) + GCM_TAG_BYTES, got;

	reader->in_hand = NO_FRAME;
	if (!file_read(reader->disk, reader->fd, reader->frame, bytes, OBJECT_HEADER_BYTES + index * OBJECT_SEALED_BYTES, &got,
	               reader->name, err))
		return false;
	object_format_nonce(nonce, index, index + 1 == reader->frame_count);
	return (got == bytes
	        && digest_gcm_open(&reader->gcm, nonce, S(""), (struct slice){ (const char *)reader->frame, bytes }, plain))
	    || fail(err, ERR_CORRUPT, "objects/%.2s/%s: frame %" PRIu64 " is not as it was written", reader->name, reader->name, index);
}

bool object_read(struct object_reader *reader, uint64_t offset, void *out, size_t bytes, struct error *err)
{
	unsigned char *at = out;

	assert(offset <= reader->bytes && bytes <= reader->bytes - offset);
	if (reader->bytes == 0)                         /* nothing to give out, and still to be checked */
		return open_frame(reader, 0, reader->frame, err);
	while (bytes > 0) {
		uint64_t index = offset / OBJECT_FRAME_BYTES;
		size_t from = (size_t)(offset % OBJECT_FRAME_BYTES), have = frame_bytes(reader, index);
		size_t part = have - from < bytes ? have - from : bytes;

		if (part == have) {
			if (!open_frame(reader, index, at, err))
				return false;
		} else {
			if (reader->in_hand != (int64_t)index && !open_frame(reader, index, reader->frame, err))
				return false;
			reader->in_hand = (int64_t)index;
			memcpy(at, reader->frame + from, part);
		}
		at += part;
		offset += part;
		bytes -= part;
	}
	return true;
}

void object_reader_close(struct object_reader *reader)
{
	if (!reader)
		return;
	file_close(reader->fd);
	digest_wipe(reader, sizeof *reader);
	free(reader);
}
