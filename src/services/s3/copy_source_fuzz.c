/* services/s3/copy_source_fuzz.c: a source that is one names a bucket and a key that could be put, and reads the same again. */
#include "base/buffer.h"
#include "bucket/bucket_put.h"
#include "codec/uri.h"
#include "services/s3/copy_source.h"
#include "tests/fuzz.h"

FUZZ(copy_source)
{
	struct copy_source source, again;

	if (!copy_source_read(&f->arena, f->input, &source, &f->err)) {
		CHECK_FUZZ(f, f->err.kind == ERR_INVALID);
		return;
	}
	CHECK_FUZZ(f, source.bucket.len > 0 && slice_find_byte(source.bucket, '/') == SLICE_NPOS);
	CHECK_FUZZ(f, bucket_check_key(source.key, &f->err));
	struct buffer text;
	buffer_init(&text, &f->arena, SIZE_MAX);
	buffer_byte(&text, '/');
	uri_encode(&text, source.bucket, URI_ENCODE_SLASH);
	buffer_byte(&text, '/');
	uri_encode(&text, source.key, URI_KEEP_SLASH);
	if (source.version_id.ptr)
		buffer_add(&text, S("?versionId="));
	buffer_add(&text, source.version_id);
	CHECK_FUZZ(f, copy_source_read(&f->arena, buffer_slice(&text), &again, &f->err));
	CHECK_FUZZ(f, slice_equal(again.bucket, source.bucket) && slice_equal(again.key, source.key));
	CHECK_FUZZ(f, slice_equal(again.version_id, source.version_id));
}
