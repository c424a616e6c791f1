import { Hash } from '@smithy/hash-node';
import { SignatureV4 } from '@smithy/signature-v4';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { verifySignature } from '../sigv4.ts';
import type { AppSyncOptions } from './api.ts';
import { iamHeader, type Listening, listen, optionsOf, passOn, tokenOf } from './fixture.ts';

const definition = `
type Query { a: String }
type Mutation {
  publish(input: EventInput!): Event @aws_iam
  expel(customerId: ID!): String
}
input EventInput { id: ID! customerId: ID kind: String amount: Int meta: AWSJSON salary: Int note: String }
type Event @aws_iam @aws_cognito_user_pools {
  id: ID!
  customerId: ID
  kind: String
  amount: Int
  meta: AWSJSON
  salary: Int @aws_iam @aws_cognito_user_pools(cognito_groups: ["admin"])
  note: String
}
type Machine @aws_iam { id: ID! }
type Subscription {
  onEvent(customerId: ID, kind: String): Event @aws_subscribe(mutations: ["publish"])
  onMachineEvent: Event @aws_subscribe(mutations: ["publish"]) @aws_iam
  onAdminEvent: Event @aws_subscribe(mutations: ["publish"]) @aws_cognito_user_pools(cognito_groups: ["admin"])
  onBigEvent(customerId: ID!): Event @aws_subscribe(mutations: ["publish"])
  onMachine: Machine @aws_cognito_user_pools
}
`;

const pass = `
export const request = (ctx) => ({ payload: ctx.args.input });
export const response = (ctx) => ctx.result;`;

/** Big events of one customer only; customer c9 is nobody's business. */
const guard = `
import { extensions, util } from '@aws-appsync/utils';
export const request = (ctx) => ({ payload: null });
export function response(ctx) {
  if (ctx.args.customerId === 'c9') {
    util.error('You may not watch this customer.', 'CUSTOMER.FORBIDDEN', null, { customerId: 'c9' });
  }
  extensions.setSubscriptionFilter({ filterGroup: [{ filters: [
    { fieldName: 'customerId', operator: 'eq', value: ctx.args.customerId },
    { fieldName: 'amount', operator: 'ge', value: 100 },
  ] }] });
  extensions.setSubscriptionInvalidationFilter({ filterGroup: [{ filters: [
    { fieldName: 'customerId', operator: 'eq', value: ctx.args.customerId },
  ] }] });
  return null;
}`;

const expel = `
import { extensions } from '@aws-appsync/utils';
export const request = (ctx) => ({ payload: 'done' });
export function response(ctx) {
  extensions.invalidateSubscriptions({ subscriptionField: 'onBigEvent', payload: { customerId: ctx.args.customerId } });
  return ctx.result;
}`;

let api: Listening;
const clients: WebSocket[] = [];

afterEach(async () => {
  for (const client of clients.splice(0)) client.terminate();
  await api.close();
});

async function start(more: Partial<AppSyncOptions> = {}) {
  api = await listen(
    optionsOf(
      definition,
      {},
      {
        resolvers: [
          { typeName: 'Mutation', fieldName: 'publish', dataSourceName: 'none', code: pass },
          { typeName: 'Mutation', fieldName: 'expel', dataSourceName: 'none', code: expel },
          { typeName: 'Subscription', fieldName: 'onBigEvent', dataSourceName: 'none', code: guard },
        ],
        ...more,
      },
    ),
  );
  return api;
}

type Frame = Record<string, unknown> & { type: string };

/** A client that keeps what it was sent. */
interface Client {
  readonly socket: WebSocket;
  readonly closed: Promise<number>;
  send(frame: object): void;
  /** The next frame that is no keep-alive. */
  next(): Promise<Frame>;
  /** The frames that came and were not asked for yet, once the server has answered a further message. */
  rest(): Promise<Frame[]>;
}

const host = '127.0.0.1';
const encoded = (header: unknown) => Buffer.from(JSON.stringify(header)).toString('base64url');
const anna = { Authorization: tokenOf('anna', ['sales']), host };

