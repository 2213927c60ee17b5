/* event/lookup.c: rows that say which members of a request or response name a resource, and of which type. */
#include "event/lookup.h"

_Static_assert(6 + 2 * LOOKUP_RESOURCES_MAX <= FRAME_ATTRIBUTES_MAX, "a frame takes the attributes of any event");

enum side { REQUEST = 1 << 0, RESPONSE = 1 << 1, CALLER = 1 << 2 };

/* `path`: members by dots, "[]" after one for each element of an array; "**" before a member finds it at any depth.
 * CALLER: the user who calls. */
struct row {
	const char  *events;              /* names with blanks between, or NULL: every event of the service */
	enum side    side;
	const char  *path;
	struct slice type;
};

#define TRAIL_CALLS "CreateTrail UpdateTrail DeleteTrail GetTrail GetTrailStatus StartLogging StopLogging"

static const struct row CLOUDTRAIL_ROWS[] = {
	{ TRAIL_CALLS, REQUEST, "name", S_INIT("AWS::CloudTrail::Trail") },
	{ NULL, REQUEST, "trailName", S_INIT("AWS::CloudTrail::Trail") },
	{ "AddTags RemoveTags", REQUEST, "resourceId", S_INIT("AWS::CloudTrail::Trail") },
	{ "ListTags", REQUEST, "resourceIdList[]", S_INIT("AWS::CloudTrail::Trail") },
	{ "DescribeTrails", REQUEST, "trailNameList[]", S_INIT("AWS::CloudTrail::Trail") },
	{ "CreateTrail UpdateTrail", RESPONSE, "trailARN", S_INIT("AWS::CloudTrail::Trail") },
	{ "CreateTrail UpdateTrail", REQUEST, "s3BucketName", S_INIT("AWS::S3::Bucket") },
	{ "CreateTrail UpdateTrail", REQUEST, "snsTopicName", S_INIT("AWS::SNS::Topic") },
	{ "CreateTrail UpdateTrail", REQUEST, "cloudWatchLogsRoleArn", S_INIT("AWS::IAM::Role") },
	{ "CreateTrail UpdateTrail", REQUEST, "cloudWatchLogsLogGroupArn", S_INIT("AWS::Logs::LogGroup") },
	{ "CreateTrail UpdateTrail", REQUEST, "kmsKeyId", S_INIT("AWS::KMS::Key") },
};

static const struct row CONFIG_ROWS[] = {
	{ NULL, REQUEST, "configurationRecorderName", S_INIT("AWS::Config::ConfigurationRecorder") },
	{ NULL, REQUEST, "configurationRecorder.name", S_INIT("AWS::Config::ConfigurationRecorder") },
	{ NULL, REQUEST, "deliveryChannelName", S_INIT("AWS::Config::DeliveryChannel") },
	{ NULL, REQUEST, "deliveryChannel.name", S_INIT("AWS::Config::DeliveryChannel") },
};

static const struct row EC2_ROWS[] = {
	{ NULL, REQUEST | RESPONSE, "**vpcId", S_INIT("AWS::EC2::VPC") },
	{ NULL, REQUEST | RESPONSE, "**imageId", S_INIT("AWS::EC2::Ami") },
	{ NULL, REQUEST | RESPONSE, "**networkInterfaceId", S_INIT("AWS::EC2::NetworkInterface") },
	{ NULL, REQUEST | RESPONSE, "**instanceId", S_INIT("AWS::EC2::Instance") },
	{ NULL, REQUEST | RESPONSE, "**keyName", S_INIT("AWS::EC2::KeyPair") },
	{ NULL, REQUEST | RESPONSE, "**groupName", S_INIT("AWS::EC2::SecurityGroup") },
	{ NULL, REQUEST | RESPONSE, "**groupId", S_INIT("AWS::EC2::SecurityGroup") },
	{ NULL, REQUEST | RESPONSE, "**subnetId", S_INIT("AWS::EC2::Subnet") },
	{ NULL, REQUEST | RESPONSE, "**routeTableId", S_INIT("AWS::EC2::RouteTable") },
	{ NULL, REQUEST | RESPONSE, "**internetGatewayId", S_INIT("AWS::EC2::InternetGateway") },
	{ NULL, REQUEST | RESPONSE, "**networkAclId", S_INIT("AWS::EC2::NetworkAcl") },
};

