import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import tenant from '../../infra/tenants/demo.json' with { type: 'json' };
import { type AskAs, eventually, signedIn } from '../support/client.ts';
import { partnerEvents } from '../support/partner.ts';
import { type Digest, runImport, type Stack, startStack, untilQuiet } from './stack.ts';
import { addUp } from './truth.ts';

// The whole file, its dates moved to today, with consent to sharing and an agreement with the carrier.

const zone = 'Europe/London';
const today = new Intl.DateTimeFormat('sv-SE', { timeZone: zone }).format();
const file = resolve(process.env.FIDELIA_DATA ?? '', 'online-retail/online-retail-all.csv.gz');
const dayMs = 86_400_000;

let stack: Stack;
let asAdmin: AskAs;
let imported: Digest;

beforeAll(async () => {
  stack = await startStack();
  asAdmin = await signedIn(stack, 'admin');
  await asAdmin(`mutation { createSharingAgreement(input: {
    partnerId: "par_carrier", purpose: "delivery of ordered goods", validUntil: "2099-01-01T00:00:00Z",
    events: ["crm.order.placed.v1"], fields: ["customer.name", "order.externalId", "order.total"]
  }) { id } }`);
  const options = ['--consent', 'SHARING=CONSENT', '--consent', 'SERVICE=CONTRACT', '--wait'];
  const summary = await runImport(stack, { file, source: 'uci', shiftDatesTo: today, options });
  console.log(`imported in ${summary.seconds.toFixed(1)} s, ${JSON.stringify(summary.after)}`);
  imported = { before: summary.before, after: summary.after } as Digest;
}, 900_000);
afterAll(() => stack?.stop());

it('gives each customer a score, and the stage that follows from the file', () => {
  const stages: Record<string, number> = {};
  const now = Date.now();
  for (const { sales } of addUp(file, today, zone).values()) {
    const stage = stageOf(sales, now);
    stages[stage] = (stages[stage] ?? 0) + 1;
  }

  expect(imported.after.scores).toBe(4372);
  expect(imported.after.stages).toEqual(stages);
});

it('shares each order that the customer consented to, and tells nobody of the firm or outside', () => {
  expect(imported.after).toMatchObject({
    shares: 22_190,
    partnerEvents: 22_190,
    notifications: 0,
    messages: 0,
  });
});

it('shares nothing of a customer without consent, and nothing more once it is withdrawn', async () => {
  const partner = partnerEvents(JSON.parse(readFileSync(stack.stackFile, 'utf8')), 'carrier');
  await eventually(
    async () => partner.events.length,
    (count) => count === 22_190,
    300_000,
  );
  const silent = await asAdmin<{ createCustomer: { id: string } }>(
    'mutation { createCustomer(input: { kind: PERSON, name: "Never asked" }) { id } }',
  );
  const known = await asAdmin<{ customerByIdentity: { id: string } }>(
    '{ customerByIdentity(identity: { kind: EXTERNAL_ID, source: "uci", value: "17850" }) { id } }',
  );
  const placeOrder = (customerId: string, externalId: string) =>
    asAdmin(`mutation($input: PlaceOrderInput!) { placeOrder(input: $input) { id } }`, {
      input: {
        customerId,
        externalId,
        source: 'till',
        kind: 'SALE',
        placedAt: new Date().toISOString(),
        currency: 'GBP',
        lines: [{ code: 'A', quantity: '1', unitPrice: '1' }],
      },
    });

  await placeOrder(silent.createCustomer.id, 'silent');
  await placeOrder(known.customerByIdentity.id, 'granted');
  await eventually(
    async () => partner.events.length,
    (count) => count === 22_191,
  );
  await asAdmin(
    'mutation($id: ID!) { recordConsent(input: { customerId: $id, purpose: SHARING, state: WITHDRAWN }) { id } }',
    { id: known.customerByIdentity.id },
  );
  await placeOrder(known.customerByIdentity.id, 'withdrawn');
  await untilQuiet(stack, 30_000);
  await partner.stop();

  const orders = partner.events.slice(22_190).map(({ data }) => data);
  expect(orders).toEqual([
    { customer: { name: 'Customer 17850' }, order: { externalId: 'granted', total: expect.anything() } },
  ]);
});

/** Where a customer stands in the life cycle, from the tenant's file and all sales (ms), and nothing of the domain. */
function stageOf(sales: readonly number[], now: number): string {
  const { lapsingAfterDays, lapsedAfterDays } = tenant.lifecycle;
  const [last, previous] = sales.toSorted((a, b) => b - a);
  if (last === undefined) return 'PROSPECT';
  if (now - last > lapsedAfterDays * dayMs) return 'LAPSED';
  if (now - last > lapsingAfterDays * dayMs) return 'LAPSING';
  if (previous === undefined) return 'FIRST_TIME';
  return last - previous >= lapsedAfterDays * dayMs ? 'WON_BACK' : 'ACTIVE';
}