function open(protocols: string[], query = ''): Client {
  const socket = new WebSocket(`${api.url.replace('http', 'ws')}/realtime${query}`, protocols);
  clients.push(socket);
  const frames: Frame[] = [];
  const waiting: ((frame: Frame) => void)[] = [];
  socket.on('message', (data) => {
    const frame = JSON.parse(String(data)) as Frame;
    if (frame.type === 'ka') return;
    const first = waiting.shift();
    if (first) first(frame);
    else frames.push(frame);
  });
  const closed = new Promise<number>((resolve) => socket.on('close', resolve));
  const send = (frame: object) => socket.send(JSON.stringify(frame));
  const next = () => {
    const first = frames.shift();
    return first ? Promise.resolve(first) : new Promise<Frame>((resolve) => waiting.push(resolve));
  };
  const rest = async () => {
    send({ type: 'stop', id: 'a marker' });
    const found: Frame[] = [];
    for (let frame = await next(); frame.id !== 'a marker'; frame = await next()) found.push(frame);
    return found;
  };
  return { socket, closed, send, next, rest };
}

async function connect(header: unknown = anna): Promise<Client> {
  const client = open(['graphql-ws', `header-${encoded(header)}`]);
  await new Promise((resolve, reject) => client.socket.on('open', resolve).on('error', reject));
  client.send({ type: 'connection_init' });
  expect(await client.next()).toMatchObject({ type: 'connection_ack' });
  return client;
}

const startFrame = (id: string, query: string, authorization: object = anna, variables: object = {}) => ({
  id,
  type: 'start',
  payload: { data: JSON.stringify({ query, variables }), extensions: { authorization } },
});

async function subscribe(
  client: Client,
  id: string,
  query: string,
  authorization: object = anna,
  variables = {},
) {
  client.send(startFrame(id, query, authorization, variables));
  expect(await client.next()).toEqual({ type: 'start_ack', id });
}

async function publish(input: object, selection = 'id customerId kind amount') {
  const query = `mutation P($input: EventInput!) { publish(input: $input) { ${selection} } }`;
  const { errors } = await api.query(query, { input }, iamHeader);
  expect(errors).toBeUndefined();
}

const all = 'subscription { onEvent { id customerId kind } }';

