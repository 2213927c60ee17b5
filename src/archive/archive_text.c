/* archive/archive_text.c: bytes from a file, a pipe, a source or memory; through one of two inflaters or none; into the window. */
#include "archive/archive_text.h"

#include "base/file.h"
#include "base/limits.h"
#include "codec/gzip.h"
#include "codec/gzip_stream.h"

#include <poll.h>

enum { INPUT_PART = 4, STEP_BYTES = 1 << 20, POLL_MS = 50, NO_FD = -1 };

struct archive_text {
	bool              (*must_stop)(void *user);
	void               *user;
	struct gzip_reader *whole;
	struct gzip_stream *stream;

	/* where the bytes come from */
	int          fd;
	bool         is_regular;
	struct slice memory;                    /* if fd is NO_FD */
	struct archive_source *source;          /* of the stream, if there is one */
	struct archive_stream *stream_in;
	struct error           failure;         /* its */
	uint64_t     bytes_read;
	bool         has_all_input;

	/* what is read of it and not yet inflated */
	char        *input;
	size_t       input_room;
	struct slice in;
	bool         is_gzip;

	/* the text */
	char            *window;
	size_t           window_room, begin, end;
	uint64_t         bytes;
	bool             is_over;               /* nothing more comes */
	enum scan_reason fault;
};

struct archive_text *archive_text_new(size_t window_bytes, bool (*must_stop)(void *user), void *user)
{
	struct archive_text *text = xcalloc(1, sizeof *text);

	assert(window_bytes >= ARCHIVE_WINDOW_BYTES_MIN);
	text->must_stop = must_stop;
	text->user = user;
	text->whole = gzip_reader_new();
	text->stream = gzip_stream_new();
	text->fd = NO_FD;
	text->input_room = window_bytes / INPUT_PART;
	text->input = xmalloc(text->input_room);
	text->window_room = window_bytes;
	text->window = xmalloc(window_bytes);
	return text;
}

void archive_text_free(struct archive_text *text)
{
	if (!text)
		return;
	archive_text_close(text);
	gzip_reader_free(text->whole);
	gzip_stream_free(text->stream);
	free(text->input);
	free(text->window);
	free(text);
}

void archive_text_close(struct archive_text *text)
{
	if (text->fd > STDIN_FILENO)
		file_close(text->fd);
	text->fd = NO_FD;
	if (text->stream_in)
		text->source->close(text->stream_in);
	text->stream_in = NULL;
	text->failure.kind = ERR_NONE;
}

/* ---- bytes ---- */

bool archive_text_must_stop(const struct archive_text *text)
{
	return text->must_stop && text->must_stop(text->user);
}

static bool read_fails(struct archive_text *text)
{
	text->fault = SCAN_UNREADABLE;
	text->has_all_input = text->is_over = true;
	return false;
}

static bool read_stream(struct archive_text *text, char *to, size_t room, size_t *got)
{
	if (!text->source->read(text->stream_in, to, room, got, &text->failure)) {
		read_fails(text);
		text->fault = text->failure.kind == ERR_NOT_FOUND ? SCAN_VANISHED
		            : text->failure.kind == ERR_DENIED ? SCAN_DENIED : SCAN_UNREADABLE;
		return false;
	}
	text->has_all_input = *got == 0;
	return true;
}

/* From a pipe: what there is, after waiting for the first of it. */
static bool read_pipe(struct archive_text *text, char *to, size_t room, size_t *got)
{
	for (;;) {
		struct pollfd ready = { .fd = text->fd, .events = POLLIN };
		if (archive_text_must_stop(text))
			return read_fails(text);
		int count = poll(&ready, 1, POLL_MS);
		if (count < 0 && errno != EINTR)
			return read_fails(text);
		if (count <= 0)
			continue;
		ssize_t bytes = read(text->fd, to, room);
		if (bytes >= 0) {
			*got = (size_t)bytes;
			text->has_all_input = bytes == 0;
			return true;
		}
		if (errno != EINTR && errno != EAGAIN)
			return read_fails(text);
	}
}

static bool read_bytes(struct archive_text *text, char *to, size_t room, size_t *got)
{
	*got = 0;
	if (text->has_all_input)
		return true;
	if (text->stream_in) {
		if (!read_stream(text, to, room, got))
			return false;
	} else if (text->fd == NO_FD) {
		*got = text->memory.len < room ? text->memory.len : room;
		memcpy(to, text->memory.ptr, *got);
		text->memory = slice_from(text->memory, *got);
		text->has_all_input = text->memory.len == 0;
	} else if (text->is_regular) {
		if (!file_read(NULL, text->fd, to, room, text->bytes_read, got, "archive", NULL))
			return read_fails(text);
		text->has_all_input = *got < room;
	} else if (!read_pipe(text, to, room, got)) {
		return false;
	}
	text->bytes_read += *got;
	return true;
}

/* ---- opening ---- */

/* The whole file at once, if all of it is here and fits. */
static bool inflate_whole(struct archive_text *text)
{
	if (!text->has_all_input || gzip_claimed_bytes(text->in) > text->window_room)
		return false;
	struct slice out = gzip_read_into(text->whole, text->in, text->window, text->window_room, NULL);
	if (!out.ptr)
		return false;                    /* too large or damaged: the stream tells, and gives what there is */
	text->end = out.len;
	text->bytes = out.len;
	text->in = S("");
	text->is_over = true;
	return true;
}

