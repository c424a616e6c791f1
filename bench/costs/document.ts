import { count, dollars, table } from '../markdown.ts';
import type { Flat } from '../units/flat.ts';
import type { Measured, Units } from '../units/measure.ts';
import type { Usage } from '../units/usage.ts';
import type { Assumptions } from './assumptions.ts';
import { type Month, monthOf } from './month.ts';
import { billOf, type OperationBill } from './operation.ts';
import {
  added,
  costOf,
  type PriceKey,
  type PriceList,
  priceKeys,
  type Quantities,
  times,
  totalOf,
} from './prices.ts';

export interface CostsDocument {
  readonly units: Units;
  readonly prices: PriceList;
  readonly assumptions: Assumptions;
  readonly flat: Flat;
}

const MILLION = 1_000_000;

const invocationsOf = ({ deliveries }: Usage): number =>
  Object.values(deliveries).reduce((sum, amount) => sum + amount, 0);

/** What the answer of each operation takes, a row for each thing done. */
function answers(operations: readonly Measured[]): string {
  return table(
    ['operation', 'field', 'read units', 'write units', 'invocations', 'AppSync operations'],
    operations.map(({ name, field, rows, request }) => [
      name,
      `\`${field}\``,
      count(request.readUnits / rows),
      count(request.writeUnits / rows),
      count(invocationsOf(request) / rows),
      count(1 / rows),
    ]),
  );
}

/** What follows from each operation that has consequences, a row for each thing done. */
function consequences(operations: readonly Measured[]): string {
  const head = [
    ...['operation', 'read units', 'write units', 'stamped records', 'events', 'to partners', 'messages'],
    ...['told to subscribers', 'mails', 'deliveries to consumers'],
  ];
  const rows = operations
    .filter(({ after }) => invocationsOf(after) > 0)
    .map(({ name, rows: done, after }) => {
      const { relay = 0, ...consumers } = after.deliveries;
      return [
        name,
        ...[after.readUnits, after.writeUnits, relay, after.published, after.shared, after.messages].map(
          (amount) => count(amount / done),
        ),
        ...[after.signals, after.mails].map((amount) => count(amount / done)),
        Object.entries(consumers)
          .map(([consumer, amount]) => `${count(amount / done)} ${consumer}`)
          .join(', ') || '–',
      ];
    });
  return table(head, rows);
}

function priceTable({ prices }: PriceList): string {
  return table(
    ['', 'what', 'price', 'read on', 'of'],
    priceKeys.map((key) => {
      const { what, usd, per, page, readOn, asOf } = prices[key];
      const price = usd === null ? 'not found' : `$${usd}${per === 1 ? '' : ` for ${count(per)}`}`;
      return [`\`${key}\``, `[${what}](${page})`, price, readOn ? `<${readOn}>` : '–', asOf ?? '–'];
    }),
  );
}

/** The items that come to the most. */
function dearest(list: PriceList, bill: Quantities): string {
  const total = totalOf(list, bill);
  return priceKeys
    .map((key) => ({ key, share: costOf(list, key, bill[key] ?? 0) / total }))
    .sort((a, b) => b.share - a.share)
    .slice(0, 2)
    .map(({ key, share }) => `\`${key}\` ${Math.round(share * 100)} %`)
    .join(', ');
}

function millions(list: PriceList, bills: readonly OperationBill[]): string {
  return table(
    ['a million times', 'the answer', 'what follows', 'together', 'most of it'],
    bills.map(({ name, request, after }) => [
      name,
      dollars(totalOf(list, times(MILLION, request))),
      dollars(totalOf(list, times(MILLION, after))),
      dollars(totalOf(list, times(MILLION, added(request, after)))),
      dearest(list, added(request, after)),
    ]),
  );
}

function monthTable(list: PriceList, months: readonly Month[]): string {
  const bills = months.map(({ activity, storage, standing }) => added(activity, storage, standing));
  const priced = (key: PriceKey) => bills.map((bill) => dollars(costOf(list, key, bill[key] ?? 0)));
  const parts = ['activity', 'storage', 'standing'] as const;
  const perCustomer = months.map(({ customers }, index) => totalOf(list, bills[index] ?? {}) / customers);
  return table(
    ['a month of', ...months.map(({ customers }) => `${count(customers)} customers`)],
    [
      ['users', ...months.map(({ users }) => count(users))],
      ['GB in the table', ...months.map(({ gigabytes }) => count(gigabytes))],
      ...priceKeys
        .filter((key) => bills.some((bill) => bill[key]))
        .map((key) => [`\`${key}\``, ...priced(key)]),
      ...parts.map((part) => [
        `of it ${part}`,
        ...months.map((month) => dollars(totalOf(list, month[part]))),
      ]),
      ['**together**', ...bills.map((bill) => dollars(totalOf(list, bill)))],
      ['**a customer**', ...perCustomer.map((amount) => `$${amount.toFixed(4)}`)],
    ],
  );
}

