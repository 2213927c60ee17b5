/* net/tls.c: GnuTLS, and OpenSSL's names for what it negotiates, because those are what events show. */
#include "net/tls.h"

#include <gnutls/gnutls.h>
#include <sys/socket.h>

enum {
	TLS_HOST_BYTES_MAX = 256,
	TLS_ODDITIES_MAX   = 32,                /* warnings and the like over a connection's life: each costs us more than the peer */
};

struct tls_server {
	gnutls_certificate_credentials_t credentials;
	gnutls_priority_t                priority;
	gnutls_datum_t                   ticket_key;
};

struct tls {
	gnutls_session_t session;
	int              fd;
	bool             is_drained;            /* the socket had no more to read */
	size_t           pending_bytes;         /* of the record that is encrypted and not wholly sent */
	int              failure;               /* of GnuTLS, which ended it */
	unsigned         oddities;              /* what arrived and was neither data nor the end */
	struct slice     version, cipher;       /* after the handshake */
	size_t           host_len;
	char             host[TLS_HOST_BYTES_MAX];
};

/* IANA's names of TLS 1.2's suites, and OpenSSL's. Those of TLS 1.3 are the same for both. */
static const struct { const char *gnutls; struct slice openssl; } CIPHERS[] = {
	{ "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",            S_INIT("ECDHE-ECDSA-AES128-GCM-SHA256") },
	{ "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",            S_INIT("ECDHE-ECDSA-AES256-GCM-SHA384") },
	{ "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",             S_INIT("ECDHE-ECDSA-CHACHA20-POLY1305") },
	{ "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",              S_INIT("ECDHE-RSA-AES128-GCM-SHA256") },
	{ "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",              S_INIT("ECDHE-RSA-AES256-GCM-SHA384") },
	{ "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",               S_INIT("ECDHE-RSA-CHACHA20-POLY1305") },
	{ "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256",                S_INIT("DHE-RSA-AES128-GCM-SHA256") },
	{ "TLS_DHE_RSA_WITH_AES_256_GCM_SHA384",                S_INIT("DHE-RSA-AES256-GCM-SHA384") },
	{ "TLS_DHE_RSA_WITH_CHACHA20_POLY1305_SHA256",                 S_INIT("DHE-RSA-CHACHA20-POLY1305") },
};

/* AEAD only: the suites of TLS 1.2 that are in the table above, so that every connection has a name. */
static const char PRIORITY[] = "NONE:+VERS-TLS1.3:+VERS-TLS1.2:+AEAD:+SHA256:+SHA384:+ECDHE-ECDSA:+ECDHE-RSA:+DHE-RSA:"
                               "+AES-128-GCM:+AES-256-GCM:+CHACHA20-POLY1305:+SIGN-ALL:+GROUP-ALL:+COMP-NULL:+CTYPE-X509:"
                               "%SERVER_PRECEDENCE";

struct tls_server *tls_server_open(const char *cert_path, const char *key_path, struct error *err)
{
	struct tls_server *server = xcalloc(1, sizeof *server);
	int result = gnutls_certificate_allocate_credentials(&server->credentials);
	const char *what = "TLS";

	if (result >= 0) {
		what = "the certificate and its key";
		result = gnutls_certificate_set_x509_key_file(server->credentials, cert_path, key_path, GNUTLS_X509_FMT_PEM);
	}
	if (result >= 0) {
		what = "TLS's priorities";
		result = gnutls_priority_init(&server->priority, PRIORITY, NULL);
	}
	if (result >= 0)
		result = gnutls_session_ticket_key_generate(&server->ticket_key);
	if (result >= 0)
		return server;
	fail(err, ERR_INVALID, "%s (%s, %s) cannot be used: %s", what, cert_path, key_path, gnutls_strerror(result));
	tls_server_close(server);
	return NULL;
}

void tls_server_close(struct tls_server *server)
{
	if (!server)
		return;
	if (server->credentials)
		gnutls_certificate_free_credentials(server->credentials);
	if (server->priority)
		gnutls_priority_deinit(server->priority);
	if (server->ticket_key.data) {
		gnutls_memset(server->ticket_key.data, 0, server->ticket_key.size);
		gnutls_free(server->ticket_key.data);
	}
	free(server);
}

struct tls_client {
	gnutls_certificate_credentials_t credentials;
};

