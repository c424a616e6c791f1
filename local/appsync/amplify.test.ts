import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { Amplify } from 'aws-amplify';
import { ConnectionState, generateClient } from 'aws-amplify/api';
import { fetchAuthSession, signIn, signOut } from 'aws-amplify/auth';
import { ConsoleLogger, Hub } from 'aws-amplify/utils';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { manifest } from '../../graphql/manifest.ts';
import { type Cognito, createCognito } from '../cognito/cognito.ts';
import { openStore, type Store } from '../store.ts';
import { certificateIn, createDualServer, type DualServer } from '../tls.ts';
import { type AppSync, createAppSync } from './appsync.ts';
import { type Body, iam, iamHeader, optionsOf, place } from './fixture.ts';

/** The API of this repository, with functions that answer from memory, as the real Amplify client sees it. */

const graphql = new URL('../../graphql/', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, graphql), 'utf8');
const definition = readdirSync(new URL('schema/', graphql))
  .map((file) => read(`schema/${file}`))
  .join('\n');

const dir = mkdtempSync(join(tmpdir(), 'amplify-'));
const password = 'Corr3ct!horse';
let store: Store;
let cognito: Cognito;
let api: AppSync;
let server: DualServer;
let endpoint: string;
let userPoolId: string;
let userPoolClientId: string;
/** Milliseconds that the API's clock is ahead of the client's. */
let ahead = 0;

const customer = {
  __typename: 'Customer',
  id: 'cus_1',
  kind: 'PERSON',
  name: 'Carla Rossi',
  identities: [{ kind: 'EMAIL', value: 'carla@example.com' }],
  createdAt: '2026-11-22T20:00:00.000Z',
  updatedAt: '2026-11-22T20:00:00.000Z',
  version: 1,
};

type Event = {
  info: { fieldName: string };
  arguments: Record<string, string>;
  identity: { username: string };
};

/** What a function of the API answers: its envelope. */
function envelope(payload: unknown): unknown {
  const { info, arguments: args, identity } = payload as Event;
  const ok = (value: unknown) => ({ ok: true, value });
  switch (info.fieldName) {
    case 'me':
      return ok({
        id: `usr_${identity.username}`,
        username: identity.username,
        groups: ['sales'],
        teams: [],
      });
    case 'customer':
      return ok(args.id === customer.id ? customer : null);
    case 'node':
      return ok(customer);
    case 'score':
    case 'timeline':
    case 'orders':
      return ok(null);
    case 'createCustomer':
      return {
        ok: false,
        error: {
          code: 'CUSTOMER.EMAIL_TAKEN',
          message: 'This e-mail address belongs to another customer.',
          info: { field: 'identities.0', customerId: 'cus_2' },
        },
      };
    case 'onCustomerActivity': {
      if (args.customerId === 'cus_secret') {
        return {
          ok: false,
          error: { code: 'CUSTOMER.FORBIDDEN', message: 'You may not watch this customer.' },
        };
      }
      const filters = [{ fieldName: 'customerId', operator: 'eq', value: args.customerId }];
      return { ok: true, value: null, subscriptionFilter: { filterGroup: [{ filters }] } };
    }
    default:
      throw new Error(`unexpected ${info.fieldName}`);
  }
}

