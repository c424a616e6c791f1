import type { Units } from '../units/measure.ts';
import type { Assumptions } from './assumptions.ts';
import { quantitiesOf, type Terms } from './bill.ts';
import { billOf, type OperationBill } from './operation.ts';
import { added, type Quantities, times } from './prices.ts';

const MINUTES = 30 * 24 * 60;

/**
 * Requests a month to a queue in which nothing is: Lambda polls with five connections, 20 seconds each, and with no fewer
 * where a maximum concurrency is set (https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html).
 */
const POLLS = 5 * 3 * MINUTES;

/** Users of a month that Cognito gives for nothing: https://aws.amazon.com/cognito/pricing/ */
const FREE_USERS = 10_000;

const GB = 1024 ** 3;

/** What a firm pays for a month. */
export interface Month {
  readonly customers: number;
  readonly users: number;
  /** GB in the table and its indexes. */
  readonly gigabytes: number;
  /** What its people and programs do. */
  readonly activity: Quantities;
  /** What is kept. */
  readonly storage: Quantities;
  /** What the stack takes when nobody does anything. */
  readonly standing: Quantities;
}

/** The month of a firm with so many customers. @throws Error when an operation that is assumed was not measured */
export function monthOf(customers: number, units: Units, assumptions: Assumptions): Month {
  const terms: Terms = { assumptions, memory: units.resources.memory };
  const bills = new Map(units.operations.map((measured) => [measured.name, billOf(measured, terms)]));
  const users = Math.ceil(customers / assumptions.customersPerUser);
  const gigabytes = (customers * bytesOfACustomer(units, assumptions)) / GB;
  return {
    customers,
    users,
    gigabytes,
    activity: added(
      ...activityOf(assumptions.monthlyPerCustomer, customers, bills),
      ...activityOf(assumptions.monthlyPerUser, users, bills),
      { 'appsync.minute': users * assumptions.minutesConnectedPerUser },
    ),
    storage: { 'dynamodb.storage': gigabytes, 'dynamodb.recovery': gigabytes },
    standing: added(standingOf(units, terms), { 'cognito.user': Math.max(0, users - FREE_USERS) }),
  };
}

function activityOf(
  often: Readonly<Record<string, number>>,
  heads: number,
  bills: ReadonlyMap<string, OperationBill>,
): Quantities[] {
  return Object.entries(often).map(([name, monthly]) => {
    const bill = bills.get(name);
    if (!bill)
      throw new Error(`bench/assumptions.json names ${JSON.stringify(name)}, which is no operation.`);
    return times(heads * monthly, added(bill.request, bill.after));
  });
}

/** What does not depend on how many customers there are. */
function standingOf({ minute, resources }: Units, terms: Terms): Quantities {
  const { alarms, logMetrics, dashboards, webAcls, webAclRules, consumers } = resources;
  return added(times(MINUTES, quantitiesOf(minute, terms, 1)), {
    'sqs.request': Object.keys(consumers).length * POLLS,
    'cloudwatch.alarm': alarms,
    'cloudwatch.metric': logMetrics,
    'cloudwatch.dashboard': dashboards,
    'waf.acl': webAcls,
    'waf.rule': webAclRules,
  });
}

/** What a customer takes after the months for which facts are kept; orders come with contacts as in the sample. */
export function bytesOfACustomer({ stored }: Pick<Units, 'stored'>, assumptions: Assumptions): number {
  const { rich, small } = stored;
  const perContact = (rich.bytes - small.bytes) / (rich.contacts - small.contacts);
  return small.bytes + perContact * contactsAMonth(assumptions) * assumptions.monthsKept;
}

const contactsAMonth = ({ monthlyPerCustomer }: Assumptions): number =>
  Object.entries(monthlyPerCustomer)
    .filter(([name]) => name.startsWith('log a contact'))
    .reduce((sum, [, monthly]) => sum + monthly, 0);