describe('the handshake', () => {
  it('by subprotocol is answered with graphql-ws, connection_ack and ka', async () => {
    await start();
    const client = open(['graphql-ws', `header-${encoded(anna)}`]);
    await new Promise((resolve) => client.socket.on('open', resolve));
    expect(client.socket.protocol).toBe('graphql-ws');
    const second = new Promise((resolve) => {
      client.socket.on('message', (data) => String(data) === '{"type":"ka"}' && resolve(true));
    });
    client.send({ type: 'connection_init' });
    expect(await client.next()).toEqual({ type: 'connection_ack', payload: { connectionTimeoutMs: 300000 } });
    expect(await second).toBe(true);
  });

  it('by query is taken from older clients', async () => {
    await start();
    const client = open(
      ['graphql-ws'],
      `?header=${encodeURIComponent(btoa(JSON.stringify(anna)))}&payload=e30=`,
    );
    await new Promise((resolve) => client.socket.on('open', resolve));
    client.send({ type: 'connection_init' });
    expect(await client.next()).toMatchObject({ type: 'connection_ack' });
  });

  it('takes the signature of a connection with AWS credentials', async () => {
    let signed: unknown;
    await start({
      verifySignature: ({ method, url, headers, body }) => {
        signed = { method, url, authorization: headers.authorization, body };
        return { accessKeyId: 'AK', arn: 'arn:aws:iam::1:user/admin', accountId: '1' };
      },
    });
    await connect({ Authorization: iamHeader, host, 'x-amz-date': '20261122T000000Z' });
    expect(signed).toEqual({ method: 'POST', url: '/graphql/connect', authorization: iamHeader, body: '{}' });
  });

  it('and the subscriptions of a client with AWS credentials hold with real signatures', async () => {
    const secretFor = (id: string) => (id === 'AK' ? 'secret' : undefined);
    await start({
      verifySignature: (request) => {
        const { accessKeyId } = verifySignature(request, secretFor);
        return { accessKeyId, arn: 'arn:aws:iam::1:user/admin', accountId: '1' };
      },
    });
    const signed = async (path: string, body: string, secretAccessKey = 'secret') => {
      const signer = new SignatureV4({
        credentials: { accessKeyId: 'AK', secretAccessKey },
        region: 'eu-west-1',
        service: 'appsync',
        sha256: Hash.bind(null, 'sha256'),
      });
      const headers = { host, accept: 'application/json, text/javascript', 'content-encoding': 'amz-1.0' };
      const request = { method: 'POST', protocol: 'https:', hostname: host, path, query: {}, headers, body };
      return (await signer.sign(request)).headers;
    };
    const client = await connect(await signed('/graphql/connect', '{}'));
    const query = 'subscription { onMachineEvent { id } }';
    const data = JSON.stringify({ query, variables: {} });
    await subscribe(client, 's', query, await signed('/graphql', data));
    client.send(startFrame('t', query, await signed('/graphql', data, 'another')));
    expect(await client.next()).toMatchObject({
      id: 't',
      type: 'error',
      payload: { errors: [{ errorType: 'UnauthorizedException' }] },
    });
  });

  it.each([
    [
      'a token that is none',
      { Authorization: 'x', host },
      401,
      'UnauthorizedException',
      'Unable to parse JWT token.',
    ],
    ['no credentials', { host }, 401, 'UnauthorizedException', 'Valid authorization header not provided.'],
    [
      'no host',
      { Authorization: tokenOf('anna') },
      400,
      'BadRequestException',
      'Required headers are missing.',
    ],
  ])('with %s is answered with connection_error', async (_what, header, errorCode, errorType, message) => {
    await start();
    const client = open(['graphql-ws', `header-${encoded(header)}`]);
    await new Promise((resolve) => client.socket.on('open', resolve));
    client.send({ type: 'connection_init' });
    expect(await client.next()).toEqual({
      type: 'connection_error',
      payload: { errors: [{ errorType, message, errorCode }] },
    });
    expect(await client.closed).toBe(1008);
  });

  it('somewhere else is not there', async () => {
    await start();
    const socket = new WebSocket(api.url.replace('http', 'ws'), ['graphql-ws']);
    const error = await new Promise<Error>((resolve) => socket.on('error', resolve));
    expect(error.message).toContain('404');
  });

  it('has to be finished in time by a client that opened a socket', async () => {
    await start({ handshakeMs: 30 });
    const prompt = await connect();
    const silent = open(['graphql-ws', `header-${encoded(anna)}`]);

    expect(await silent.closed).toBe(1006);
    await subscribe(prompt, 's', all);
  });

  it('is kept alive', async () => {
    await start({ keepAliveMs: 20 });
    const { socket } = await connect();
    let beats = 0;
    socket.on('message', (data) => {
      if (String(data) === '{"type":"ka"}') beats++;
    });
    await expect.poll(() => beats).toBeGreaterThan(2);
  });
});

