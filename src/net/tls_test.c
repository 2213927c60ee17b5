/* net/tls_test.c: the same server over TLS 1.3 and 1.2, the names events show, and peers that speak no TLS. */
#include "tests/http.h"

#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <time.h>

struct session {
	gnutls_session_t                 session;
	gnutls_certificate_credentials_t credentials;
};

static void write_pem(struct test *t, const char *path, const gnutls_datum_t *pem)
{
	FILE *file = fopen(path, "wb");

	if (!file || fwrite(pem->data, 1, pem->size, file) != pem->size || fclose(file) != 0)
		test_failed(t, __FILE__, __LINE__, "%s: %s", path, strerror(errno));
	gnutls_free(pem->data);
}

/* A key and a certificate signed with it, for a day. */
static void make_certificate(struct test *t, gnutls_pk_algorithm_t algorithm, const char *cert_path, const char *key_path)
{
	gnutls_x509_privkey_t key;
	gnutls_x509_crt_t cert;
	gnutls_datum_t pem;
	unsigned bits = algorithm == GNUTLS_PK_RSA ? 2048 : GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1);

	REQUIRE(t, gnutls_x509_privkey_init(&key) == 0 && gnutls_x509_crt_init(&cert) == 0);
	REQUIRE(t, gnutls_x509_privkey_generate(key, algorithm, bits, 0) == 0);
	gnutls_x509_crt_set_version(cert, 3);
	gnutls_x509_crt_set_serial(cert, "\1", 1);
	gnutls_x509_crt_set_activation_time(cert, 1700000000);
	gnutls_x509_crt_set_expiration_time(cert, 4000000000);
	gnutls_x509_crt_set_dn_by_oid(cert, GNUTLS_OID_X520_COMMON_NAME, 0, "spoor.test", 10);
	gnutls_x509_crt_set_key(cert, key);
	REQUIRE(t, gnutls_x509_crt_sign2(cert, cert, key, GNUTLS_DIG_SHA256, 0) == 0);
	REQUIRE(t, gnutls_x509_crt_export2(cert, GNUTLS_X509_FMT_PEM, &pem) == 0);
	write_pem(t, cert_path, &pem);
	REQUIRE(t, gnutls_x509_privkey_export2(key, GNUTLS_X509_FMT_PEM, &pem) == 0);
	write_pem(t, key_path, &pem);
	gnutls_x509_crt_deinit(cert);
	gnutls_x509_privkey_deinit(key);
}

static bool fixture_with_tls(struct http_fixture *fixture, struct test *t, gnutls_pk_algorithm_t algorithm)
{
	const char *dir = test_dir(t, "tls");

	http_fixture_init(fixture, t);
	fixture->options.tls_cert_path = arena_printf(&t->arena, "%s/cert.pem", dir);
	fixture->options.tls_key_path = arena_printf(&t->arena, "%s/key.pem", dir);
	make_certificate(t, algorithm, fixture->options.tls_cert_path, fixture->options.tls_key_path);
	return http_fixture_start(fixture);
}

static ssize_t session_read(struct http_client *client, char *to, size_t room)
{
	struct session *tls = client->tls;
	ssize_t got;

	do
		got = gnutls_record_recv(tls->session, to, room);
	while (got == GNUTLS_E_AGAIN || got == GNUTLS_E_INTERRUPTED);   /* a ticket came by */
	return got;
}

static ssize_t session_write(struct http_client *client, struct slice bytes)
{
	struct session *tls = client->tls;

	return gnutls_record_send(tls->session, bytes.ptr, bytes.len);
}

static bool shake_hands(struct http_client *client, struct session *tls, const char *priority)
{
	int result;

	gnutls_certificate_allocate_credentials(&tls->credentials);
	gnutls_init(&tls->session, GNUTLS_CLIENT | GNUTLS_NO_SIGNAL);
	gnutls_priority_set_direct(tls->session, priority, NULL);
	gnutls_credentials_set(tls->session, GNUTLS_CRD_CERTIFICATE, tls->credentials);
	gnutls_server_name_set(tls->session, GNUTLS_NAME_DNS, "spoor.test", 10);
	gnutls_transport_set_int(tls->session, client->fd);
	do
		result = gnutls_handshake(tls->session);
	while (result < 0 && !gnutls_error_is_fatal(result));
	client->tls = tls;
	client->read = session_read;
	client->write = session_write;
	return result == 0;
}

