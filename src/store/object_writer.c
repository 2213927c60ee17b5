/* store/object_writer.c: plain text collects in one frame, which is sealed in place when it is known not to be the last.
 *
 * The file stays locked until its writer is closed: the lock tells the sweep that a row may still come to name it. */
#include "store/object_writer.h"

#include "base/file.h"
#include "codec/hex.h"
#include "store/object_format.h"
#include "store/objects_folder.h"

enum { CREATE_TRIES = 8 };

struct object_writer {
	struct disk      *disk;
	int               folder_fd, fd;
	char              name[OBJECT_NAME_BYTES + 1];
	bool              is_finished, has_failed;
	uint64_t          index;                /* of the frame in hand */
	size_t            have;                 /* bytes of plain text in it */
	struct digest_gcm gcm;
	unsigned char     frame[OBJECT_SEALED_BYTES];
};
_Static_assert(sizeof(struct object_writer) <= OBJECT_WRITER_BYTES, "what budgets count with");

/* *is_taken: the name, or the file by a sweep that found it before it was locked. */
static bool create_file(struct object_writer *writer, bool *is_taken, struct error *err)
{
	unsigned char header[OBJECT_HEADER_BYTES];
	bool is_held = false;

	*is_taken = file_exists(writer->folder_fd, writer->name);
	if (*is_taken)
		return false;
	writer->fd = file_open(writer->disk, writer->folder_fd, writer->name, O_RDWR | O_CREAT | O_EXCL, NULL, err);
	if (writer->fd < 0)
		return false;
	if (!file_lock(writer->fd, &is_held, writer->name, err) || !file_exists(writer->folder_fd, writer->name)) {
		*is_taken = is_held || !file_exists(writer->folder_fd, writer->name);
		return false;
	}
	object_format_header(header);
	return file_write(writer->disk, writer->fd, (struct slice){ (const char *)header, sizeof header }, 0, writer->name, err);
}

static bool create(struct object_writer *writer, struct objects *objects, struct random *random, struct error *err)
{
	bool is_taken = true, ok = false;

	for (int attempt = 0; is_taken && attempt < CREATE_TRIES; attempt++) {
		unsigned char bytes[OBJECT_NAME_BYTES / 2];
		file_close(writer->fd);
		file_close(writer->folder_fd);
		writer->fd = -1;
		random_bytes(random, bytes, sizeof bytes);
		hex_encode(bytes, sizeof bytes, writer->name);
		writer->folder_fd = objects_folder_ensure(objects, object_writer_name(writer), err);
		if (writer->folder_fd < 0)
			return false;
		ok = create_file(writer, &is_taken, err);
	}
	return ok;
}

struct object_writer *object_create(struct objects *objects, const unsigned char key[OBJECT_KEY_BYTES],
                                    struct random *random, struct error *err)
{
	struct object_writer *writer = xmalloc(sizeof *writer);

	memset(writer, 0, offsetof(struct object_writer, gcm));
	writer->disk = objects->disk;
	writer->folder_fd = writer->fd = -1;
	if (!create(writer, objects, random, err)) {
		object_abort(writer);
		return NULL;
	}
	object_format_key(&writer->gcm, key, object_writer_name(writer));
	return writer;
}

struct slice object_writer_name(const struct object_writer *writer)
{
	return (struct slice){ writer->name, OBJECT_NAME_BYTES };
}

static bool write_frame(struct object_writer *writer, bool is_last, struct error *err)
{
	unsigned char nonce[GCM_NONCE_BYTES];
	uint64_t offset = OBJECT_HEADER_BYTES + writer->index * OBJECT_SEALED_BYTES;
	size_t bytes = writer->have;

	object_format_nonce(nonce, writer->index++, is_last);
	digest_gcm_seal(&writer->gcm, nonce, S(""), (struct slice){ (const char *)writer->frame, bytes }, writer->frame);
	writer->have = 0;
	if (file_write(writer->disk, writer->fd, (struct slice){ (const char *)writer->frame, bytes + GCM_TAG_BYTES }, offset,
	               writer->name, err))
		return true;
	writer->has_failed = true;
	return false;
}

bool object_append(struct object_writer *writer, struct slice bytes, struct error *err)
{
	assert(!writer->is_finished && !writer->has_failed);
	while (bytes.len > 0) {
		if (writer->have == OBJECT_FRAME_BYTES && !write_frame(writer, false, err))
			return false;
		size_t room = OBJECT_FRAME_BYTES - writer->have, part = bytes.len < room ? bytes.len : room;
		memcpy(writer->frame + writer->have, bytes.ptr, part);
		writer->have += part;
		bytes = slice_from(bytes, part);
	}
	return true;
}

bool object_finish(struct object_writer *writer, struct object_facts *facts, struct error *err)
{
	assert(!writer->is_finished && !writer->has_failed);
	facts->bytes = writer->index * OBJECT_FRAME_BYTES + writer->have;
	memcpy(facts->name, writer->name, OBJECT_NAME_BYTES);
	writer->is_finished = write_frame(writer, true, err)
	                   && file_sync(writer->disk, writer->fd, "object: its bytes", err)
	                   && file_sync_dir(writer->disk, writer->folder_fd, "object: its name", err);
	writer->has_failed = !writer->is_finished;
	return writer->is_finished;
}

static void end(struct object_writer *writer)
{
	file_close(writer->fd);
	file_close(writer->folder_fd);
	digest_wipe(writer, sizeof *writer);
	free(writer);
}

void object_writer_close(struct object_writer *writer)
{
	if (!writer)
		return;
	assert(writer->is_finished);
	end(writer);
}

void object_abort(struct object_writer *writer)
{
	if (!writer)
		return;
	if (writer->fd >= 0)
		file_unlink(writer->disk, writer->folder_fd, writer->name, NULL);   /* else the next sweep does */
	end(writer);
}
