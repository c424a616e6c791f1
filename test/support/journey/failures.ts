import { ListBucketsCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { createAwsCall, type LocalStack } from '../../../tools/client/aws.ts';
import { eventually } from '../client.ts';
import { type AwsEndpoint, callSqs } from '../sqs.ts';
import { orderOf } from './sales.ts';
import { change, idOf, type Journey, type Step } from './step.ts';

/** Lists the keys of the bucket for what could not be relayed. */
function keysOfFailures(stack: LocalStack): () => Promise<string[]> {
  const s3 = new S3Client({
    endpoint: stack.awsEndpointUrl,
    region: stack.region,
    credentials: { accessKeyId: stack.adminAccessKeyId, secretAccessKey: stack.adminSecretAccessKey },
    forcePathStyle: true,
  });
  return async () => {
    const { Buckets = [] } = await s3.send(new ListBucketsCommand({}));
    const Bucket = Buckets.find(({ Name }) => Name?.includes('failedbatches'))?.Name;
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket }));
    return Contents.map(({ Key = '' }) => Key);
  };
}

/** Changes that nobody can read, since they have no events. */
async function spoilChanges({ cloud }: Journey): Promise<void> {
  const stack = cloud.stack as unknown as LocalStack;
  const call = createAwsCall(stack);
  for (const name of ['one', 'two']) {
    const Item = { pk: { S: 'spoilt' }, sk: { S: name }, change: { M: { id: { S: name } } } };
    await call('dynamodb', 'PutItem', { TableName: stack.tableName, Item });
  }
  await eventually(keysOfFailures(stack), (keys) => keys.length === 2);
}

/** Patterns for the names of the queue that a rule fills and of its dead letters. */
interface Rule {
  readonly queue: string;
  readonly deadLetters: string;
}

const ofConsumer = (name: string): Rule => ({
  queue: `${name}IncomingQueue`,
  deadLetters: `${name}IncomingDeadLetters`,
});

/** They hear of what the functions behind the leaders do, and so lose their queues before them. */
const followers: readonly Rule[] = [
  ...['MailEvents', 'LiveUpdates'].map(ofConsumer),
  ...['carrier', 'wholesaler'].map((partner) => ({
    queue: `partner-${partner}$`,
    deadLetters: `partner-${partner}-OutgoingDeadLetters`,
  })),
];
const leaders: readonly Rule[] = ['Scoring', 'Notification', 'PartnerSharing', 'Lifecycle'].map(ofConsumer);

/** Queues are gone: what happens goes to the dead letters of the rules. */
async function loseQueues(journey: Journey): Promise<void> {
  const endpoint = journey.cloud.stack as unknown as AwsEndpoint;
  const { QueueUrls = [] } = await callSqs(endpoint, 'ListQueues', {});
  const urlOf = (part: string) => QueueUrls.find((url) => new RegExp(part).test(url));
  const integration = await journey.as('integration');
  for (const rules of [followers, leaders]) {
    for (const { queue } of rules) await callSqs(endpoint, 'DeleteQueue', { QueueUrl: urlOf(queue) });
    const order = orderOf(idOf(journey, 'customer'), rules.map(({ queue }) => queue).join());
    await change(integration, 'placeOrder', 'PlaceOrderInput', order);
    journey.cloud.runSchedules(new Date());
    for (const { deadLetters } of rules) {
      const asked = { QueueUrl: urlOf(deadLetters), AttributeNames: ['All'] };
      const attributes = async () => (await callSqs(endpoint, 'GetQueueAttributes', asked)).Attributes;
      await eventually(attributes, (all) => Number(all?.ApproximateNumberOfMessages) > 0);
    }
  }
}

/** Things go wrong for good. */
export const failureSteps: readonly Step[] = [
  { name: 'changes that cannot be relayed are set aside', run: spoilChanges },
  { name: 'what cannot be delivered becomes a dead letter', run: loseQueues },
];
