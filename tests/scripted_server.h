/* tests/scripted_server.h: a server that says what the test wants, byte for byte, whatever it is asked. */
#ifndef SPOOR_TESTS_SCRIPTED_SERVER_H
#define SPOOR_TESTS_SCRIPTED_SERVER_H

#include "base/thread.h"
#include "tests/test.h"

/* One after the other: a reply to the next request on the same connection, or, after SCRIPTED_CLOSE, on the next one. */
#define SCRIPTED_CLOSE "\x01"                   /* closes the connection */

struct scripted_server {
	struct test        *t;
	struct thread       thread;
	int                 listener;
	uint16_t            port;
	const char *const  *replies;            /* ends with NULL: then it closes, and listens no more */
	char                requests[65536];    /* heads and bodies as they came; read them after scripted_server_stop() */
	size_t              used;
	int                 connections;
};

/* Replies that are wanted in one piece are one string. The struct stays where it is. */
void scripted_server_start(struct scripted_server *server, struct test *t, const char *const *replies);
void scripted_server_stop(struct scripted_server *server);

struct slice scripted_server_url(struct test *t, const struct scripted_server *server);

#endif
