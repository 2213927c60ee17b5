/* auth/wildcard.c: a pattern is cut at its stars: the first piece is anchored, each further one is found leftmost. */
#include "auth/wildcard.h"

#include "auth/context.h"

/* Where the variable that starts at text[at] (a '$' before '{') ends, or 0 if it is no variable but plain text. */
static size_t parse_variable(struct slice text, size_t at, struct slice *key, struct slice *fallback)
{
	size_t end = at + 2, close;

	while (end < text.len && text.ptr[end] != '}' && text.ptr[end] != ',')
		end++;
	*key = slice_trim(slice_sub(text, at + 2, end - at - 2));
	*fallback = SLICE_NONE;
	if (end >= text.len || key->len == 0)
		return 0;
	if (text.ptr[end] == '}')
		return end + 1;

	for (end++; end < text.len && text.ptr[end] == ' '; end++)
		;
	if (end >= text.len || text.ptr[end] != '\'')
		return 0;
	close = slice_find_byte(slice_from(text, end + 1), '\'');
	if (close == SLICE_NPOS)
		return 0;
	*fallback = slice_sub(text, end + 1, close);
	for (end += close + 2; end < text.len && text.ptr[end] == ' '; end++)
		;
	return end < text.len && text.ptr[end] == '}' ? end + 1 : 0;
}

static bool is_special(struct slice key)
{
	return key.len == 1 && (key.ptr[0] == '*' || key.ptr[0] == '?' || key.ptr[0] == '$');
}

struct builder {
	struct arena         *arena;
	struct wildcard_part *parts;
	size_t                part_count;
	char                 *plain;            /* the piece being gathered */
	size_t                plain_len;
	bool                  has_variables;
};

static void end_piece(struct builder *b)
{
	if (b->plain_len == 0)
		return;
	b->parts[b->part_count++] = (struct wildcard_part){ .text = { b->plain, b->plain_len } };
	b->plain += b->plain_len;
	b->plain_len = 0;
}

static size_t add_variable(struct builder *b, struct slice text, size_t at)
{
	struct slice key, fallback;
	size_t end = parse_variable(text, at, &key, &fallback);

	if (end == 0)
		return 0;
	if (is_special(key) && !fallback.ptr) {
		b->plain[b->plain_len++] = key.ptr[0];
		return end;
	}
	end_piece(b);
	b->parts[b->part_count++] = (struct wildcard_part){ key, context_hash(key), fallback };
	b->has_variables = true;
	return end;
}

static size_t count_byte(struct slice text, char byte)
{
	size_t count = 0;

	for (size_t i = 0; i < text.len; i++)
		count += text.ptr[i] == byte;
	return count;
}

struct wildcard wildcard_compile(struct arena *arena, struct slice text, unsigned flags)
{
	size_t dollars = flags & WILDCARD_VARIABLES ? count_byte(text, '$') : 0;
	struct builder b = { .arena = arena, .plain = arena_alloc(arena, text.len + 1) };

	/* Each variable adds itself and the piece before it. */
	b.parts = arena_array(arena, 2 * dollars + 1, sizeof *b.parts);
	for (size_t at = 0, end; at < text.len; at = end) {
		char byte = text.ptr[at];

		end = at + 1;
		if (byte == '$' && dollars && end < text.len && text.ptr[end] == '{') {
			size_t after = add_variable(&b, text, at);
			if (after) {
				end = after;
				continue;
			}
		}
		if (flags & WILDCARD_STARS)
			byte = byte == '*' ? (char)WILDCARD_STAR : byte == '?' ? (char)WILDCARD_ONE : byte;
		b.plain[b.plain_len++] = byte;
	}
	if (!b.has_variables)
		return (struct wildcard){ .text = { b.plain, b.plain_len } };
	end_piece(&b);
	return (struct wildcard){ .parts = b.parts, .part_count = (uint32_t)b.part_count };
}

static size_t plain_bytes(struct slice piece)
{
	return piece.len - count_byte(piece, (char)WILDCARD_STAR);
}

/* A value is not trusted to be UTF-8: a stray mark byte in it must not become a wildcard. 0xC0 is in no text either. */
static void add_value(struct buffer *out, struct slice value)
{
	size_t start = out->len;

	buffer_add(out, value);
	for (size_t i = start; i < out->len; i++)
		if ((unsigned char)out->ptr[i] >= WILDCARD_STAR)
			out->ptr[i] = (char)0xC0;
}

