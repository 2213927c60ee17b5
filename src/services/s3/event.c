/* services/s3/event.c: JSON from the address, the query, the headers and the document. */
#include "services/s3/event.h"

#include "base/limits.h"
#include "codec/json.h"
#include "codec/xml_read.h"
#include "services/rest.h"
#include "services/shape.h"

enum { DOCUMENT_DEPTH_MAX = 20, EVENT_NUMBER_DIGITS_MAX = 15 };

static bool is_one_of(struct slice text, const struct slice *list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (slice_equal_nocase(text, list[i]))
			return true;
	return false;
}

/* ---- documents ---- */

/* As the records have it: texts that look like numbers or booleans are such. */
static void write_text(struct json_writer *writer, struct slice text)
{
	struct slice digits = slice_has_prefix(text, S("-")) ? slice_from(text, 1) : text;
	uint64_t number;
	bool is_number = digits.len > 0 && digits.len <= EVENT_NUMBER_DIGITS_MAX && slice_to_u64(digits, &number)
	                 && (digits.ptr[0] != '0' || text.len == 1);

	if (is_number || slice_equal(text, S("true")) || slice_equal(text, S("false")))
		json_raw(writer, text);
	else
		json_string(writer, text);
}

static void write_element(struct json_writer *writer, const struct xml_element *element, int depth);

static bool came_before(const struct xml_element *parent, const struct xml_element *child)
{
	for (const struct xml_element *other = parent->first; other != child; other = other->next)
		if (slice_equal(other->name, child->name))
			return true;
	return false;
}

static void write_children(struct json_writer *writer, const struct xml_element *parent, int depth)
{
	for (const struct xml_element *child = parent->first; child; child = child->next) {
		const struct xml_element *same = child->next;
		if (came_before(parent, child))
			continue;
		json_key(writer, child->name);
		while (same && !slice_equal(same->name, child->name))
			same = same->next;
		if (!same) {
			write_element(writer, child, depth);
			continue;
		}
		json_array_begin(writer);
		for (same = child; same; same = same->next)
			if (slice_equal(same->name, child->name))
				write_element(writer, same, depth);
		json_array_end(writer);
	}
}

static void write_element(struct json_writer *writer, const struct xml_element *element, int depth)
{
	if (!element->first && !element->attributes) {
		write_text(writer, element->text);
		return;
	}
	json_object_begin(writer);
	for (const struct xml_attribute *attribute = element->attributes; attribute; attribute = attribute->next) {
		json_key(writer, attribute->name);
		json_string(writer, attribute->value);
	}
	if (!element->first && element->text.len) {
		json_key(writer, S("content"));
		write_text(writer, element->text);
	}
	if (depth < DOCUMENT_DEPTH_MAX)
		write_children(writer, element, depth + 1);
	json_object_end(writer);
}

static void write_document(struct json_writer *writer, struct call *call)
{
	static const struct slice left_out[] = { S_INIT("Delete"), S_INIT("CompleteMultipartUpload") };
	const struct rest *rest = call->rest;
	bool is_policy = call->operation && slice_equal(call->operation->shape->name, S("PutBucketPolicy"));
	const struct json *policy = is_policy ? json_parse(&call->arena, rest->body, &JSON_LIMITS_DEFAULT, NULL) : NULL;

	if (policy) {
		json_key(writer, S("bucketPolicy"));
		json_value(writer, policy);
	}
	if (!rest->document || is_one_of(rest->document->name, left_out, COUNT(left_out)))
		return;
	json_key(writer, rest->document->name);
	write_element(writer, rest->document, 1);
}

/* ---- requestParameters ---- */

static bool was_written(const struct uri_pairs *query, size_t index)
{
	for (size_t i = 0; i < index; i++)
		if (slice_equal(query->items[i].name, query->items[index].name))
			return true;
	return false;
}

/* Source: cloudtrail.md 3.10. */
static void write_query(struct json_writer *writer, const struct rest *rest)
{
	static const struct slice secrets[] = {
		S_INIT("X-Amz-Signature"), S_INIT("X-Amz-Credential"), S_INIT("X-Amz-Security-Token"), S_INIT("AWSAccessKeyId"),
		S_INIT("Signature"), S_INIT("bucketName"), S_INIT("key"), S_INIT("Host"), S_INIT("bucketPolicy"),
	};

	for (size_t i = 0; i < rest->query.count; i++) {
		const struct uri_pair *pair = &rest->query.items[i];
		if (is_one_of(pair->name, secrets, COUNT(secrets)) || was_written(&rest->query, i)
		    || (rest->document && slice_equal(pair->name, rest->document->name)))
			continue;
		json_key(writer, pair->name);
		json_string(writer, pair->value.ptr ? pair->value : S(""));
	}
}

