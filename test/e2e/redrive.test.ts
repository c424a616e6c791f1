import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type AskAs, eventually, signedIn } from '../support/client.ts';
import { type CloudInProcess, startCloudInProcess } from '../support/cloud.ts';
import { type AwsEndpoint, callSqs } from '../support/sqs.ts';

let cloud: CloudInProcess;
let ask: AskAs;

beforeAll(async () => {
  cloud = await startCloudInProcess();
  ask = await signedIn(cloud);
});
afterAll(() => cloud.stop());

const sqs = (action: string, input: object) => callSqs(cloud.stack as unknown as AwsEndpoint, action, input);

async function attributeOf(QueueUrl: string, name: string): Promise<string> {
  const { Attributes = {} } = await sqs('GetQueueAttributes', { QueueUrl, AttributeNames: ['All'] });
  return Attributes[name] ?? '';
}

/** What a command of `aws sqs` in the guide sends, with its placeholders replaced. */
function documentedInput(command: string, values: Readonly<Record<string, string>>): object {
  const guide = readFileSync('docs/operations.md', 'utf8');
  const line = new RegExp(`^aws sqs ${command} (.+)$`, 'm').exec(guide)?.[1] ?? `no ${command} in the guide`;
  const pairs = [...line.matchAll(/--([a-z-]+) (\S+)/g)].map(([, option = '', value = '']) => [
    option.replaceAll(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase()),
    values[value] ?? value,
  ]);
  return Object.fromEntries(pairs);
}

test('dead letters of a consumer come back with the command of the operations guide, and are worked on', async () => {
  const { QueueUrls = [] } = await sqs('ListQueues', {});
  const urlOf = (part: RegExp) => QueueUrls.find((url) => part.test(url)) ?? `no queue is ${part}`;
  const [queue, dead] = [urlOf(/ScoringIncomingQueue/), urlOf(/ScoringIncomingDeadLetters/)];
  await sqs('SetQueueAttributes', { QueueUrl: queue, Attributes: { VisibilityTimeout: '0' } });
  cloud.faults.functions.beforeInvoke = (name) => (name.includes('Scoring') ? 'kill' : undefined);

  const { createCustomer } = await ask<{ createCustomer: { id: string } }>(
    'mutation { createCustomer(input: { kind: PERSON, name: "Ada" }) { id } }',
  );
  const { id } = createCustomer;
  await ask(
    'mutation($id: ID!) { logInteraction(input: { customerId: $id, channel: PHONE, direction: INBOUND }) { id } }',
    { id },
  );
  const letters = () => attributeOf(dead, 'ApproximateNumberOfMessages').then(Number);
  await eventually(letters, (count) => count > 0, 30_000);

  cloud.faults.functions.beforeInvoke = () => undefined;
  const input = documentedInput('start-message-move-task', {
    DEAD_LETTERS_ARN: await attributeOf(dead, 'QueueArn'),
    QUEUE_ARN: await attributeOf(queue, 'QueueArn'),
  });
  expect(Object.keys(input)).toEqual(['SourceArn', 'DestinationArn']);
  await sqs('StartMessageMoveTask', input);

  const score = () =>
    ask<{ customer: { score: { engagement: number } | null } }>(
      'query($id: ID!) { customer(id: $id) { score { engagement } } }',
      { id },
    ).then(({ customer }) => customer.score?.engagement ?? 0);
  expect(await eventually(score, (points) => points > 0, 30_000)).toBeCloseTo(8, 1);
  expect(await letters()).toBe(0);
}, 90_000);