describe('a subscription', () => {
  it('is acknowledged, gets data, and is completed when it stops', async () => {
    await start();
    const client = await connect();
    await subscribe(client, 's1', all);
    await publish({ id: 'e1', customerId: 'c1', kind: 'x' });
    expect(await client.next()).toEqual({
      id: 's1',
      type: 'data',
      payload: { data: { onEvent: { id: 'e1', customerId: 'c1', kind: 'x' } } },
    });
    client.send({ type: 'stop', id: 's1' });
    expect(await client.next()).toEqual({ type: 'complete', id: 's1' });
    await publish({ id: 'e2' });
    expect(await client.rest()).toEqual([]);
  });

  it('gets the events that agree with its arguments: null is null, nothing is anything', async () => {
    await start();
    const client = await connect();
    const of = (argument: string) => `subscription { onEvent${argument} { id } }`;
    await subscribe(client, 'any', of(''));
    await subscribe(client, 'c1', of('(customerId: "c1")'));
    await subscribe(client, 'both', of('(customerId: "c1", kind: "x")'));
    await subscribe(client, 'none', of('(kind: null)'));
    const receivers = async (input: object) => {
      await publish({ id: 'e', ...input });
      return (await client.rest()).map(({ id }) => id).sort();
    };
    expect(await receivers({ customerId: 'c1', kind: 'x' })).toEqual(['any', 'both', 'c1']);
    expect(await receivers({ customerId: 'c1', kind: 'y' })).toEqual(['any', 'c1']);
    expect(await receivers({ customerId: 'c2', kind: 'x' })).toEqual(['any']);
    expect(await receivers({ customerId: 'c1' })).toEqual(['any', 'c1', 'none']);
    await publish({ id: 'e', kind: 'x' }, 'id');
    expect((await client.rest()).map(({ id }) => id).sort()).toEqual(['any', 'none']);
  });

  it('gets what the caller of the mutation selected, the rest is null', async () => {
    await start();
    const client = await connect();
    await subscribe(client, 's', 'subscription { onEvent { id customerId kind meta } }');
    await publish(
      { id: 'e1', customerId: 'c1', kind: 'x', meta: '{"a":[1]}' },
      'key: id ...f } } fragment f on Event { sort: kind meta ... { __typename',
    );
    expect(await client.next()).toMatchObject({
      payload: { data: { onEvent: { id: 'e1', customerId: null, kind: 'x', meta: '{"a":[1]}' } } },
    });
    await publish({ id: 'e3', kind: 'y' }, 'id kind @skip(if: true)');
    expect(await client.next()).toMatchObject({ payload: { data: { onEvent: { id: 'e3', kind: null } } } });
    await publish({ id: 'e2', kind: 'y' }, 'kind');
    expect(await client.next()).toMatchObject({
      payload: {
        data: { onEvent: null },
        errors: [
          { message: "Cannot return null for non-nullable type: 'ID' within parent 'Event' (/onEvent/id)" },
        ],
      },
    });
  });

  it('does not hear of a mutation that failed or gave null', async () => {
    await start();
    const client = await connect();
    await subscribe(client, 's', all);
    const query = 'mutation($input: EventInput!) { publish(input: $input) { id } }';
    await api.query(query, { input: { id: 'e1' } });
    await api.query(query, { input: {} }, iamHeader);
    expect(await client.rest()).toEqual([]);
  });

  it('sees no field that its user may not read', async () => {
    await start();
    const client = await connect();
    const query = 'subscription { onEvent { id salary } }';
    await subscribe(client, 'sales', query);
    await subscribe(client, 'admin', query, { Authorization: tokenOf('root', ['admin']), host });
    await publish({ id: 'e1', salary: 5 }, 'id salary');
    const frames = await client.rest();
    expect(frames.find(({ id }) => id === 'admin')?.payload).toEqual({
      data: { onEvent: { id: 'e1', salary: 5 } },
    });
    expect(frames.find(({ id }) => id === 'sales')?.payload).toMatchObject({
      data: { onEvent: { id: 'e1', salary: null } },
      errors: [{ message: 'Not Authorized to access salary on type Event' }],
    });
  });

  it('of one connection may be of another user or mode than the next', async () => {
    await start();
    const client = await connect();
    const machines = 'subscription { onMachineEvent { id } }';
    client.send(startFrame('user', machines));
    expect(await client.next()).toEqual({
      id: 'user',
      type: 'error',
      payload: {
        errors: [
          expect.objectContaining({
            errorType: 'Unauthorized',
            message: 'Not Authorized to access onMachineEvent on type Subscription',
          }),
        ],
      },
    });
    await subscribe(client, 'machine', machines, { Authorization: iamHeader, host });
  });

  it('has its own credentials checked', async () => {
    await start();
    const client = await connect();
    const refused = async (authorization: object, query = all) => {
      client.send(startFrame('s', query, authorization));
      const frame = await client.next();
      expect(frame).toMatchObject({ id: 's', type: 'error' });
      return (frame.payload as { errors: { errorType: string; message: string }[] }).errors[0];
    };
    expect(await refused({ Authorization: 'x', host })).toEqual({
      errorType: 'UnauthorizedException',
      message: 'Unable to parse JWT token.',
    });
    expect((await refused(anna, 'subscription { onAdminEvent { id } }'))?.message).toBe(
      'Not Authorized to access onAdminEvent on type Subscription',
    );
    expect((await refused(anna, 'subscription { onMachine { id } }'))?.message).toBe(
      'Not Authorized to access onMachine on type Subscription',
    );
  });

  it('signs its data when it is of AWS credentials', async () => {
    const signed: unknown[] = [];
    await start({
      verifySignature: ({ url, body }) => {
        signed.push([url, body]);
        return { accessKeyId: 'AK', arn: 'arn:aws:iam::1:user/admin', accountId: '1' };
      },
    });
    const client = await connect();
    await subscribe(client, 's', 'subscription { onMachineEvent { id } }', {
      Authorization: iamHeader,
      host,
    });
    expect(signed).toEqual([
      ['/graphql', JSON.stringify({ query: 'subscription { onMachineEvent { id } }', variables: {} })],
    ]);
  });

  it('is refused, and the connection goes on, when its parts are no texts', async () => {
    await start();
    const client = await connect();
    client.send({ type: { toString: 1 }, id: 's' });
    expect(await client.next()).toMatchObject({
      payload: { errors: [{ errorType: 'UnsupportedOperation', message: 'unknown not supported' }] },
    });
    client.send(startFrame('s', all, { Authorization: { toString: 1 }, host }));
    expect(await client.next()).toMatchObject({
      payload: { errors: [{ errorType: 'UnauthorizedException' }] },
    });
    await subscribe(client, 's', all);
  });

  it('is refused when it cannot be read or is none', async () => {
    await start();
    const client = await connect();
    const message = async (frame: object) => {
      client.send(frame);
      const { payload } = await client.next();
      return (payload as { errors: { message: string }[] }).errors[0]?.message;
    };
    expect(await message(startFrame('s', 'subscription { nothing }'))).toContain('FieldUndefined');
    expect(await message(startFrame('s', 'subscription {'))).toBe('Unable to parse GraphQL query.');
    expect(await message(startFrame('s', 'query { a }'))).toBe(
      'query not supported through the realtime channel',
    );
    expect(await message({ id: 's', type: 'start', payload: { data: '{}', authorization: anna } })).toBe(
      'unknown not supported through the realtime channel',
    );
    expect(
      await message(startFrame('s', 'subscription($c: ID!) { onBigEvent(customerId: $c) { id } }')),
    ).toBe("Variable 'c' has coerced Null value for NonNull type 'ID!'");
    expect(await message({ type: 'stop', id: 'unknown' })).toBe('Unknown operation id unknown');
    expect(await message({ type: 'dance', id: 's' })).toBe('dance not supported');
    client.socket.send('no json');
    expect(await client.next()).toMatchObject({ type: 'error' });
    await subscribe(client, 's', all);
    expect(await message(startFrame('s', all))).toContain('There is a subscription with the id s already');
  });

  it('may be refused by its resolver, and is filtered by it in place of its arguments', async () => {
    await start();
    const client = await connect();
    const query = 'subscription($c: ID!) { onBigEvent(customerId: $c) { id } }';
    client.send(startFrame('no', query, anna, { c: 'c9' }));
    expect(await client.next()).toEqual({
      id: 'no',
      type: 'error',
      payload: {
        errors: [
          {
            path: ['onBigEvent'],
            data: null,
            errorType: 'CUSTOMER.FORBIDDEN',
            errorInfo: { customerId: 'c9' },
            locations: [{ line: 1, column: 25, sourceName: null }],
            message: 'You may not watch this customer.',
          },
        ],
      },
    });
    await subscribe(client, 'yes', query, anna, { c: 'c1' });
    await publish({ id: 'small', customerId: 'c1', amount: 99 });
    await publish({ id: 'other', customerId: 'c2', amount: 100 });
    await publish({ id: 'big', customerId: 'c1', amount: 100 });
    expect((await client.rest()).map(({ payload }) => payload)).toEqual([
      { data: { onBigEvent: { id: 'big' } } },
    ]);
  });

  it('ends when a mutation invalidates it', async () => {
    await start();
    const client = await connect();
    const query = 'subscription($c: ID!) { onBigEvent(customerId: $c) { id } }';
    await subscribe(client, 'c1', query, anna, { c: 'c1' });
    await subscribe(client, 'c2', query, anna, { c: 'c2' });
    await api.query('mutation { expel(customerId: "c1") }');
    expect(await client.rest()).toEqual([{ type: 'complete', id: 'c1' }]);
    await publish({ id: 'e1', customerId: 'c1', amount: 100 });
    await publish({ id: 'e2', customerId: 'c2', amount: 100 });
    expect((await client.rest()).map(({ id }) => id)).toEqual(['c2']);
  });

  it('ends with UnauthorizedException when its token does', async () => {
    const now = Date.now();
    await start({ now: () => now });
    const client = await connect();
    const token = tokenOf('anna', ['sales'], (now + 50) / 1000);
    await subscribe(client, 's', all, { Authorization: token, host });
    expect(await client.next()).toEqual({
      id: 's',
      type: 'error',
      payload: { errors: [{ errorType: 'UnauthorizedException', message: 'Token has expired.' }] },
    });
    await publish({ id: 'e1' });
    expect(await client.rest()).toEqual([]);
  });

  it('that stops while its resolver decides does not start', async () => {
    const asked = Promise.withResolvers<void>();
    const decide = Promise.withResolvers<null>();
    api = await listen(
      optionsOf(
        definition,
        {
          slow: () => {
            asked.resolve();
            return decide.promise;
          },
        },
        {
          resolvers: [
            { typeName: 'Mutation', fieldName: 'publish', dataSourceName: 'none', code: pass },
            { typeName: 'Subscription', fieldName: 'onEvent', dataSourceName: 'slow', code: passOn },
          ],
        },
      ),
    );
    const client = await connect();
    client.send(startFrame('s', all));
    await asked.promise;
    client.send({ type: 'stop', id: 's' });
    expect(await client.next()).toEqual({ type: 'complete', id: 's' });
    decide.resolve(null);
    await publish({ id: 'e1' });
    expect(await client.rest()).toEqual([]);
  });
});

