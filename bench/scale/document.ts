import type { Assumptions } from '../costs/assumptions.ts';
import { bytesOfACustomer } from '../costs/month.ts';
import { count } from '../markdown.ts';
import type { Units } from '../units/measure.ts';
import { type LimitList, limitOf, type ScaleAssumptions } from './limits.ts';
import { type Brought, busy, campaign, imported, oneCustomer } from './scenarios.ts';
import { asDeployed, asRaised, type Setup } from './setup.ts';
import {
  type Both,
  boundTable,
  campaignTable,
  kindTable,
  limitTable,
  playedTable,
  raisedTable,
  whole,
} from './tables.ts';
import { operationOf, type Work, workOf } from './work.ts';

export interface ScaleDocument {
  readonly units: Units;
  readonly limits: LimitList;
  readonly scale: ScaleAssumptions;
  readonly activity: Assumptions;
}

const GB = 1024 ** 3;

/** What is looked at: its name here, and that of the operation. */
const ALONE = {
  contact: ['a contact', 'log a contact that nobody is told of'],
  told: [
    'a contact of which the owner is told',
    'log a contact of which the owner is told in the app and by mail',
  ],
  order: [
    'an order with mail and share',
    'place an order of 18 lines, with a mail to the customer and a share with a partner',
  ],
  look: ['a look at a customer', 'see a customer at one glance: profile, score, consents, 20 contacts'],
} as const;

/** The same of what shares a request with others, as in an import. */
const IN_BATCHES = {
  customers: ['a customer of an import', 'create customers, a row'],
  contacts: ['a contact of an import', 'log contacts, a row'],
  orders: ['an order of an import', 'place orders of 18 lines, a row, with a share with a partner'],
} as const;

function hotCustomer(contact: Work, deployed: Setup): string {
  const rates = [1, 10, 50, 100, 1000];
  return `A customer's facts share a partition, which bears ${count(deployed.partitionWrites)} write and ${count(deployed.partitionReads)} read units a second. Ten minutes at different
rates, if all of it stays in one partition:

${playedTable(rates.map((perSecond) => oneCustomer(perSecond, contact, deployed)))}

*The design*: a contact writes no other item of the customer, so that writes alone would bear ${whole(deployed.partitionWrites / contact.request.write)} a second; the refusal has a
code and a time to wait; scoring groups a batch by customer. *Where it breaks first*: scoring counts a day of contacts again from
its facts for each batch, so that what it reads grows with the day. From about ten thousand contacts of one customer in a day on,
that takes the whole partition, and requests about this customer with it; other customers notice nothing. *What would help*:
buckets of an hour for who has many, or a batching window before scoring.`;
}

function everybodysMail(
  deployed: Setup,
  { mails: raised, customers }: { mails: number; customers: number },
): string {
  const { concurrency = 2, visibilitySeconds = 0, maxReceives = 0 } = deployed.consumers.notification ?? {};
  const tried = Math.ceil(campaign(1, deployed.mails, concurrency, deployed).triedPerSecond);
  const sent = [
    campaign(10_000, deployed.mails, concurrency, deployed),
    campaign(customers, deployed.mails, concurrency, deployed),
    campaign(customers, deployed.mails, 2, deployed),
    campaign(customers, raised, concurrency, deployed),
  ];
  return `SES takes ${count(deployed.mails)} mails a second (assumed; the account's own figure is in the console). The sender makes one try, since a
second might send twice; a mail that SES refuses for its rate comes again after ${count(visibilitySeconds)} s, and is a dead letter after ${count(maxReceives)} tries:

${campaignTable(sent)}

*The design*: no mail is sent twice or lost; dead letters are kept for 14 days, have an alarm and come back by one command.
*Where it breaks first*: nothing slows the sender down to what SES takes. *What to do*: have SES raise the rate above what is
tried, ${count(tried)} a second here, or set \`concurrency\` of \`notification\` in the tenant's file so low that less is tried than SES takes;
raising it makes this worse. The same queue then also holds up what needs no mail.`;
}

function nightlyImport(brought: readonly Brought[], both: Both, newTableWrites: number): string {
  const [{ partitionWrites, assumptions }] = both;
  const { importer, rowMilliseconds } = assumptions;
  return `${count(importer.requestsAtOnce)} requests at once with ${count(importer.rowsOfARequest)} rows each, ${rowMilliseconds} ms a row; the importer waits for each answer and so never brings more
than is taken. A table that was just made bears ${count(newTableWrites)} write units a second, and twice as much each half hour.

${playedTable(both.flatMap((setup) => brought.map((one) => imported(one, setup, newTableWrites))))}

*The design*: a row that is refused for load is tried again by the importer, and one that was taken is not taken twice. Imported
facts set off no rule, and partners get them only if an agreement covers them; scores and subscribers follow when they can.
*Where it breaks first*: a new table; the index of orders by state, whose orders of one state are one partition; and with an owner in
each row, the index of customers by owner, where those of one owner are one. A partition takes ${count(partitionWrites)} write units a second and holds up
the table beyond. *What to do*: [warm the table and the index up](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/warm-throughput.html) before, import the rows of different owners mixed, and start
in the evening.`;
}

