import { readFileSync } from 'node:fs';

/** A limit of AWS, and the page that says it. */
export interface Limit {
  readonly what: string;
  /** Null when no page was found that says it. */
  readonly value: number | null;
  /** Whether AWS raises it when asked. */
  readonly adjustable: boolean;
  readonly page: string;
}

export const limitKeys = [
  'appsyncTokens',
  'lambdaConcurrency',
  'lambdaScaling',
  'queuePolling',
  'queueConcurrency',
  'queueInFlight',
  'parallelization',
  'partitionReads',
  'partitionWrites',
  'tableReads',
  'tableWrites',
  'newTableWrites',
  'putEvents',
  'eventInvocations',
  'rules',
  'mails',
  'appsyncMessages',
] as const;

export type LimitKey = (typeof limitKeys)[number];

export interface LimitList {
  readonly region: string;
  readonly checkedOn: string;
  readonly limits: Readonly<Record<LimitKey, Limit>>;
}

/** What is assumed of a large tenant, and what it asks AWS for. */
export interface ScaleAssumptions {
  readonly customers: number;
  readonly contactsPerSecond: number;
  /** How long a function answers a request of one thing. */
  readonly requestMilliseconds: number;
  /** How long a row of a batch takes, when its request has many. */
  readonly rowMilliseconds: number;
  /** How long PutEvents takes, of which the relay makes one after the other. */
  readonly putEventsMilliseconds: number;
  /** What the relay needs beside. */
  readonly relayMilliseconds: number;
  /** How long a full batch of each consumer takes. */
  readonly batchMilliseconds: Readonly<Record<string, number>>;
  /** What one partition of DynamoDB holds: a table has as many as its size or its load needs. */
  readonly gigabytesOfAPartition: number;
  readonly kilobytesOfAContact: number;
  /** Of an order without its lines, as the index of orders by state holds it. */
  readonly kilobytesOfAnOrder: number;
  readonly importer: { readonly requestsAtOnce: number; readonly rowsOfARequest: number };
  /** What a tenant of this size has AWS raise, and sets. */
  readonly raised: Raised;
}

export interface Raised {
  readonly appsyncTokens: number;
  readonly lambdaConcurrency: number;
  readonly tableReads: number;
  readonly tableWrites: number;
  readonly eventInvocations: number;
  readonly mails: number;
  readonly consumerConcurrency: number;
  readonly parallelization: number;
}

export const readLimits = (): LimitList => JSON.parse(readFileSync('bench/limits.json', 'utf8')) as LimitList;

export const readScaleAssumptions = (): ScaleAssumptions =>
  JSON.parse(readFileSync('bench/scale/assumptions.json', 'utf8')) as ScaleAssumptions;

/** @throws Error for a limit that no page says */
export function limitOf({ limits }: Pick<LimitList, 'limits'>, key: LimitKey): number {
  const { value, page } = limits[key];
  if (value === null)
    throw new Error(`The limit ${key} is not known: look it up at ${page}, for bench/limits.json.`);
  return value;
}
