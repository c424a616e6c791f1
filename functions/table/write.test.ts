import { afterAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { AwsError } from '../../local/aws.ts';
import { type Created, startApi, users } from '../../test/support/api.ts';
import { undisturbed } from '../../test/support/aws.ts';

const api = await startApi();
afterAll(() => api.aws.close());

// Waits between attempts are random; none keeps the tests fast.
vi.spyOn(Math, 'random').mockReturnValue(0);

let customer: Created;
beforeEach(async () => {
  api.aws.disturb(undisturbed);
  api.aws.clear();
  customer = await mutate('createCustomer', { kind: 'PERSON', name: 'Ada' });
});

const mutate = (field: string, input: object) => api.ask<Created>(users.nora, `Mutation.${field}`, { input });
const refused = (field: string, input: object) => api.refusal(users.nora, `Mutation.${field}`, { input });
const isWrite = (action: string) => action === 'PutItem' || action === 'TransactWriteItems';

const email = { kind: 'EMAIL', value: 'ada@example.com' };
const call = () => ({ customerId: customer.id, channel: 'PHONE', direction: 'INBOUND' });
const order = () => ({
  customerId: customer.id,
  source: 'shop',
  externalId: '1',
  kind: 'SALE',
  placedAt: '2026-01-01T00:00:00Z',
  currency: 'GBP',
  lines: [{ code: 'A', quantity: '1', unitPrice: '1' }],
});

const mutations: readonly (readonly [string, () => readonly [string, object]])[] = [
  ['a customer', () => ['createCustomer', { kind: 'PERSON', name: 'Eve' }]],
  [
    'a customer with identities',
    () => ['createCustomer', { kind: 'PERSON', name: 'Eve', identities: [email] }],
  ],
  ['an update', () => ['updateCustomer', { id: customer.id, name: 'Ada Byron', expectedVersion: 1 }]],
  [
    'an update with identities',
    () => ['updateCustomer', { id: customer.id, addIdentities: [email], expectedVersion: 1 }],
  ],
  [
    'an update with a clientRequestId',
    () => [
      'updateCustomer',
      { id: customer.id, clientRequestId: '1', name: 'Ada Byron', expectedVersion: 1 },
    ],
  ],
  ['an interaction', () => ['logInteraction', call()]],
  ['an interaction with a long body', () => ['logInteraction', { ...call(), body: 'x'.repeat(5000) }]],
  ['an order', () => ['placeOrder', order()]],
];

/** The ids of the changes that the stream has seen since the last time. */
function changesSeen(): string[] {
  const ids = api.aws.takeRecords().map(({ dynamodb }) => dynamodb?.NewImage?.change?.M?.id?.S);
  return ids.filter((id) => id !== undefined);
}

describe('when the answer to a write is lost on the way', () => {
  test.each(mutations)('%s is written once, and its caller hears of success', async (_, mutation) => {
    const [field, input] = mutation();
    changesSeen();
    let sent = 0;
    api.aws.disturb((action, run) => {
      if (isWrite(action)) sent++;
      const answer = run();
      if (!isWrite(action) || sent > 1) return answer;
      throw new AwsError('InternalServerError', 'The answer was lost', 500);
    });

    const answer = await mutate(field, input);

    expect(sent).toBeGreaterThan(1);
    expect(changesSeen()).toHaveLength(1);
    expect(await api.ask(users.nora, 'Query.node', { id: answer.id })).toMatchObject(answer);
  });
});

describe('when others hold the items', () => {
  const conflict = new AwsError('TransactionCanceledException', 'Transaction cancelled', 400, {
    CancellationReasons: [{ Code: 'None' }, { Code: 'TransactionConflict' }],
  });
  const putConflict = new AwsError('TransactionConflictException', 'Transaction is ongoing for the item');

  test.each(mutations)('%s is tried again', async (_, mutation) => {
    const [field, input] = mutation();
    let conflicts = 0;
    api.aws.disturb((action, run) => {
      if (!isWrite(action) || conflicts++ >= 2) return run();
      throw action === 'PutItem' ? putConflict : conflict;
    });

    const { id } = await mutate(field, input);

    expect(await api.ask(users.nora, 'Query.node', { id })).toMatchObject({ id });
    expect(conflicts).toBe(3);
  });

  test('a change is refused with CUSTOMER.BUSY and a time to wait when they hold them on', async () => {
    const before = api.aws.items();
    api.aws.disturb((action, run) => {
      if (!isWrite(action)) return run();
      throw conflict;
    });

    const refusal = await refused('placeOrder', order());

    expect(refusal).toMatchObject({ code: 'CUSTOMER.BUSY', info: { retryAfterMs: 1000 } });
    expect(api.aws.items()).toEqual(before);
  });

  test('an update is refused with CUSTOMER.BUSY when others always come first', async () => {
    let version = 1;
    const profile = () => api.aws.items().find(({ sk }) => sk?.S === 'view#profile');
    api.aws.disturb((action, run) => {
      if (isWrite(action)) {
        api.aws.dynamodb('PutItem', { Item: { ...profile(), version: { N: String(++version) } } });
      }
      return run();
    });

    const refusal = await refused('updateCustomer', { id: customer.id, name: 'Ada Byron' });

    expect(refusal).toMatchObject({ code: 'CUSTOMER.BUSY', info: { customerId: customer.id } });
  });
});

describe('when a write fails for another reason', () => {
  test.each([
    [
      'a cancelled transaction',
      new AwsError('TransactionCanceledException', 'Ada Byron, ada@example.com', 400, {
        CancellationReasons: [{ Code: 'None' }, { Code: 'ValidationError' }],
      }),
    ],
    ['a denied call', new AwsError('AccessDeniedException', 'arn:aws:iam::1:role/x may not: Ada Byron')],
  ])('%s is INTERNAL, without its text', async (_, error) => {
    api.aws.disturb((action, run) => {
      if (!isWrite(action)) return run();
      throw error;
    });

    const refusal = await refused('placeOrder', order());

    expect(refusal).toEqual({
      code: 'INTERNAL',
      message: 'Something went wrong on our side: try again, and report req_1 if it stays',
      info: { correlationId: 'req_1' },
    });
  });
});