describe('limits', () => {
  it('keep an event over 240 KB back', async () => {
    await start();
    const client = await connect();
    await subscribe(client, 's', 'subscription { onEvent { id note } }');
    await publish({ id: 'large', note: 'x'.repeat(240 * 1024) }, 'id note');
    await publish({ id: 'fits', note: 'x'.repeat(239 * 1024) }, 'id note');
    expect((await client.rest()).map(({ payload }) => JSON.stringify(payload).slice(0, 32))).toEqual([
      '{"data":{"onEvent":{"id":"fits",',
    ]);
  });

  it('allow 200 subscriptions on a connection', async () => {
    await start();
    const client = await connect();
    for (let number = 1; number <= 200; number++) await subscribe(client, `s${number}`, all);
    client.send(startFrame('s201', all));
    expect(await client.next()).toMatchObject({
      id: 's201',
      payload: { errors: [{ errorType: 'MaxSubscriptionsReachedError' }] },
    });
  });

  it('cut off a client that does not read', async () => {
    await start();
    const slow = await connect();
    const quick = await connect();
    const query = 'subscription { onEvent { id note } }';
    await subscribe(slow, 's', query);
    await subscribe(quick, 's', query);
    slow.socket.pause();
    for (let number = 0; number < 60; number++) {
      await publish({ id: `e${number}`, note: 'x'.repeat(200 * 1024) }, 'id note');
    }
    expect(await quick.rest()).toHaveLength(60);
    slow.socket.resume();
    expect(await slow.closed).toBe(1006);
  });
});
