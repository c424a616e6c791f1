import { type Facts, type Input, isText, type JsonNeeds, type Need } from '../need.ts';

/** Batches are allowed by the action of their entries. */
const BATCHES: Readonly<Record<string, string>> = {
  SendMessageBatch: 'SendMessage',
  DeleteMessageBatch: 'DeleteMessage',
  ChangeMessageVisibilityBatch: 'ChangeMessageVisibility',
};

const BY_NAME = new Set(['GetQueueUrl', 'CreateQueue']);
const BY_SOURCE = new Set(['StartMessageMoveTask', 'ListMessageMoveTasks']);

/** The queue that the service will look at, whatever else the input names. */
function queueArn(action: string, { QueueUrl, QueueName, SourceArn }: Input, { place }: Facts): string {
  if (BY_SOURCE.has(action)) return isText(SourceArn) ? SourceArn : '*';
  const url = isText(QueueUrl) ? QueueUrl.slice(QueueUrl.lastIndexOf('/') + 1) : undefined;
  const name = BY_NAME.has(action) ? QueueName : url;
  return isText(name) ? `arn:aws:sqs:${place.region}:${place.accountId}:${name}` : '*';
}

/** Messages are moved in the name of who asks: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-configure-dead-letter-queue-redrive.html */
function moveNeeds({ DestinationArn }: Input, source: string): Need[] {
  const needs = ['StartMessageMoveTask', 'ReceiveMessage', 'DeleteMessage', 'GetQueueAttributes'].map(
    (action) => ({ action: `sqs:${action}`, resource: source }),
  );
  return isText(DestinationArn) ? [...needs, { action: 'sqs:SendMessage', resource: DestinationArn }] : needs;
}

/** What each call of SQS needs: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsqs.html */
export const sqsNeeds: JsonNeeds = {
  keys: [],
  needsOf(action, input, facts) {
    const resource = queueArn(action, input, facts);
    if (action === 'StartMessageMoveTask') return moveNeeds(input, resource);
    return [{ action: `sqs:${BATCHES[action] ?? action}`, resource }];
  },
};