beforeAll(async () => {
  ConsoleLogger.LOG_LEVEL = 'NONE';
  store = openStore();
  cognito = createCognito({ store, place });
  userPoolId = cognito.createUserPool('Users', {}).id;
  userPoolClientId = cognito.createClient(userPoolId, 'Client', {}).id;
  for (const GroupName of ['sales', 'analyst']) {
    cognito.createGroup(userPoolId, { GroupName });
    const user = { UserPoolId: userPoolId, Username: GroupName };
    await cognito.call('AdminCreateUser', { ...user, MessageAction: 'SUPPRESS' });
    await cognito.call('AdminSetUserPassword', { ...user, Password: password, Permanent: true });
    await cognito.call('AdminAddUserToGroup', { ...user, GroupName });
  }

  const functions = Object.fromEntries(
    Object.values(manifest)
      .filter((name) => name !== 'publish')
      .map((name) => [name, envelope]),
  );
  api = createAppSync(
    optionsOf(definition, functions, {
      authModes: [{ type: 'AMAZON_COGNITO_USER_POOLS', userPoolId }, iam],
      verifyToken: cognito.verify,
      now: () => Date.now() + ahead,
      resolvers: Object.entries(manifest).map(([name, source]) => {
        const [typeName = '', fieldName = ''] = name.split('.');
        return source === 'publish'
          ? { typeName, fieldName, dataSourceName: 'none', code: read('resolvers/publish.js') }
          : { typeName, fieldName, dataSourceName: source, code: read('resolvers/invoke.js') };
      }),
    }),
  );
  const certificate = await certificateIn(dir);
  setDefaultCACertificates([...getCACertificates('default'), certificate.cert]);
  server = createDualServer(
    certificate,
    (request, response) => void (request.url === '/graphql' ? api : cognito).handle(request, response),
    api.upgrade,
  );
  endpoint = `http://127.0.0.1:${await server.listen(0)}`;
  Amplify.configure({
    Auth: { Cognito: { userPoolId, userPoolClientId, userPoolEndpoint: endpoint } },
    API: { GraphQL: { endpoint: `${endpoint}/graphql`, region: place.region, defaultAuthMode: 'userPool' } },
  });
});

afterEach(() => signOut());

afterAll(async () => {
  api.close();
  await server.close();
  store.close();
  rmSync(dir, { recursive: true, force: true });
});

const client = generateClient();

/** What the client answered, or what it threw: Amplify throws answers that have errors. */
async function run(query: string, variables: Record<string, unknown> = {}): Promise<Body> {
  try {
    return (await client.graphql({ query, variables })) as unknown as Body;
  } catch (error) {
    return error as Body;
  }
}

interface Events {
  subscribe(observer: { next: (event: Body) => void; error: (error: unknown) => void }): {
    unsubscribe(): void;
  };
}

function watch(customerId: string): { events: Body[]; errors: unknown[]; stop: () => void } {
  const query = `subscription($id: ID!) { onCustomerActivity(customerId: $id) { id customerId kind occurredAt version } }`;
  const events: Body[] = [];
  const errors: unknown[] = [];
  const watched = client.graphql({ query, variables: { id: customerId } }) as unknown as Events;
  const subscription = watched.subscribe({
    next: (event) => events.push(event),
    error: (error) => errors.push(error),
  });
  return { events, errors, stop: () => subscription.unsubscribe() };
}

/** Resolves when a subscription of the client was acknowledged. */
function isConnected(): Promise<void> {
  return new Promise((resolve) => {
    const stop = Hub.listen('api', ({ payload }) => {
      const { connectionState } = (payload.data ?? {}) as { connectionState?: string };
      if (connectionState !== ConnectionState.Connected) return;
      stop();
      resolve();
    });
  });
}

/** What the stack itself publishes, with AWS credentials. */
async function publish(input: Record<string, unknown>) {
  const query = `mutation($input: CustomerActivityInput!) {
    _publishCustomerActivity(input: $input) { id customerId kind channel direction occurredAt version }
  }`;
  const activity = {
    kind: 'INTERACTION_LOGGED',
    occurredAt: '2026-11-22T20:00:00.000Z',
    version: 1,
    ...input,
  };
  const response = await fetch(`${endpoint}/graphql`, {
    method: 'POST',
    headers: { authorization: iamHeader },
    body: JSON.stringify({ query, variables: { input: activity } }),
  });
  expect((await response.json()) as Body).not.toHaveProperty('errors');
}

