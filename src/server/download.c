/* server/download.c: one buffer a download, which is being filled or being sent. */
#include "server/download.h"

#include "base/limits.h"
#include "base/log.h"
#include "services/s3/outgoing.h"
#include "store/object_reader.h"

static void read_window(struct work *work, void *thread_state)
{
	struct request *request = (struct request *)(void *)((char *)work - offsetof(struct request, work));
	struct download *download = &request->download;

	(void)thread_state;
	if (!download->buffer)
		download->buffer = xmalloc(HTTP_WINDOW_BYTES);
	if (!outgoing_read(request->rest.outgoing, download->buffer, HTTP_WINDOW_BYTES, &download->bytes, &request->call.error))
		download->bytes = 0;
	http_resume(request->exchange);
}

static void read_next(struct request *request)
{
	request->work = (struct work){ .run = read_window };
	if (!workers_submit(request->front->server->workers, &request->work))
		http_reply_abort(request->exchange);
}

bool download_begin(struct request *request, unsigned status, const struct http_header *headers, size_t header_count)
{
	if (!http_reserve(request->exchange, HTTP_WINDOW_BYTES + OBJECT_READER_BYTES))
		return false;
	request->download.is_under_way = true;
	if (http_reply_begin(request->exchange, status, headers, header_count, request->rest.bytes_out))
		read_next(request);
	return true;
}

void download_resumed(struct request *request)
{
	struct download *download = &request->download;

	if (download->bytes > 0) {
		http_reply_window(request->exchange, (struct slice){ download->buffer, download->bytes });
		return;
	}
	log_line("object unreadable", "bucket=%.*s request=%s reason=\"%s\"", SLICE_ARG(request->rest.bucket), request->call.request_id,
	         request->call.error.message);
	http_reply_abort(request->exchange);
}

void download_sent(struct request *request)
{
	read_next(request);
}

void download_close(struct request *request)
{
	free(request->download.buffer);
	outgoing_close(request->rest.outgoing);
	request->download.buffer = NULL;
	request->rest.outgoing = NULL;
}
