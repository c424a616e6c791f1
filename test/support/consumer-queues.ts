import { readFileSync } from 'node:fs';
import { type AwsEndpoint, callSqs, messagesIn } from './sqs.ts';

/** The consumers, by their names in the stack. */
export type ConsumerId =
  | 'Scoring'
  | 'Notification'
  | 'PartnerSharing'
  | 'LiveUpdates'
  | 'MailEvents'
  | 'Lifecycle';

/** The queue of a consumer and its dead letters, as an operator of the stack handles them. */
export async function queuesOf(endpoint: AwsEndpoint, consumer: ConsumerId) {
  const sqs = (action: string, input: object) => callSqs(endpoint, action, input);
  const { QueueUrls = [] } = await sqs('ListQueues', {});
  const urlOf = (part: string) => {
    const url = QueueUrls.find((one) => one.includes(`${consumer}Incoming${part}`));
    if (!url) throw new Error(`no queue of ${QueueUrls.join()} is ${consumer}Incoming${part}`);
    return url;
  };
  const [queue, dead] = [urlOf('Queue'), urlOf('DeadLetters')];
  const attribute = async (QueueUrl: string, name: string) => {
    const { Attributes = {} } = await sqs('GetQueueAttributes', { QueueUrl, AttributeNames: ['All'] });
    return Attributes[name] ?? '';
  };

  return {
    /** From now on what was received and not removed comes again after so many seconds. */
    comeAgainAfter: (seconds: number) =>
      sqs('SetQueueAttributes', {
        QueueUrl: queue,
        Attributes: { VisibilityTimeout: String(seconds) },
      }),
    send: (message: object) => sqs('SendMessage', { QueueUrl: queue, MessageBody: JSON.stringify(message) }),
    /** How many messages wait or are in work. */
    waiting: () => messagesIn(endpoint, queue),
    deadLetters: () => messagesIn(endpoint, dead),
    /** Moves the dead letters back with the command of the operations guide. */
    redrive: async () => {
      const input = documentedInput('start-message-move-task', {
        DEAD_LETTERS_ARN: await attribute(dead, 'QueueArn'),
        QUEUE_ARN: await attribute(queue, 'QueueArn'),
      });
      await sqs('StartMessageMoveTask', input);
    },
  };
}

/** What a command of `aws sqs` in the guide sends, with its placeholders replaced. */
function documentedInput(command: string, values: Readonly<Record<string, string>>): object {
  const guide = readFileSync('docs/operations.md', 'utf8');
  const line = new RegExp(`^aws sqs ${command} (.+)$`, 'm').exec(guide)?.[1];
  if (!line) throw new Error(`docs/operations.md does not say aws sqs ${command}`);
  const pairs = [...line.matchAll(/--([a-z-]+) (\S+)/g)].map(([, option = '', value = '']) => [
    option.replaceAll(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase()),
    values[value] ?? value,
  ]);
  return Object.fromEntries(pairs);
}
