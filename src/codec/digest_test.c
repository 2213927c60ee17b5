/* codec/digest_test.c: the published vectors of each algorithm, and that nothing altered opens. */
#include "codec/digest.h"
#include "codec/hex.h"
#include "tests/test.h"

static struct slice bytes(struct test *t, const char *hex)
{
	size_t count = strlen(hex) / 2;
	char *out = arena_alloc(&t->arena, count);

	CHECK(t, hex_decode(slice_of(hex), out, count));
	return (struct slice){ out, count };
}

static struct slice hex(struct test *t, const void *out, size_t count)
{
	return hex_text(&t->arena, (struct slice){ out, count });
}

TEST(digest_sha256_gives_the_vectors_of_fips_180)
{
	static const struct { const char *text, *hash; } rows[] = {
		{ "", SHA256_EMPTY_HEX },
		{ "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" },
		{ "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
		  "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1" },
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		char out[SHA256_HEX_BYTES];
		unsigned char hash[SHA256_BYTES];
		struct digest_sha256 pieces;
		struct slice text = slice_of(rows[i].text);

		CHECK_TEXT(t, digest_sha256_hex(text, out), slice_of(rows[i].hash));
		digest_sha256_init(&pieces);
		digest_sha256_add(&pieces, slice_sub(text, 0, 1));
		digest_sha256_add(&pieces, SLICE_NONE);
		digest_sha256_add(&pieces, slice_from(text, 1));
		digest_sha256_final(&pieces, hash);
		CHECK_TEXT(t, hex(t, hash, sizeof hash), slice_of(rows[i].hash));
	}
}

TEST(digest_md5_gives_the_vectors_of_rfc_1321)
{
	unsigned char out[MD5_BYTES];
	struct digest_md5 pieces;

	digest_md5(S(""), out);
	CHECK_TEXT(t, hex(t, out, sizeof out), S("d41d8cd98f00b204e9800998ecf8427e"));
	digest_md5_init(&pieces);
	digest_md5_add(&pieces, S("message "));
	digest_md5_add(&pieces, S("digest"));
	digest_md5_final(&pieces, out);
	CHECK_TEXT(t, hex(t, out, sizeof out), S("f96b697d7cb7938d525a2f31aaf161d0"));
}

TEST(digest_sha1_gives_the_vectors_of_fips_180)
{
	unsigned char out[SHA1_BYTES];
	struct digest_sha1 pieces;

	digest_sha1_init(&pieces);
	digest_sha1_add(&pieces, S("a"));
	digest_sha1_add(&pieces, S("bc"));
	digest_sha1_final(&pieces, out);
	CHECK_TEXT(t, hex(t, out, sizeof out), S("a9993e364706816aba3e25717850c26c9cd0d89d"));
}

TEST(digest_hmac_gives_the_vectors_of_rfc_4231)
{
	static const struct { const char *key, *data, *mac; } rows[] = {
		{ "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b", "4869205468657265",
		  "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7" },
		{ "4a656665", "7768617420646f2079612077616e7420666f72206e6f7468696e673f",
		  "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843" },
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct slice key = bytes(t, rows[i].key), data = bytes(t, rows[i].data);
		struct digest_hmac_sha256 ready;
		unsigned char mac[SHA256_BYTES];

		digest_hmac_sha256(key, data, mac);
		CHECK_TEXT(t, hex(t, mac, sizeof mac), slice_of(rows[i].mac));
		digest_hmac_sha256_init(&ready, key);
		for (int again = 0; again < 2; again++) {
			digest_hmac_sha256_add(&ready, data);
			digest_hmac_sha256_final(&ready, mac);
			CHECK_TEXT(t, hex(t, mac, sizeof mac), slice_of(rows[i].mac));
		}
	}
}

TEST(digest_hkdf_gives_the_vectors_of_rfc_5869)
{
	static const struct { const char *key, *salt, *info, *out; } rows[] = {
		{ "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b", "000102030405060708090a0b0c", "f0f1f2f3f4f5f6f7f8f9",
		  "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865" },
		{ "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b", "", "",
		  "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8" },
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		unsigned char out[42];

		digest_hkdf_sha256(bytes(t, rows[i].key), bytes(t, rows[i].salt), bytes(t, rows[i].info), out, sizeof out);
		CHECK_TEXT(t, hex(t, out, sizeof out), slice_of(rows[i].out));
	}
}

TEST(digest_gcm_gives_the_vectors_of_the_gcm_specification)
{
	static const struct { const char *key, *nonce, *associated, *plain, *sealed; } rows[] = {
		{ "0000000000000000000000000000000000000000000000000000000000000000", "000000000000000000000000", "", "",
		  "530f8afbc74536b9a963b4f1c4cb738b" },
		{ "0000000000000000000000000000000000000000000000000000000000000000", "000000000000000000000000", "",
		  "00000000000000000000000000000000", "cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919" },
		{ "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308", "cafebabefacedbaddecaf888",
		  "feedfacedeadbeeffeedfacedeadbeefabaddad2",
		  "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
		  "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39",
		  "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
		  "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662"
		  "76fc6ece0f4e1768cddf8853bb2d551b" },
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct digest_gcm gcm;
		struct slice plain = bytes(t, rows[i].plain), associated = bytes(t, rows[i].associated);
		const unsigned char *nonce = (const unsigned char *)bytes(t, rows[i].nonce).ptr;
		unsigned char sealed[100], opened[100];
		struct slice box = { (const char *)sealed, plain.len + GCM_TAG_BYTES };

		digest_gcm_init(&gcm, (const unsigned char *)bytes(t, rows[i].key).ptr);
		for (int again = 0; again < 2; again++) {
			digest_gcm_seal(&gcm, nonce, associated, plain, sealed);
			CHECK_TEXT(t, hex_text(&t->arena, box), slice_of(rows[i].sealed));
			CHECK(t, digest_gcm_open(&gcm, nonce, associated, box, opened));
			CHECK_TEXT(t, ((struct slice){ (const char *)opened, plain.len }), plain.len ? plain : S(""));
		}
	}
}

TEST(digest_gcm_opens_nothing_that_was_altered)
{
	const unsigned char key[AES256_KEY_BYTES] = "an invented key", nonce[GCM_NONCE_BYTES] = "invented";
	struct slice plain = S("what nobody may alter");
	unsigned char sealed[64], opened[64], zero[64] = {0};
	struct slice box = { (const char *)sealed, plain.len + GCM_TAG_BYTES };
	struct digest_gcm gcm;

	digest_gcm_init(&gcm, key);
	digest_gcm_seal(&gcm, nonce, S("row 1"), plain, sealed);
	for (size_t bit = 0; bit < box.len * 8; bit++) {
		sealed[bit / 8] ^= (unsigned char)(1 << bit % 8);
		CHECK(t, !digest_gcm_open(&gcm, nonce, S("row 1"), box, opened) && !memcmp(opened, zero, plain.len));
		sealed[bit / 8] ^= (unsigned char)(1 << bit % 8);
	}
	CHECK(t, !digest_gcm_open(&gcm, nonce, S("row 2"), box, opened));
	CHECK(t, !digest_gcm_open(&gcm, nonce, S("row 1"), slice_sub(box, 0, GCM_TAG_BYTES - 1), opened));
	CHECK(t, digest_gcm_open(&gcm, nonce, S("row 1"), box, opened));
}