struct tls_client *tls_client_open(const char *ca_path, struct error *err)
{
	struct tls_client *client = xcalloc(1, sizeof *client);
	int result = gnutls_certificate_allocate_credentials(&client->credentials);

	if (result >= 0)
		result = ca_path ? gnutls_certificate_set_x509_trust_file(client->credentials, ca_path, GNUTLS_X509_FMT_PEM)
		                 : gnutls_certificate_set_x509_system_trust(client->credentials);
	if (result > 0)
		return client;
	fail(err, ERR_INVALID, "the certificates of authorities (%s) cannot be used: %s", ca_path ? ca_path : "the system's",
	     result < 0 ? gnutls_strerror(result) : "there is none");
	tls_client_close(client);
	return NULL;
}

void tls_client_close(struct tls_client *client)
{
	if (!client)
		return;
	if (client->credentials)
		gnutls_certificate_free_credentials(client->credentials);
	free(client);
}

/* GnuTLS also says "again" when it took something that is no data, a change of keys say, with more behind it in the
 * socket: only the socket itself can tell that there will be a new event. */
static ssize_t pull(gnutls_transport_ptr_t pointer, void *to, size_t room)
{
	struct tls *tls = pointer;
	ssize_t got = recv(tls->fd, to, room, 0);

	tls->is_drained = got < 0 && errno == EAGAIN;
	return got;
}

struct tls *tls_open(struct tls_server *server, int fd)
{
	static const unsigned char http[] = "http/1.1";
	const gnutls_datum_t protocol = { (unsigned char *)(uintptr_t)http, sizeof http - 1 };
	struct tls *tls = xcalloc(1, sizeof *tls);

	if (gnutls_init(&tls->session, GNUTLS_SERVER | GNUTLS_NONBLOCK | GNUTLS_NO_SIGNAL) < 0
	    || gnutls_priority_set(tls->session, server->priority) < 0
	    || gnutls_credentials_set(tls->session, GNUTLS_CRD_CERTIFICATE, server->credentials) < 0
	    || gnutls_session_ticket_enable_server(tls->session, &server->ticket_key) < 0
	    || gnutls_alpn_set_protocols(tls->session, &protocol, 1, 0) < 0) {
		tls_close(tls);
		return NULL;
	}
	gnutls_certificate_server_set_request(tls->session, GNUTLS_CERT_IGNORE);
	gnutls_handshake_set_timeout(tls->session, 0);  /* the connection's own deadline ends it */
	tls->fd = fd;
	gnutls_transport_set_ptr2(tls->session, tls, (gnutls_transport_ptr_t)(intptr_t)fd);
	gnutls_transport_set_pull_function(tls->session, pull);
	return tls;
}

/* A name is told to the server; an address is not (RFC 6066, section 3). */
static bool is_address(const char *host)
{
	return strchr(host, ':') || host[strspn(host, "0123456789.")] == '\0';
}

struct tls *tls_open_client(struct tls_client *client, int fd, const char *host)
{
	struct tls *tls = xcalloc(1, sizeof *tls);

	if (gnutls_init(&tls->session, GNUTLS_CLIENT | GNUTLS_NONBLOCK | GNUTLS_NO_SIGNAL) < 0
	    || gnutls_priority_set_direct(tls->session, PRIORITY, NULL) < 0
	    || gnutls_credentials_set(tls->session, GNUTLS_CRD_CERTIFICATE, client->credentials) < 0
	    || (!is_address(host) && gnutls_server_name_set(tls->session, GNUTLS_NAME_DNS, host, strlen(host)) < 0)) {
		tls_close(tls);
		return NULL;
	}
	gnutls_session_set_verify_cert(tls->session, host, 0);
	gnutls_handshake_set_timeout(tls->session, 0);
	tls->fd = fd;
	gnutls_transport_set_ptr2(tls->session, tls, (gnutls_transport_ptr_t)(intptr_t)fd);
	gnutls_transport_set_pull_function(tls->session, pull);
	return tls;
}

bool tls_wants_write(const struct tls *tls)
{
	return gnutls_record_get_direction(tls->session) == 1;
}

const char *tls_failure(const struct tls *tls)
{
	return gnutls_strerror(tls->failure);
}

void tls_close(struct tls *tls)
{
	if (!tls)
		return;
	if (tls->session)
		gnutls_deinit(tls->session);
	free(tls);
}