describe('Amplify', () => {
  it('reads what its user may read', async () => {
    await signIn({ username: 'sales', password });
    expect(await run('{ me { username groups } }')).toMatchObject({
      data: { me: { username: 'sales', groups: ['sales'] } },
    });
    const query = `query($id: ID!) {
      customer(id: $id) { name identities { kind value } score { frequency } }
      node(id: $id) { __typename id ... on Customer { version } }
    }`;
    expect(await run(query, { id: 'cus_1' })).toMatchObject({
      data: {
        customer: {
          name: 'Carla Rossi',
          identities: [{ kind: 'EMAIL', value: 'carla@example.com' }],
          score: null,
        },
        node: { __typename: 'Customer', id: 'cus_1', version: 1 },
      },
    });
  });

  it('is told the code and the details of a refusal', async () => {
    await signIn({ username: 'sales', password });
    expect(
      await run('mutation { createCustomer(input: { kind: PERSON, name: "Carla" }) { id } }'),
    ).toMatchObject({
      data: { createCustomer: null },
      errors: [
        {
          errorType: 'CUSTOMER.EMAIL_TAKEN',
          message: 'This e-mail address belongs to another customer.',
          errorInfo: { field: 'identities.0', customerId: 'cus_2' },
        },
      ],
    });
  });

  it('is not let in where its group is not', async () => {
    await signIn({ username: 'analyst', password });
    expect(
      await run('mutation { createCustomer(input: { kind: PERSON, name: "Carla" }) { id } }'),
    ).toMatchObject({
      errors: [
        {
          errorType: 'Unauthorized',
          message: 'Not Authorized to access createCustomer on type Mutation',
        },
      ],
    });
    expect(
      await run(
        'mutation { _publishCustomerActivity(input: { id: "x", customerId: "x", kind: SCORE_CHANGED, occurredAt: "2026-11-22T20:00:00Z", version: 1 }) { id } }',
      ),
    ).toMatchObject({ errors: [{ errorType: 'Unauthorized' }] });
  });

  it('hears over wss of the customer that it watches, and of no other', async () => {
    await signIn({ username: 'sales', password });
    const connected = isConnected();
    const watched = watch('cus_1');
    await connected;
    await publish({ id: 'int_2', customerId: 'cus_2' });
    await publish({ id: 'int_1', customerId: 'cus_1', version: 7 });
    await expect.poll(() => watched.events.length).toBe(1);
    expect(watched.events[0]).toEqual({
      data: {
        onCustomerActivity: {
          id: 'int_1',
          customerId: 'cus_1',
          kind: 'INTERACTION_LOGGED',
          occurredAt: '2026-11-22T20:00:00.000Z',
          version: 7,
        },
      },
    });
    watched.stop();
    expect(watched.errors).toEqual([]);
  });

  it('is told why it may not watch a customer', async () => {
    await signIn({ username: 'sales', password });
    const { errors, stop } = watch('cus_secret');
    await expect.poll(() => errors.length, { timeout: 5000 }).toBe(1);
    expect(JSON.stringify(errors[0])).toContain('CUSTOMER.FORBIDDEN');
    stop();
  });

  it('is told when the token of a subscription has ended, and may watch again with a new one', async () => {
    await signIn({ username: 'sales', password });
    const { tokens } = await fetchAuthSession();
    const endsAt = (tokens?.accessToken.payload.exp ?? 0) * 1000;
    const connected = isConnected();
    ahead = endsAt - Date.now() - 300;
    const { errors, stop } = watch('cus_1');
    await connected;
    expect(errors).toEqual([]);

    await expect.poll(() => errors.length, { timeout: 5000 }).toBe(1);
    expect(JSON.stringify(errors[0])).toContain('UnauthorizedException');
    expect(JSON.stringify(errors[0])).toContain('Token has expired.');
    stop();

    ahead = 0;
    await fetchAuthSession({ forceRefresh: true });
    const again = watch('cus_1');
    await expect
      .poll(async () => {
        await publish({ id: 'int_3', customerId: 'cus_1' });
        return again.events.length;
      })
      .toBeGreaterThan(0);
    again.stop();
    expect(again.errors).toEqual([]);
  });

  it('goes on with a renewed token', async () => {
    await signIn({ username: 'sales', password });
    await fetchAuthSession({ forceRefresh: true });
    expect(await run('{ me { id } }')).toMatchObject({ data: { me: { id: 'usr_sales' } } });
  });
});
