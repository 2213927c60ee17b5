/* trail/digest_document_fuzz.c: what reads as a digest writes as one that reads the same. */
#include "trail/digest_document.h"

#include "tests/fuzz.h"

FUZZ(digest_document)
{
	struct digest_document document, again;

	if (!digest_document_read(&f->arena, f->input, &document, &f->err))
		return;
	struct slice json = digest_document_write(&f->arena, &document);
	CHECK_FUZZ(f, digest_document_read(&f->arena, json, &again, &f->err));
	CHECK_FUZZ(f, again.file_count == document.file_count && again.end_ms / 1000 == document.end_ms / 1000);
}
