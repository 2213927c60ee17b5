/* net/http_exchange_test.c: what one request left behind is not there for the next, however many are in flight at once. */
#include "net/http_exchange.h"
#include "tests/http.h"

TEST(http_exchanges_are_clean_for_the_next_request_and_not_all_kept)
{
	enum { CLIENTS = EXCHANGES_KEPT + 10 };
	struct http_fixture fixture;
	struct http_client clients[CLIENTS];

	http_fixture_init(&fixture, t);
	REQUIRE(t, http_fixture_start(&fixture));
	for (size_t i = 0; i < CLIENTS; i++)
		http_client_open(&clients[i], t, fixture.port);
	for (int round = 0; round < 2; round++) {
		/* Large in every way; head() asserts that its exchange knows nothing of it. */
		for (size_t i = 0; i < CLIENTS; i++) {
			http_client_send(&clients[i], S("PUT /park HTTP/1.1\r\nHost: h\r\nContent-Length: 20000\r\n"));
			for (int k = 0; k < EXCHANGE_HEADERS; k++)
				http_client_printf(&clients[i], "X-%d: %0100d\r\n", k, k);
			http_client_send(&clients[i], S("\r\n"));
			http_client_send(&clients[i], http_pattern(t, i, 20000));
		}
		for (size_t i = 0; i < CLIENTS; i++)
			http_resume(http_fixture_take(&fixture));
		for (size_t i = 0; i < CLIENTS; i++) {
			struct http_client_reply reply = http_client_receive(&clients[i]);

			CHECK_NUMBER(t, reply.status, 200);
			CHECK(t, slice_equal(slice_from(reply.body, sizeof "PUT /park\n" - 1), http_pattern(t, i, 20000)));
			http_client_expect(&clients[i], S("GET /echo HTTP/1.1\r\nHost: h\r\n\r\n"), 200, "GET /echo\n");
		}
	}
	CHECK_NUMBER(t, http_fixture_budget(&fixture), 0);
	for (size_t i = 0; i < CLIENTS; i++)
		http_client_close(&clients[i]);
	http_fixture_stop(&fixture);
}
