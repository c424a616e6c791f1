import { type AskAs, eventually, signedIn } from '../client.ts';
import type { ConsumerId } from '../consumer-queues.ts';
import type { PartnerEvent } from '../partner.ts';
import { letClaimsLapse } from './claims.ts';
import {
  type CustomerEvidence,
  evidenceOf,
  mailsOf,
  partnerEventsOf,
  type Told,
  toldTo,
  untilRelayed,
} from './evidence.ts';
import { deadLettersOf, redriveAll, startTroubledStack, type TroubledStack, untilIdle } from './stack.ts';
import { type Acknowledged, client, tasksFor } from './work.ts';

/** What came of a soak. */
export interface Soaked {
  readonly acknowledged: Acknowledged;
  readonly customers: readonly CustomerEvidence[];
  /** When the scores were read, in milliseconds since 1970. */
  readonly readAt: number;
  readonly told: readonly Told[];
  /** The message of each mail. */
  readonly mails: readonly string[];
  readonly partnerEvents: readonly PartnerEvent[];
  readonly deadLetters: Readonly<Record<ConsumerId, number>>;
  readonly deadLettersLeft: Readonly<Record<ConsumerId, number>>;
  readonly struck: ReadonlyMap<string, number>;
  /** Milliseconds until all was acknowledged, and until all was done. */
  readonly took: { readonly acknowledged: number; readonly done: number };
}

const clients = 6;

async function addCustomer(asSales: AskAs, name: string, facts: object = {}): Promise<string> {
  const create = 'mutation($input: CreateCustomerInput!) { createCustomer(input: $input) { id } }';
  const { createCustomer } = await asSales<{ createCustomer: { id: string } }>(create, {
    input: { kind: 'PERSON', name, ...facts },
  });
  return createCustomer.id;
}

/** Customers whom `sales` owns, who may be written to and shared with the carrier. */
function addCustomers(asSales: AskAs, count: number): Promise<string[]> {
  const consent = 'mutation($input: RecordConsentInput!) { recordConsent(input: $input) { id } }';
  const add = async (_: unknown, n: number) => {
    const identities = [{ kind: 'EMAIL', value: `soaked-${n}@customer.example` }];
    const customerId = await addCustomer(asSales, `Soaked ${n}`, { identities });
    const granted = { customerId, state: 'GRANTED', basis: 'CONSENT' };
    await asSales(consent, { input: { ...granted, purpose: 'SERVICE' } });
    await asSales(consent, { input: { ...granted, purpose: 'SHARING', partnerId: 'par_carrier' } });
    return customerId;
  };
  return Promise.all(Array.from({ length: count }, add));
}

const agreement = {
  ...{ partnerId: 'par_carrier', purpose: 'tell of contacts', validUntil: '2099-01-01T00:00:00Z' },
  ...{ events: ['crm.interaction.logged.v1'], fields: ['interaction.channel'] },
};

async function agree(asAdmin: AskAs): Promise<void> {
  const query =
    'mutation($input: CreateSharingAgreementInput!) { createSharingAgreement(input: $input) { id } }';
  await asAdmin(query, { input: agreement });
}

/** Kills the stack when a third, and when two thirds of all is acknowledged. */
async function killTwice(stack: TroubledStack, done: Acknowledged, count: number): Promise<void> {
  for (const part of [1, 2]) {
    await eventually(
      async () => done.contacts.size,
      (size) => size >= (count * part) / 3,
      7_200_000,
    );
    await stack.kill();
  }
}

/** Enters so many contacts, with orders, while everything goes wrong; then repairs all as an operator would. */
export async function soak(count: number): Promise<Soaked> {
  const stack = await startTroubledStack();
  try {
    const { sales, process } = await stack.colleagues();
    await agree(await signedIn(process, 'admin'));
    const ids = await addCustomers(sales, Math.max(6, Math.ceil(count / 100)));
    await untilIdle(process.stack, 60_000);
    const last = await addCustomer(sales, 'Last');
    const acknowledged: Acknowledged = { contacts: new Map(), sales: new Map(), repeated: 0 };
    const tasks = tasksFor(ids, count);
    await stack.trouble();

    const began = performance.now();
    const working = Array.from({ length: clients }, () => client(tasks, stack.colleagues, acknowledged));
    await Promise.all([...working, killTwice(stack, acknowledged, count)]);
    const acknowledgedAfter = performance.now() - began;
    const endpoint = await stack.endpoint();
    await eventually(
      () => deadLettersOf(endpoint),
      (dead) => Object.values(dead).some((letters) => letters > 0),
      60_000,
    );
    const struck = await stack.calm();
    const { sales: owner } = await stack.colleagues();
    await untilRelayed(owner, last);
    await untilIdle(endpoint, 600_000);
    const deadLetters = await deadLettersOf(endpoint);
    await letClaimsLapse(endpoint);
    await redriveAll(endpoint);
    await untilIdle(endpoint, 600_000);

    const done = performance.now() - began;
    const readAt = Date.now();
    const customers: CustomerEvidence[] = [];
    for (const id of ids) customers.push(await evidenceOf(owner, id));
    return {
      ...{ acknowledged, customers, readAt, deadLetters, struck },
      deadLettersLeft: await deadLettersOf(endpoint),
      told: await toldTo(owner),
      mails: await mailsOf(endpoint),
      partnerEvents: await partnerEventsOf(endpoint, 'carrier'),
      took: { acknowledged: acknowledgedAfter, done },
    };
  } finally {
    await stack.remove();
  }
}
