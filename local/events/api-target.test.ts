import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { AwsError } from '../aws.ts';
import { openStore, type Store } from '../store.ts';
import type { CallApi } from './delivery.ts';
import { openStage, type Stage } from './fixture.ts';
import type { TargetDefinition } from './target.ts';

const endpoint = 'arn:aws:appsync:eu-central-1:000000000000:endpoints/graphql-api/abc';
const roleArn = 'arn:aws:iam::000000000000:role/calls';
const ruleArn = 'arn:aws:events:eu-central-1:000000000000:rule/on';
const operation = 'mutation Publish($id: ID!) { publish(id: $id) { id } }';

let store: Store;
let stage: Stage;
let dead: string;
let calls: Parameters<CallApi>[];
/** What the next calls fail with. */
let failures: AwsError[];

function open(): void {
  stage = openStage({
    store,
    async callApi(...call) {
      await new Promise((later) => setTimeout(later, 1));
      const failure = failures.shift();
      if (failure) throw failure;
      calls.push(call);
    },
  });
  dead = stage.sqs.createQueue('dead').arn;
}

function putRule(more: Partial<TargetDefinition> = {}): void {
  const target = { id: 'api', arn: endpoint, roleArn, graphQLOperation: operation, deadLetterArn: dead };
  stage.events.putRule({
    name: 'on',
    eventPattern: { source: ['shop'] },
    targets: [{ ...target, ...more }],
  });
}

beforeEach(() => {
  store = openStore();
  calls = [];
  failures = [];
  deadLetters.length = 0;
  open();
});
afterEach(() => {
  stage.events.close();
  stage.sqs.close();
});

const put = () => stage.put('default', { Detail: '{"id":"7"}' });
const deadLetters: Record<string, string | undefined>[] = [];
function attributesOf(): Record<string, string | undefined> | undefined {
  for (const { attributes = {} } of stage.sqs.receive(dead, 1)) {
    const entries = Object.entries(attributes).map(([name, { StringValue }]) => [name, StringValue]);
    deadLetters.push(Object.fromEntries(entries));
  }
  return deadLetters.at(-1);
}
async function deadLetter() {
  await expect.poll(attributesOf).toBeDefined();
  return deadLetters.at(-1);
}

describe('a rule whose target is an API', () => {
  test('runs its mutation with its role; the input of the target gives the variables', async () => {
    putRule({
      inputTransformer: {
        inputPathsMap: { id: '$.detail.id' },
        inputTemplate: '{"id": <id>, "rule": <aws.events.rule-name>}',
      },
    });
    stage.events.start();
    put();

    expect(calls).toEqual([]);
    await expect
      .poll(() => calls)
      .toEqual([[endpoint, { query: operation, variables: { id: '7', rule: 'on' } }, { roleArn, ruleArn }]]);
    expect(stage.call('ListTargetsByRule', { Rule: 'on' })).toMatchObject({
      Targets: [{ Arn: endpoint, RoleArn: roleArn, AppSyncParameters: { GraphQLOperation: operation } }],
    });
  });

  test('gives the whole event as variables without an input', async () => {
    putRule();
    stage.events.start();
    put();

    await expect.poll(() => calls[0]?.[1].variables).toMatchObject({ source: 'shop', detail: { id: '7' } });
  });

  test('is tried again when it failed for the moment', async () => {
    failures = [new AwsError('InternalFailure', 'x', 500), new AwsError('ThrottlingException', 'x', 429)];
    putRule();
    stage.events.start();
    put();

    await expect.poll(() => calls.length).toBe(1);
    expect(attributesOf()).toBeUndefined();
  });

  test('calls in the next process what this one has not, and nothing twice', async () => {
    putRule();
    put();
    stage.events.close();
    stage.sqs.close();
    open();
    putRule();
    stage.events.start();

    await expect.poll(() => calls.length).toBe(1);
    stage.events.close();
    open();
    putRule();
    stage.events.start();
    await new Promise((later) => setTimeout(later, 20));
    expect(calls).toHaveLength(1);
  });

  test('does not call for what was undone', async () => {
    putRule();
    stage.events.start();
    expect(() =>
      store.write(() => {
        put();
        throw new Error('undone');
      }),
    ).toThrow('undone');
    await new Promise((later) => setTimeout(later, 20));
    expect(calls).toEqual([]);
  });
});

describe('an event that its API does not take is a dead letter', () => {
  test('at once when there is no hope', async () => {
    failures = [new AwsError('AccessDeniedException', 'Not Authorized to access publish', 403)];
    putRule();
    stage.events.start();
    put();

    expect(await deadLetter()).toEqual({
      RULE_ARN: ruleArn,
      TARGET_ARN: endpoint,
      ERROR_CODE: 'NO_PERMISSIONS',
      ERROR_MESSAGE: 'Not Authorized to access publish',
    });
  });

  test('when its retries are used up, those of faults as well', async () => {
    stage.events.faults.beforeDelivery = () => 'throttle';
    putRule({ retryPolicy: { maximumRetryAttempts: 1 } });
    stage.events.start();
    put();

    expect(await deadLetter()).toMatchObject({
      ERROR_CODE: 'THROTTLING',
      EXHAUSTED_RETRY_CONDITION: 'MaximumRetryAttempts',
      RETRY_ATTEMPTS: '1',
    });
    expect(calls).toEqual([]);
  });

  test('when its variables are no object', async () => {
    putRule({ inputPath: '$.detail.id' });
    stage.events.start();
    put();

    expect(await deadLetter()).toMatchObject({
      ERROR_CODE: 'INVALID_JSON',
      ERROR_MESSAGE: 'The variables of a GraphQL operation must be a JSON object, not "7".',
    });
  });

  test('when what fails is unforeseen, after its retries', async () => {
    failures = [new TypeError('broken') as unknown as AwsError];
    putRule({ retryPolicy: { maximumRetryAttempts: 0 } });
    stage.events.start();
    put();

    expect(await deadLetter()).toMatchObject({
      ERROR_CODE: 'ERROR_FROM_TARGET',
      ERROR_MESSAGE: 'TypeError: broken',
    });
  });
});

test.each<[string, Partial<TargetDefinition>, string]>([
  ['no mutation', { graphQLOperation: 'query { me }' }, 'is a query: give one mutation'],
  ['nothing that can be read', { graphQLOperation: 'mutation {' }, 'cannot be read (Syntax Error'],
  ['several operations', { graphQLOperation: 'mutation A { a } mutation B { b }' }, 'has 2 operations'],
  ['only a fragment', { graphQLOperation: 'fragment F on Mutation { a }' }, 'has no operations'],
  ['an operation for a queue', { arn: 'arn:aws:sqs:eu-central-1:0:q' }, 'AppSyncParameters is not valid'],
  [
    'the API of another account',
    { arn: endpoint.replace('000000000000', '999999999999') },
    'to event buses and GraphQL APIs of 000000000000 in eu-central-1',
  ],
])('a target with %s is refused', (_, more, message) => {
  expect(() => putRule(more)).toThrow(message);
});

test('an API as target needs a role and an operation', () => {
  const putTarget = (target: object) => () =>
    stage.events.putRule({
      name: 'on',
      eventPattern: { source: ['shop'] },
      targets: [{ id: 'api', arn: endpoint, ...target }],
    });

  expect(putTarget({ graphQLOperation: operation })).toThrow(`RoleArn is required for target ${endpoint}`);
  expect(putTarget({ roleArn })).toThrow('AppSyncParameters with a GraphQLOperation is required');
});