static void end(struct http_client *client, struct session *tls)
{
	gnutls_bye(tls->session, GNUTLS_SHUT_WR);
	gnutls_deinit(tls->session);
	gnutls_certificate_free_credentials(tls->credentials);
	http_client_close(client);
}

TEST(tls_serves_the_same_requests_and_names_what_was_negotiated)
{
	static const struct { gnutls_pk_algorithm_t key; const char *priority, *version, *cipher; } rows[] = {
		{ GNUTLS_PK_ECDSA, "NORMAL:-VERS-ALL:+VERS-TLS1.3:-CIPHER-ALL:+AES-128-GCM", "TLSv1.3", "TLS_AES_128_GCM_SHA256" },
		{ GNUTLS_PK_RSA, "NORMAL:-VERS-ALL:+VERS-TLS1.3:-CIPHER-ALL:+AES-256-GCM", "TLSv1.3", "TLS_AES_256_GCM_SHA384" },
		{ GNUTLS_PK_RSA, "NORMAL:-VERS-ALL:+VERS-TLS1.3:-CIPHER-ALL:+CHACHA20-POLY1305", "TLSv1.3",
		  "TLS_CHACHA20_POLY1305_SHA256" },
		{ GNUTLS_PK_RSA, "NORMAL:-VERS-ALL:+VERS-TLS1.2:-CIPHER-ALL:+AES-128-GCM:-KX-ALL:+ECDHE-RSA", "TLSv1.2",
		  "ECDHE-RSA-AES128-GCM-SHA256" },
		{ GNUTLS_PK_RSA, "NORMAL:-VERS-ALL:+VERS-TLS1.2:-CIPHER-ALL:+AES-256-GCM:-KX-ALL:+DHE-RSA", "TLSv1.2",
		  "DHE-RSA-AES256-GCM-SHA384" },
		{ GNUTLS_PK_ECDSA, "NORMAL:-VERS-ALL:+VERS-TLS1.2:-CIPHER-ALL:+CHACHA20-POLY1305", "TLSv1.2",
		  "ECDHE-ECDSA-CHACHA20-POLY1305" },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct http_fixture fixture;
		struct http_client client;
		struct session tls;
		char *body = arena_alloc(&t->arena, 100000);

		memset(body, 'b', 100000);
		REQUIRE(t, fixture_with_tls(&fixture, t, rows[i].key));
		http_client_open(&client, t, fixture.port);
		CHECK(t, shake_hands(&client, &tls, rows[i].priority));
		for (int k = 0; k < 10; k++)
			http_client_expect(&client, S("GET /echo HTTP/1.1\r\nHost: h\r\n\r\n"), 200, "GET /echo\n");
		CHECK_TEXT(t, slice_of(fixture.last_tls_version), slice_of(rows[i].version));
		CHECK_TEXT(t, slice_of(fixture.last_tls_cipher), slice_of(rows[i].cipher));
		CHECK_TEXT(t, slice_of(fixture.last_tls_host), S("spoor.test"));
		http_client_send(&client, S("PUT /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 100000\r\n\r\n"));
		http_client_send(&client, (struct slice){ body, 100000 });
		CHECK_NUMBER(t, http_client_receive(&client).body.len, 100010);
		http_client_send(&client, S("GET /bytes-10000000 HTTP/1.1\r\nHost: h\r\n\r\nGET /echo HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"));
		http_fixture_await(&fixture, &fixture.closes, 12);
		CHECK_NUMBER(t, http_client_receive(&client).body.len, 10000000);
		CHECK_TEXT(t, http_client_receive(&client).body, S("GET /echo\n"));
		CHECK(t, http_client_is_closed(&client));
		end(&client, &tls);
		http_fixture_stop(&fixture);
	}
}

TEST(tls_refuses_old_versions_and_peers_that_speak_none)
{
	struct http_fixture fixture;
	struct http_client client;
	struct session tls;

	REQUIRE(t, fixture_with_tls(&fixture, t, GNUTLS_PK_ECDSA));
	http_client_open(&client, t, fixture.port);
	CHECK(t, !shake_hands(&client, &tls, "NORMAL:-VERS-ALL:+VERS-TLS1.1"));
	http_fixture_await(&fixture, &fixture.refused[HTTP_TLS_FAILED], 1);
	end(&client, &tls);
	http_client_open(&client, t, fixture.port);
	http_client_send(&client, S("GET / HTTP/1.1\r\nHost: h\r\n\r\n"));
	http_fixture_await(&fixture, &fixture.refused[HTTP_TLS_FAILED], 2);
	http_client_close(&client);
	http_client_open(&client, t, fixture.port);
	CHECK(t, shake_hands(&client, &tls, "NORMAL"));
	http_client_expect(&client, S("GET /echo HTTP/1.1\r\nHost: h\r\n\r\n"), 200, "GET /echo\n");
	end(&client, &tls);
	http_fixture_stop(&fixture);
}

