import type { AskAs } from '../../test/support/client.ts';
import type { MeteredCloud } from './cloud.ts';

/** Stand in everything that tells samples from their copies, with as many digits as the number of a copy. */
const MARKS = { rich: '7770000000', small: '8880000000', caller: '9990000000' } as const;

export const DAY = 86_400_000;

/** What the shop sells: lines of an order. */
export const line = {
  code: '85123A',
  description: 'WHITE HANGING HEART T-LIGHT HOLDER',
  quantity: '6',
  unitPrice: '2.55',
};

/** As many lines as an order of an online shop has. */
export const LINES = 18;

export const orderOf = (customerId: string, externalId: string, daysAgo = 0) => ({
  customerId,
  source: 'shop',
  externalId,
  kind: 'SALE',
  placedAt: new Date(Date.now() - daysAgo * DAY).toISOString(),
  currency: 'GBP',
  lines: Array.from({ length: LINES }, () => line),
});

export const contactOf = (customerId: string, facts: object = {}) => ({
  customerId,
  channel: 'PHONE',
  direction: 'OUTBOUND',
  subject: 'Asked for a quote',
  body: 'The customer wants to know what 200 pieces cost with delivery before the end of the month.',
  ...facts,
});

export const consentOf = (customerId: string, purpose: string) => ({
  customerId,
  purpose,
  state: 'GRANTED',
  basis: 'CONSENT',
});

/** What an agreement shares with a partner. */
export const terms = {
  partnerId: 'par_carrier',
  purpose: 'delivery of ordered goods',
  events: ['crm.order.placed.v1'],
  fields: ['customer.name', 'order.lines'],
  validUntil: '2099-01-01T00:00:00Z',
};

/** A customer with all that belongs to it, as the API made it; copies of it make a firm of any size. */
export interface Sample {
  readonly customerId: string;
  readonly orderIds: readonly string[];
  /** What its address and the numbers of its orders hold, and nothing else. */
  readonly mark: string;
  readonly contacts: number;
}

/** A full page of everything that is listed by pages of 20, and a little more. */
const MORE_THAN_A_PAGE = 22;

async function changed(ask: AskAs, mutation: string, type: string, input: object): Promise<string> {
  const query = `mutation($input: ${type}!) { changed: ${mutation}(input: $input) { id } }`;
  return (await ask<{ changed: { id: string } }>(query, { input })).changed.id;
}

/** @throws Error when a row is refused */
async function batch(ask: AskAs, mutation: string, type: string, input: object): Promise<void> {
  const query = `mutation($input: ${type}!) { batch: ${mutation}(input: $input) { results { error { message } } } }`;
  const answer = await ask<{ batch: { results: { error: { message: string } | null }[] } }>(query, { input });
  const refused = answer.batch.results.find(({ error }) => error);
  if (refused) throw new Error(`${mutation} refused a row of the sample: ${refused.error?.message}`);
}

async function customer(
  { as }: MeteredCloud,
  mark: string,
  purposes: readonly string[] = [],
): Promise<string> {
  const asSales = await as('sales');
  const id = await changed(asSales, 'createCustomer', 'CreateCustomerInput', {
    kind: 'PERSON',
    name: `Ada ${mark} Byron`,
    identities: [{ kind: 'EMAIL', value: `ada.${mark}@customers.example` }],
    language: 'en',
    team: 'north',
  });
  for (const purpose of purposes)
    await changed(asSales, 'recordConsent', 'RecordConsentInput', consentOf(id, purpose));
  return id;
}

/**
 * Makes by the API a customer who has been with the firm for two months: on every day of the last three weeks a contact
 * of one thread, and three orders, of the last of which there was a mail, and a share with a partner.
 */
export async function makeSample(cloud: MeteredCloud): Promise<Sample> {
  const asImporter = await cloud.as('integration');
  const mark = MARKS.rich;
  const customerId = await customer(cloud, mark, ['MARKETING', 'SERVICE', 'SHARING']);
  const interactions = Array.from({ length: MORE_THAN_A_PAGE }, (_, index) => ({
    ...contactOf(customerId, { channel: 'EMAIL', threadId: 'quote', via: 'IMPORT' }),
    occurredAt: new Date(Date.now() - (index + 1) * DAY).toISOString(),
  }));
  await batch(asImporter, 'logInteractions', 'LogInteractionsInput', { interactions });
  const orderIds: string[] = [];
  for (const [index, daysAgo] of [60, 40, 10].entries()) {
    const order = {
      ...orderOf(customerId, `${mark}-${index}`, daysAgo),
      ...(daysAgo > 10 && { via: 'IMPORT' }),
    };
    orderIds.push(await changed(asImporter, 'placeOrder', 'PlaceOrderInput', order));
    await cloud.idle();
  }
  return { customerId, orderIds, mark, contacts: MORE_THAN_A_PAGE };
}

/** Makes by the API a customer of whom the firm knows little more than the address: what most of a large firm are. */
export async function makeSmallSample(cloud: MeteredCloud): Promise<Sample> {
  const customerId = await customer(cloud, MARKS.small);
  const contact = contactOf(customerId, {
    channel: 'EMAIL',
    occurredAt: new Date(Date.now() - DAY).toISOString(),
  });
  await changed(await cloud.as('integration'), 'logInteraction', 'LogInteractionInput', contact);
  await cloud.idle();
  return { customerId, orderIds: [], mark: MARKS.small, contacts: 1 };
}

/** Makes by the API what belongs to the firm as a whole: an agreement, products, and what the owner was told. */
export async function makeFirm(cloud: MeteredCloud): Promise<void> {
  const asImporter = await cloud.as('integration');
  await changed(await cloud.as('admin'), 'createSharingAgreement', 'CreateSharingAgreementInput', terms);
  const products = Array.from({ length: MORE_THAN_A_PAGE }, (_, index) => ({
    source: 'shop',
    code: `P-${100 + index}`,
    name: line.description,
    category: 'Lights',
    price: { amount: '2.55', currency: 'GBP' },
  }));
  await batch(asImporter, 'recordProducts', 'RecordProductsInput', { products });
  const caller = await customer(cloud, MARKS.caller);
  const interactions = Array.from({ length: MORE_THAN_A_PAGE }, () =>
    contactOf(caller, { channel: 'WEB', direction: 'INBOUND' }),
  );
  await batch(asImporter, 'logInteractions', 'LogInteractionsInput', { interactions });
  await cloud.idle();
}
