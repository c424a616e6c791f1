import { expect } from 'vitest';
import { eventually } from './client.ts';
import type { CloudInProcess } from './cloud.ts';
import { type ConsumerId, queuesOf } from './consumer-queues.ts';
import { type Firm, startWork } from './firm.ts';
import { type PartnerEvent, partnerEvents } from './partner.ts';
import type { AwsEndpoint } from './sqs.ts';

/** Where a consumer's work is looked at. */
export interface World {
  readonly firm: Firm;
  readonly endpoint: AwsEndpoint;
  /** What the partner `carrier` got, with what came twice. */
  readonly partner: { readonly events: readonly PartnerEvent[]; readonly stop: () => Promise<void> };
}

/** The firm at work in a cloud, with an agreement with the carrier, who reads what it gets until it is stopped. */
export async function startWorld(cloud: CloudInProcess): Promise<World> {
  const firm = await startWork(cloud);
  const partner = partnerEvents(cloud.stack, 'carrier');
  await firm.agree('par_carrier');
  return { firm, endpoint: cloud.stack, partner };
}

/** What comes of work that a consumer was given. */
export interface Work {
  readonly state: () => Promise<unknown>;
  /** The state when all is done. */
  readonly end: unknown;
  /** The state when all is done that a consumer may do that was killed at it. @default `end` */
  readonly endIfKilled?: unknown;
  /** What holds from then on. */
  readonly afterwards?: () => Promise<void>;
}

/** Gives a consumer work on customers of a name of their own. */
export type Begin = (world: World, name: string) => Promise<Work>;

const dayMs = 86_400_000;

/** Lets the clock of the life cycle stand so many days ahead; the bus may tell of a time twice. */
export async function tick(endpoint: AwsEndpoint, days: number, times = 2): Promise<void> {
  const lifecycle = await queuesOf(endpoint, 'Lifecycle');
  const time = `${new Date(Date.now() + days * dayMs).toISOString().slice(0, 19)}Z`;
  const event = { id: `tick ${time}`, 'detail-type': 'Scheduled Event', source: 'aws.events', time };
  for (let sent = 0; sent < times; sent++) await lifecycle.send({ ...event, detail: {} });
}

const atMost = (most: number) =>
  expect.toSatisfy((count: unknown) => typeof count === 'number' && count <= most, `at most ${most}`);

const scoring: Begin = async ({ firm }, name) => {
  const customers = await Promise.all([1, 2, 3, 4, 5].map((n) => firm.customer(`${name} ${n}`)));
  for (const id of customers) await firm.call(id);
  await firm.call(customers[0] ?? '');
  const points = async (id: string) => Math.round((await firm.scoreOf(id)).engagement);
  return { state: () => Promise.all(customers.map(points)), end: [16, 8, 8, 8, 8] };
};

const notification: Begin = async ({ firm }, name) => {
  const address = `${name.toLowerCase()}@customer.example`;
  const id = await firm.customer(name, { identities: [{ kind: 'EMAIL', value: address }] });
  await firm.grant(id, 'SERVICE');
  for (let calls = 0; calls < 2; calls++) await firm.call(id);
  await firm.order(id);
  const toOwner = async () =>
    (await firm.mailsTo('sales@demo.example')).filter(({ subject }) => subject.startsWith(`${name} `));
  return {
    state: async () => ({
      inApp: (await firm.toldOf(name)).filter((rule) => rule === 'contact'),
      mailsToOwner: (await toOwner()).length,
      mailsToCustomer: (await firm.mailsTo(address)).length,
    }),
    end: { inApp: ['contact', 'contact'], mailsToOwner: 2, mailsToCustomer: 1 },
    endIfKilled: { inApp: ['contact', 'contact'], mailsToOwner: atMost(2), mailsToCustomer: atMost(1) },
  };
};

const partnerSharing: Begin = async ({ firm, partner }, name) => {
  const id = await firm.customer(name);
  await firm.grant(id, 'SHARING', { partnerId: 'par_carrier' });
  for (let calls = 0; calls < 4; calls++) await firm.call(id);
  const nameIn = ({ data }: PartnerEvent) => (data.customer as { name?: string } | undefined)?.name;
  const got = () => partner.events.filter((event) => nameIn(event) === name).map((event) => event.id);
  return {
    state: async () => {
      const [shares, events] = [new Set(await firm.sharesOf(id)), new Set(got())];
      return {
        shares: shares.size,
        events: events.size,
        onRecord: [...events].every((event) => shares.has(event)),
      };
    },
    end: { shares: 4, events: 4, onRecord: true },
  };
};

const liveUpdates: Begin = async ({ firm }, name) => {
  const id = await firm.customer(name);
  const { heard } = await firm.follow(id);
  const calls = [await firm.call(id), await firm.call(id), await firm.call(id)];
  return {
    state: async () => calls.map((call) => heard.some((frame) => frame.id === call)),
    end: [true, true, true],
  };
};

const mailEvents: Begin = async ({ firm }, name) => {
  const customers = await Promise.all(
    ['customer.example', 'bounce.example'].map(async (domain) => {
      const value = `${name.toLowerCase()}@${domain}`;
      const id = await firm.customer(`${name} at ${domain}`, { identities: [{ kind: 'EMAIL', value }] });
      await firm.grant(id, 'SERVICE');
      await firm.order(id);
      return id;
    }),
  );
  const statesOf = async (id: string) => (await firm.messagesTo(id)).map(({ state }) => state);
  return {
    state: () => Promise.all(customers.map(statesOf)),
    end: [['DELIVERED'], ['BOUNCED']],
    afterwards: async () => {
      const bounced = customers[1] ?? '';
      await firm.order(bounced);
      await eventually(
        () => statesOf(bounced),
        (states) => states.toSorted().join() === 'BOUNCED,SUPPRESSED',
      );
    },
  };
};

const lifecycle: Begin = async ({ firm, endpoint }, name) => {
  const id = await firm.customer(name);
  const { heard } = await firm.follow(id);
  await firm.order(id, 10);
  await firm.order(id);
  const { version: active } = await eventually(
    () => firm.scoreOf(id),
    ({ stage, frequency }) => stage === 'ACTIVE' && frequency === 2,
  );
  const toldSince = () =>
    new Set(
      heard
        .filter(({ kind, version }) => kind === 'STAGE_CHANGED' && version > active)
        .map(({ version }) => version),
    ).size;
  await tick(endpoint, 91);
  return {
    state: async () => ({ stagesTold: toldSince(), inApp: await firm.toldOf(name) }),
    end: { stagesTold: 1, inApp: ['lapsing'] },
  };
};

/** Work for each consumer, with what must come of it. */
export const workOf: Readonly<Record<ConsumerId, Begin>> = {
  Scoring: scoring,
  Notification: notification,
  PartnerSharing: partnerSharing,
  LiveUpdates: liveUpdates,
  MailEvents: mailEvents,
  Lifecycle: lifecycle,
};

export const consumers = Object.keys(workOf) as ConsumerId[];
