import { readFileSync } from 'node:fs';

/** A price of AWS, and where it was read. */
export interface Price {
  readonly what: string;
  /** Null when no page was found that says it. */
  readonly usd: number | null;
  /** Of how many units it is the price. */
  readonly per: number;
  /** The page of AWS that says what holds today. */
  readonly page: string;
  /** The page on which the figure was read. */
  readonly readOn: string | null;
  /** The date that this page gives. */
  readonly asOf: string | null;
}

export interface PriceList {
  readonly region: string;
  readonly currency: string;
  readonly checkedOn: string;
  readonly prices: Readonly<Record<PriceKey, Price>>;
}

export const priceKeys = [
  'dynamodb.read',
  'dynamodb.write',
  'dynamodb.stream',
  'dynamodb.storage',
  'dynamodb.recovery',
  'lambda.request',
  'lambda.gbSecond',
  'appsync.operation',
  'appsync.update',
  'appsync.minute',
  'events.published',
  'events.crossAccount',
  'events.archived',
  'events.kept',
  'sqs.request',
  'ses.mail',
  'logs.ingested',
  'cloudwatch.alarm',
  'cloudwatch.metric',
  'cloudwatch.dashboard',
  'xray.trace',
  'waf.acl',
  'waf.rule',
  'waf.request',
  'transfer.out',
  'cognito.user',
  's3.storage',
] as const;

/** What AWS puts a price on. */
export type PriceKey = (typeof priceKeys)[number];

/** How much of what is paid for; what is left out is none. */
export type Quantities = Readonly<Partial<Record<PriceKey, number>>>;

export const readPrices = (): PriceList => JSON.parse(readFileSync('bench/prices.json', 'utf8')) as PriceList;

/**
 * What one item of a bill comes to, in dollars.
 *
 * @throws Error for an amount of something whose price is not known
 */
export function costOf({ prices }: Pick<PriceList, 'prices'>, key: PriceKey, amount: number): number {
  const { usd, per, page } = prices[key];
  if (amount === 0) return 0;
  if (usd === null)
    throw new Error(`The price of ${key} is not known: look it up at ${page}, for bench/prices.json.`);
  return (amount / per) * usd;
}

/** What a bill comes to, in dollars. @throws Error as `costOf` does */
export function totalOf(list: Pick<PriceList, 'prices'>, quantities: Quantities): number {
  return priceKeys.reduce((sum, key) => sum + costOf(list, key, quantities[key] ?? 0), 0);
}

/** All of several bills together. */
export function added(...bills: readonly Quantities[]): Quantities {
  const keys = priceKeys.filter((key) => bills.some((bill) => bill[key]));
  return Object.fromEntries(keys.map((key) => [key, bills.reduce((sum, bill) => sum + (bill[key] ?? 0), 0)]));
}

/** A bill so many times. */
export function times(factor: number, bill: Quantities): Quantities {
  return Object.fromEntries(Object.entries(bill).map(([key, amount]) => [key, amount * factor]));
}
