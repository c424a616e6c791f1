import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { MessageAttributes } from '../sqs/message.ts';
import { openStore, type Store } from '../store.ts';
import { openStage, type Stage } from './fixture.ts';
import type { RetryPolicy } from './target.ts';

const eventually = <T>(read: () => T) => expect.poll(read, { timeout: 5000 });

let store: Store;
let stage: Stage;
let now: number;
let queue: string;
let dead: string;

function open(): void {
  stage = openStage({ store, now: () => now });
  queue = stage.sqs.createQueue('work').arn;
  dead = stage.sqs.createQueue('dead').arn;
  stage.events.createBus('crm');
}

function putRule(retryPolicy?: RetryPolicy): void {
  stage.events.putRule({
    name: 'on',
    busName: 'crm',
    eventPattern: { source: ['shop'] },
    targets: [{ id: 'target', arn: queue, deadLetterArn: dead, ...(retryPolicy && { retryPolicy }) }],
  });
}

beforeEach(() => {
  store = openStore();
  now = Date.parse('2026-01-02T03:04:05Z');
  open();
});

afterEach(() => {
  stage.events.close();
  stage.sqs.close();
});

/** The attributes of the one dead letter there will be. */
async function deadLetter(): Promise<Record<string, string | undefined>> {
  const found: MessageAttributes[] = [];
  await eventually(() => {
    found.push(...stage.sqs.receive(dead, 1).map(({ attributes }) => attributes ?? {}));
    return found.length;
  }).toBe(1);
  return Object.fromEntries(
    Object.entries(found[0] ?? {}).map(([name, { StringValue }]) => [name, StringValue]),
  );
}

describe('a delivery that fails for the moment', () => {
  test('is tried again until the target takes it', async () => {
    putRule();
    stage.events.start();
    let failures = 3;
    stage.events.faults.beforeDelivery = () => (failures-- > 0 ? 'throttle' : undefined);
    stage.put('crm', { Detail: '{"a":1}' });
    await eventually(() => stage.taken(queue)).toEqual([expect.objectContaining({ detail: { a: 1 } })]);
    expect(stage.sqs.receive(dead, 1)).toEqual([]);
  });

  test('goes to the dead letters after as many retries as its policy has, and says so', async () => {
    putRule({ maximumRetryAttempts: 2 });
    stage.events.start();
    stage.events.faults.beforeDelivery = () => 'throttle';
    stage.put('crm');
    expect(await deadLetter()).toEqual({
      RULE_ARN: 'arn:aws:events:eu-central-1:000000000000:rule/crm/on',
      TARGET_ARN: queue,
      ERROR_CODE: 'THROTTLING',
      ERROR_MESSAGE: 'Rate exceeded',
      EXHAUSTED_RETRY_CONDITION: 'MaximumRetryAttempts',
      RETRY_ATTEMPTS: '2',
    });
  });

  test('goes to the dead letters when it is older than its policy allows', async () => {
    putRule({ maximumEventAgeSeconds: 60 });
    stage.events.start();
    stage.events.faults.beforeDelivery = () => {
      now += 40_000;
      return 'fail';
    };
    stage.put('crm');
    expect(await deadLetter()).toMatchObject({
      ERROR_CODE: 'ERROR_FROM_TARGET',
      EXHAUSTED_RETRY_CONDITION: 'MaximumEventAgeInSeconds',
    });
  });

  test('is tried by the next process when this one ends', async () => {
    putRule();
    stage.events.faults.beforeDelivery = () => 'throttle';
    stage.put('crm');
    stage.events.close();
    stage.sqs.close();
    open();
    putRule();
    expect(stage.taken(queue)).toEqual([]);
    stage.events.start();
    await eventually(() => stage.taken(queue).length).toBe(1);
  });
});

test('a delivery without hope is not tried again', () => {
  putRule();
  stage.events.start();
  stage.events.putRule({
    name: 'on',
    busName: 'crm',
    eventPattern: { source: ['shop'] },
    targets: [{ id: 'target', arn: `${queue}-gone`, deadLetterArn: dead }],
  });
  stage.put('crm');
  const [message] = stage.sqs.receive(dead, 1);
  expect(Object.keys(message?.attributes ?? {})).toEqual([
    'RULE_ARN',
    'TARGET_ARN',
    'ERROR_CODE',
    'ERROR_MESSAGE',
  ]);
});

test.each([
  [{ maximumRetryAttempts: 186 }, 'MaximumRetryAttempts is 186: give a whole number from 0 to 185'],
  [{ maximumEventAgeSeconds: 59 }, 'MaximumEventAgeInSeconds is 59: give a whole number from 60 to 86400'],
])('a policy %j is refused', (policy, message) => {
  expect(() => putRule(policy)).toThrow(message);
});
