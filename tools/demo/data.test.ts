import { parsePhoneNumberFromString } from 'libphonenumber-js/min';
import { expect, test } from 'vitest';
import { demoData } from './data.ts';
import { habits } from './people.ts';

const options = {
  day: '2026-11-25',
  owners: [{ id: 'usr_sales', team: 'north' }, { id: 'usr_service', team: 'south' }, { id: 'usr_admin' }],
  partnerId: 'par_carrier',
};
const data = demoData(options);
const inputs = data.customers.map(({ input }) => input);
const stories = data.customers.map(({ story }) => story);
const orders = stories.flatMap((story) => story.orders);
const interactions = stories.flatMap((story) => story.interactions);
const consents = stories.flatMap((story) => story.consents);

test('the same day gives the same data', () => {
  expect(demoData(options)).toEqual(data);
});

test('another day moves all that happened by as much', () => {
  const later = demoData({ ...options, day: '2026-11-26' });
  const moments = ({ customers }: typeof data) =>
    customers.flatMap(({ story }) => story.orders.map(({ placedAt }) => Date.parse(placedAt)));

  expect(moments(later)).toEqual(moments(data).map((moment) => moment + 86_400_000));
});

test('it is a small firm with customers of all kinds, languages, owners and habits', () => {
  const kinds = (values: readonly unknown[]) => [...new Set(values)].sort();

  expect(inputs).toHaveLength(40);
  expect(kinds(inputs.map(({ kind }) => kind))).toEqual(['COMPANY', 'PERSON']);
  expect(kinds(inputs.map(({ language }) => language))).toEqual(['de', 'en-GB', 'it']);
  expect(kinds(inputs.map(({ ownerId }) => ownerId))).toEqual(['usr_admin', 'usr_sales', 'usr_service']);
  expect(kinds(inputs.map(({ team }) => team))).toEqual(['north', 'south', undefined]);
  expect(kinds(data.customers.map(({ habit }) => habit))).toEqual([...habits].sort());
  expect(data.products).toHaveLength(24);
});

test('nobody can have the addresses and numbers', () => {
  const identities = inputs.flatMap(({ identities }) => identities ?? []);
  const values = (kind: string) => identities.filter((one) => one.kind === kind).map(({ value }) => value);
  const [emails, phones] = [values('EMAIL'), values('PHONE')];

  expect(emails).toHaveLength(40);
  expect(new Set(emails).size).toBe(40);
  expect(emails.filter((email) => !/^[a-z0-9.]+@example\.(com|net|org)$/.test(email))).toEqual([]);
  expect(new Set(phones).size).toBe(phones.length);
  expect(phones.filter((phone) => !/^\+(441632960|447700900|493023125)\d{3}$/.test(phone))).toEqual([]);
  expect(phones.filter((phone) => parsePhoneNumberFromString(phone)?.isPossible() !== true)).toEqual([]);
});

test('orders lie in the last 18 months, and what happened lies before the day', () => {
  const placed = orders.map(({ placedAt }) => placedAt).sort();
  const all = [...placed, ...interactions.map(({ occurredAt }) => `${occurredAt}`)];

  expect(orders.length).toBeGreaterThan(100);
  expect(placed[0]).toMatch(/^2025-0[5-9]/);
  expect(all.filter((moment) => moment >= '2026-11-25')).toEqual([]);
  expect(consents.filter(({ statedAt }) => `${statedAt}` >= '2026-11-25')).toEqual([]);
});

test('contacts take all channels, in threads, with agents and in stores', () => {
  expect(new Set(interactions.map(({ channel }) => channel)).size).toBe(10);
  expect(interactions.some(({ threadId }) => threadId)).toBe(true);
  expect(interactions.some(({ agentId }) => agentId === 'usr_sales')).toBe(true);
  expect(interactions.some(({ storeId }) => storeId)).toBe(true);
  expect(interactions.filter(({ subject }) => `${subject}`.includes('{product}'))).toEqual([]);
});

test('some consent and some withdraw it later, also what is shared with the partner', () => {
  const said = new Set(consents.map(({ purpose, state }) => `${purpose} ${state}`));

  expect([...said].sort()).toEqual([
    'ANALYTICS GRANTED',
    'MARKETING GRANTED',
    'MARKETING WITHDRAWN',
    'SERVICE GRANTED',
    'SHARING GRANTED',
    'SHARING WITHDRAWN',
  ]);
  expect(data.agreement).toMatchObject({ partnerId: 'par_carrier', validFrom: '2026-11-25T00:00:00.000Z' });
});

test('only the last days come by the API, and something does', () => {
  const facts = [
    ...orders.map(({ placedAt, via }) => ({ at: placedAt, via })),
    ...interactions.map(({ occurredAt, via }) => ({ at: `${occurredAt}`, via })),
  ];
  const live = facts.filter(({ via }) => via !== 'IMPORT');

  expect(live.length).toBeGreaterThan(20);
  expect(live.length).toBeLessThan(100);
  expect(live.filter(({ at }) => at < '2026-11-17')).toEqual([]);
});

test('orders of the last two weeks are open, also some of who sells, and older ones are fulfilled', () => {
  const [open, done] = ['OPEN', 'FULFILLED'].map((state) =>
    data.customers.flatMap(({ input, story }) =>
      story.orders.filter((one) => one.state === state).map(({ placedAt }) => ({ ...input, placedAt })),
    ),
  );

  expect(open?.length).toBeGreaterThan(8);
  expect(open?.filter(({ placedAt }) => placedAt < '2026-11-10')).toEqual([]);
  expect(open?.some(({ ownerId }) => ownerId === 'usr_sales')).toBe(true);
  expect(done?.filter(({ placedAt }) => placedAt > '2026-11-12')).toEqual([]);
  expect((open?.length ?? 0) + (done?.length ?? 0)).toBe(orders.length);
});

test('each fact has a name of its own, so that it is recognised when it comes again', () => {
  const names = [
    ...inputs.map(({ clientRequestId }) => clientRequestId),
    ...[...consents, ...interactions].map(({ clientRequestId }) => clientRequestId),
    ...orders.map(({ externalId }) => `order ${externalId}`),
  ];

  expect(names.every(Boolean)).toBe(true);
  expect(new Set(names).size).toBe(names.length);
});

test('without a partner nothing is agreed or shared', () => {
  const alone = demoData({ ...options, partnerId: undefined });

  expect(alone.agreement).toBeUndefined();
  expect(
    alone.customers.flatMap(({ story }) => story.consents).filter(({ purpose }) => purpose === 'SHARING'),
  ).toEqual([]);
});
