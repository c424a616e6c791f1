import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Consent } from '../../domain/customers/consent.ts';
import type { CustomerEvent } from '../../domain/events.ts';
import { claimLastsMs } from '../../domain/interactions/message.ts';
import type { NotificationRule } from '../../domain/team/notification-rule.ts';
import type { Outcome } from '../../functions/notification/outcome.ts';
import { type NotificationTable, notificationTable } from '../support/notification-table.ts';

process.env.TENANT = 'demo';
process.env.TABLE_NAME = 'unused';
process.env.AWS_REGION = 'eu-west-2';
process.env.AWS_ACCESS_KEY_ID = 'unused';
process.env.AWS_SECRET_ACCESS_KEY = 'unused';
const { tell } = await import('../../functions/notification/tell.ts');
type Tools = Parameters<typeof tell>[0];

// Deliveries come at least once, several at a time, and die at any step; senders refuse, take without an answer, or are
// out. Whatever happens, of each (event, rule, recipient, channel) a sender takes one message at most, and each colleague
// is told in the app exactly once.

const faults = [
  'none',
  'throttled',
  'refused',
  'unknown, not taken',
  'unknown, taken',
  'killed before',
  'killed after',
] as const;
type Fault = (typeof faults)[number];

interface Story {
  /** What happens to each attempt to send, in their order; nothing goes wrong with those that follow. */
  readonly faults: readonly Fault[];
  /** Which of the writes of the table are the last thing that their delivery does. */
  readonly deaths: readonly number[];
  /** How many deliveries run at the same time, at first and then. */
  readonly waves: readonly number[];
}

const story: fc.Arbitrary<Story> = fc.record({
  faults: fc.array(fc.constantFrom(...faults), { maxLength: 12 }),
  deaths: fc.array(fc.nat(30), { maxLength: 5 }),
  waves: fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 3 }),
});

const rules: readonly NotificationRule[] = [
  {
    name: 'owner',
    on: 'crm.order.placed.v1',
    to: 'OWNER',
    by: ['IN_APP', 'EMAIL', 'SMS'],
    template: 'x',
  },
  { name: 'team', on: 'crm.order.placed.v1', to: 'TEAM', by: ['IN_APP', 'EMAIL'], template: 'x' },
  {
    name: 'customer',
    on: 'crm.order.placed.v1',
    to: 'CUSTOMER',
    by: ['EMAIL', 'SMS'],
    template: 'x',
    purpose: 'SERVICE',
  },
];
const colleague = (id: string) => ({
  id,
  username: id,
  email: `${id}@demo.example`,
  phone: '+441632960001',
  enabled: true,
});
const event = {
  id: 'evt_1',
  type: 'crm.order.placed.v1',
  time: '2026-11-22T12:00:00.000Z',
  subject: 'ord_1',
  actor: 'usr_importer',
  correlationId: 'req_1',
  data: { customerId: 'cus_00000000000000000000000001', kind: 'SALE' },
} as unknown as CustomerEvent;
const customer = {
  id: event.data.customerId,
  kind: 'PERSON',
  name: 'Ada',
  identities: [
    { kind: 'EMAIL', value: 'ada@example.com' },
    { kind: 'PHONE', value: '+441632960002' },
  ],
  ownerId: 'usr_nora',
  via: 'API',
  team: 'north',
  createdAt: event.time,
  updatedAt: event.time,
  version: 1,
} as const;
const granted = { purpose: 'SERVICE', state: 'GRANTED', statedAt: event.time, id: 'con_1' } as Consent;

/** A change of the tools that ought to be noticed. */
type Mutation = (tools: Tools, table: NotificationTable) => Tools;
const unchanged: Mutation = (tools) => tools;

