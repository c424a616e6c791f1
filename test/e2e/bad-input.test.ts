import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readEndpoint } from '../../tools/client/endpoint.ts';
import { signInAs } from '../../tools/client/session.ts';
import { type CloudInProcess, startCloudInProcess } from '../support/cloud.ts';

interface Answer {
  readonly data?: Record<string, unknown> | null;
  readonly errors?: readonly {
    readonly errorType?: string;
    readonly message: string;
    readonly errorInfo?: unknown;
  }[];
}

let cloud: CloudInProcess;
let token: string;
let customerId: string;

beforeAll(async () => {
  cloud = await startCloudInProcess();
  token = await (await signInAs(readEndpoint(cloud.stackFile, 'sales', {})))();
  const { data } = await post(
    'mutation { createCustomer(input: { kind: PERSON, name: "Ada", identities: [{ kind: EMAIL, value: "ada@example.com" }] }) { id } }',
  );
  customerId = (data as { createCustomer: { id: string } }).createCustomer.id;
});
afterAll(() => cloud.stop());

async function post(query: string, authorization = token): Promise<Answer & { readonly status: number }> {
  const response = await fetch(String(cloud.stack.graphqlUrl), {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization },
    body: JSON.stringify({ query }),
  });
  return { status: response.status, ...((await response.json()) as Answer) };
}

const create = (fields: string) =>
  `mutation { createCustomer(input: { kind: PERSON, name: "X", ${fields} }) { id } }`;