static enum scan_reason begin(struct archive_text *text)
{
	enum { MAGIC_BYTES = 3 };
	size_t length = 0, got = 1;

	text->bytes_read = text->bytes = text->begin = text->end = 0;
	text->has_all_input = text->is_over = false;
	text->fault = SCAN_READ;
	while (!text->has_all_input && (length < MAGIC_BYTES || (text->is_regular && length < text->input_room))) {
		if (!read_bytes(text, text->input + length, text->input_room - length, &got))
			return text->fault;
		length += got;
	}
	if (length == 0)
		return SCAN_EMPTY;
	text->in = (struct slice){ text->input, length };
	text->is_gzip = gzip_is_gzip(text->in);
	if (text->is_gzip && inflate_whole(text))
		return SCAN_READ;
	gzip_stream_begin(text->stream);
	archive_text_more(text, 0);
	return text->fault == SCAN_READ || text->end > 0 ? SCAN_READ : text->fault;
}

enum scan_reason archive_text_open_memory(struct archive_text *text, struct slice bytes)
{
	archive_text_close(text);
	text->memory = bytes;
	text->is_regular = true;
	return begin(text);
}

enum scan_reason archive_text_open_source(struct archive_text *text, struct archive_source *source, const char *path)
{
	archive_text_close(text);
	text->source = source;
	text->stream_in = source->open(source, path);
	text->is_regular = true;                         /* it need not be given out as soon as it comes */
	return begin(text);
}

enum scan_reason archive_text_open(struct archive_text *text, const char *path, bool is_named)
{
	struct stat status;
	bool is_stdin = strcmp(path, "-") == 0;

	archive_text_close(text);
	text->fd = STDIN_FILENO;
	if (!is_stdin) {
		if (stat(path, &status) != 0)
			status.st_mode = S_IFREG;        /* opening it fails too, or it has just come */
		if (!is_named && !S_ISREG(status.st_mode))
			return SCAN_NO_FILE;
		text->fd = file_open_named(path, NULL);
		if (text->fd < 0)
			return SCAN_UNREADABLE;
	}
	text->is_regular = !is_stdin && fstat(text->fd, &status) == 0 && S_ISREG(status.st_mode);
	return begin(text);
}

/* ---- the window ---- */

struct slice archive_text_unread(const struct archive_text *text)
{
	return (struct slice){ text->window + text->begin, text->end - text->begin };
}

static void over(struct archive_text *text, enum scan_reason fault)
{
	text->fault = fault;
	text->is_over = true;
}

static size_t inflate_more(struct archive_text *text, char *to, size_t room)
{
	size_t total = 0;

	while (total == 0 && !text->is_over && !archive_text_must_stop(text)) {
		size_t got = 0, written;
		if (text->in.len == 0 && !text->has_all_input) {
			if (!read_bytes(text, text->input, text->input_room, &got))
				break;
			text->in = (struct slice){ text->input, got };
		}
		switch (gzip_stream_read(text->stream, &text->in, text->has_all_input, to + total, room - total, &written)) {
		case GZIP_GOES_ON:  break;
		case GZIP_ENDED:    over(text, SCAN_READ); break;
		case GZIP_CUT:      over(text, SCAN_CUT); break;
		case GZIP_DAMAGED:  over(text, SCAN_DAMAGED); break;
		case GZIP_FOLLOWED: over(text, SCAN_FOLLOWED); break;
		}
		total += written;
		uint64_t bytes = text->bytes + total, taken = text->bytes_read - text->in.len;
		if (bytes > ARCHIVE_RATIO_BYTES_MIN && bytes / ARCHIVE_RATIO_MAX > taken) {
			over(text, SCAN_BOMB);
			total = 0;
		}
	}
	return total;
}

static size_t copy_more(struct archive_text *text, char *to, size_t room)
{
	size_t got = text->in.len < room ? text->in.len : room;

	if (got > 0) {
		memcpy(to, text->in.ptr, got);
		text->in = slice_from(text->in, got);
	} else {
		read_bytes(text, to, room, &got);
	}
	text->is_over = text->is_over || (text->has_all_input && text->in.len == 0);
	return got;
}

bool archive_text_more(struct archive_text *text, size_t used)
{
	assert(used <= text->end - text->begin);
	text->begin += used;
	if (text->is_over || archive_text_must_stop(text))
		return false;
	if (text->begin > 0) {
		memmove(text->window, text->window + text->begin, text->end - text->begin);
		text->end -= text->begin;
		text->begin = 0;
	}
	size_t room = text->window_room - text->end;
	if (room == 0)
		return false;
	if (room > STEP_BYTES)
		room = STEP_BYTES;               /* what is worked on next is then still in the cache */
	char *to = text->window + text->end;
	size_t got = text->is_gzip ? inflate_more(text, to, room) : copy_more(text, to, room);
	text->end += got;
	text->bytes += got;
	return got > 0;
}

enum scan_reason archive_text_fault(const struct archive_text *text)
{
	return text->fault;
}

struct slice archive_text_why(const struct archive_text *text)
{
	return text->failure.kind == ERR_NONE ? S("") : slice_of(text->failure.message);
}

uint64_t archive_text_bytes_read(const struct archive_text *text)
{
	return text->bytes_read;
}

uint64_t archive_text_bytes(const struct archive_text *text)
{
	return text->bytes;
}
