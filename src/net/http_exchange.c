/* net/http_exchange.c: a front keeps a few exchanges for the next request: their room is worth more than a malloc(). */
#include "net/http_exchange.h"

#include "net/http_body.h"

void http_exchange_attach(struct connection *connection)
{
	struct http_front *front = connection->front;
	struct exchange *exchange = front->free_exchanges;

	if (exchange) {
		front->free_exchanges = exchange->next;
		front->free_exchange_count--;
	} else {
		exchange = xmalloc(sizeof *exchange);
		memset(exchange, 0, offsetof(struct exchange, inline_headers));
		exchange->public.front = front;
		http_body_clear(exchange);
	}
	exchange->connection = connection;
	connection->exchange = exchange;
}

void http_exchange_detach(struct connection *connection)
{
	struct http_front *front = connection->front;
	struct exchange *exchange = connection->exchange;

	if (!exchange)
		return;
	connection->exchange = NULL;
	http_body_clear(exchange);
	if (front->free_exchange_count == EXCHANGES_KEPT) {
		free(exchange);
		return;
	}
	exchange->next = front->free_exchanges;
	front->free_exchanges = exchange;
	front->free_exchange_count++;
}

void http_exchange_say_closed(struct exchange *exchange)
{
	struct http_front *front = exchange->public.front;

	if (!exchange->is_open)
		return;
	exchange->is_open = false;
	if (front->server->options.handler.closed)
		front->server->options.handler.closed(front->user, &exchange->public);
}
