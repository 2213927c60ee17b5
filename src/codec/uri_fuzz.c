/* codec/uri_fuzz.c: encoding undoes decoding, one pass equals two, and pairs put together again read the same. */
#include "codec/uri.h"
#include "tests/fuzz.h"

static void check_round_trip(struct fuzz *f, enum uri_slash slash)
{
	struct slice encoded = uri_encode_text(&f->arena, f->input, slash);
	struct buffer out;

	CHECK_FUZZ(f, slice_equal(uri_decode(&f->arena, encoded, URI_PLUS_IS_BLANK, &f->err), f->input));
	buffer_init(&out, &f->arena, encoded.len * 3);
	CHECK_FUZZ(f, uri_normalise(&out, encoded, URI_PLUS_IS_PLUS, slash) && slice_equal(buffer_slice(&out), encoded));
}

static void check_one_pass(struct fuzz *f, enum uri_plus plus)
{
	struct slice decoded = uri_decode(&f->arena, f->input, plus, &f->err);
	struct buffer out;

	buffer_init(&out, &f->arena, f->input.len * 3);
	bool is_valid = uri_normalise(&out, f->input, plus, URI_ENCODE_SLASH);
	CHECK_FUZZ(f, is_valid == (decoded.ptr != NULL));
	if (is_valid)
		CHECK_FUZZ(f, slice_equal(buffer_slice(&out), uri_encode_text(&f->arena, decoded, URI_ENCODE_SLASH)));
}

FUZZ(uri)
{
	struct uri_pairs pairs, again;
	struct buffer out;

	check_round_trip(f, URI_ENCODE_SLASH);
	check_round_trip(f, URI_KEEP_SLASH);
	check_one_pass(f, URI_PLUS_IS_PLUS);
	check_one_pass(f, URI_PLUS_IS_BLANK);
	if (!uri_pairs_read(&f->arena, f->input, URI_PLUS_IS_BLANK, 1000, &pairs, &f->err))
		return;
	buffer_init(&out, &f->arena, f->input.len * 3 + 1);
	for (size_t i = 0; i < pairs.count; i++) {
		if (i)
			buffer_byte(&out, '&');
		uri_encode(&out, pairs.items[i].name, URI_ENCODE_SLASH);
		if (pairs.items[i].value.ptr)
			buffer_byte(&out, '=');
		uri_encode(&out, pairs.items[i].value, URI_ENCODE_SLASH);
	}
	CHECK_FUZZ(f, uri_pairs_read(&f->arena, buffer_slice(&out), URI_PLUS_IS_BLANK, 1000, &again, &f->err));
	CHECK_FUZZ(f, again.count == pairs.count);
	for (size_t i = 0; i < pairs.count; i++) {
		CHECK_FUZZ(f, slice_equal(again.items[i].name, pairs.items[i].name));
		CHECK_FUZZ(f, slice_equal(again.items[i].value, pairs.items[i].value));
	}
}
