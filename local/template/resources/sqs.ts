import type { Sqs } from '../../sqs/sqs.ts';
import type { Properties, ResourceTypes } from '../deploy.ts';

/** CloudFormation's properties that are attributes of the queue under the same name. */
const ATTRIBUTES = [
  'DelaySeconds',
  'MaximumMessageSize',
  'MessageRetentionPeriod',
  'ReceiveMessageWaitTimeSeconds',
  'VisibilityTimeout',
  'RedrivePolicy',
  'RedriveAllowPolicy',
] as const;

const applied = Object.fromEntries(ATTRIBUTES.map((name) => [name, 'applied'] as const));

/** The API takes every attribute as a string, what is structured as JSON. */
function attributesOf(properties: Properties): Record<string, string> {
  const given = ATTRIBUTES.filter((name) => properties[name] !== undefined);
  return Object.fromEntries(
    given.map((name) => {
      const value = properties[name];
      return [name, typeof value === 'object' ? JSON.stringify(value) : String(value)];
    }),
  );
}

export function sqsTypes({ sqs }: { sqs: Pick<Sqs, 'createQueue'> }): ResourceTypes {
  return {
    'AWS::SQS::Queue': {
      treatment: 'run',
      properties: {
        ...applied,
        QueueName: 'applied',
        KmsMasterKeyId: 'without effect',
        SqsManagedSseEnabled: 'without effect',
        Tags: 'without effect',
      },
      create(properties, resource) {
        const name = String(properties.QueueName ?? resource.name(80));
        const { arn, url } = sqs.createQueue(name, attributesOf(properties));
        return { ref: url, attributes: { Arn: arn, QueueName: name, QueueUrl: url } };
      },
    },
  };
}