static void note_names(struct tls *tls)
{
	const char *name = gnutls_ciphersuite_get(tls->session);

	tls->version = gnutls_protocol_get_version(tls->session) == GNUTLS_TLS1_3 ? S("TLSv1.3") : S("TLSv1.2");
	tls->cipher = slice_of(name);
	for (size_t i = 0; name && i < COUNT(CIPHERS); i++)
		if (strcmp(CIPHERS[i].gnutls, name) == 0)
			tls->cipher = CIPHERS[i].openssl;
}

/* The host name is what a certificate could hold: nothing that would be awkward in a log. */
static void note_host(struct tls *tls)
{
	size_t len = sizeof tls->host;
	unsigned type;

	if (gnutls_server_name_get(tls->session, tls->host, &len, &type, 0) < 0 || type != GNUTLS_NAME_DNS)
		return;
	tls->host_len = strnlen(tls->host, len < sizeof tls->host ? len : sizeof tls->host);
	for (size_t i = 0; i < tls->host_len; i++)
		if (tls->host[i] <= ' ' || tls->host[i] >= 0x7f)
			tls->host_len = 0;
}

enum tls_result tls_handshake(struct tls *tls)
{
	for (;;) {
		tls->is_drained = false;
		int result = gnutls_handshake(tls->session);

		if (result == GNUTLS_E_SUCCESS) {
			note_names(tls);
			note_host(tls);
			return TLS_DONE;
		}
		if (result == GNUTLS_E_AGAIN && (tls->is_drained || gnutls_record_get_direction(tls->session) == 1))
			return TLS_AGAIN;
		if (gnutls_error_is_fatal(result) || ++tls->oddities > TLS_ODDITIES_MAX) {
			gnutls_alert_send_appropriate(tls->session, result);
			tls->failure = result;
			return TLS_FAILED;
		}
	}
}

enum tls_result tls_read(struct tls *tls, char *out, size_t room, size_t *got)
{
	for (;;) {
		tls->is_drained = false;
		ssize_t result = gnutls_record_recv(tls->session, out, room);

		if (result >= 0) {
			*got = (size_t)result;
			return TLS_DONE;
		}
		if (result == GNUTLS_E_AGAIN && tls->is_drained)
			return TLS_AGAIN;
		if (result == GNUTLS_E_REHANDSHAKE || gnutls_error_is_fatal((int)result) || ++tls->oddities > TLS_ODDITIES_MAX) {
			tls->failure = (int)result;
			return TLS_FAILED;
		}
	}
}

enum tls_result tls_flush(struct tls *tls)
{
	while (tls->pending_bytes > 0) {
		ssize_t result = gnutls_record_send(tls->session, NULL, 0);

		if (result == GNUTLS_E_AGAIN)
			return TLS_AGAIN;
		if (result < 0 && result != GNUTLS_E_INTERRUPTED)
			return TLS_FAILED;
		if (result >= 0)
			tls->pending_bytes = 0;
	}
	return TLS_DONE;
}

bool tls_is_pending(const struct tls *tls)
{
	return tls->pending_bytes > 0;
}

enum tls_result tls_write(struct tls *tls, struct slice bytes, size_t *taken)
{
	const size_t record_bytes = gnutls_record_get_max_size(tls->session);

	*taken = 0;
	while (*taken < bytes.len) {
		enum tls_result flushed = tls_flush(tls);
		size_t len = bytes.len - *taken < record_bytes ? bytes.len - *taken : record_bytes;

		if (flushed != TLS_DONE)
			return flushed;
		ssize_t result = gnutls_record_send(tls->session, bytes.ptr + *taken, len);
		if (result == GNUTLS_E_AGAIN || result == GNUTLS_E_INTERRUPTED) {
			tls->pending_bytes = len;       /* GnuTLS keeps the record and wants no data for it again */
			*taken += len;
		} else if (result < 0) {
			tls->failure = (int)result;
			return TLS_FAILED;
		} else {
			*taken += (size_t)result;
		}
	}
	return tls_flush(tls);
}

void tls_say_goodbye(struct tls *tls)
{
	if (tls_flush(tls) == TLS_DONE)
		gnutls_bye(tls->session, GNUTLS_SHUT_WR);
}

struct slice tls_version(const struct tls *tls)
{
	return tls->version;
}

struct slice tls_cipher(const struct tls *tls)
{
	return tls->cipher;
}

struct slice tls_host(const struct tls *tls)
{
	return tls->host_len ? (struct slice){ tls->host, tls->host_len } : SLICE_NONE;
}