/* What the caller asked for in headers; not how the request was signed, checked and sent, nor what it says to itself. */
static bool is_shown(struct slice name)
{
	static const struct slice hidden[] = {
		S_INIT("x-amz-content-sha256"), S_INIT("x-amz-date"), S_INIT("x-amz-decoded-content-length"), S_INIT("x-amz-mfa"),
		S_INIT("x-amz-sdk-checksum-algorithm"), S_INIT("x-amz-security-token"), S_INIT("x-amz-te"), S_INIT("x-amz-trailer"),
		S_INIT("x-amz-user-agent"), S_INIT("x-amz-server-side-encryption-customer-key"),
		S_INIT("x-amz-server-side-encryption-customer-key-MD5"),
		S_INIT("x-amz-copy-source-server-side-encryption-customer-key"),
		S_INIT("x-amz-copy-source-server-side-encryption-customer-key-MD5"), S_INIT("x-amz-checksum-mode"),
	};

	return slice_has_prefix_nocase(name, S("x-amz-")) && !slice_has_prefix_nocase(name, S("x-amz-meta-"))
	    && !slice_has_prefix_nocase(name, S("x-amz-checksum-")) && !is_one_of(name, hidden, COUNT(hidden));
}

static struct slice lower(struct arena *arena, struct slice text)
{
	char *out = arena_alloc(arena, text.len);

	for (size_t i = 0; i < text.len; i++)
		out[i] = text.ptr[i] >= 'A' && text.ptr[i] <= 'Z' ? (char)(text.ptr[i] + 'a' - 'A') : text.ptr[i];
	return (struct slice){ out, text.len };
}

static void write_headers(struct json_writer *writer, struct call *call)
{
	const struct rest *rest = call->rest;

	for (size_t i = 0; i < rest->header_count; i++) {
		struct slice name = rest->headers[i].name;
		bool is_first = true;
		for (size_t k = 0; k < i; k++)
			is_first &= !slice_equal_nocase(rest->headers[k].name, name);
		if (!is_shown(name) || !is_first)
			continue;
		name = lower(&call->arena, name);
		if (rest_query(rest, name).ptr)
			continue;                        /* a presigned parameter of that name is there already */
		json_key(writer, name);
		json_string(writer, rest->headers[i].value);
	}
}

static struct slice request_parameters(struct call *call)
{
	const struct rest *rest = call->rest;
	struct json_writer writer;
	struct buffer out;

	buffer_init(&out, &call->arena, AUDIT_BYTES_MAX);
	json_writer_init(&writer, &out);
	json_object_begin(&writer);
	json_member(&writer, S("bucketName"), rest->bucket);
	json_member(&writer, S("Host"), call->host);
	json_member(&writer, S("key"), rest->key);
	write_query(&writer, rest);
	write_headers(&writer, call);
	write_document(&writer, call);
	json_object_end(&writer);
	return out.is_over ? S("{\"omitted\":true,\"reason\":\"too large\"}") : buffer_slice(&out);
}

/* ---- the reply ---- */

static struct slice encryption_header(struct call *call)
{
	const struct shape *shape = call->operation && call->output ? call->operation->shape->output : NULL;
	const struct shape_member *member = shape ? shape_member_find(shape, S("ServerSideEncryption")) : NULL;
	const struct slice *value = member ? shape_value(member, call->output) : NULL;

	return value ? *value : SLICE_NONE;
}

static struct slice response_elements(struct call *call)
{
	static const struct slice hidden[] = { S_INIT("x-amz-bucket-arn"), S_INIT("x-amz-object-size") };
	const struct shape *shape = call->operation && call->output ? call->operation->shape->output : NULL;
	struct json_writer writer;
	struct buffer out;
	bool is_empty = true;