bool wildcard_expand(const struct wildcard *wildcard, const struct context *context, size_t plain_max,
                     struct buffer *scratch, struct slice *pattern)
{
	size_t plain = 0;

	*pattern = wildcard->text;
	if (wildcard->part_count == 0)
		return true;

	buffer_truncate(scratch, 0);
	for (size_t i = 0; i < wildcard->part_count; i++) {
		const struct wildcard_part *part = &wildcard->parts[i];
		struct slice text = part->text;

		if (part->key.ptr) {
			const struct context_entry *entry = context_find_hashed(context, part->key, part->key_hash);
			if (entry && (entry->count > 1 || entry->is_multivalued))
				return false;
			if (entry && entry->count == 1)
				text = entry->values[0];
			if (!text.ptr)
				return false;
		}
		plain += part->key.ptr ? text.len : plain_bytes(text);
		if (plain > plain_max)
			return false;
		if (part->key.ptr)
			add_value(scratch, text);
		else
			buffer_add(scratch, text);
	}
	*pattern = buffer_slice(scratch);
	return !scratch->is_over;
}

static bool is_continuation(char byte)
{
	return ((unsigned char)byte & 0xC0) == 0x80;
}

static size_t next_character(struct slice text, size_t at)
{
	for (at++; at < text.len && is_continuation(text.ptr[at]); at++)
		;
	return at;
}

/* Does `piece` (no stars) match the text from `at` on? *end is then where it ends. */
static bool piece_at(struct slice piece, struct slice text, size_t at, size_t *end)
{
	for (size_t p = 0; p < piece.len; p++) {
		if (at >= text.len)
			return false;
		if ((unsigned char)piece.ptr[p] == WILDCARD_ONE)
			at = next_character(text, at);
		else if (piece.ptr[p] == text.ptr[at])
			at++;
		else
			return false;
	}
	*end = at;
	return true;
}

/* Does `piece` match the end of the text, not reaching back before `from`? */
static bool piece_ends(struct slice piece, struct slice text, size_t from)
{
	size_t at = text.len;

	for (size_t p = piece.len; p-- > 0;) {
		if (at <= from)
			return false;
		at--;
		if ((unsigned char)piece.ptr[p] == WILDCARD_ONE)
			while (at > from && is_continuation(text.ptr[at]))
				at--;
		else if (piece.ptr[p] != text.ptr[at])
			return false;
	}
	return true;
}

static bool piece_find(struct slice piece, struct slice text, size_t from, size_t *end)
{
	if (piece.len > text.len - from)
		return false;
	if (slice_find_byte(piece, (char)WILDCARD_ONE) == SLICE_NPOS) {
		const char *found = memmem(text.ptr + from, text.len - from, piece.ptr, piece.len);
		*end = found ? (size_t)(found - text.ptr) + piece.len : 0;
		return found != NULL;
	}
	for (; from < text.len; from = next_character(text, from))
		if (piece_at(piece, text, from, end))
			return true;
	return false;
}

bool wildcard_match(struct slice pattern, struct slice text)
{
	size_t star = slice_find_byte(pattern, (char)WILDCARD_STAR), at = 0;

	if (star == SLICE_NPOS)
		return piece_at(pattern, text, 0, &at) && at == text.len;
	if (!piece_at(slice_sub(pattern, 0, star), text, 0, &at))
		return false;
	for (;;) {
		pattern = slice_from(pattern, star + 1);
		star = slice_find_byte(pattern, (char)WILDCARD_STAR);
		if (star == SLICE_NPOS)
			return piece_ends(pattern, text, at);
		if (star > 0 && !piece_find(slice_sub(pattern, 0, star), text, at, &at))
			return false;
	}
}

enum { ARN_PARTS = 6 };

bool wildcard_match_arn(struct slice pattern, struct slice arn)
{
	bool is_any = pattern.len == 1 && (unsigned char)pattern.ptr[0] == WILDCARD_STAR;
	struct slice part, wanted;

	for (int i = 1; i < ARN_PARTS; i++) {
		arn = slice_cut(arn, ':', &part);
		if (!is_any)
			pattern = slice_cut(pattern, ':', &wanted);
		if (!arn.ptr || !pattern.ptr || (!is_any && !wildcard_match(wanted, part)))
			return false;
	}
	return wildcard_match(pattern, arn);
}