const activityTable = ({ monthlyPerCustomer, monthlyPerUser }: Assumptions): string =>
  table(
    ['operation', 'a month'],
    [
      ...Object.entries(monthlyPerCustomer).map(([name, often]) => [name, `${often} for each customer`]),
      ...Object.entries(monthlyPerUser).map(([name, often]) => [name, `${often} for each user`]),
    ],
  );

function flatTable({ records }: Flat): string {
  return table(
    ['customers', 'measured on', 'operations', 'that take other units'],
    records.map(({ customers, measuredOn, operations, differing }) => [
      count(customers),
      measuredOn,
      count(operations),
      differing.length === 0 ? 'none' : differing.join('; '),
    ]),
  );
}

/** The document: all its figures come from the files of `bench`. */
export function renderCosts({ units, prices, assumptions, flat }: CostsDocument): string {
  const { operations, minute, stored, resources } = units;
  const terms = { assumptions, memory: resources.memory };
  const bills = operations.map((measured) => billOf(measured, terms));
  const months = assumptions.tenants.map((customers) => monthOf(customers, units, assumptions));
  const kb = (bytes: number) => count(bytes / 1024);
  return `# What it costs

Generated by \`npm run bench:costs\`: change the files it is made of, not this one. The units are counted, not guessed: each
operation is done once through the API of a local cloud that runs the templates of the tenant \`demo\`, and every call that a
function makes, every message that a rule sends and every right that is asked of IAM is counted until the bus is empty
(\`bench/units\`). Units of DynamoDB are those of the local engine, which counts as DynamoDB does. \`npm test\` measures them again
and fails when this file says something else.

The firm has ${count(units.customers)} customers; those of the operations have an address, three consents, ${stored.rich.contacts} contacts and three orders. What a
tenant pays depends on its rules: with those of \`demo\`, an owner is told in the app and by mail when a customer gets in touch, a
customer gets a mail about an order, and one partner of two has an agreement on orders.

## What the answer takes

Of batch forms, one of ${Math.max(...operations.map(({ rows }) => rows))} rows.

${answers(operations)}

## What follows from it

Until the bus is empty: the relay gets the stream's records that say what has happened, rules match events, queues hold them,
consumers act. Each record and message is an invocation of its own in a quiet firm, and is counted so; under load up to 100 records
or 10 messages share one, and what it reads once, such as the agreements. Each message is three requests of SQS: sent, received,
removed. Subscribers are told by a mutation of AppSync, and each that listens gets one real-time message.

${consequences(operations)}

A minute in which nothing falls due takes ${count(minute.readUnits)} read units and one invocation, whatever anybody does.

## Prices

List prices of ${prices.region} in ${prices.currency}, looked up on ${prices.checkedOn}; the link is the page of AWS that says what holds today. Free tiers and
discounts for volume are not taken off.

${priceTable(prices)}

## A million of each

With ${assumptions.billedMilliseconds.default} ms billed for an invocation, ${assumptions.kilobytesOfAnAnswer} KB for an answer and one message or record for an invocation, which is the most that it can cost.

${millions(prices, bills)}

## A tenant's month

Assumed is (\`bench/assumptions.json\`):

${activityTable(assumptions)}

One user for ${count(assumptions.customersPerUser)} customers; ${assumptions.monthsKept} months of such activity in the table. A customer with one contact takes ${kb(stored.small.bytes)} KB
there, one with ${stored.rich.contacts} contacts and three orders ${kb(stored.rich.bytes)} KB, with the copies in the indexes.

${monthTable(prices, months)}

*Standing* is what the stack takes when nobody does anything: ${resources.alarms} alarms, ${resources.logMetrics} metrics from logs, ${resources.dashboards} dashboard, ${resources.webAcls} web ACL with ${resources.webAclRules} rules,
${Object.keys(resources.consumers).length} queues that Lambda polls, and the minute's look for what falls due.

Not in it: writes that a condition refused (DynamoDB bills them, and usual work has none), retries, storage of logs, SMS (priced by
country), what a partner's own rules send to its account (\`events.crossAccount\`), support, taxes.

## The cost of a call does not grow with the firm

The same operations in firms of other sizes, whose customers were written straight into the tables in the shape that the functions
write (\`npm run bench:units -- --customers 1000000 --record\`; \`npm test\` does it with 10,000), against the units above:

${flatTable(flat)}
`;
}
