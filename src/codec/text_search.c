/* codec/text_search.c: 32 bytes at a time, and the rest one by one. */
#include "codec/text_search.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

static bool is_at(struct slice text, size_t at, struct slice wanted)
{
	return wanted.len <= text.len - at && memcmp(text.ptr + at, wanted.ptr, wanted.len) == 0;
}

/* The first of the texts that begins at `at`. */
static size_t which_at(const struct text_search *search, struct slice text, size_t at)
{
	for (size_t i = 0; i < search->count; i++)
		if (is_at(text, at, search->texts[i]))
			return i;
	return SLICE_NPOS;
}

static size_t next_scalar(const struct text_search *search, struct slice text, size_t from, size_t *which)
{
	bool begins[256] = {0};

	for (size_t i = 0; i < search->count; i++)
		begins[(unsigned char)search->texts[i].ptr[0]] = true;
	for (size_t at = from; at < text.len; at++)
		if (begins[(unsigned char)text.ptr[at]] && (*which = which_at(search, text, at)) != SLICE_NPOS)
			return at;
	return SLICE_NPOS;
}

#if defined(__x86_64__)

enum { STEP = 32 };

/* For each text its first and last byte, so that a block is loaded twice a text and most blocks are done with. */
__attribute__((target("avx2")))
static size_t next_avx2(const struct text_search *search, struct slice text, size_t from, size_t *which)
{
	__m256i first[TEXT_SEARCH_MAX], last[TEXT_SEARCH_MAX];
	size_t longest = 0, at = from;

	for (size_t i = 0; i < search->count; i++) {
		struct slice wanted = search->texts[i];
		first[i] = _mm256_set1_epi8(wanted.ptr[0]);
		last[i] = _mm256_set1_epi8(wanted.ptr[wanted.len - 1]);
		longest = wanted.len > longest ? wanted.len : longest;
	}
	for (; at + STEP + longest <= text.len; at += STEP) {
		__m256i block = _mm256_loadu_si256((const __m256i *)(const void *)(text.ptr + at));
		uint32_t found = 0;
		for (size_t i = 0; i < search->count; i++) {
			const char *end = text.ptr + at + search->texts[i].len - 1;
			__m256i shifted = _mm256_loadu_si256((const __m256i *)(const void *)end);
			found |= (uint32_t)_mm256_movemask_epi8(_mm256_and_si256(_mm256_cmpeq_epi8(block, first[i]), _mm256_cmpeq_epi8(shifted, last[i])));
		}
		for (; found; found &= found - 1) {
			size_t candidate = at + (size_t)__builtin_ctz(found);
			if ((*which = which_at(search, text, candidate)) != SLICE_NPOS)
				return candidate;
		}
	}
	return next_scalar(search, text, at, which);
}

bool text_search_runs_on(enum text_machine machine)
{
	return machine == TEXT_SCALAR || (machine == TEXT_AVX2 && __builtin_cpu_supports("avx2"));
}

#else

static size_t next_avx2(const struct text_search *search, struct slice text, size_t from, size_t *which)
{
	return next_scalar(search, text, from, which);
}

bool text_search_runs_on(enum text_machine machine)
{
	return machine == TEXT_SCALAR;
}

#endif

enum text_machine text_search_fastest(void)
{
	return text_search_runs_on(TEXT_AVX2) ? TEXT_AVX2 : TEXT_SCALAR;
}

size_t text_search_next(const struct text_search *search, struct slice text, size_t from, enum text_machine machine, size_t *which)
{
	if (from >= text.len)
		return SLICE_NPOS;
	return machine == TEXT_AVX2 ? next_avx2(search, text, from, which) : next_scalar(search, text, from, which);
}