async function run(scheduler: fc.Scheduler, { faults, deaths, waves }: Story, mutate: Mutation) {
  const table = notificationTable();
  const taken: string[] = [];
  const queue = [...faults];
  let clock = Date.parse(event.time);
  let writes = 0;
  let tokens = 0;

  const later =
    <A extends unknown[], R>(act: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      await scheduler.schedule(Promise.resolve());
      return act(...args);
    };
  // A client asks again when it heard no answer, so a write may be made twice.
  const twice =
    <A extends unknown[], R>(act: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      await later(act)(...args);
      return later(act)(...args);
    };
  const dying =
    <A extends unknown[], R>(act: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      const answer = await twice(act)(...args);
      if (deaths.includes(writes++)) throw new Error('killed');
      return answer;
    };
  const send = later(async ({ message }: { message: { id: string } }): Promise<Outcome> => {
    const fault = queue.shift() ?? 'none';
    if (fault === 'killed before') throw new Error('killed');
    if (['none', 'unknown, taken', 'killed after'].includes(fault)) taken.push(message.id);
    if (fault === 'killed after') throw new Error('killed');
    if (fault === 'throttled') return { kind: 'NOT_NOW', reason: fault };
    if (fault === 'refused') return { kind: 'REFUSED', reason: fault };
    return fault === 'none' ? { kind: 'SENT' } : { kind: 'UNKNOWN', reason: fault };
  });
  const mutated = mutate(
    {
      ...table.tools,
      rules,
      title: 'Demo Gifts',
      write: () => ({ title: 'Title', text: 'Text', sms: 'Text' }),
      customer: async () => customer,
      user: async (id) => colleague(id),
      team: async () => [colleague('usr_nora'), colleague('usr_ned')],
      consents: async () => [granted],
      addressKey: (channel, address) => `${channel}|${address}`,
      send: { EMAIL: send, SMS: send },
      token: () => `token-${tokens++}`,
      unsubscribeUrl: 'https://unsubscribe.example',
      freshId: () => 'chg_1',
      now: () => new Date(clock).toISOString(),
    },
    table,
  );
  const tools: Tools = {
    ...mutated,
    message: later(mutated.message),
    consents: later(mutated.consents),
    put: dying(mutated.put),
    release: dying(mutated.release),
    settle: dying(mutated.settle),
    addNotification: dying(mutated.addNotification),
  };

  for (const count of waves) {
    const deliveries = Array.from({ length: count }, () => tell(tools, event).catch(() => undefined));
    await scheduler.waitFor(Promise.all(deliveries));
    clock += claimLastsMs / 2;
  }
  // The queue delivers again until nothing goes wrong; longer than any claim lasts.
  queue.length = 0;
  for (let left = 3; left > 0; left--) {
    clock += claimLastsMs + 1;
    await scheduler.waitFor(tell({ ...tools, ...table.tools }, event).catch(() => undefined));
  }
  await scheduler.waitFor(tell({ ...tools, ...table.tools }, event));
  return { table, taken };
}

function assess({ table, taken }: Awaited<ReturnType<typeof run>>): void {
  expect(taken.length).toBe(new Set(taken).size);
  expect(table.notifications()).toBe(3);
  const messages = table.messages();
  expect(messages).toHaveLength(6);
  for (const { id, state } of messages) {
    expect(state).toMatch(/^(SENT|REFUSED|UNKNOWN)$/);
    if (state === 'SENT') expect(taken).toContain(id);
    if (state === 'REFUSED') expect(taken).not.toContain(id);
  }
}

const atMostOnce = (mutate: Mutation, seen: (outcome: Awaited<ReturnType<typeof run>>) => void = () => {}) =>
  fc.asyncProperty(fc.scheduler(), story, async (scheduler, told) => {
    const outcome = await run(scheduler, told, mutate);
    seen(outcome);
    assess(outcome);
  });

test('a message is taken at most once and a colleague told exactly once, whatever fails, repeats and interleaves', async () => {
  const states = new Map<string, number>();

  await fc.assert(
    atMostOnce(unchanged, ({ table }) => {
      for (const { state } of table.messages()) states.set(state, (states.get(state) ?? 0) + 1);
    }),
    { numRuns: 500 },
  );

  for (const state of ['SENT', 'REFUSED', 'UNKNOWN']) expect(states.get(state)).toBeGreaterThan(50);
});

const mutants: readonly (readonly [string, Mutation])[] = [
  [
    'claimed what is claimed already',
    (tools, table) => ({ ...tools, put: async (stored) => table.overwrite(stored) }),
  ],
  [
    'took back a claim that is not its own',
    (tools, table) => ({ ...tools, release: async ({ message }) => void table.remove(message.id) }),
  ],
  [
    'sent again what may have been sent',
    (tools) => {
      const again: Tools['send']['EMAIL'] = async (letter) => {
        const outcome = await tools.send.EMAIL(letter);
        return outcome.kind === 'UNKNOWN' ? { kind: 'NOT_NOW', reason: outcome.reason } : outcome;
      };
      return { ...tools, send: { EMAIL: again, SMS: again } };
    },
  ],
  [
    'took an abandoned claim for nothing',
    (tools, table) => ({
      ...tools,
      settle: async (known, report) =>
        report.state === 'UNKNOWN' ? void table.remove(known.message.id) : tools.settle(known, report),
    }),
  ],
];

test.each(mutants)('it would be caught if it %s', async (_, mutate) => {
  const outcome = await fc.check(atMostOnce(mutate), { numRuns: 500, endOnFailure: true });

  expect(outcome.failed).toBe(true);
});