describe('what a client sends wrong is answered with the value and the remedy', () => {
  test.each<[string, () => string, string, RegExp]>([
    ['an unknown field', () => '{ me { shoeSize } }', 'ValidationError', /shoeSize.*User/],
    ['an unknown input field', () => create('shoeSize: 42'), 'ValidationError', /shoeSize/],
    ['a wrong type', () => '{ customers(first: "ten") { nodes { id } } }', 'ValidationError', /first|ten/],
    [
      'an unknown enum value',
      () => create('identities: [{ kind: TELEX, value: "1" }]'),
      'ValidationError',
      /TELEX|IdentityKind/,
    ],
    [
      'a phone number that is not E.164',
      () => create('identities: [{ kind: PHONE, value: "01632 960001" }]'),
      'INPUT.INVALID',
      /01632 960001.*E\.164.*\+44/,
    ],
    [
      'a country that is none',
      () => create('address: { country: "Britain" }'),
      'INPUT.INVALID',
      /Britain.*GB/,
    ],
    [
      'a taken e-mail',
      () => create('identities: [{ kind: EMAIL, value: "ADA@example.com" }]'),
      'CUSTOMER.EMAIL_TAKEN',
      /ada@example\.com.*customerByIdentity/,
    ],
    [
      'an unknown customer',
      () => 'mutation { updateCustomer(input: { id: "cus_00000000000000000000000000", name: "Y" }) { id } }',
      'CUSTOMER.NOT_FOUND',
      /cus_00000000000000000000000000.*check the id/,
    ],
    [
      'a stale version',
      () =>
        `mutation { updateCustomer(input: { id: "${customerId}", name: "Y", expectedVersion: 7 }) { id } }`,
      'CUSTOMER.VERSION_STALE',
      /version 1, not 7.*fetch/,
    ],
    [
      'a moment that is far ahead',
      () =>
        `mutation { logInteraction(input: { customerId: "${customerId}", channel: PHONE, direction: INBOUND, occurredAt: "2999-01-01T00:00:00Z" }) { id } }`,
      'INPUT.INVALID',
      /2999.*ahead/,
    ],
    [
      'attributes that are no object',
      () => create('attributes: "[1]"'),
      'INPUT.INVALID',
      /attributes: are not an object/,
    ],
    [
      'an attribute that is too large a number',
      () => create('attributes: "{\\"a\\": 1e309}"'),
      'INPUT.INVALID',
      /attributes: a is too large a number: send it as a text/,
    ],
    [
      'a team that is none',
      () => create('team: "west"'),
      'TEAM.NOT_FOUND',
      /team: there is no team "west"; there are north, south/,
    ],
    [
      'a grant without its basis',
      () =>
        `mutation { recordConsent(input: { customerId: "${customerId}", purpose: MARKETING, state: GRANTED }) { id } }`,
      'INPUT.INVALID',
      /basis: is needed.*CONTRACT/,
    ],
    [
      'a consent for a firm that is no partner',
      () =>
        `mutation { recordConsent(input: { customerId: "${customerId}", purpose: SHARING, partnerId: "par_stranger", state: WITHDRAWN }) { id } }`,
      'PARTNER.NOT_FOUND',
      /par_stranger.*par_carrier/,
    ],
    [
      'an order in a currency that nobody gives a rate for',
      () =>
        `mutation { placeOrder(input: { customerId: "${customerId}", source: "s", externalId: "1", kind: SALE, placedAt: "2026-01-01T00:00:00Z", currency: "JPY", lines: [{ code: "A", quantity: "1", unitPrice: "1" }] }) { id } }`,
      'ORDER.RATE_UNKNOWN',
      /JPY in GBP.*exchangeRate/,
    ],
    [
      'a thread that can be none',
      () => `{ thread(customerId: "${customerId}", threadId: "a#b") { nodes { id } } }`,
      'INPUT.INVALID',
      /a#b.*is no id of a thread/,
    ],
    ['a fact that a salesperson calls imported', () => create('via: IMPORT'), 'ACCESS.DENIED', /via: IMPORT/],
    [
      'a page that is too large',
      () => '{ customers(first: 101) { nodes { id } } }',
      'INPUT.INVALID',
      /101.*1 to 100/,
    ],
    [
      'a cursor from elsewhere',
      () => '{ customers(after: "nonsense") { nodes { id } } }',
      'CURSOR.INVALID',
      /nonsense.*endCursor/,
    ],
    [
      'a currency that is none',
      () =>
        'mutation { placeOrder(input: { customerId: "x", source: "s", externalId: "1", kind: SALE, placedAt: "2026-01-01T00:00:00Z", currency: "EURO", lines: [] }) { id } }',
      'INPUT.INVALID',
      /EURO.*ISO 4217/,
    ],
  ])('%s', async (_what, operation, errorType, message) => {
    const { status, errors } = await post(operation());

    expect(status).toBe(200);
    expect(errors).toHaveLength(1);
    expect(errors?.[0]?.errorType ?? 'ValidationError').toBe(errorType);
    expect(errors?.[0]?.message).toMatch(message);
  });

  test('nothing of it was written', async () => {
    const { data } = await post('{ customers { nodes { id name version } } }');

    expect(data).toEqual({ customers: { nodes: [{ id: customerId, name: 'Ada', version: 1 }] } });
  });
});

test('attributes go in and out as JSON', async () => {
  const { data, errors } = await post(
    `mutation { updateCustomer(input: { id: "${customerId}", attributes: "{\\"vip\\": true}" }) { attributes } }`,
  );
  expect(errors).toBeUndefined();
  expect(data).toEqual({ updateCustomer: { attributes: '{"vip":true}' } });
});

test('a caller without a valid token learns nothing', async () => {
  for (const authorization of ['', 'nonsense', `${token.slice(0, -4)}AAAA`]) {
    const { status, errors, data } = await post('{ me { id } }', authorization);

    expect(status).toBe(401);
    expect(data ?? null).toBeNull();
    expect(errors?.[0]?.errorType).toBe('UnauthorizedException');
  }
});

test('the internal mutation is closed to every signed-in user', async () => {
  const { data, errors } = await post(
    `mutation { _publishCustomerActivity(input: { id: "x", customerId: "${customerId}", kind: SCORE_CHANGED, occurredAt: "2026-01-01T00:00:00Z", version: 1 }) { id } }`,
  );

  expect(data?._publishCustomerActivity ?? null).toBeNull();
  expect(errors?.[0]).toMatchObject({
    errorType: 'Unauthorized',
    message: expect.stringContaining('_publishCustomerActivity'),
  });
});
