/* auth/managed_policies_table.c: the rows: names, paths and dates are AWS's, the documents are spoor's own, shorter ones.
 *
 * They mean what AWS's mean for the services that spoor has and for those that its users' policies speak of. Ids are
 * AWS's where they are widely known, else stable ones of the same form. */
#include "auth/managed_policies_table.h"

#define AND                         ","
#define STATEMENT(effect, what, on) "{\"Effect\":\"" effect "\"," what ",\"Resource\":[" on "]"
#define ALLOW(actions)              STATEMENT("Allow", "\"Action\":[" actions "]", "\"*\"") "}"
#define ALLOW_ALL_BUT(actions)      STATEMENT("Allow", "\"NotAction\":[" actions "]", "\"*\"") "}"
#define ALLOW_ON(actions, on)       STATEMENT("Allow", "\"Action\":[" actions "]", on) "}"
#define ALLOW_IF(actions, condition) STATEMENT("Allow", "\"Action\":[" actions "]", "\"*\"") ",\"Condition\":" condition "}"
#define DENY(actions)               STATEMENT("Deny", "\"Action\":[" actions "]", "\"*\"") "}"

#define ROW(name_, path_, id, created, words, statements)                                                              \
	{ .name = S_INIT(name_), .path = S_INIT(path_), .arn = S_INIT("arn:aws:iam::aws:policy" path_ name_),          \
	  .policy_id = S_INIT(id), .description = S_INIT(words), .version_id = S_INIT("v1"), .created_ms = created,    \
	  .document = S_INIT("{\"Version\":\"2012-10-17\",\"Statement\":[" statements "]}") },

