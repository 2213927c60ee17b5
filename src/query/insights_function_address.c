/* query/insights_function_address.c: the functions of IP addresses; a text that is none, or of the other family, is in no subnet. */
#include "query/insights_function.h"

#include <arpa/inet.h>

#include "query/insights_ast.h"

#define EVAL(name) \
	static struct value name(struct insights_context *context, const struct insights_expr *call, const struct value *args)
#define TEXT(index) value_to_text(&args[index], context->arena)

struct address {
	unsigned      family;                   /* 4, 6; 0: none */
	unsigned char bytes[16];
};

static struct address parse_address(struct slice text)
{
	struct address address = { .family = 0 };
	char copy[INET6_ADDRSTRLEN];

	if (text.len == 0 || text.len >= sizeof copy || memchr(text.ptr, '\0', text.len))
		return address;
	memcpy(copy, text.ptr, text.len);
	copy[text.len] = '\0';
	if (inet_pton(AF_INET, copy, address.bytes) == 1)
		address.family = 4;
	else if (inet_pton(AF_INET6, copy, address.bytes) == 1)
		address.family = 6;
	return address;
}

static bool has_bits(const struct address *address, const unsigned char *network, unsigned bits)
{
	if (memcmp(address->bytes, network, bits / 8) != 0)
		return false;
	unsigned mask = 0xff00u >> (bits % 8) & 0xff;
	return bits % 8 == 0 || ((address->bytes[bits / 8] ^ network[bits / 8]) & mask) == 0;
}

/* `family` 0: either. The subnet's own bits behind its length do not matter. */
static bool is_in_subnet(struct slice text, struct slice subnet, unsigned family)
{
	struct slice network_text, bits_text = slice_cut(subnet, '/', &network_text);
	struct address address = parse_address(text), network = parse_address(network_text);
	uint64_t bits;

	if (address.family == 0 || address.family != network.family || (family && family != address.family))
		return false;
	if (!slice_to_u64(bits_text, &bits) || bits > (address.family == 4 ? 32 : 128))
		return false;
	return has_bits(&address, network.bytes, (unsigned)bits);
}

/* Is the address in one of these networks? They end with an empty one. */
static bool is_in_any(struct slice text, const char *const *subnets)
{
	for (size_t i = 0; subnets[i]; i++)
		if (is_in_subnet(text, slice_of(subnets[i]), 0))
			return true;
	return false;
}

/* RFC 1918. */
static const char *const private_subnets[] = { "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", NULL };

/* Set apart by IANA's special-purpose registries (RFC 6890 and its successors), and multicast. */
static const char *const reserved_subnets[] = {
	"0.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "192.0.0.0/24", "192.0.2.0/24", "198.18.0.0/15",
	"198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
	"::/128", "::1/128", "64:ff9b:1::/48", "100::/64", "2001:db8::/32", "fc00::/7", "fe80::/10", "ff00::/8", NULL
};

EVAL(eval_isvalidip)
{
	(void)call;
	return value_bool(parse_address(TEXT(0)).family != 0);
}

EVAL(eval_isvalidipv4)
{
	(void)call;
	return value_bool(parse_address(TEXT(0)).family == 4);
}

EVAL(eval_isvalidipv6)
{
	(void)call;
	return value_bool(parse_address(TEXT(0)).family == 6);
}

EVAL(eval_isipinsubnet)
{
	(void)call;
	return value_bool(is_in_subnet(TEXT(0), TEXT(1), 0));
}

EVAL(eval_isipv4insubnet)
{
	(void)call;
	return value_bool(is_in_subnet(TEXT(0), TEXT(1), 4));
}

EVAL(eval_isipv6insubnet)
{
	(void)call;
	return value_bool(is_in_subnet(TEXT(0), TEXT(1), 6));
}

EVAL(eval_ipv4tonumber)
{
	struct address address = parse_address(TEXT(0));
	double number = 0;

	(void)call;
	for (size_t i = 0; i < 4; i++)
		number = number * 256 + address.bytes[i];
	return address.family == 4 ? value_number(number) : value_none();
}

EVAL(eval_isprivateip)
{
	(void)call;
	return value_bool(is_in_any(TEXT(0), private_subnets));
}

EVAL(eval_isreservedip)
{
	(void)call;
	return value_bool(is_in_any(TEXT(0), reserved_subnets));
}

EVAL(eval_ispublicip)
{
	struct slice text = TEXT(0);

	(void)call;
	return value_bool(parse_address(text).family && !is_in_any(text, private_subnets) && !is_in_any(text, reserved_subnets));
}

const struct insights_function insights_function_addresses[] = {
	{ "isvalidip",      1, 1, 0, 0, 0, AGGREGATE_NONE, eval_isvalidip },
	{ "isvalidipv4",    1, 1, 0, 0, 0, AGGREGATE_NONE, eval_isvalidipv4 },
	{ "isvalidipv6",    1, 1, 0, 0, 0, AGGREGATE_NONE, eval_isvalidipv6 },
	{ "isipinsubnet",   2, 2, 0, 0, 0, AGGREGATE_NONE, eval_isipinsubnet },
	{ "isipv4insubnet", 2, 2, 0, 0, 0, AGGREGATE_NONE, eval_isipv4insubnet },
	{ "isipv6insubnet", 2, 2, 0, 0, 0, AGGREGATE_NONE, eval_isipv6insubnet },
	{ "ipv4tonumber",   1, 1, 0, 0, 0, AGGREGATE_NONE, eval_ipv4tonumber },
	{ "isprivateip",    1, 1, 0, 0, 0, AGGREGATE_NONE, eval_isprivateip },
	{ "ispublicip",     1, 1, 0, 0, 0, AGGREGATE_NONE, eval_ispublicip },
	{ "isreservedip",   1, 1, 0, 0, 0, AGGREGATE_NONE, eval_isreservedip },
	{ NULL, 0, 0, 0, 0, 0, AGGREGATE_NONE, NULL },
};
