import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually } from '../support/client.ts';
import { type CloudInProcess, startCloudInProcess } from '../support/cloud.ts';
import { queuesOf } from '../support/consumer-queues.ts';
import { tick } from '../support/consumers.ts';
import { type Firm, startWork } from '../support/firm.ts';
import { type PartnerEvent, partnerEvents } from '../support/partner.ts';

interface Shared {
  readonly name: string;
  readonly stage: string;
}

let cloud: CloudInProcess;
let firm: Firm;
let partner: ReturnType<typeof partnerEvents>;

beforeAll(async () => {
  cloud = await startCloudInProcess();
  firm = await startWork(cloud);
  partner = partnerEvents(cloud.stack, 'carrier');
  await firm.agree('par_carrier', {
    events: ['crm.customer.stage-changed.v1'],
    fields: ['customer.name', 'customer.stage'],
  });
});
afterAll(async () => {
  await partner.stop();
  await cloud.stop();
});

/** A customer who bought twice, and what is heard of the stage from then on. */
async function activeCustomer(name: string) {
  const address = `${name}@customer.example`;
  const id = await firm.customer(name, { identities: [{ kind: 'EMAIL', value: address }] });
  await firm.grant(id, 'SHARING');
  const { heard } = await firm.follow(id);
  await firm.order(id, 10);
  await firm.order(id);
  const stages = () =>
    new Set(heard.filter(({ kind }) => kind === 'STAGE_CHANGED').map(({ version }) => version)).size;
  const shared = () => stagesShared(name, partner.events);
  await eventually(
    () => firm.scoreOf(id),
    ({ stage }) => stage === 'ACTIVE',
  );
  await allQuiet();
  const [stagesBefore, sharedBefore] = [stages(), shared().length];
  return {
    id,
    /** What was told since, in all places. */
    told: async () => ({
      onSocket: stages() - stagesBefore,
      toPartner: shared().slice(sharedBefore),
      toOwner: await firm.toldOf(name),
      toCustomer: (await firm.mailsTo(address)).map(({ subject }) => subject),
    }),
  };
}

/** The stages of a customer that a partner got, each event once. */
function stagesShared(name: string, events: readonly PartnerEvent[]): string[] {
  const customers = new Map(events.map(({ id, data }) => [id, data.customer as Shared]));
  return [...customers.values()].filter((shared) => shared.name === name).map(({ stage }) => stage);
}

/** Waits until the clock was taken and all that came of it is told. */
async function allQuiet(): Promise<void> {
  for (const consumer of ['Lifecycle', 'Notification', 'PartnerSharing', 'LiveUpdates'] as const) {
    await eventually((await queuesOf(cloud.stack, consumer)).waiting, (count) => count === 0);
  }
  // A change is on its way from the table to the queues for some milliseconds, a queue to the partner too.
  await new Promise((resolve) => setTimeout(resolve, 500));
}

async function timeIs(days: number): Promise<void> {
  await tick(cloud.stack, days);
  await allQuiet();
  await allQuiet();
}

test('a customer who stops buying lapses and has lapsed by the clock alone, and each is told once', async () => {
  const ada = await activeCustomer('ada');
  const bob = await activeCustomer('bob');
  await firm.grant(ada.id, 'MARKETING', { channel: 'EMAIL' });
  const nothing = { onSocket: 0, toPartner: [], toOwner: [], toCustomer: [] };
  const lapsing = { onSocket: 1, toPartner: ['LAPSING'], toOwner: ['lapsing'], toCustomer: [] };
  const lapsed = { ...lapsing, onSocket: 2, toPartner: ['LAPSING', 'LAPSED'] };

  await timeIs(89);
  expect([await ada.told(), await bob.told()]).toEqual([nothing, nothing]);

  await timeIs(91);
  expect([await ada.told(), await bob.told()]).toEqual([lapsing, lapsing]);

  await timeIs(181);
  const wonBack = { ...lapsed, toCustomer: ['We have missed you'] };
  expect([await ada.told(), await bob.told()]).toEqual([wonBack, lapsed]);

  for (const days of [91, 181, 400]) await timeIs(days);
  expect([await ada.told(), await bob.told()]).toEqual([wonBack, lapsed]);
}, 60_000);
