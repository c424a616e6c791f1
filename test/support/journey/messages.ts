import { eventually } from '../client.ts';
import { orderOf } from './sales.ts';
import { change, idOf, type Journey, type Step } from './step.ts';

interface Message {
  readonly id: string;
  readonly state: string;
  readonly rule: string;
}

/** What was sent to a customer, latest first. */
export async function messagesTo({ as }: Journey, id: string): Promise<Message[]> {
  const ask = await as('sales');
  const { customer } = await ask<{ customer: { messages: { nodes: Message[] } } }>(
    'query($id: ID!) { customer(id: $id) { messages(first: 20) { nodes { id state rule } } } }',
    { id },
  );
  return customer.messages.nodes;
}

interface Mail {
  readonly subject: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** The mails to an address, latest first. */
export async function mailsTo({ cloud }: Journey, address: string): Promise<Mail[]> {
  const answer = await fetch(`${cloud.stack.mailUrl}?to=${address}`);
  return (await answer.json()) as Mail[];
}

async function writeToBoth(journey: Journey): Promise<void> {
  const id = idOf(journey, 'customer');
  const [message] = await eventually(
    () => messagesTo(journey, id),
    ([latest]) => latest?.state === 'DELIVERED',
  );
  journey.ids.set('message', message?.id ?? '');
  const toOwner = () => mailsTo(journey, 'sales@demo.example');
  await eventually(toOwner, (mails) => mails.some(({ subject }) => subject === 'Ada got in touch'));
}

/** A customer at an address, who orders something and so is to get a mail. */
async function orderFrom({ as }: Journey, address: string): Promise<string> {
  const sales = await as('sales');
  const identities = [{ kind: 'EMAIL', value: address }];
  const person = { kind: 'PERSON', name: address, identities };
  const id = await change(sales, 'createCustomer', 'CreateCustomerInput', person);
  const consent = { customerId: id, purpose: 'SERVICE', state: 'GRANTED', basis: 'CONTRACT' };
  await change(sales, 'recordConsent', 'RecordConsentInput', consent);
  await change(await as('integration'), 'placeOrder', 'PlaceOrderInput', orderOf(id, address));
  return id;
}

const bad = { 'ben@bounce.example': 'BOUNCED', 'cal@complaint.example': 'COMPLAINED' };

async function writeInVain(journey: Journey): Promise<void> {
  for (const [address, state] of Object.entries(bad)) {
    const id = await orderFrom(journey, address);
    journey.ids.set(`customer ${state}`, id);
    await eventually(
      () => messagesTo(journey, id),
      ([message]) => message?.state === state,
    );
  }
}

/** SES takes no mail for now: the message is given up, for its event to come again after the queue's timeout. */
async function writeTooOften(journey: Journey): Promise<void> {
  const { mail } = journey.cloud.faults;
  const address = 'dan@journey.example';
  const throttled = Promise.withResolvers<void>();
  mail.onSend = ({ to }) => {
    if (!to.includes(address)) return undefined;
    throttled.resolve();
    return 'throttle';
  };
  const id = await orderFrom(journey, address);
  await Promise.race([
    throttled.promise,
    eventually(
      () => mailsTo(journey, address),
      (mails) => mails.length > 0,
    ),
  ]);
  await eventually(
    () => messagesTo(journey, id),
    (messages) => messages.length === 0,
  );
}

/** What rules of the tenant send. */
export const messageSteps: readonly Step[] = [
  { name: 'the customer gets a mail, and so does the owner', run: writeToBoth },
  { name: 'a mail bounces, and another is complained of', run: writeInVain },
  { name: 'a mail is throttled', run: writeTooOften },
];
