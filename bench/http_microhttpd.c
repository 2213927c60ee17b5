/* bench/http_microhttpd.c: libmicrohttpd set up as spoor would need it, for bench/http.c; built where it is installed.
 *
 * One epoll thread, suspend and resume, and the memory for each connection that heads of 64 KiB need. */
#include <arpa/inet.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

enum { MEMORY_BYTES = 128 << 10, CONNECTIONS_MAX = 16384, BODY_BYTES_MAX = 1 << 20, REPLY_BYTES = 300 };

struct request {
	struct request        *next;
	struct MHD_Connection *connection;
	char                  *body;
	size_t                 len;
	int                    was_suspended;
};

struct owner {
	int             suspends, wake_fd;
	pthread_mutex_t lock;
	struct request *suspended;
};

static enum MHD_Result answer(struct MHD_Connection *connection)
{
	static char body[REPLY_BYTES] = { 'x' };
	struct MHD_Response *response = MHD_create_response_from_buffer(sizeof body, body, MHD_RESPMEM_PERSISTENT);

	MHD_add_response_header(response, "x-amzn-RequestId", "7a1d2f7e-3b7c-4f9d-9f57-6f3a3a0d7c11");
	MHD_add_response_header(response, "Content-Type", "text/xml");
	enum MHD_Result result = MHD_queue_response(connection, 200, response);
	MHD_destroy_response(response);
	return result;
}

static void suspend(struct owner *owner, struct request *request)
{
	const uint64_t one = 1;

	request->was_suspended = 1;
	MHD_suspend_connection(request->connection);
	pthread_mutex_lock(&owner->lock);
	int was_empty = owner->suspended == NULL;
	request->next = owner->suspended;
	owner->suspended = request;
	pthread_mutex_unlock(&owner->lock);
	if (was_empty && write(owner->wake_fd, &one, sizeof one) < 0)
		perror("write");
}

static enum MHD_Result handle(void *user, struct MHD_Connection *connection, const char *url, const char *method,
                              const char *version, const char *upload, size_t *upload_len, void **state)
{
	struct owner *owner = user;
	struct request *request = *state;

	(void)url, (void)method, (void)version;
	if (!request) {
		*state = request = calloc(1, sizeof *request);
		request->connection = connection;
		request->body = malloc(4096);
		return MHD_YES;
	}
	if (*upload_len > 0) {
		if (request->len + *upload_len > BODY_BYTES_MAX)
			return MHD_NO;
		request->body = realloc(request->body, request->len + *upload_len + 4096);
		memcpy(request->body + request->len, upload, *upload_len);
		request->len += *upload_len;
		*upload_len = 0;
		return MHD_YES;
	}
	if (owner->suspends && !request->was_suspended) {
		suspend(owner, request);
		return MHD_YES;
	}
	return answer(connection);
}

static void forget(void *user, struct MHD_Connection *connection, void **state, enum MHD_RequestTerminationCode why)
{
	struct request *request = *state;

	(void)user, (void)connection, (void)why;
	if (request)
		free(request->body);
	free(request);
}

static void *resume_all(void *argument)
{
	struct owner *owner = argument;
	uint64_t count;

	while (read(owner->wake_fd, &count, sizeof count) > 0) {
		pthread_mutex_lock(&owner->lock);
		struct request *next, *request = owner->suspended;
		owner->suspended = NULL;
		pthread_mutex_unlock(&owner->lock);
		for (; request; request = next) {
			next = request->next;
			MHD_resume_connection(request->connection);
		}
	}
	return NULL;
}

int main(int argc, char **argv)
{
	struct owner owner = { .suspends = argc > 1 && strcmp(argv[1], "suspends") == 0, .wake_fd = eventfd(0, 0) };
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	pthread_t thread;

	pthread_mutex_init(&owner.lock, NULL);
	pthread_create(&thread, NULL, resume_all, &owner);
	struct MHD_Daemon *daemon = MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG,
	                                             0, NULL, NULL, handle, &owner,
	                                             MHD_OPTION_SOCK_ADDR, &address,
	                                             MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)MEMORY_BYTES,
	                                             MHD_OPTION_CONNECTION_LIMIT, (unsigned)CONNECTIONS_MAX,
	                                             MHD_OPTION_STRICT_FOR_CLIENT, 1,
	                                             MHD_OPTION_NOTIFY_COMPLETED, forget, NULL, MHD_OPTION_END);
	if (!daemon)
		return 1;
	printf("%u\n", MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT)->port);
	fflush(stdout);
	for (;;)
		pause();
}
