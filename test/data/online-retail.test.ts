import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import tenant from '../../infra/tenants/demo.json' with { type: 'json' };
import { type Api, createApi } from '../../tools/client/api.ts';
import { readEndpoint } from '../../tools/client/endpoint.ts';
import { signInAs } from '../../tools/client/session.ts';
import { type CloudInProcess, deliverTwiceInAnyOrder, startCloudInProcess } from '../support/cloud.ts';
import { readScores } from './scores.ts';
import {
  isDeadLetters,
  queues,
  runImport,
  type Stack,
  spawnImport,
  startStack,
  untilQuiet,
} from './stack.ts';
import { addUp, engagementAt, type Truth, toAmount } from './truth.ts';

const zone = 'Europe/London';
const today = new Intl.DateTimeFormat('sv-SE', { timeZone: zone }).format();
const file = resolve(process.env.FIDELIA_DATA ?? '', 'online-retail/online-retail-all.csv.gz');
const uci = { file, source: 'uci', shiftDatesTo: today };
const { halfLifeDays, points } = tenant.engagement;

const whole = {
  lines: { read: 541_909, taken: 406_829, refused: 135_080 },
  refusedBecause: { 'no customer': 135_080 },
  totals: [{ amount: '8300065.81', currency: 'GBP' }],
  unknownCountries: { 'Channel Islands': 9, Unspecified: 4, 'European Community': 1 },
};

let truths: Map<string, Truth>;
beforeAll(() => {
  truths = addUp(file, today, zone);
});

async function apiOf({ stackFile }: Stack): Promise<Api> {
  const endpoint = readEndpoint(stackFile, 'analyst', {});
  return createApi({ url: endpoint.graphqlUrl, token: await signInAs(endpoint) });
}

/** Checks the scores of all customers against the file, once nothing is under way any more. */
async function checkScores(stack: Stack): Promise<void> {
  await untilQuiet(stack, 400_000);
  expect((await queues(stack)).filter((queue) => isDeadLetters(queue) && queue.waiting > 0)).toEqual([]);
  const scores = await readScores(await apiOf(stack), uci.source, [...truths.keys()]);
  expect(scores.size).toBe(4372);
  for (const [id, { sales, pennies }] of truths) {
    const { score, asked = 0, answered = 0 } = scores.get(id) ?? {};
    const last = sales.length > 0 ? new Date(Math.max(...sales)).toISOString() : null;
    expect(score, `customer ${id}`).toMatchObject({
      frequency: sales.length,
      lastOrderAt: last,
      monetary: [{ amount: toAmount(pennies), currency: 'GBP' }],
    });
    const [most, least] = [asked, answered].map((now) => engagementAt(now, sales, points.sale, halfLifeDays));
    expect(score?.engagement, `customer ${id}`).toBeLessThanOrEqual((most ?? 0) * (1 + 1e-9) + 1e-9);
    expect(score?.engagement, `customer ${id}`).toBeGreaterThanOrEqual((least ?? 0) * (1 - 1e-9) - 1e-9);
  }
}

describe('the truth that the trial is held to', () => {
  it('is what is known of the file', () => {
    const all = [...truths.values()];
    expect(truths.size).toBe(4372);
    expect(all.reduce((sum, { sales }) => sum + sales.length, 0)).toBe(22_190 - 3_654);
    expect(all.reduce((sum, { returns }) => sum + returns, 0)).toBe(3_654);
    expect(toAmount(all.reduce((sum, { pennies }) => sum + pennies, 0n))).toBe('8300065.81');
  });
});

describe('the whole file', () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await startStack();
  });
  afterAll(() => stack?.stop());

  it('goes in once, in little memory', async () => {
    const summary = await runImport(stack, uci);
    console.log(`imported in ${summary.seconds.toFixed(1)} s with ${summary.peakMemoryMb} MB`);
    expect(summary).toMatchObject({
      ...whole,
      customers: { created: 4372, found: 0, refused: 0 },
      invoices: { created: 22_190, found: 0, refused: 0, returns: 3_654 },
    });
    expect(summary.otherCountries).toHaveLength(8);
    expect(summary.peakMemoryMb).toBeLessThan(300);
    const refused = readFileSync(resolve(stack.folder, summary.rejectedFile ?? ''), 'utf8');
    expect(refused.trimEnd().split('\n')).toHaveLength(1 + 135_080);
  });

  it('gives every customer the score that follows from the file', () => checkScores(stack));

  it('changes nothing when it goes in again', async () => {
    expect(await runImport(stack, uci)).toMatchObject({
      ...whole,
      customers: { created: 0, found: 4372, refused: 0 },
      invoices: { created: 0, found: 22_190, refused: 0, returns: 3_654 },
    });
    await checkScores(stack);
  });
});

describe('the whole file, with every event delivered twice and in any order', () => {
  let cloud: CloudInProcess;
  beforeAll(async () => {
    cloud = await startCloudInProcess();
  });
  afterAll(() => cloud?.stop());

  it('gives every customer the same score', async () => {
    const delivered = deliverTwiceInAnyOrder(cloud.faults);
    expect(await runImport(cloud, uci)).toMatchObject(whole);
    await checkScores(cloud);
    expect(delivered()).toBeGreaterThanOrEqual(22_190);
  });
});

describe('the whole file, with the import killed on the way', () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await startStack();
  });
  afterAll(() => stack?.stop());

  it('comes to the same end when the import is run again', async () => {
    for (const lived of [6_000, 20_000]) {
      const child = spawnImport(stack, uci);
      await sleep(lived);
      child.kill('SIGKILL');
      const [, signal] = await once(child, 'exit');
      expect(signal).toBe('SIGKILL');
    }
    const summary = await runImport(stack, uci);
    expect(summary).toMatchObject({
      ...whole,
      customers: { refused: 0 },
      invoices: { refused: 0, returns: 3_654 },
    });
    const { customers, invoices } = summary;
    expect(customers.created + customers.found).toBe(4372);
    expect(customers.found).toBeGreaterThan(0);
    expect(invoices.created + invoices.found).toBe(22_190);
    expect(invoices.found).toBeGreaterThan(0);
    expect(invoices.created).toBeGreaterThan(0);
    await checkScores(stack);
  });
});