	buffer_init(&out, &call->arena, AUDIT_BYTES_MAX);
	json_writer_init(&writer, &out);
	json_object_begin(&writer);
	for (size_t i = 0; shape && i < shape->member_count; i++) {
		const struct shape_member *member = &shape->members[i];
		const void *value = member->location == IN_HEADER ? shape_value(member, call->output) : NULL;
		if (!value || !is_shown(member->xml_name) || is_one_of(member->xml_name, hidden, COUNT(hidden)))
			continue;
		if (member->shape->kind == SHAPE_STRING)
			json_member(&writer, member->xml_name, *(const struct slice *)value);
		else if (member->shape->kind == SHAPE_BOOLEAN)
			json_member(&writer, member->xml_name, ((const struct maybe_bool *)value)->value ? S("true") : S("false"));
		else
			continue;
		is_empty = false;
	}
	json_object_end(&writer);
	return is_empty ? SLICE_NONE : buffer_slice(&out);
}

static struct slice additional_event_data(struct call *call, bool is_read_only)
{
	const struct rest *rest = call->rest;
	struct slice encryption = is_read_only || call->error.kind ? SLICE_NONE : encryption_header(call);
	struct json_writer writer;
	struct buffer out;

	buffer_init(&out, &call->arena, 4096);
	json_writer_init(&writer, &out);
	json_object_begin(&writer);
	if (!rest->is_anonymous)
		json_member(&writer, S("SignatureVersion"), S("SigV4"));
	json_member(&writer, S("CipherSuite"), call->tls_cipher);
	json_key(&writer, S("bytesTransferredIn"));
	json_i64(&writer, (int64_t)rest->bytes_in);
	if (encryption.ptr)
		json_member(&writer, S("SSEApplied"),
			rest_header(rest, S("x-amz-server-side-encryption")).ptr ? S("SSE_S3") : S("Default_SSE_S3"));
	if (!rest->is_anonymous)
		json_member(&writer, S("AuthenticationMethod"), rest->is_presigned ? S("QueryString") : S("AuthHeader"));
	json_member(&writer, S("x-amz-id-2"), slice_of(rest->host_id));
	json_key(&writer, S("bytesTransferredOut"));
	json_i64(&writer, (int64_t)rest->bytes_out);
	json_object_end(&writer);
	return buffer_slice(&out);
}

/* ---- resources ---- */

static void add(struct call *call, struct resource_entry entry)
{
	call->resources[call->resource_count++] = entry;
}

static struct slice object_arn(struct call *call, struct slice bucket, struct slice key)
{
	return arena_format(&call->arena, "arn:aws:s3:::%.*s/%.*s", SLICE_ARG(bucket), SLICE_ARG(key));
}

static bool is_listing(struct slice operation)
{
	return slice_equal(operation, S("ListObjects")) || slice_equal(operation, S("ListObjectsV2"))
	    || slice_equal(operation, S("ListObjectVersions")) || slice_equal(operation, S("ListMultipartUploads"));
}

/* Objects have no account; those of CreateBucket and of buckets that are not there are not shown at all. */
static void fill_resources(struct call *call)
{
	const struct rest *rest = call->rest;
	struct slice name = call->operation ? call->operation->shape->name : S(""), object = S("AWS::S3::Object");

	if (!rest->bucket_owner.ptr || call->resource_count || slice_equal(name, S("CreateBucket")))
		return;
	call->resources = arena_array(&call->arena, 3, sizeof *call->resources);
	if (rest->key.ptr)
		add(call, (struct resource_entry){ .type = object, .arn = object_arn(call, rest->bucket, rest->key) });
	else if (is_listing(name))
		add(call, (struct resource_entry){ .type = object, .arn_prefix = object_arn(call, rest->bucket, rest_query(rest, S("prefix"))) });
	add(call, (struct resource_entry){ .type = S("AWS::S3::Bucket"), .account = rest->bucket_owner,
		.arn = arena_format(&call->arena, "arn:aws:s3:::%.*s", SLICE_ARG(rest->bucket)) });
	if (rest->source_bucket.ptr)
		add(call, (struct resource_entry){ .type = object, .arn = object_arn(call, rest->source_bucket, rest->source_key) });
}

void event_describe(struct call *call, bool is_read_only, struct call_event *event)
{
	event->request_parameters = request_parameters(call);
	event->response_elements = is_read_only || call->error.kind ? SLICE_NONE : response_elements(call);
	event->additional_event_data = additional_event_data(call, is_read_only);
	fill_resources(call);
}
