import { manifest } from '../../graphql/manifest.ts';
import { assemblyDir } from '../../test/support/assembly.ts';
import { type MeteredCloud, startMetered } from './cloud.ts';
import type { Copier } from './copies.ts';
import { openTables } from './load.ts';
import type { Firm, Known, Operation } from './operations/operation.ts';
import { operations } from './operations.ts';
import { type Resources, resourcesIn } from './resources.ts';
import { makeFirm, makeSample, makeSmallSample, type Sample } from './sample.ts';
import { storedBytes } from './stored.ts';
import { type Entry, type Usage, usageOf } from './usage.ts';

/** What an operation takes. */
export interface Measured {
  readonly name: string;
  readonly field: string;
  /** How many things were done at once; all amounts are of all of them. */
  readonly rows: number;
  /** What the answer takes. */
  readonly request: Usage;
  /** What follows from it until the bus is empty. */
  readonly after: Usage;
}

/** All that was counted in a firm. */
export interface Units {
  readonly customers: number;
  readonly operations: readonly Measured[];
  /** What a minute takes in which nothing falls due, whatever anybody does. */
  readonly minute: Usage;
  readonly stored: {
    /** What a customer with so many contacts takes, in bytes of the table and its indexes. */
    readonly rich: { readonly contacts: number; readonly bytes: number };
    /** What one takes who is known by an address and one contact. */
    readonly small: { readonly contacts: number; readonly bytes: number };
  };
  readonly resources: Resources;
}

/** Customers with a history; the others of a firm are known by little more than their address. */
export const RICH = 100;

/** The functions that answer fields of the API, and what runs whatever anybody does. */
const answering: ReadonlySet<string> = new Set(Object.values(manifest));
const BACKGROUND = 'lifecycle';

/** What was used for an operation: by the functions that answer it, and by all that follows. */
export function splitUsage(entries: readonly Entry[]): Pick<Measured, 'request' | 'after'> {
  const ofOperation = entries.filter(({ by }) => by !== BACKGROUND);
  return {
    request: usageOf(ofOperation.filter(({ by }) => answering.has(by))),
    after: usageOf(ofOperation.filter(({ by }) => !answering.has(by))),
  };
}

/**
 * Makes a firm with so many customers, and measures every operation in it, one after the other.
 *
 * @param folder an empty one for the firm's data
 */
export async function measureIn(folder: string, customers: number): Promise<Units> {
  const made = await whileRunning(folder, undefined, async (cloud) => {
    await makeFirm(cloud);
    const [rich, small] = [await makeSample(cloud), await makeSmallSample(cloud)];
    return { rich, small, tableName: String(cloud.stack.tableName), relayed: cloud.relayed() };
  });

  const tables = openTables(folder, made.tableName);
  const copiers = { rich: tables.copierOf(made.rich), small: tables.copierOf(made.small) };
  await tables.write(copiers.rich, 0, RICH);
  await tables.write(copiers.small, RICH, customers - RICH);
  tables.close();

  const storedOf = (kind: 'rich' | 'small') => ({
    contacts: made[kind].contacts,
    bytes: storedBytes(copiers[kind].items(0)),
  });
  return whileRunning(folder, made.relayed, async (cloud) => ({
    customers,
    operations: await measureAll(cloud, copiers.rich, made.rich),
    minute: await measureMinute(cloud),
    stored: { rich: storedOf('rich'), small: storedOf('small') },
    resources: resourcesIn(assemblyDir),
  }));
}

async function whileRunning<T>(
  folder: string,
  relayed: string | undefined,
  use: (cloud: MeteredCloud) => Promise<T>,
): Promise<T> {
  const cloud = await startMetered(folder, relayed);
  try {
    return await use(cloud);
  } finally {
    await cloud.stop();
  }
}

async function measureAll(cloud: MeteredCloud, copier: Copier, sample: Sample): Promise<Measured[]> {
  const left = new Map([['notification', await aNotification(cloud)]]);
  const firm: Firm = { left, customer: customersOf(copier, sample) };
  const measured: Measured[] = [];
  await cloud.idle();
  for (const operation of operations) {
    cloud.take();
    await perform(cloud, operation, firm, left);
    await cloud.idle();
    const { name, field, rows = 1 } = operation;
    measured.push({ name, field, rows, ...splitUsage(cloud.take()) });
  }
  return measured;
}

/** The schedule itself may strike as well meanwhile: of both, one is counted. */
async function measureMinute(cloud: MeteredCloud): Promise<Usage> {
  cloud.take();
  cloud.runSchedules(new Date());
  await cloud.idle();
  const entries = cloud.take().filter(({ by }) => by === BACKGROUND);
  const strikes = usageOf(entries).deliveries[BACKGROUND] ?? 1;
  return usageOf(entries.map((entry) => ({ ...entry, amount: entry.amount / strikes })));
}

async function aNotification({ as }: MeteredCloud): Promise<string> {
  const ask = await as('sales');
  const { notifications } = await ask<{ notifications: { nodes: { id: string }[] } }>(
    '{ notifications(first: 1) { nodes { id } } }',
  );
  return notifications.nodes[0]?.id ?? '';
}

function customersOf(copier: Copier, { customerId, orderIds, mark }: Sample): () => Known {
  const sample: Known = {
    id: customerId,
    email: `ada.${mark}@customers.example`,
    orderId: orderIds[0] ?? '',
  };
  let next = 0;
  return () => {
    if (next === RICH) throw new Error(`The operations need more than ${RICH} customers: raise RICH.`);
    return JSON.parse(copier.named(JSON.stringify(sample), next++)) as Known;
  };
}

type Rows = { readonly results?: readonly { readonly error: { readonly code: string } | null }[] };

/** Performs an operation; a row that is refused is an error. */
async function perform(
  { as }: MeteredCloud,
  { name, field, as: user, query, variables, leaves }: Operation,
  firm: Firm,
  left: Map<string, string>,
): Promise<void> {
  const ask = await as(user);
  const answer = await ask<Record<string, ({ id?: string } & Rows) | null>>(query, variables?.(firm) ?? {});
  const value = answer[field.split('.')[1] ?? ''];
  const refused = value?.results?.find(({ error }) => error);
  if (!value || refused) {
    throw new Error(
      `${JSON.stringify(name)} was answered with ${refused?.error?.code ?? 'nothing'}: see its entry.`,
    );
  }
  if (leaves) left.set(name, value.id ?? '');
}