static const struct row IAM_ROWS[] = {
	{ NULL, REQUEST, "accessKeyId", S_INIT("AWS::IAM::AccessKey") },
	{ "CreateAccessKey", RESPONSE, "accessKey.accessKeyId", S_INIT("AWS::IAM::AccessKey") },
	{ "CreateAccessKey", RESPONSE, "accessKey.userName", S_INIT("AWS::IAM::User") },
	{ NULL, REQUEST, "userName", S_INIT("AWS::IAM::User") },
	{ "UpdateUser", REQUEST, "newUserName", S_INIT("AWS::IAM::User") },
	{ "CreateUser", RESPONSE, "user.userId", S_INIT("AWS::IAM::User") },
	{ "CreateUser", RESPONSE, "user.arn", S_INIT("AWS::IAM::User") },
	{ "ChangePassword", CALLER, "userName", S_INIT("AWS::IAM::User") },
	{ NULL, REQUEST, "roleName", S_INIT("AWS::IAM::Role") },
	{ "CreateRole CreateServiceLinkedRole", RESPONSE, "role.roleName", S_INIT("AWS::IAM::Role") },
	{ "CreateRole CreateServiceLinkedRole", RESPONSE, "role.roleId", S_INIT("AWS::IAM::Role") },
	{ "CreateRole CreateServiceLinkedRole", RESPONSE, "role.arn", S_INIT("AWS::IAM::Role") },
	{ NULL, REQUEST, "groupName", S_INIT("AWS::IAM::Group") },
	{ "UpdateGroup", REQUEST, "newGroupName", S_INIT("AWS::IAM::Group") },
	{ "CreateGroup", RESPONSE, "group.groupId", S_INIT("AWS::IAM::Group") },
	{ "CreateGroup", RESPONSE, "group.arn", S_INIT("AWS::IAM::Group") },
	{ NULL, REQUEST, "policyArn", S_INIT("AWS::IAM::Policy") },
	{ NULL, REQUEST, "policyName", S_INIT("AWS::IAM::Policy") },
	{ "CreatePolicy", RESPONSE, "policy.policyId", S_INIT("AWS::IAM::Policy") },
	{ "CreatePolicy", RESPONSE, "policy.arn", S_INIT("AWS::IAM::Policy") },
	{ NULL, REQUEST, "instanceProfileName", S_INIT("AWS::IAM::InstanceProfile") },
	{ "CreateInstanceProfile", RESPONSE, "instanceProfile.instanceProfileId", S_INIT("AWS::IAM::InstanceProfile") },
	{ "CreateInstanceProfile", RESPONSE, "instanceProfile.arn", S_INIT("AWS::IAM::InstanceProfile") },
	{ NULL, REQUEST, "virtualMFADeviceName", S_INIT("AWS::IAM::MFADevice") },
	{ NULL, REQUEST, "serialNumber", S_INIT("AWS::IAM::MFADevice") },
	{ "CreateVirtualMFADevice", RESPONSE, "virtualMFADevice.serialNumber", S_INIT("AWS::IAM::MFADevice") },
};

static const struct row S3_ROWS[] = {
	{ NULL, REQUEST, "bucketName", S_INIT("AWS::S3::Bucket") },
};

#define ASSUMING "AssumeRole AssumeRoleWithSAML AssumeRoleWithWebIdentity"

static const struct row STS_ROWS[] = {
	{ ASSUMING " GetSessionToken", RESPONSE, "credentials.accessKeyId", S_INIT("AWS::IAM::AccessKey") },
	{ ASSUMING, REQUEST, "roleSessionName", S_INIT("AWS::STS::AssumedRole") },
	{ ASSUMING, RESPONSE, "assumedRoleUser.assumedRoleId", S_INIT("AWS::STS::AssumedRole") },
	{ ASSUMING, RESPONSE, "assumedRoleUser.arn", S_INIT("AWS::STS::AssumedRole") },
	{ ASSUMING, REQUEST, "roleArn", S_INIT("AWS::IAM::Role") },
};

static const struct service_rows {
	struct slice      event_source;
	bool              is_for_writes_only;        /* the filters of Describe calls are no resources */
	const struct row *rows;
	size_t            count;
} SERVICES[] = {
	{ S_INIT("cloudtrail.amazonaws.com"), false, CLOUDTRAIL_ROWS, COUNT(CLOUDTRAIL_ROWS) },
	{ S_INIT("config.amazonaws.com"), false, CONFIG_ROWS, COUNT(CONFIG_ROWS) },
	{ S_INIT("ec2.amazonaws.com"), true, EC2_ROWS, COUNT(EC2_ROWS) },
	{ S_INIT("iam.amazonaws.com"), false, IAM_ROWS, COUNT(IAM_ROWS) },
	{ S_INIT("s3.amazonaws.com"), false, S3_ROWS, COUNT(S3_ROWS) },
	{ S_INIT("sts.amazonaws.com"), false, STS_ROWS, COUNT(STS_ROWS) },
};

static void add(struct lookup_resources *resources, struct slice type, struct slice name)
{
	if (name.len == 0 || resources->count == LOOKUP_RESOURCES_MAX)
		return;
	for (size_t i = 0; i < resources->count; i++)
		if (slice_equal(resources->items[i].name, name) && slice_equal(resources->items[i].type, type))
			return;
	resources->items[resources->count++] = (struct lookup_resource){ type, name };
}

/* A bucket is known by its name, everything else by its ARN. */
static void add_native(struct lookup_resources *resources, const struct record_resource *native)
{
	struct slice name = native->arn.ptr ? native->arn : native->arn_prefix, bucket_arns = S("arn:aws:s3:::");

	if (slice_equal(native->type, S("AWS::S3::Bucket")) && slice_has_prefix(name, bucket_arns))
		name = slice_from(name, bucket_arns.len);
	add(resources, native->type, name);
}

