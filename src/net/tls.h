/* net/tls.h: TLS 1.2 and 1.3 on a non-blocking socket, the server's side, and the client's for commands.
 *
 * Renegotiation is refused; sessions are resumed with tickets; the protocol offered inside is http/1.1 only. */
#ifndef SPOOR_NET_TLS_H
#define SPOOR_NET_TLS_H

#include "base/base.h"

struct tls_server;                             /* certificate, key, tickets: shared by all threads, never changed */
struct tls;                                    /* one connection, on one thread */

/* Errors: ERR_INVALID names the file and what is wrong with it. */
struct tls_server *tls_server_open(const char *cert_path, const char *key_path, struct error *err);
void tls_server_close(struct tls_server *server);       /* accepts NULL */

struct tls *tls_open(struct tls_server *server, int fd);
void tls_close(struct tls *tls);                        /* frees, says nothing to the peer; accepts NULL */

/* ---- the client's side ---- */
struct tls_client;                             /* whom to trust: shared by all threads, never changed */

/* `ca_path` is a PEM file of authorities; NULL: the system's. Errors: ERR_INVALID. */
struct tls_client *tls_client_open(const char *ca_path, struct error *err);
void tls_client_close(struct tls_client *client);       /* accepts NULL */

/* The handshake fails unless the certificate is `host`'s. NULL on failure. */
struct tls *tls_open_client(struct tls_client *client, int fd, const char *host);

bool        tls_wants_write(const struct tls *tls);     /* what TLS_AGAIN of a handshake waits for */
const char *tls_failure(const struct tls *tls);         /* after TLS_FAILED, for a person */

enum tls_result { TLS_DONE, TLS_AGAIN, TLS_FAILED };

enum tls_result tls_handshake(struct tls *tls);

/* DONE with *got 0: the peer said goodbye. */
enum tls_result tls_read(struct tls *tls, char *out, size_t room, size_t *got);

/* Takes as many bytes as the socket does; what is taken and still encrypted inside goes out with tls_flush(). */
enum tls_result tls_write(struct tls *tls, struct slice bytes, size_t *taken);
enum tls_result tls_flush(struct tls *tls);
bool            tls_is_pending(const struct tls *tls);  /* something to flush */

void tls_say_goodbye(struct tls *tls);                  /* once, without waiting */

/* After the handshake. Static texts, as AWS prints them: "TLSv1.3", "TLS_AES_128_GCM_SHA256", in TLS 1.2
 * "ECDHE-RSA-AES128-GCM-SHA256". The host the client asked for lives with `tls`; SLICE_NONE if it named none. */
struct slice tls_version(const struct tls *tls);
struct slice tls_cipher(const struct tls *tls);
struct slice tls_host(const struct tls *tls);

#endif
