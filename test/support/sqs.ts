import { signedPost } from './signed-post.ts';

/** What a stack file says of the AWS APIs. */
export interface AwsEndpoint {
  readonly awsEndpointUrl: string;
  readonly region: string;
  readonly adminAccessKeyId: string;
  readonly adminSecretAccessKey: string;
}

interface SqsAnswer {
  readonly Messages?: readonly {
    readonly Body: string;
    readonly ReceiptHandle: string;
    readonly MessageAttributes?: Readonly<Record<string, { readonly StringValue?: string }>>;
  }[];
  readonly QueueUrl?: string;
  readonly QueueUrls?: readonly string[];
  readonly Attributes?: Readonly<Record<string, string>>;
}

/** Calls the queues of a stack as its administrator. */
export async function callSqs(endpoint: AwsEndpoint, action: string, input: object): Promise<SqsAnswer> {
  const { awsEndpointUrl, region, adminAccessKeyId, adminSecretAccessKey } = endpoint;
  const response = await signedPost({
    url: awsEndpointUrl,
    service: 'sqs',
    region,
    credentials: { accessKeyId: adminAccessKeyId, secretAccessKey: adminSecretAccessKey },
    headers: { 'x-amz-target': `AmazonSQS.${action}`, 'content-type': 'application/x-amz-json-1.0' },
    body: JSON.stringify(input),
  });
  if (!response.ok) throw new Error(`SQS answered ${response.status}: ${await response.text()}`);
  return (await response.json()) as SqsAnswer;
}

/** How many messages a queue holds, those that are in work or wait for their time included. */
export async function messagesIn(endpoint: AwsEndpoint, QueueUrl: string): Promise<number> {
  const { Attributes = {} } = await callSqs(endpoint, 'GetQueueAttributes', {
    QueueUrl,
    AttributeNames: ['All'],
  });
  return ['', 'NotVisible', 'Delayed']
    .map((part) => Number(Attributes[`ApproximateNumberOfMessages${part}`]))
    .reduce((sum, count) => sum + count, 0);
}
