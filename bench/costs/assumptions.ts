import { readFileSync } from 'node:fs';

/** What nobody can count before there are customers: data, to be changed for another firm. */
export interface Assumptions {
  /** Numbers of customers of the firms whose month is reckoned. */
  readonly tenants: readonly number[];
  readonly customersPerUser: number;
  /** How often each operation is done a month, by its name. */
  readonly monthlyPerCustomer: Readonly<Record<string, number>>;
  readonly monthlyPerUser: Readonly<Record<string, number>>;
  /** For how many months of such activity the table holds the facts. */
  readonly monthsKept: number;
  /** How many subscribers look at a customer while something happens. */
  readonly listenersOfACustomer: number;
  /** Minutes a month that a user is connected for live updates. */
  readonly minutesConnectedPerUser: number;
  readonly kilobytesOfAnAnswer: number;
  readonly kilobytesOfAnEvent: number;
  readonly kilobytesOfLogsPerInvocation: number;
  readonly shareOfRequestsTraced: number;
  /** What Lambda bills for one invocation, by function; `default` for those without their own. */
  readonly billedMilliseconds: Readonly<Record<string, number>> & { readonly default: number };
  /** Messages and records that share an invocation; 1 is the most expensive case, and what a quiet firm has. */
  readonly messagesInABatch: number;
}

export const readAssumptions = (): Assumptions =>
  JSON.parse(readFileSync('bench/assumptions.json', 'utf8')) as Assumptions;