/* By name, case ignored, as ListPolicies shows them. */
const struct aws_policy managed_policies_table[] = {
	ROW("AdministratorAccess", "/", "ANPAIWMBCKSKIEE64ZLYK", 1423247986000,
	    "Provides full access to AWS services and resources.",
	    ALLOW("\"*\""))
	ROW("AmazonAthenaFullAccess", "/", "ANPAFNLY2AOD5VBNNQKPV", 1480524361000,
	    "Full access to Amazon Athena and to what its queries read.",
	    ALLOW("\"athena:*\",\"cloudwatch:DescribeAlarms\",\"cloudwatch:PutMetricAlarm\",\"glue:Get*\","
	          "\"glue:Create*\",\"glue:Update*\",\"glue:Delete*\",\"glue:Batch*\",\"s3:GetBucketLocation\","
	          "\"s3:ListAllMyBuckets\",\"s3:ListBucket\",\"sns:GetTopicAttributes\",\"sns:ListTopics\"") AND
	    ALLOW_ON("\"s3:AbortMultipartUpload\",\"s3:CreateBucket\",\"s3:GetObject\",\"s3:List*\",\"s3:PutObject\"",
	             "\"arn:aws:s3:::aws-athena-query-results-*\""))
	ROW("AmazonDynamoDBFullAccess", "/", "ANPAINUGF2JSOSUY76KYA", 1423248011000,
	    "Full access to Amazon DynamoDB.",
	    ALLOW("\"dynamodb:*\",\"dax:*\",\"application-autoscaling:*\",\"cloudwatch:DeleteAlarms\","
	          "\"cloudwatch:Describe*\",\"cloudwatch:Get*\",\"cloudwatch:List*\",\"cloudwatch:PutMetricAlarm\","
	          "\"iam:GetRole\",\"iam:ListRoles\",\"kms:DescribeKey\",\"kms:ListAliases\",\"sns:CreateTopic\","
	          "\"sns:List*\",\"sns:Subscribe\",\"sns:Unsubscribe\""))
	ROW("AmazonDynamoDBReadOnlyAccess", "/", "ANPAXAHTYIHS72UCN7XAT", 1423248012000,
	    "Read-only access to Amazon DynamoDB.",
	    ALLOW("\"cloudwatch:Describe*\",\"cloudwatch:Get*\",\"cloudwatch:List*\",\"dynamodb:BatchGetItem\","
	          "\"dynamodb:Describe*\",\"dynamodb:Get*\",\"dynamodb:List*\",\"dynamodb:PartiQLSelect\","
	          "\"dynamodb:Query\",\"dynamodb:Scan\",\"iam:GetRole\",\"iam:ListRoles\",\"kms:DescribeKey\","
	          "\"kms:ListAliases\",\"sns:List*\""))
	ROW("AmazonEC2ContainerRegistryReadOnly", "/", "ANPAOAGVS3FUMPKKQOIZK", 1450717455000,
	    "Read-only access to container registries.",
	    ALLOW("\"ecr:BatchCheckLayerAvailability\",\"ecr:BatchGetImage\",\"ecr:Describe*\",\"ecr:Get*\",\"ecr:List*\""))
	ROW("AmazonEC2FullAccess", "/", "ANPAI3VAJF5ZCRZ7MCQE6", 1423248015000,
	    "Full access to Amazon EC2.",
	    ALLOW("\"autoscaling:*\",\"cloudwatch:*\",\"ec2:*\",\"elasticloadbalancing:*\"") AND
	    ALLOW_IF("\"iam:CreateServiceLinkedRole\"",
	             "{\"StringEquals\":{\"iam:AWSServiceName\":[\"autoscaling.amazonaws.com\","
	          "\"ec2scheduled.amazonaws.com\",\"elasticloadbalancing.amazonaws.com\",\"spot.amazonaws.com\","
	          "\"spotfleet.amazonaws.com\",\"transitgateway.amazonaws.com\"]}}"))
	ROW("AmazonEC2ReadOnlyAccess", "/", "ANPAIGDT4SV4GSETWTBZK", 1423248017000,
	    "Read-only access to Amazon EC2.",
	    ALLOW("\"autoscaling:Describe*\",\"cloudwatch:Describe*\",\"cloudwatch:GetMetricStatistics\","
	          "\"cloudwatch:ListMetrics\",\"ec2:Describe*\",\"elasticloadbalancing:Describe*\""))
	ROW("AmazonECSTaskExecutionRolePolicy", "/service-role/", "ANPAZPE3WVQW6NHOK26I7", 1510858102000,
	    "What a task of Amazon ECS needs to start.",
	    ALLOW("\"ecr:BatchCheckLayerAvailability\",\"ecr:BatchGetImage\",\"ecr:GetAuthorizationToken\","
	          "\"ecr:GetDownloadUrlForLayer\",\"logs:CreateLogStream\",\"logs:PutLogEvents\""))
	ROW("AmazonEventBridgeFullAccess", "/", "ANPA43ET5KRFXHUI6WH3K", 1562854135000,
	    "Full access to Amazon EventBridge.",
	    ALLOW("\"events:*\",\"scheduler:*\",\"schemas:*\",\"pipes:*\"") AND
	    ALLOW_IF("\"iam:PassRole\"",
	             "{\"StringLike\":{\"iam:PassedToService\":\"events.amazonaws.com\"}}"))
	ROW("AmazonEventBridgeReadOnlyAccess", "/", "ANPAJYRFNDVV2D4TIO2FU", 1562853547000,
	    "Read-only access to Amazon EventBridge.",
	    ALLOW("\"events:Describe*\",\"events:List*\",\"events:TestEventPattern\",\"pipes:Describe*\",\"pipes:List*\","
	          "\"scheduler:Get*\",\"scheduler:List*\",\"schemas:Describe*\",\"schemas:Get*\",\"schemas:List*\""))
	ROW("AmazonGuardDutyFullAccess", "/", "ANPA3L2FC5AMHAZZ73WM4", 1511908290000,
	    "Full access to Amazon GuardDuty.",
	    ALLOW("\"guardduty:*\",\"organizations:Describe*\",\"organizations:List*\""))
	ROW("AmazonGuardDutyReadOnlyAccess", "/", "ANPAODP6JH7EQ37TAK7NB", 1511908180000,
	    "Read-only access to Amazon GuardDuty.",
	    ALLOW("\"guardduty:Describe*\",\"guardduty:Get*\",\"guardduty:List*\",\"organizations:Describe*\","
	          "\"organizations:List*\""))
	ROW("AmazonRDSFullAccess", "/", "ANPAI3R4QMOG6Q5A4VWVG", 1423248052000,
	    "Full access to Amazon RDS.",
	    ALLOW("\"rds:*\",\"cloudwatch:DeleteAlarms\",\"cloudwatch:Describe*\",\"cloudwatch:Get*\","
	          "\"cloudwatch:List*\",\"cloudwatch:PutMetricAlarm\",\"ec2:Describe*\",\"logs:DescribeLogStreams\","
	          "\"logs:GetLogEvents\",\"sns:List*\",\"sns:Publish\",\"sns:Subscribe\",\"sns:Unsubscribe\""))
	ROW("AmazonRDSReadOnlyAccess", "/", "ANPARLRKP5CJMMSNB7V4K", 1423248053000,
	    "Read-only access to Amazon RDS.",
	    ALLOW("\"rds:Describe*\",\"rds:ListTagsForResource\",\"cloudwatch:GetMetricData\","
	          "\"cloudwatch:GetMetricStatistics\",\"cloudwatch:ListMetrics\",\"ec2:Describe*\","
	          "\"logs:DescribeLogStreams\",\"logs:GetLogEvents\""))
	ROW("AmazonS3FullAccess", "/", "ANPAIFIR6V6BVTRAHWINE", 1423248058000,
	    "Full access to all buckets.",
	    ALLOW("\"s3:*\",\"s3-object-lambda:*\""))
	ROW("AmazonS3ReadOnlyAccess", "/", "ANPAIZTJ4DXE7G6AGAE6M", 1423248059000,
	    "Read-only access to all buckets.",
	    ALLOW("\"s3:Describe*\",\"s3:Get*\",\"s3:List*\",\"s3-object-lambda:Get*\",\"s3-object-lambda:List*\""))
	ROW("AmazonSNSFullAccess", "/", "ANPAJWEKLCXXUNT2SOLSG", 1423248065000,
	    "Full access to Amazon SNS.",
	    ALLOW("\"sns:*\""))
	ROW("AmazonSNSReadOnlyAccess", "/", "ANPAIZGQCQTFOFPMHSB6W", 1423248066000,
	    "Read-only access to Amazon SNS.",
	    ALLOW("\"sns:Check*\",\"sns:Get*\",\"sns:List*\""))
	ROW("AmazonSQSFullAccess", "/", "ANPAI65L554VRJ33ECQS6", 1423248067000,
	    "Full access to Amazon SQS.",
	    ALLOW("\"sqs:*\""))
	ROW("AmazonSQSReadOnlyAccess", "/", "ANPAJZSVB3IHYWGDQC73C", 1423248068000,
	    "Read-only access to Amazon SQS.",
	    ALLOW("\"sqs:GetQueueAttributes\",\"sqs:GetQueueUrl\",\"sqs:List*\""))
	ROW("AmazonSSMFullAccess", "/", "ANPAPHIHEE6USNZZHX3DO", 1432921187000,
	    "Full access to Systems Manager.",
	    ALLOW("\"cloudwatch:PutMetricData\",\"ec2:DescribeInstanceStatus\",\"ec2messages:*\",\"logs:*\",\"ssm:*\","
	          "\"ssmmessages:*\""))
	ROW("AmazonSSMManagedInstanceCore", "/", "ANPAIXSHM2BNB2D3AXXRU", 1552670532000,
	    "What an instance needs to be managed by Systems Manager.",
	    ALLOW("\"ssm:DescribeAssociation\",\"ssm:DescribeDocument\",\"ssm:GetDeployablePatchSnapshotForInstance\","
	          "\"ssm:GetDocument\",\"ssm:GetManifest\",\"ssm:GetParameter\",\"ssm:GetParameters\","
	          "\"ssm:ListAssociations\",\"ssm:ListInstanceAssociations\",\"ssm:PutComplianceItems\","
	          "\"ssm:PutConfigurePackageResult\",\"ssm:PutInventory\",\"ssm:UpdateAssociationStatus\","
	          "\"ssm:UpdateInstanceAssociationStatus\",\"ssm:UpdateInstanceInformation\",\"ssmmessages:*\","
	          "\"ec2messages:*\""))
	ROW("AmazonSSMReadOnlyAccess", "/", "ANPAZGJFUPM5NUCF2N4ES", 1432921459000,
	    "Read-only access to Systems Manager.",
	    ALLOW("\"ssm:Describe*\",\"ssm:Get*\",\"ssm:List*\""))
	ROW("AmazonVPCFullAccess", "/", "ANPAJBWPGNOVKZD3JI2P2", 1423248076000,
	    "Full access to Amazon VPC.",
	    ALLOW("\"ec2:Accept*\",\"ec2:AllocateAddress\",\"ec2:Assign*\",\"ec2:Associate*\",\"ec2:Attach*\","
	          "\"ec2:AuthorizeSecurityGroup*\",\"ec2:CreateCustomerGateway\",\"ec2:CreateDhcpOptions\","
	          "\"ec2:CreateEgressOnlyInternetGateway\",\"ec2:CreateFlowLogs\",\"ec2:CreateInternetGateway\","
	          "\"ec2:CreateNatGateway\",\"ec2:CreateNetworkAcl*\",\"ec2:CreateNetworkInterface*\","
	          "\"ec2:CreateRoute*\",\"ec2:CreateSecurityGroup\",\"ec2:CreateSubnet\",\"ec2:CreateTags\","
	          "\"ec2:CreateVpc*\",\"ec2:CreateVpn*\",\"ec2:DeleteCustomerGateway\",\"ec2:DeleteDhcpOptions\","
	          "\"ec2:DeleteEgressOnlyInternetGateway\",\"ec2:DeleteFlowLogs\",\"ec2:DeleteInternetGateway\","
	          "\"ec2:DeleteNatGateway\",\"ec2:DeleteNetworkAcl*\",\"ec2:DeleteNetworkInterface*\","
	          "\"ec2:DeleteRoute*\",\"ec2:DeleteSecurityGroup\",\"ec2:DeleteSubnet\",\"ec2:DeleteTags\","
	          "\"ec2:DeleteVpc*\",\"ec2:DeleteVpn*\",\"ec2:Describe*\",\"ec2:Detach*\",\"ec2:Disable*\","
	          "\"ec2:Disassociate*\",\"ec2:Enable*\",\"ec2:Modify*\",\"ec2:MoveAddressToVpc\",\"ec2:Reject*\","
	          "\"ec2:ReleaseAddress\",\"ec2:Replace*\",\"ec2:ResetNetworkInterfaceAttribute\","
	          "\"ec2:RevokeSecurityGroup*\",\"ec2:Unassign*\",\"ec2:UpdateSecurityGroup*\""))
	ROW("AmazonVPCReadOnlyAccess", "/", "ANPAHTKZKPOFOAA4F23EB", 1423248077000,
	    "Read-only access to Amazon VPC.",
	    ALLOW("\"ec2:Describe*\",\"ec2:GetManagedPrefixList*\",\"ec2:GetSecurityGroupsForVpc\""))
	ROW("AWS_ConfigRole", "/service-role/", "ANPAFYE2EXXEYLXR5OBZI", 1600201830000,
	    "What AWS Config needs to record the configuration of resources.",
	    ALLOW("\"cloudformation:Describe*\",\"cloudformation:List*\",\"cloudtrail:DescribeTrails\","
	          "\"cloudtrail:GetEventSelectors\",\"cloudtrail:GetTrailStatus\",\"cloudtrail:ListTags\","
	          "\"cloudwatch:DescribeAlarms\",\"config:BatchGet*\",\"config:Describe*\",\"config:Get*\","
	          "\"config:List*\",\"config:Put*\",\"dynamodb:Describe*\",\"dynamodb:List*\",\"ec2:Describe*\","
	          "\"events:Describe*\",\"events:List*\",\"iam:GenerateCredentialReport\",\"iam:Get*\",\"iam:List*\","
	          "\"kms:Describe*\",\"kms:GetKeyPolicy\",\"kms:GetKeyRotationStatus\",\"kms:List*\","
	          "\"lambda:GetPolicy\",\"lambda:List*\",\"logs:Describe*\",\"rds:Describe*\","
	          "\"s3:GetAccountPublicAccessBlock\",\"s3:GetBucket*\",\"s3:GetEncryptionConfiguration\","
	          "\"s3:GetLifecycleConfiguration\",\"s3:GetReplicationConfiguration\",\"s3:ListAllMyBuckets\","
	          "\"s3:ListBucket\",\"sns:GetTopicAttributes\",\"sns:List*\",\"sqs:GetQueueAttributes\","
	          "\"sqs:ListQueues\",\"tag:GetResources\""))
	ROW("AWSBillingReadOnlyAccess", "/", "ANPALGQEL4VE73FQQTATI", 1598558931000,
	    "Viewing bills.",
	    ALLOW("\"account:GetAccountInformation\",\"aws-portal:View*\",\"billing:Get*\",\"billing:List*\","
	          "\"budgets:Describe*\",\"budgets:View*\",\"ce:Describe*\",\"ce:Get*\",\"ce:List*\",\"cur:Describe*\","
	          "\"cur:Get*\",\"invoicing:Get*\",\"invoicing:List*\",\"payments:Get*\",\"payments:List*\",\"tax:Get*\","
	          "\"tax:List*\""))
	ROW("AWSCloudFormationFullAccess", "/", "ANPAEVGXUZUIPE2QCCSKD", 1564177835000,
	    "Full access to AWS CloudFormation.",
	    ALLOW("\"cloudformation:*\""))
	ROW("AWSCloudTrail_FullAccess", "/", "ANPAVT36APCM5R27HHPTV", 1602200475000,
	    "Full access to AWS CloudTrail.",
	    ALLOW("\"cloudtrail:*\"") AND
	    ALLOW_ON("\"sns:AddPermission\",\"sns:CreateTopic\",\"sns:GetTopicAttributes\",\"sns:SetTopicAttributes\"",
	             "\"arn:aws:sns:*:*:aws-cloudtrail-logs*\"") AND
	    ALLOW("\"sns:ListTopics\"") AND
	    ALLOW_ON("\"s3:CreateBucket\",\"s3:PutBucketPolicy\",\"s3:PutBucketPublicAccessBlock\"",
	             "\"arn:aws:s3:::aws-cloudtrail-logs*\"") AND
	    ALLOW("\"s3:GetBucketLocation\",\"s3:GetBucketPolicy\",\"s3:ListAllMyBuckets\"") AND
	    ALLOW_ON("\"logs:CreateLogGroup\"",
	             "\"arn:aws:logs:*:*:log-group:aws-cloudtrail-logs*\"") AND
	    ALLOW("\"iam:GetRolePolicy\",\"iam:GetUser\",\"iam:ListRoles\",\"lambda:ListFunctions\","
	          "\"dynamodb:ListGlobalTables\",\"dynamodb:ListTables\"") AND
	    ALLOW_IF("\"iam:PassRole\"",
	             "{\"StringEquals\":{\"iam:PassedToService\":\"cloudtrail.amazonaws.com\"}}") AND
	    ALLOW("\"kms:CreateAlias\",\"kms:CreateKey\",\"kms:DescribeKey\",\"kms:ListAliases\",\"kms:ListKeys\""))
	ROW("AWSCloudTrail_ReadOnlyAccess", "/", "ANPA4EVT3LKYYM4JD2AJZ", 1655227145000,
	    "Read-only access to AWS CloudTrail.",
	    ALLOW("\"cloudtrail:Describe*\",\"cloudtrail:Get*\",\"cloudtrail:List*\",\"cloudtrail:LookupEvents\""))
	ROW("AWSCloudTrailFullAccess", "/", "ANPAIQNUJTQYDRJPC3BNK", 1423247998000,
	    "Full access to AWS CloudTrail; older, see AWSCloudTrail_FullAccess.",
	    ALLOW("\"cloudtrail:*\",\"iam:GetRolePolicy\",\"iam:GetUser\",\"iam:ListRoles\",\"kms:ListAliases\","
	          "\"kms:ListKeys\",\"lambda:ListFunctions\",\"logs:CreateLogGroup\",\"s3:CreateBucket\","
	          "\"s3:DeleteBucket\",\"s3:GetBucketLocation\",\"s3:GetBucketPolicy\",\"s3:GetObject\","
	          "\"s3:ListAllMyBuckets\",\"s3:PutBucketPolicy\",\"sns:AddPermission\",\"sns:CreateTopic\","
	          "\"sns:DeleteTopic\",\"sns:GetTopicAttributes\",\"sns:ListTopics\",\"sns:SetTopicAttributes\"") AND
	    ALLOW_IF("\"iam:PassRole\"",
	             "{\"StringEquals\":{\"iam:PassedToService\":\"cloudtrail.amazonaws.com\"}}"))
	ROW("AWSCloudTrailReadOnlyAccess", "/", "ANPAJDU7KJADWBSEQ3E7S", 1423247999000,
	    "Read-only access to AWS CloudTrail; older, see AWSCloudTrail_ReadOnlyAccess.",
	    ALLOW("\"cloudtrail:Describe*\",\"cloudtrail:Get*\",\"cloudtrail:List*\",\"cloudtrail:LookupEvents\","
	          "\"kms:ListAliases\",\"lambda:ListFunctions\",\"s3:GetBucketLocation\",\"s3:GetObject\","
	          "\"s3:ListAllMyBuckets\""))
	ROW("AWSCompromisedKeyQuarantineV2", "/", "ANPAMFSPL3LHK6GMPGGZP", 1619044259000,
	    "Denies what stolen keys are used for; AWS attaches it to users whose keys were seen in public.",
	    DENY("\"cloudtrail:LookupEvents\",\"ec2:RequestSpotInstances\",\"ec2:RunInstances\",\"ec2:StartInstances\","
	          "\"iam:AddUserToGroup\",\"iam:AttachGroupPolicy\",\"iam:AttachRolePolicy\",\"iam:AttachUserPolicy\","
	          "\"iam:ChangePassword\",\"iam:CreateAccessKey\",\"iam:CreateInstanceProfile\","
	          "\"iam:CreateLoginProfile\",\"iam:CreatePolicyVersion\",\"iam:CreateRole\",\"iam:CreateUser\","
	          "\"iam:DetachUserPolicy\",\"iam:PassRole\",\"iam:PutGroupPolicy\",\"iam:PutRolePolicy\","
	          "\"iam:PutUserPermissionsBoundary\",\"iam:PutUserPolicy\",\"iam:SetDefaultPolicyVersion\","
	          "\"iam:UpdateAccessKey\",\"iam:UpdateAccountPasswordPolicy\",\"iam:UpdateAssumeRolePolicy\","
	          "\"iam:UpdateLoginProfile\",\"iam:UpdateUser\",\"lambda:CreateFunction\",\"lightsail:Create*\","
	          "\"lightsail:Delete*\",\"lightsail:DownloadDefaultKeyPair\",\"lightsail:GetInstanceAccessDetails\","
	          "\"lightsail:Start*\",\"lightsail:Update*\",\"organizations:CreateAccount\","
	          "\"organizations:CreateOrganization\",\"organizations:InviteAccountToOrganization\","
	          "\"s3:DeleteBucket\",\"s3:DeleteObject\",\"s3:DeleteObjectVersion\",\"s3:PutLifecycleConfiguration\","
	          "\"s3:PutBucketAcl\",\"s3:PutBucketOwnershipControls\",\"s3:DeleteBucketPolicy\","
	          "\"s3:ObjectOwnerOverrideToBucketOwner\",\"s3:PutAccountPublicAccessBlock\",\"s3:PutBucketPolicy\","
	          "\"s3:ListAllMyBuckets\""))
	ROW("AWSConfigRole", "/service-role/", "ANPA5UNMYVQ7EEVKVU62H", 1427996183000,
	    "What AWS Config needs to record the configuration of resources; older, see AWS_ConfigRole.",
	    ALLOW("\"cloudformation:Describe*\",\"cloudformation:List*\",\"cloudtrail:DescribeTrails\","
	          "\"cloudtrail:GetEventSelectors\",\"cloudtrail:GetTrailStatus\",\"cloudtrail:ListTags\","
	          "\"cloudwatch:DescribeAlarms\",\"config:BatchGet*\",\"config:Describe*\",\"config:Get*\","
	          "\"config:List*\",\"config:Put*\",\"dynamodb:Describe*\",\"dynamodb:List*\",\"ec2:Describe*\","
	          "\"events:Describe*\",\"events:List*\",\"iam:GenerateCredentialReport\",\"iam:Get*\",\"iam:List*\","
	          "\"kms:Describe*\",\"kms:GetKeyPolicy\",\"kms:GetKeyRotationStatus\",\"kms:List*\","
	          "\"lambda:GetPolicy\",\"lambda:List*\",\"logs:Describe*\",\"rds:Describe*\","
	          "\"s3:GetAccountPublicAccessBlock\",\"s3:GetBucket*\",\"s3:GetEncryptionConfiguration\","
	          "\"s3:GetLifecycleConfiguration\",\"s3:GetReplicationConfiguration\",\"s3:ListAllMyBuckets\","
	          "\"s3:ListBucket\",\"sns:GetTopicAttributes\",\"sns:List*\",\"sqs:GetQueueAttributes\","
	          "\"sqs:ListQueues\",\"tag:GetResources\""))
	ROW("AWSConfigRulesExecutionRole", "/service-role/", "ANPAY37DAJP22PTXZEQZ4", 1458928776000,
	    "What a Lambda function needs that is a rule of AWS Config.",
	    ALLOW_ON("\"s3:GetObject\"",
	             "\"arn:aws:s3:::*/AWSLogs/*/Config/*\"") AND
	    ALLOW("\"config:Get*\",\"config:Put*\""))
	ROW("AWSConfigUserAccess", "/", "ANPAIWTTSFJ7KKJE3MWGA", 1424288321000,
	    "Use of AWS Config: searching by tags and reading all configuration.",
	    ALLOW("\"config:Deliver*\",\"config:Describe*\",\"config:Get*\",\"config:List*\","
	          "\"config:SelectResourceConfig\",\"tag:GetResources\",\"tag:GetTagKeys\",\"cloudtrail:DescribeTrails\","
	          "\"cloudtrail:GetTrailStatus\",\"cloudtrail:LookupEvents\""))
	ROW("AWSDenyAll", "/", "ANPASOWV7IX53SXXXLDAL", 1556750174000,
	    "Denies all access.",
	    DENY("\"*\""))
	ROW("AWSKeyManagementServicePowerUser", "/", "ANPAJNPP7PPPPMJRV2SA4", 1423248040000,
	    "Creating, describing and using KMS keys.",
	    ALLOW("\"kms:CreateAlias\",\"kms:CreateKey\",\"kms:DeleteAlias\",\"kms:Describe*\",\"kms:GenerateRandom\","
	          "\"kms:Get*\",\"kms:List*\",\"kms:TagResource\",\"kms:UntagResource\",\"iam:ListGroups\","
	          "\"iam:ListRoles\",\"iam:ListUsers\""))
	ROW("AWSLambda_FullAccess", "/", "ANPAW4V7L33VVEHJ6TDLZ", 1605647648000,
	    "Full access to AWS Lambda.",
	    ALLOW("\"cloudformation:DescribeStacks\",\"cloudwatch:GetMetricData\",\"cloudwatch:ListMetrics\","
	          "\"ec2:DescribeSecurityGroups\",\"ec2:DescribeSubnets\",\"ec2:DescribeVpcs\",\"iam:GetPolicy\","
	          "\"iam:GetPolicyVersion\",\"iam:GetRole\",\"iam:GetRolePolicy\",\"iam:ListAttachedRolePolicies\","
	          "\"iam:ListRolePolicies\",\"iam:ListRoles\",\"kms:DescribeKey\",\"kms:ListAliases\",\"lambda:*\","
	          "\"logs:DescribeLogGroups\",\"states:DescribeStateMachine\",\"states:ListStateMachines\","
	          "\"tag:GetResources\"") AND
	    ALLOW_IF("\"iam:PassRole\"",
	             "{\"StringEquals\":{\"iam:PassedToService\":\"lambda.amazonaws.com\"}}") AND
	    ALLOW_ON("\"logs:DescribeLogStreams\",\"logs:FilterLogEvents\",\"logs:GetLogEvents\"",
	             "\"arn:aws:logs:*:*:log-group:/aws/lambda/*\""))
	ROW("AWSLambda_ReadOnlyAccess", "/", "ANPALVQL5A3ZR7XPFFGUE", 1605647432000,
	    "Read-only access to AWS Lambda.",
	    ALLOW("\"cloudwatch:GetMetricData\",\"cloudwatch:ListMetrics\",\"iam:GetPolicy\",\"iam:GetPolicyVersion\","
	          "\"iam:GetRole\",\"iam:ListAttachedRolePolicies\",\"iam:ListRolePolicies\",\"iam:ListRoles\","
	          "\"kms:ListAliases\",\"lambda:Get*\",\"lambda:List*\",\"logs:DescribeLogGroups\",\"tag:GetResources\"") AND
	    ALLOW_ON("\"logs:DescribeLogStreams\",\"logs:FilterLogEvents\",\"logs:GetLogEvents\"",
	             "\"arn:aws:logs:*:*:log-group:/aws/lambda/*\""))
	ROW("AWSLambdaBasicExecutionRole", "/service-role/", "ANPAJNCQGXC42545SKXIK", 1428591823000,
	    "Lets a Lambda function write its logs.",
	    ALLOW("\"logs:CreateLogGroup\",\"logs:CreateLogStream\",\"logs:PutLogEvents\""))
	ROW("AWSOrganizationsFullAccess", "/", "ANPAHJ7LABURE33WKHGGJ", 1541536317000,
	    "Full access to AWS Organizations.",
	    ALLOW("\"organizations:*\",\"account:*AlternateContact\",\"account:*ContactInformation\""))
	ROW("AWSOrganizationsReadOnlyAccess", "/", "ANPAGXSISWIAH7LDDT3OB", 1541536358000,
	    "Read-only access to AWS Organizations.",
	    ALLOW("\"organizations:Describe*\",\"organizations:List*\",\"account:GetAlternateContact\","
	          "\"account:GetContactInformation\",\"account:ListRegions\""))
	ROW("AWSSecurityHubFullAccess", "/", "ANPAH34X3IVXU44GT7VIK", 1543362874000,
	    "Full access to AWS Security Hub.",
	    ALLOW("\"securityhub:*\",\"guardduty:Get*\",\"guardduty:List*\""))
	ROW("AWSSecurityHubReadOnlyAccess", "/", "ANPAMQNIZZVXMQ7XB3FJ7", 1543368869000,
	    "Read-only access to AWS Security Hub.",
	    ALLOW("\"securityhub:BatchGet*\",\"securityhub:Describe*\",\"securityhub:Get*\",\"securityhub:List*\""))
	ROW("AWSSupportAccess", "/", "ANPAJSNKQX2OW67GF4S7E", 1423248071000,
	    "Use of the AWS Support center.",
	    ALLOW("\"support:*\""))
	ROW("Billing", "/job-function/", "ANPAIFTHXT6FFMIRT7ZEA", 1478799198000,
	    "Managing bills, payments and budgets.",
	    ALLOW("\"account:GetAccountInformation\",\"aws-portal:*Billing\",\"aws-portal:*PaymentMethods\","
	          "\"aws-portal:*Usage\",\"billing:*\",\"budgets:*\",\"ce:*\",\"consolidatedbilling:*\",\"cur:*\","
	          "\"freetier:*\",\"invoicing:*\",\"payments:*\",\"purchase-orders:*\",\"tax:*\""))
	ROW("CloudWatchAgentServerPolicy", "/", "ANPANND76WFNUO7RMIWHR", 1520384804000,
	    "What the CloudWatch agent on a server needs.",
	    ALLOW("\"cloudwatch:PutMetricData\",\"ec2:DescribeTags\",\"ec2:DescribeVolumes\",\"logs:CreateLogGroup\","
	          "\"logs:CreateLogStream\",\"logs:DescribeLogGroups\",\"logs:DescribeLogStreams\",\"logs:PutLogEvents\","
	          "\"logs:PutRetentionPolicy\"") AND
	    ALLOW_ON("\"ssm:GetParameter\"",
	             "\"arn:aws:ssm:*:*:parameter/AmazonCloudWatch-*\""))
	ROW("CloudWatchEventsFullAccess", "/", "ANPA62DYA26FUFC7LK7EB", 1452796628000,
	    "Full access to the rules of CloudWatch Events.",
	    ALLOW("\"events:*\"") AND
	    ALLOW_ON("\"iam:PassRole\"",
	             "\"arn:aws:iam::*:role/AWS_Events_Invoke_Targets\""))
	ROW("CloudWatchEventsReadOnlyAccess", "/", "ANPAJLRTO36UDKTXEHNXX", 1452796038000,
	    "Read-only access to the rules of CloudWatch Events.",
	    ALLOW("\"events:Describe*\",\"events:List*\",\"events:TestEventPattern\""))
	ROW("CloudWatchFullAccess", "/", "ANPAIKEABORKUXN6DEAZU", 1423248000000,
	    "Full access to CloudWatch; older, see CloudWatchFullAccessV2.",
	    ALLOW("\"autoscaling:Describe*\",\"cloudwatch:*\",\"logs:*\",\"sns:*\",\"iam:GetPolicy\","
	          "\"iam:GetPolicyVersion\",\"iam:GetRole\""))
	ROW("CloudWatchFullAccessV2", "/", "ANPA4ZWO4Q4EKXSKCJXQU", 1690889577000,
	    "Full access to CloudWatch.",
	    ALLOW("\"autoscaling:DescribeAutoScalingGroups\",\"autoscaling:DescribePolicies\",\"cloudwatch:*\","
	          "\"logs:*\",\"sns:CreateTopic\",\"sns:ListSubscriptions\",\"sns:ListSubscriptionsByTopic\","
	          "\"sns:ListTopics\",\"sns:Subscribe\",\"iam:GetPolicy\",\"iam:GetPolicyVersion\",\"iam:GetRole\""))
	ROW("CloudWatchLogsFullAccess", "/", "ANPAJ3ZGNWK2R5HW5BQFO", 1423248002000,
	    "Full access to CloudWatch Logs.",
	    ALLOW("\"logs:*\",\"cloudwatch:GenerateQuery\""))
	ROW("CloudWatchLogsReadOnlyAccess", "/", "ANPAJ2YIYDYSNNEHK3VKW", 1423248003000,
	    "Read-only access to CloudWatch Logs.",
	    ALLOW("\"logs:Describe*\",\"logs:FilterLogEvents\",\"logs:Get*\",\"logs:List*\",\"logs:StartLiveTail\","
	          "\"logs:StartQuery\",\"logs:StopLiveTail\",\"logs:StopQuery\",\"logs:TestMetricFilter\""))
	ROW("CloudWatchReadOnlyAccess", "/", "ANPAJN23PDQP7SZQAE3QE", 1423248001000,
	    "Read-only access to CloudWatch.",
	    ALLOW("\"autoscaling:Describe*\",\"cloudwatch:Describe*\",\"cloudwatch:Get*\",\"cloudwatch:List*\","
	          "\"logs:Describe*\",\"logs:FilterLogEvents\",\"logs:Get*\",\"logs:List*\",\"logs:StartQuery\","
	          "\"logs:StopQuery\",\"logs:TestMetricFilter\",\"sns:Get*\",\"sns:List*\""))
	ROW("DatabaseAdministrator", "/job-function/", "ANPAIGBMAW4VUQKOQNVT6", 1478798743000,
	    "Setting up and keeping databases.",
	    ALLOW("\"cloudwatch:DeleteAlarms\",\"cloudwatch:Describe*\",\"cloudwatch:DisableAlarmActions\","
	          "\"cloudwatch:EnableAlarmActions\",\"cloudwatch:Get*\",\"cloudwatch:List*\","
	          "\"cloudwatch:PutMetricAlarm\",\"dynamodb:*\",\"ec2:Describe*\",\"elasticache:*\",\"iam:GetRole\","
	          "\"iam:ListRoles\",\"kms:ListKeys\",\"lambda:Get*\",\"lambda:List*\",\"logs:Describe*\","
	          "\"logs:FilterLogEvents\",\"logs:Get*\",\"logs:Create*\",\"logs:PutLogEvents\",\"rds:*\","
	          "\"redshift:*\",\"s3:CreateBucket\",\"sns:CreateTopic\",\"sns:DeleteTopic\",\"sns:Get*\",\"sns:List*\","
	          "\"sns:SetTopicAttributes\",\"sns:Subscribe\",\"sns:Unsubscribe\"") AND
	    ALLOW("\"s3:DeleteObject*\",\"s3:Get*\",\"s3:List*\",\"s3:PutAccelerateConfiguration\","
	          "\"s3:PutBucketTagging\",\"s3:PutBucketVersioning\",\"s3:PutBucketWebsite\","
	          "\"s3:PutLifecycleConfiguration\",\"s3:PutReplicationConfiguration\",\"s3:PutObject*\"") AND
	    ALLOW_ON("\"iam:PassRole\"",
	             "\"arn:aws:iam::*:role/rds-monitoring-role\",\"arn:aws:iam::*:role/rdbms-lambda-access\","
	          "\"arn:aws:iam::*:role/lambda_exec_role\",\"arn:aws:iam::*:role/lambda-dynamodb-*\","
	          "\"arn:aws:iam::*:role/lambda-vpc-execution-role\""))
	ROW("DataScientist", "/job-function/", "ANPAJ5YHI2BQW7EQFYDXS", 1478798928000,
	    "Running analyses over data.",
	    ALLOW("\"athena:*\",\"autoscaling:*\",\"cloudformation:CreateStack\",\"cloudformation:DescribeStackEvents\","
	          "\"cloudwatch:*\",\"dynamodb:*\",\"ec2:CancelSpotInstanceRequests\",\"ec2:CreateTags\","
	          "\"ec2:DeleteTags\",\"ec2:Describe*\",\"ec2:RequestSpotInstances\",\"ec2:RunInstances\","
	          "\"ec2:TerminateInstances\",\"elasticmapreduce:*\",\"iam:GetInstanceProfile\",\"iam:GetPolicy\","
	          "\"iam:GetPolicyVersion\",\"iam:GetRole\",\"iam:List*\",\"kinesis:*\",\"kms:List*\",\"lambda:Get*\","
	          "\"lambda:List*\",\"logs:Describe*\",\"logs:FilterLogEvents\",\"logs:Get*\",\"redshift:*\","
	          "\"s3:CreateBucket\",\"s3:ListAllMyBuckets\",\"sns:CreateTopic\",\"sns:Get*\",\"sns:List*\"") AND
	    ALLOW("\"s3:Abort*\",\"s3:DeleteObject\",\"s3:Get*\",\"s3:List*\",\"s3:PutBucketLogging\",\"s3:PutObject\""))
	ROW("IAMAccessAdvisorReadOnly", "/", "ANPAL5ZCTEXS5DP7H5ZQQ", 1561145625000,
	    "Read access to the access advisor and to who may do what.",
	    ALLOW("\"iam:GenerateOrganizationsAccessReport\",\"iam:GenerateServiceLastAccessedDetails\","
	          "\"iam:GetOrganizationsAccessReport\",\"iam:GetServiceLastAccessedDetails\","
	          "\"iam:GetServiceLastAccessedDetailsWithEntities\",\"iam:List*\",\"organizations:Describe*\","
	          "\"organizations:List*\""))
	ROW("IAMFullAccess", "/", "ANPAI7XKCFMBPM3QQRRVQ", 1423248038000,
	    "Full access to IAM.",
	    ALLOW("\"iam:*\",\"organizations:DescribeAccount\",\"organizations:DescribeOrganization\","
	          "\"organizations:DescribeOrganizationalUnit\",\"organizations:DescribePolicy\","
	          "\"organizations:ListChildren\",\"organizations:ListParents\",\"organizations:ListPolicies\","
	          "\"organizations:ListPoliciesForTarget\",\"organizations:ListRoots\","
	          "\"organizations:ListTargetsForPolicy\""))
	ROW("IAMReadOnlyAccess", "/", "ANPAJKSO7NDY4T57MWDSQ", 1423248039000,
	    "Read-only access to IAM.",
	    ALLOW("\"iam:GenerateCredentialReport\",\"iam:GenerateServiceLastAccessedDetails\",\"iam:Get*\","
	          "\"iam:List*\",\"iam:SimulateCustomPolicy\",\"iam:SimulatePrincipalPolicy\""))
	ROW("IAMUserChangePassword", "/", "ANPAJ4L4MM2A7QIEB56MS", 1479169516000,
	    "Lets an IAM user change its own password.",
	    ALLOW_ON("\"iam:ChangePassword\"",
	             "\"arn:aws:iam::*:user/${aws:username}\"") AND
	    ALLOW("\"iam:GetAccountPasswordPolicy\""))
	ROW("IAMUserSSHKeys", "/", "ANPAU5NUD32XP65GQ6JZA", 1436461734000,
	    "Lets an IAM user manage its own SSH keys.",
	    ALLOW_ON("\"iam:DeleteSSHPublicKey\",\"iam:GetSSHPublicKey\",\"iam:ListSSHPublicKeys\","
	          "\"iam:UpdateSSHPublicKey\",\"iam:UploadSSHPublicKey\"",
	             "\"arn:aws:iam::*:user/${aws:username}\""))
	ROW("NetworkAdministrator", "/job-function/", "ANPAJPNMADZFJCVPJVZA2", 1478799095000,
	    "Setting up and keeping networks.",
	    ALLOW("\"autoscaling:Describe*\",\"cloudfront:ListDistributions\",\"cloudwatch:DeleteAlarms\","
	          "\"cloudwatch:Describe*\",\"cloudwatch:Get*\",\"cloudwatch:PutMetricAlarm\",\"directconnect:*\","
	          "\"ec2:Accept*\",\"ec2:AllocateAddress\",\"ec2:Assign*\",\"ec2:Associate*\",\"ec2:Attach*\","
	          "\"ec2:Authorize*\",\"ec2:Create*Gateway\",\"ec2:CreateDhcpOptions\",\"ec2:CreateFlowLogs\","
	          "\"ec2:CreateNetwork*\",\"ec2:CreateRoute*\",\"ec2:CreateSecurityGroup\",\"ec2:CreateSubnet\","
	          "\"ec2:CreateTags\",\"ec2:CreateVpc*\",\"ec2:CreateVpn*\",\"ec2:Delete*Gateway\","
	          "\"ec2:DeleteDhcpOptions\",\"ec2:DeleteFlowLogs\",\"ec2:DeleteNetwork*\",\"ec2:DeleteRoute*\","
	          "\"ec2:DeleteSecurityGroup\",\"ec2:DeleteSubnet\",\"ec2:DeleteTags\",\"ec2:DeleteVpc*\","
	          "\"ec2:DeleteVpn*\",\"ec2:Describe*\",\"ec2:Detach*\",\"ec2:Disable*\",\"ec2:Disassociate*\","
	          "\"ec2:Enable*\",\"ec2:Get*\",\"ec2:Modify*\",\"ec2:Reject*\",\"ec2:ReleaseAddress\",\"ec2:Replace*\","
	          "\"ec2:Reset*\",\"ec2:Revoke*\",\"ec2:Unassign*\",\"elasticloadbalancing:*\","
	          "\"logs:DescribeLogGroups\",\"logs:DescribeLogStreams\",\"logs:GetLogEvents\",\"route53:*\","
	          "\"sns:CreateTopic\",\"sns:ListTopics\",\"sns:ListSubscriptionsByTopic\"") AND
	    ALLOW("\"s3:GetBucketLocation\",\"s3:GetBucketWebsite\",\"s3:ListBucket\"") AND
	    ALLOW_ON("\"iam:GetRole\",\"iam:ListRoles\",\"iam:PassRole\"",
	             "\"arn:aws:iam::*:role/flow-logs-*\""))
	ROW("PowerUserAccess", "/", "ANPAJYRXTHIB4FOVS3ZXS", 1423247987000,
	    "Full access to AWS services and resources, but not to the management of users and groups.",
	    ALLOW_ALL_BUT("\"iam:*\",\"organizations:*\",\"account:*\"") AND
	    ALLOW("\"iam:CreateServiceLinkedRole\",\"iam:DeleteServiceLinkedRole\",\"iam:ListRoles\","
	          "\"organizations:DescribeOrganization\",\"account:ListRegions\",\"account:GetAccountInformation\""))
	ROW("ReadOnlyAccess", "/", "ANPAILL3HVNFSB6DCOWYQ", 1423247988000,
	    "Read-only access to AWS services and resources.",
	    ALLOW("\"access-analyzer:Get*\",\"access-analyzer:List*\",\"access-analyzer:Validate*\",\"account:Get*\","
	          "\"account:List*\",\"athena:Batch*\",\"athena:Get*\",\"athena:List*\",\"autoscaling:Describe*\","
	          "\"autoscaling:Get*\",\"cloudformation:Describe*\",\"cloudformation:Get*\",\"cloudformation:List*\","
	          "\"cloudfront:Describe*\",\"cloudfront:Get*\",\"cloudfront:List*\",\"cloudtrail:Describe*\","
	          "\"cloudtrail:Get*\",\"cloudtrail:List*\",\"cloudtrail:LookupEvents\",\"cloudwatch:Describe*\","
	          "\"cloudwatch:Get*\",\"cloudwatch:List*\",\"config:BatchGet*\",\"config:Deliver*\","
	          "\"config:Describe*\",\"config:Get*\",\"config:List*\",\"config:Select*\",\"dynamodb:BatchGet*\","
	          "\"dynamodb:Describe*\",\"dynamodb:Get*\",\"dynamodb:List*\",\"dynamodb:Query\",\"dynamodb:Scan\","
	          "\"ec2:Describe*\",\"ec2:Get*\",\"ec2:List*\",\"ecr:BatchGet*\",\"ecr:Describe*\",\"ecr:Get*\","
	          "\"ecr:List*\",\"ecs:Describe*\",\"ecs:List*\",\"eks:Describe*\",\"eks:List*\",\"events:Describe*\","
	          "\"events:List*\",\"events:Test*\",\"guardduty:Describe*\",\"guardduty:Get*\",\"guardduty:List*\","
	          "\"iam:Generate*\",\"iam:Get*\",\"iam:List*\",\"iam:Simulate*\",\"kms:Describe*\",\"kms:Get*\","
	          "\"kms:List*\",\"lambda:Get*\",\"lambda:List*\",\"logs:Describe*\",\"logs:FilterLogEvents\","
	          "\"logs:Get*\",\"logs:List*\",\"logs:StartQuery\",\"logs:StopQuery\",\"logs:TestMetricFilter\","
	          "\"organizations:Describe*\",\"organizations:List*\",\"rds:Describe*\",\"rds:List*\",\"route53:Get*\","
	          "\"route53:List*\",\"route53:Test*\",\"s3:Describe*\",\"s3:Get*\",\"s3:List*\","
	          "\"secretsmanager:Describe*\",\"secretsmanager:GetResourcePolicy\",\"secretsmanager:List*\","
	          "\"securityhub:Describe*\",\"securityhub:Get*\",\"securityhub:List*\",\"sns:Check*\",\"sns:Get*\","
	          "\"sns:List*\",\"sqs:Get*\",\"sqs:List*\",\"sqs:Receive*\",\"ssm:Describe*\",\"ssm:Get*\","
	          "\"ssm:List*\",\"sts:GetAccessKeyInfo\",\"sts:GetCallerIdentity\",\"sts:GetSessionToken\","
	          "\"support:Describe*\",\"tag:Get*\""))
	ROW("SecretsManagerReadWrite", "/", "ANPAGSUMYPFSTAJVF7JUQ", 1522865129000,
	    "Reading and writing secrets.",
	    ALLOW("\"secretsmanager:*\",\"ec2:DescribeSecurityGroups\",\"ec2:DescribeSubnets\",\"ec2:DescribeVpcs\","
	          "\"kms:DescribeKey\",\"kms:ListAliases\",\"kms:ListKeys\",\"lambda:ListFunctions\","
	          "\"rds:DescribeDBClusters\",\"rds:DescribeDBInstances\",\"tag:GetResources\""))
	ROW("SecurityAudit", "/", "ANPAIX2T3QCXHR2OGGCTO", 1423248061000,
	    "Read the security configuration of AWS services; for auditors.",
	    ALLOW("\"access-analyzer:Get*\",\"access-analyzer:List*\",\"access-analyzer:ValidatePolicy\","
	          "\"account:GetAlternateContact\",\"autoscaling:Describe*\",\"cloudformation:Describe*\","
	          "\"cloudformation:GetStackPolicy\",\"cloudformation:GetTemplate\",\"cloudformation:List*\","
	          "\"cloudfront:Get*\",\"cloudfront:List*\",\"cloudtrail:DescribeTrails\","
	          "\"cloudtrail:GetEventSelectors\",\"cloudtrail:GetInsightSelectors\",\"cloudtrail:GetTrail\","
	          "\"cloudtrail:GetTrailStatus\",\"cloudtrail:ListTags\",\"cloudtrail:ListTrails\","
	          "\"cloudtrail:LookupEvents\",\"cloudwatch:Describe*\",\"cloudwatch:GetDashboard\","
	          "\"cloudwatch:ListDashboards\",\"cloudwatch:ListTagsForResource\",\"config:BatchGet*\","
	          "\"config:Deliver*\",\"config:Describe*\",\"config:Get*\",\"config:List*\",\"dynamodb:Describe*\","
	          "\"dynamodb:List*\",\"ec2:Describe*\",\"ec2:GetEbsEncryptionByDefault\",\"ecr:Describe*\","
	          "\"ecr:GetRepositoryPolicy\",\"ecs:Describe*\",\"ecs:List*\",\"eks:Describe*\",\"eks:List*\","
	          "\"events:Describe*\",\"events:List*\",\"guardduty:Describe*\",\"guardduty:Get*\",\"guardduty:List*\","
	          "\"iam:GenerateCredentialReport\",\"iam:GenerateServiceLastAccessedDetails\",\"iam:Get*\","
	          "\"iam:List*\",\"iam:SimulateCustomPolicy\",\"iam:SimulatePrincipalPolicy\",\"kms:Describe*\","
	          "\"kms:GetKeyPolicy\",\"kms:GetKeyRotationStatus\",\"kms:List*\",\"lambda:GetAccountSettings\","
	          "\"lambda:GetFunctionConfiguration\",\"lambda:GetPolicy\",\"lambda:List*\",\"logs:Describe*\","
	          "\"logs:ListTagsForResource\",\"logs:ListTagsLogGroup\",\"organizations:Describe*\","
	          "\"organizations:List*\",\"rds:Describe*\",\"rds:ListTagsForResource\",\"route53:Get*\","
	          "\"route53:List*\",\"s3:GetAccelerateConfiguration\",\"s3:GetAccountPublicAccessBlock\","
	          "\"s3:GetAnalyticsConfiguration\",\"s3:GetBucket*\",\"s3:GetEncryptionConfiguration\","
	          "\"s3:GetInventoryConfiguration\",\"s3:GetLifecycleConfiguration\",\"s3:GetMetricsConfiguration\","
	          "\"s3:GetObjectAcl\",\"s3:GetObjectVersionAcl\",\"s3:GetReplicationConfiguration\","
	          "\"s3:ListAllMyBuckets\",\"s3:ListBucket\",\"secretsmanager:DescribeSecret\","
	          "\"secretsmanager:GetResourcePolicy\",\"secretsmanager:ListSecrets\",\"securityhub:Describe*\","
	          "\"securityhub:Get*\",\"securityhub:List*\",\"sns:GetTopicAttributes\",\"sns:List*\","
	          "\"sqs:GetQueueAttributes\",\"sqs:ListQueues\",\"ssm:Describe*\",\"ssm:List*\",\"tag:GetResources\","
	          "\"tag:GetTagKeys\""))
	ROW("SupportUser", "/job-function/", "ANPAI3V4GSSN5SJY3P2RO", 1478798513000,
	    "Finding and solving problems of an account together with AWS Support.",
	    ALLOW("\"support:*\",\"autoscaling:Describe*\",\"cloudformation:Describe*\",\"cloudformation:List*\","
	          "\"cloudtrail:DescribeTrails\",\"cloudtrail:GetTrailStatus\",\"cloudtrail:LookupEvents\","
	          "\"cloudwatch:Describe*\",\"cloudwatch:Get*\",\"cloudwatch:List*\",\"config:Describe*\","
	          "\"config:Get*\",\"dynamodb:Describe*\",\"dynamodb:List*\",\"ec2:Describe*\",\"ecs:Describe*\","
	          "\"ecs:List*\",\"events:Describe*\",\"events:List*\",\"iam:GenerateCredentialReport\",\"iam:Get*\","
	          "\"iam:List*\",\"kms:Describe*\",\"kms:Get*\",\"kms:List*\",\"lambda:Get*\",\"lambda:List*\","
	          "\"logs:Describe*\",\"logs:FilterLogEvents\",\"logs:Get*\",\"rds:Describe*\",\"route53:Get*\","
	          "\"route53:List*\",\"s3:GetBucketLocation\",\"s3:GetBucketLogging\",\"s3:GetBucketPolicy\","
	          "\"s3:GetBucketVersioning\",\"s3:List*\",\"sns:Get*\",\"sns:List*\",\"sqs:GetQueueAttributes\","
	          "\"sqs:ListQueues\",\"ssm:Describe*\",\"ssm:List*\",\"trustedadvisor:*\""))
	ROW("SystemAdministrator", "/job-function/", "ANPAITJPEZXCYCBXANDSW", 1478798636000,
	    "Running the resources of applications and development.",
	    ALLOW("\"autoscaling:*\",\"cloudtrail:Describe*\",\"cloudtrail:Get*\",\"cloudtrail:List*\","
	          "\"cloudtrail:LookupEvents\",\"cloudtrail:StartLogging\",\"cloudtrail:StopLogging\","
	          "\"cloudtrail:CreateTrail\",\"cloudtrail:DeleteTrail\",\"cloudtrail:UpdateTrail\",\"cloudwatch:*\","
	          "\"config:Delete*\",\"config:Deliver*\",\"config:Describe*\",\"config:Get*\",\"config:List*\","
	          "\"config:Put*\",\"config:Start*\",\"config:Stop*\",\"ec2:*\",\"elasticloadbalancing:*\",\"events:*\","
	          "\"iam:Generate*\",\"iam:Get*\",\"iam:List*\",\"iam:Simulate*\",\"iam:CreateInstanceProfile\","
	          "\"iam:AddRoleToInstanceProfile\",\"iam:RemoveRoleFromInstanceProfile\",\"kms:CreateAlias\","
	          "\"kms:CreateKey\",\"kms:DeleteAlias\",\"kms:Describe*\",\"kms:GenerateRandom\",\"kms:Get*\","
	          "\"kms:List*\",\"lambda:*\",\"logs:*\",\"rds:Describe*\",\"rds:ListTagsForResource\",\"route53:*\","
	          "\"s3:*\",\"sns:*\",\"sqs:*\",\"ssm:*\",\"trustedadvisor:*\"") AND
	    ALLOW_ON("\"iam:PassRole\"",
	             "\"arn:aws:iam::*:role/rds-monitoring-role\",\"arn:aws:iam::*:role/ec2-sysadmin-*\","
	          "\"arn:aws:iam::*:role/ecr-sysadmin-*\",\"arn:aws:iam::*:role/lambda-sysadmin-*\""))
	ROW("ViewOnlyAccess", "/job-function/", "ANPAID22R6XPJATWOFDK6", 1478798415000,
	    "View resources and their basic data in all AWS services, without reading their contents.",
	    ALLOW("\"athena:List*\",\"autoscaling:Describe*\",\"cloudformation:Describe*\",\"cloudformation:List*\","
	          "\"cloudtrail:DescribeTrails\",\"cloudtrail:GetEventSelectors\",\"cloudtrail:GetTrailStatus\","
	          "\"cloudtrail:ListTrails\",\"cloudtrail:LookupEvents\",\"cloudwatch:Describe*\",\"cloudwatch:Get*\","
	          "\"cloudwatch:List*\",\"config:Describe*\",\"config:Get*\",\"config:List*\",\"dynamodb:Describe*\","
	          "\"dynamodb:List*\",\"ec2:Describe*\",\"ecs:Describe*\",\"ecs:List*\",\"events:Describe*\","
	          "\"events:List*\",\"iam:GetAccountSummary\",\"iam:GetLoginProfile\",\"iam:List*\",\"kms:ListAliases\","
	          "\"kms:ListKeys\",\"lambda:List*\",\"logs:Describe*\",\"logs:List*\",\"organizations:List*\","
	          "\"rds:Describe*\",\"route53:Get*\",\"route53:List*\",\"s3:ListAllMyBuckets\",\"s3:ListBucket\","
	          "\"sns:List*\",\"sqs:ListQueues\",\"ssm:Describe*\",\"ssm:List*\""))
};

const size_t managed_policies_table_count = COUNT(managed_policies_table);
