import { globSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Functions, type Listening, listen, optionsOf, tokenOf } from '../../local/appsync/fixture.ts';
import { startEnvironment } from '../../test/support/api.ts';

const aws = await startEnvironment();
const { handler: customers } = await import('./customers/handler.ts');
const { handler: interactions } = await import('./interactions/handler.ts');
const { handler: sales } = await import('./sales/handler.ts');

type Handler = (event: never, context: never) => unknown;
const answering =
  (handler: unknown): Functions[string] =>
  (event) =>
    (handler as Handler)(event as never, { awsRequestId: 'req_1' } as never);

const definition = globSync('graphql/schema/*.graphql').map((file) => readFileSync(file, 'utf8'));
const code = readFileSync('graphql/resolvers/invoke.js', 'utf8');
const resolved = {
  'Query.customer': 'customers',
  'Query.customer360': 'customers',
  'Mutation.createCustomer': 'customers',
  'Customer.timeline': 'interactions',
  'Mutation.logInteraction': 'interactions',
  'Mutation.placeOrder': 'sales',
} as const;

let api: Listening;
let id: string;
const long = 'x'.repeat(5000);
const nora = tokenOf('nora', ['sales', 'team-north']);

async function ask<T>(query: string, variables: object = {}): Promise<T> {
  const { data, errors } = await api.query(query, { id, ...variables }, nora);
  expect(errors).toBeUndefined();
  return data as T;
}

beforeAll(async () => {
  const functions = {
    customers: answering(customers),
    interactions: answering(interactions),
    sales: answering(sales),
  };
  const resolvers = Object.entries(resolved).map(([name, dataSourceName]) => {
    const [typeName = '', fieldName = ''] = name.split('.');
    return { typeName, fieldName, dataSourceName, code };
  });
  api = await listen(optionsOf(definition.join('\n'), functions, { resolvers }));
  const { created } = await ask<{ created: { id: string } }>(
    'mutation { created: createCustomer(input: { kind: PERSON, name: "Ada" }) { id } }',
  );
  id = created.id;
  await ask(
    `mutation($id: ID!, $body: String!) {
      logInteraction(input: { customerId: $id, channel: EMAIL, direction: INBOUND, body: $body }) { id }
    }`,
    { body: long },
  );
  await ask(`mutation($id: ID!) {
    placeOrder(input: { customerId: $id, source: "shop", externalId: "7", kind: SALE, currency: "GBP",
      placedAt: "2026-01-01T00:00:00Z", lines: [{ code: "A", quantity: "1", unitPrice: "1" }] }) { id }
  }`);
});
afterAll(async () => {
  await api.close();
  await aws.close();
});

describe('under an alias, through AppSync', () => {
  test('orders and bodies of the first screen are given', async () => {
    const query = `query($id: ID!) {
      view: customer360(id: $id) { recent: orders { number: externalId } said: timeline { text: body } }
    }`;

    expect(await ask(query)).toEqual({ view: { recent: [{ number: '7' }], said: [{ text: long }] } });
  });

  test.each([
    ['nodes { text: body }', { nodes: [{ text: long }] }],
    ['list: nodes { body }', { list: [{ body: long }] }],
    ['list: edges { it: node { text: body } }', { list: [{ it: { text: long } }] }],
    ['edges { node { ...said } }', { edges: [{ node: { text: long } }] }],
  ])('bodies of a timeline are given: %s', async (selection, timeline) => {
    const fragment = selection.includes('...said') ? 'fragment said on Interaction { text: body }' : '';
    const query = `query($id: ID!) { customer(id: $id) { timeline { ${selection} } } } ${fragment}`;

    expect(await ask(query)).toEqual({ customer: { timeline } });
  });

  test('what is not a body is given without reading any', async () => {
    aws.takeConsumed();

    await ask(
      'query($id: ID!) { customer(id: $id) { timeline { __typename nodes { __typename id subject } } } }',
    );

    expect(aws.takeConsumed().map(({ action }) => action)).toEqual(['BatchGetItem', 'Query']);
  });
});