/** The document: all its figures come from the files of `bench`. */
export function renderScale({ units, limits, scale, activity }: ScaleDocument): string {
  const gigabytes = (scale.customers * bytesOfACustomer(units, activity)) / GB;
  const deployed = asDeployed(limits, units.resources, scale, gigabytes);
  const both: Both = [deployed, asRaised(deployed)];
  const rows = scale.importer.rowsOfARequest;
  const alone = (key: keyof typeof ALONE) => workOf(operationOf(units.operations, ALONE[key][1]));
  const inBatches = (key: keyof typeof IN_BATCHES) =>
    workOf(operationOf(units.operations, IN_BATCHES[key][1]), rows);
  const works: [string, Work][] = [
    ...Object.entries(ALONE).map(([key, [name]]): [string, Work] => [name, alone(key as keyof typeof ALONE)]),
    ...Object.entries(IN_BATCHES).map(([key, [name]]): [string, Work] => [
      name,
      inBatches(key as keyof typeof IN_BATCHES),
    ]),
  ];
  const contact = alone('contact');
  const { customers } = scale;
  const bring = (key: keyof typeof IN_BATCHES, amount: number, name: string): Brought => ({
    ...{ name: `${count(amount)} ${name}`, work: inBatches(key), rows: amount },
    first: key === 'customers',
  });
  const brought = [
    bring('customers', customers, 'customers into a new table'),
    bring('contacts', 2 * customers, 'contacts'),
    bring('orders', customers / 2, 'orders'),
  ];
  const batches = Object.values(scale.batchMilliseconds);
  const rate = `${count(scale.contactsPerSecond)} contacts a second`;
  return `# What bounds a tenant

Generated by \`npm run bench:scale\`: change the files it is made of, not this one. What a tenant with ${count(customers)} customers and
${rate} runs into, reckoned from the units that are counted ([costs](costs.md)), the settings in the
templates, limits that AWS publishes (below) and the times in \`bench/scale/assumptions.json\`: ${scale.requestMilliseconds} ms for a request,
${scale.putEventsMilliseconds} ms for a call of PutEvents, ${Math.min(...batches)} to ${Math.max(...batches)} ms for a full batch of a consumer. The times are no measurements; put in your own.

Nothing of a tenant is one machine: a customer's facts are a partition of the table, functions run as often as needed, and what
cannot go on waits in a stream for a day or in a queue for four. So most limits only delay what follows from a request, and two
refuse requests: AppSync's tokens, and a partition or table that is full (\`CUSTOMER.BUSY\`, after eight tries). *As deployed* is the
stack in an account in ${limits.region} that asked AWS for nothing; *raised* has what the table under "What to ask for" says. ${count(gigabytes, 0)} GB
are at least ${count(deployed.shards)} partitions of ${scale.gigabytesOfAPartition} GB, and as many shards of the stream.

## How much each bound bears

Contacts a second, logged one by one, of which nobody is told. *The design* marks what no setting and no quota helps with.

${boundTable(contact, both)}

The first bound of other things, each a second:

${kindTable(works, both)}

How fast Lambda adds executions (1,000 in ten seconds for each function) bounds none of it: ${rate} need ${count((scale.contactsPerSecond * scale.requestMilliseconds) / 1000)}
executions that answer, and queues are polled more slowly than that. Queues themselves bound nothing.

## Ten busy minutes

Played second by second by a seeded simulation (\`bench/scale/simulation.ts\`): what a bound does not bear waits, a request that it
does not bear is refused, Lambda polls a queue with five executions at first and five more each second. *Done* is when nothing
waits any more.

${playedTable([...busy(`${rate}, one by one`, contact, both), ...busy(`the same, ${rows} in a request`, inBatches('contacts'), both)])}

Nothing is lost: what waits is behind the stream (a day, and the alarm *Late* after five minutes) or in queues (four days, alarm
after a quarter of an hour). Logged in batches, requests are no bound.

## One customer with 1,000 events a second

${hotCustomer(contact, deployed)}

## A mail to everybody

${everybodysMail(deployed, { mails: scale.raised.mails, customers })}

## An import of everything at night

${nightlyImport(brought, both, limitOf(limits, 'newTableWrites'))}

## What no quota helps with

- **Agreements are one partition.** Sharing reads all agreements that were not ended for each batch of events that might be shared,
  strongly consistent, since one that was ended a moment ago shares nothing more: ${whole(deployed.partitionReads)} batches a second as long as they fit
  into 4 KB, fewer with more. Sharing then lags; nothing else does.
- **Orders in a state are one partition of an index**: with ${scale.kilobytesOfAnOrder} KB of an order, ${whole(deployed.partitionWrites / Math.ceil(scale.kilobytesOfAnOrder))} a second may be placed or brought into a state.
  Beyond, the index holds up whatever is written to the table; an import of orders is told to wait.
- **What falls due is an index of 16 shards**: ${count(16 * deployed.partitionWrites)} scores a second that have a moment at which they lapse. Beyond, the index
  holds up the scores.
- **The customers of one owner are one partition of an index**, and so are those whose names begin with the same two letters:
  ${count(deployed.partitionWrites)} of them may be made or renamed in a second.
- **Every event tells AppSync**, whether or not anybody listens, with the tokens that requests take: ${count(contact.signals)} of ${count(contact.signals + contact.requests)} for a contact.

## What to ask for

${raisedTable(limits, deployed, scale)}

Concurrency of \`notification\` is the exception: it follows what SES takes. Rules of a bus (${count(limitOf(limits, 'rules'))}) bound nothing: a tenant has one for each
consumer, and a partner a bus of its own. Other regions have lower defaults of EventBridge and AppSync. Two tenants in one account
share all of these, so a large one gets an account of its own.

## Limits

Of ${limits.region}, looked up on ${limits.checkedOn}.

${limitTable(limits)}
`;
}
