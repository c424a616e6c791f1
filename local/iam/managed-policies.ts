/** A statement on everything, as the policies of AWS have it. */
const onEverything = (...Action: string[]) => ({ Effect: 'Allow', Action, Resource: '*' });

const document = (...Statement: object[]) => ({ Version: '2012-10-17', Statement });

const LOGS = ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'];

/**
 * Policies that AWS manages, by ARN, with their text
 * (https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html).
 */
export const awsManagedPolicies: ReadonlyMap<string, object> = new Map(
  Object.entries({
    'service-role/AWSLambdaBasicExecutionRole': document(onEverything(...LOGS)),
    'service-role/AWSLambdaSQSQueueExecutionRole': document(
      onEverything('sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes', ...LOGS),
    ),
    'service-role/AWSLambdaDynamoDBExecutionRole': document(
      onEverything(
        'dynamodb:DescribeStream',
        'dynamodb:GetRecords',
        'dynamodb:GetShardIterator',
        'dynamodb:ListStreams',
        ...LOGS,
      ),
    ),
    'service-role/AWSAppSyncPushToCloudWatchLogs': document(onEverything(...LOGS)),
    AWSXRayDaemonWriteAccess: document(
      onEverything(
        'xray:PutTraceSegments',
        'xray:PutTelemetryRecords',
        'xray:GetSamplingRules',
        'xray:GetSamplingTargets',
        'xray:GetSamplingStatisticSummaries',
      ),
    ),
  }).map(([name, text]) => [`arn:aws:iam::aws:policy/${name}`, text] as const),
);