TEST(tls_handshake_that_stalls_is_ended)
{
	struct http_fixture fixture;
	struct http_client client;
	const char *dir = test_dir(t, "tls");

	http_fixture_init(&fixture, t);
	fixture.options.header_timeout_ms = 30;
	fixture.options.tls_cert_path = arena_printf(&t->arena, "%s/cert.pem", dir);
	fixture.options.tls_key_path = arena_printf(&t->arena, "%s/key.pem", dir);
	make_certificate(t, GNUTLS_PK_ECDSA, fixture.options.tls_cert_path, fixture.options.tls_key_path);
	REQUIRE(t, http_fixture_start(&fixture));
	http_client_open(&client, t, fixture.port);
	http_client_send(&client, S("\x16\x03\x01"));
	CHECK(t, http_client_is_closed(&client));
	CHECK_NUMBER(t, fixture.refused[HTTP_TLS_FAILED], 1);
	http_client_close(&client);
	http_fixture_stop(&fixture);
}

TEST(tls_keeps_the_exchange_of_a_peer_that_vanished)
{
	struct http_fixture fixture;
	struct http_client client;
	struct session tls;

	REQUIRE(t, fixture_with_tls(&fixture, t, GNUTLS_PK_ECDSA));
	http_client_open(&client, t, fixture.port);
	REQUIRE(t, shake_hands(&client, &tls, "NORMAL"));
	http_client_send(&client, S("PUT /park HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\nbody"));
	struct http_exchange *exchange = http_fixture_take(&fixture);
	end(&client, &tls);
	CHECK_TEXT(t, exchange->request.body, S("body"));
	http_resume(exchange);
	http_fixture_await(&fixture, &fixture.closes, 1);
	http_fixture_stop(&fixture);
}

TEST(tls_carries_bodies_larger_than_memory_both_ways)
{
	enum { BYTES = 3000000 };
	struct http_fixture fixture;
	struct http_client client;
	struct session tls;
	struct slice body = http_pattern(t, 0, BYTES);

	REQUIRE(t, fixture_with_tls(&fixture, t, GNUTLS_PK_ECDSA));
	http_client_open(&client, t, fixture.port);
	REQUIRE(t, shake_hands(&client, &tls, "NORMAL"));
	http_client_printf(&client, "PUT /stream HTTP/1.1\r\nHost: h\r\nContent-Length: %d\r\n\r\n", BYTES);
	http_client_send(&client, body);
	CHECK_TEXT(t, http_client_receive(&client).body, S("3000000\n"));
	http_client_send(&client, S("GET /flow-3000000 HTTP/1.1\r\nHost: h\r\n\r\nGET /echo HTTP/1.1\r\nHost: h\r\n\r\n"));
	CHECK(t, slice_equal(http_client_receive(&client).body, body));
	CHECK_TEXT(t, http_client_receive(&client).body, S("GET /echo\n"));
	end(&client, &tls);
	http_fixture_stop(&fixture);
}

TEST(tls_does_not_negotiate_twice)
{
	struct http_fixture fixture;
	struct http_client client;
	struct session tls;

	REQUIRE(t, fixture_with_tls(&fixture, t, GNUTLS_PK_ECDSA));
	http_client_open(&client, t, fixture.port);
	REQUIRE(t, shake_hands(&client, &tls, "NORMAL:-VERS-ALL:+VERS-TLS1.2"));
	http_client_expect(&client, S("GET /echo HTTP/1.1\r\nHost: h\r\n\r\n"), 200, "GET /echo\n");
	CHECK(t, gnutls_handshake(tls.session) < 0);    /* a second one, in the same connection */
	CHECK(t, http_client_is_closed(&client));
	end(&client, &tls);
	http_fixture_stop(&fixture);
}

