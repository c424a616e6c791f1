import { AwsError } from '../aws.ts';
import { checkAttributes, shownAttributes } from './attributes.ts';
import { type Action, type Input, requiredString, stringMap, strings } from './input.ts';
import type { Messages } from './messages.ts';
import type { Queue, Queues } from './queues.ts';

export interface QueueActionsOptions {
  readonly queueOf: (input: Input) => Queue;
  readonly queues: Queues;
  readonly messages: Messages;
}

/** The actions on queues as a whole, by name; inputs and outputs as in the API reference of SQS. */
export function queueActions({ queueOf, queues, messages }: QueueActionsOptions): Record<string, Action> {
  function queueAttributes(input: Input): object {
    const queue = queueOf(input);
    const names = strings(input, 'AttributeNames');
    const counts = messages.counts(queue);
    const all: Record<string, string> = {
      QueueArn: queue.arn,
      ApproximateNumberOfMessages: String(counts.visible),
      ApproximateNumberOfMessagesNotVisible: String(counts.inFlight),
      ApproximateNumberOfMessagesDelayed: String(counts.delayed),
      CreatedTimestamp: String(Math.floor(queue.createdAt / 1000)),
      LastModifiedTimestamp: String(Math.floor(queue.modifiedAt / 1000)),
      ...shownAttributes(queue.attributes),
    };
    const unknown = names.find(
      (name) => name !== 'All' && !(name in all) && name !== 'RedrivePolicy' && name !== 'Policy',
    );
    if (unknown !== undefined) throw new AwsError('InvalidAttributeName', `Unknown Attribute ${unknown}.`);
    const shown = Object.entries(all).filter(([name]) => names.includes('All') || names.includes(name));
    return shown.length > 0 ? { Attributes: Object.fromEntries(shown) } : {};
  }

  function createQueue(input: Input): object {
    const name = requiredString(input, 'QueueName');
    const attributes = stringMap(input, 'Attributes');
    const existing = queues.byName(name);
    if (existing) {
      checkAttributes(attributes);
      const shown = shownAttributes(existing.attributes);
      const differing = Object.keys(attributes).find((key) => attributes[key] !== shown[key]);
      if (differing === undefined) return { QueueUrl: existing.url };
      throw new AwsError(
        'QueueNameExists',
        `A queue already exists with the same name and a different value for attribute ${differing}`,
      );
    }
    return { QueueUrl: queues.put(name, attributes).url };
  }

  function listQueues(input: Input): object {
    const prefix = typeof input.QueueNamePrefix === 'string' ? input.QueueNamePrefix : '';
    const urls = queues
      .all()
      .filter(({ name }) => name.startsWith(prefix))
      .map(({ url }) => url);
    return urls.length > 0 ? { QueueUrls: urls.sort() } : {};
  }

  const deadLetterSources = (queue: Queue) =>
    queues.all().filter(({ settings }) => settings.redrive?.deadLetterTargetArn === queue.arn);

  return {
    GetQueueUrl: (input) => ({ QueueUrl: queueOf({ QueueUrl: requiredString(input, 'QueueName') }).url }),
    GetQueueAttributes: queueAttributes,
    SetQueueAttributes(input) {
      const queue = queueOf(input);
      queues.put(queue.name, { ...queue.attributes, ...stringMap(input, 'Attributes') });
      return {};
    },
    ListQueues: listQueues,
    CreateQueue: createQueue,
    DeleteQueue(input) {
      const queue = queueOf(input);
      messages.purge(queue);
      queues.remove(queue);
      return {};
    },
    PurgeQueue(input) {
      messages.purge(queueOf(input));
      return {};
    },
    ListDeadLetterSourceQueues: (input) => ({
      queueUrls: deadLetterSources(queueOf(input)).map(({ url }) => url),
    }),
    ListQueueTags: () => ({}),
  };
}