static bool is_listed(const char *events, struct slice event_name)
{
	for (struct slice rest = slice_of(events), name; rest.ptr; ) {
		rest = slice_cut(rest, ' ', &name);
		if (slice_equal(name, event_name))
			return true;
	}
	return false;
}

static void add_anywhere(struct lookup_resources *resources, struct slice type, const struct json *json, struct slice key)
{
	for (const struct json *child = json->first; child; child = child->next) {
		if (child->kind == JSON_STRING && slice_equal(child->key, key))
			add(resources, type, child->text);
		add_anywhere(resources, type, child, key);
	}
}

static void add_at(struct lookup_resources *resources, struct slice type, const struct json *json, struct slice path)
{
	struct slice key;

	for (path = slice_cut(path, '.', &key); ; path = slice_cut(path, '.', &key)) {
		bool is_list = slice_has_suffix(key, S("[]"));
		json = json_get(json, slice_sub(key, 0, key.len - (is_list ? 2 : 0)));
		if (!json)
			return;
		if (is_list) {
			for (const struct json *item = json->first; item; item = item->next)
				if (item->kind == JSON_STRING)
					add(resources, type, item->text);
			return;
		}
		if (!path.ptr)
			break;
	}
	if (json->kind == JSON_STRING)
		add(resources, type, json->text);
}

static void add_row(struct lookup_resources *resources, const struct row *row, const struct json *json)
{
	struct slice path = slice_of(row->path);

	if (json && slice_has_prefix(path, S("**")))
		add_anywhere(resources, row->type, json, slice_from(path, 2));
	else if (json)
		add_at(resources, row->type, json, path);
}

/* The projection wrote this text, so it parses; a text that did not fit its limits is replaced before it is recorded. */
static const struct json *parsed(struct arena *arena, struct slice text)
{
	return text.ptr ? json_parse(arena, text, &JSON_LIMITS_DEFAULT, NULL) : NULL;
}

void lookup_resources_derive(struct arena *arena, const struct record *record, const struct json *request,
                             const struct json *response, struct lookup_resources *resources)
{
	bool has_request = request || !record->request_parameters.ptr, has_response = response || !record->response_elements.ptr;

	resources->count = 0;
	for (size_t i = 0; i < record->resource_count; i++)
		add_native(resources, &record->resources[i]);
	for (size_t s = 0; s < COUNT(SERVICES); s++) {
		const struct service_rows *service = &SERVICES[s];
		if (!slice_equal(service->event_source, record->event_source)
		    || (service->is_for_writes_only && record->is_read_only))
			continue;
		for (size_t i = 0; i < service->count; i++) {
			const struct row *row = &service->rows[i];
			if (row->events && !is_listed(row->events, record->event_name))
				continue;
			if (row->side & REQUEST && !has_request) {
				request = parsed(arena, record->request_parameters);
				has_request = true;
			}
			if (row->side & RESPONSE && !has_response) {
				response = parsed(arena, record->response_elements);
				has_response = true;
			}
			if (row->side & REQUEST)
				add_row(resources, row, request);
			if (row->side & RESPONSE)
				add_row(resources, row, response);
			if (row->side & CALLER && !record->error_code.ptr)
				add(resources, row->type, record->identity.user_name);
		}
	}
}

static void set(struct event_frame *frame, enum frame_key key, struct slice value)
{
	if (value.ptr && value.len <= FRAME_ATTRIBUTE_BYTES_MAX)
		frame->attributes[frame->attribute_count++] = (struct frame_attribute){ (uint8_t)key, value };
}

void lookup_frame(const struct record *record, const struct lookup_resources *resources, struct slice json,
                  struct event_frame *frame)
{
	frame->time_ms = record->time_ms;
	frame->account = 0;
	slice_to_u64(record->recipient_account_id, &frame->account);
	frame->flags = (record->category == RECORD_MANAGEMENT ? FRAME_MANAGEMENT : 0u)
	             | (record->is_read_only ? FRAME_READ_ONLY : 0u)
	             | (record->error_code.ptr || record->error_message.ptr ? FRAME_HAS_ERROR : 0u);
	frame->region = record->region;
	frame->stamps = SLICE_NONE;
	frame->json = json;
	frame->attribute_count = 0;
	set(frame, FRAME_EVENT_ID, record->event_id);
	set(frame, FRAME_EVENT_NAME, record->event_name);
	set(frame, FRAME_READ_ONLY_TEXT, record->is_read_only ? S("true") : S("false"));
	set(frame, FRAME_USERNAME, identity_username(&record->identity));
	set(frame, FRAME_EVENT_SOURCE, record->event_source);
	if (record->identity.access_key_id.len)
		set(frame, FRAME_ACCESS_KEY_ID, record->identity.access_key_id);
	for (size_t i = 0; i < resources->count; i++) {
		set(frame, FRAME_RESOURCE_TYPE, resources->items[i].type);
		set(frame, FRAME_RESOURCE_NAME, resources->items[i].name);
	}
}