TEST(tls_keys_may_be_changed_now_and_then_but_not_all_the_time)
{
	struct http_fixture fixture;
	struct http_client client;
	struct session tls;
	bool is_open = true;

	REQUIRE(t, fixture_with_tls(&fixture, t, GNUTLS_PK_ECDSA));
	http_client_open(&client, t, fixture.port);
	REQUIRE(t, shake_hands(&client, &tls, "NORMAL:-VERS-ALL:+VERS-TLS1.3"));
	for (int i = 0; i < 3; i++) {
		CHECK_NUMBER(t, gnutls_session_key_update(tls.session, GNUTLS_KU_PEER), 0);
		http_client_expect(&client, S("PUT /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\n\r\nb"), 200, "PUT /echo\nb");
	}
	for (int i = 0; i < 100000 && is_open; i++)
		is_open = gnutls_session_key_update(tls.session, 0) == 0 && gnutls_record_send(tls.session, "x", 1) == 1;
	CHECK(t, !is_open);
	end(&client, &tls);
	http_fixture_stop(&fixture);
}

TEST(tls_connection_cut_without_a_goodbye_ends_its_request)
{
	static const struct slice REQUESTS[] = {
		S_INIT("PUT /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nbody"),
		S_INIT("PUT /stream HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nabcd\r\n"),
	};
	struct http_fixture fixture;

	REQUIRE(t, fixture_with_tls(&fixture, t, GNUTLS_PK_ECDSA));
	for (size_t i = 0; i < COUNT(REQUESTS); i++) {
		struct http_client client;
		struct session tls;

		http_client_open(&client, t, fixture.port);
		REQUIRE(t, shake_hands(&client, &tls, "NORMAL"));
		http_client_send(&client, REQUESTS[i]);
		http_fixture_await(&fixture, &fixture.heads, (int)i + 1);
		http_client_close(&client);             /* and no gnutls_bye() */
		http_fixture_await(&fixture, &fixture.closes, (int)i + 1);
		end(&client, &tls);
	}
	CHECK_NUMBER(t, fixture.completes, 0);
	http_fixture_stop(&fixture);
}

TEST(tls_says_goodbye_when_it_closes_the_connection)
{
	struct http_fixture fixture;
	struct http_client client;
	struct session tls;
	char byte;

	REQUIRE(t, fixture_with_tls(&fixture, t, GNUTLS_PK_ECDSA));
	http_client_open(&client, t, fixture.port);
	REQUIRE(t, shake_hands(&client, &tls, "NORMAL"));
	http_client_expect(&client, S("GET /echo HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"), 200, "GET /echo\n");
	CHECK_NUMBER(t, session_read(&client, &byte, 1), 0);    /* not GNUTLS_E_PREMATURE_TERMINATION */
	end(&client, &tls);
	http_fixture_stop(&fixture);
}

/* The client's handshake a byte at a time: each arrives on its own. */
static ssize_t push_bytes(gnutls_transport_ptr_t pointer, const void *bytes, size_t len)
{
	const struct http_client *client = pointer;

	for (size_t i = 0; i < len; i++)
		if (send(client->fd, (const char *)bytes + i, 1, MSG_NOSIGNAL) != 1)
			return -1;
	return (ssize_t)len;
}

static ssize_t pull_bytes(gnutls_transport_ptr_t pointer, void *bytes, size_t len)
{
	const struct http_client *client = pointer;

	return recv(client->fd, bytes, len > 0 ? 1 : 0, 0);
}

TEST(tls_shakes_hands_a_byte_at_a_time)
{
	struct http_fixture fixture;
	struct http_client client;
	struct session tls = { 0 };
	const int on = 1;
	int result;

	REQUIRE(t, fixture_with_tls(&fixture, t, GNUTLS_PK_ECDSA));
	http_client_open(&client, t, fixture.port);
	setsockopt(client.fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
	gnutls_certificate_allocate_credentials(&tls.credentials);
	gnutls_init(&tls.session, GNUTLS_CLIENT | GNUTLS_NO_SIGNAL);
	gnutls_set_default_priority(tls.session);
	gnutls_credentials_set(tls.session, GNUTLS_CRD_CERTIFICATE, tls.credentials);
	gnutls_transport_set_ptr(tls.session, &client);
	gnutls_transport_set_push_function(tls.session, push_bytes);
	gnutls_transport_set_pull_function(tls.session, pull_bytes);
	do
		result = gnutls_handshake(tls.session);
	while (result < 0 && !gnutls_error_is_fatal(result));
	CHECK_NUMBER(t, result, 0);
	client.tls = &tls;
	client.read = session_read;
	client.write = session_write;
	http_client_expect(&client, S("GET /echo HTTP/1.1\r\nHost: h\r\n\r\n"), 200, "GET /echo\n");
	end(&client, &tls);
	http_fixture_stop(&fixture);
}
