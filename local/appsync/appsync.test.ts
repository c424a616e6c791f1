import { afterEach, describe, expect, it } from 'vitest';
import type { AppSyncOptions, LogEntry } from './api.ts';
import {
  type Functions,
  iam,
  iamHeader,
  type Listening,
  listen,
  optionsOf,
  passOn,
  tokenOf,
  userPools,
} from './fixture.ts';

const definition = `
type Query {
  me: User
  secret: String @aws_cognito_user_pools(cognito_groups: ["admin"])
  report: Report @aws_iam @aws_cognito_user_pools
  machine: String @aws_iam
  thing: Thing
  list: [Item!]
  fail: String
}
type Mutation { save(input: SaveInput!, note: String): Saved }
input SaveInput { name: String! at: AWSDateTime phone: AWSPhone kind: Kind tags: AWSJSON inner: Inner }
input Inner { count: Int! }
enum Kind { GOOD BAD }
type Saved { name: String kind: Kind tags: AWSJSON at: AWSDateTime note: String }
type User { id: ID! name: String friend: User salary: Int @aws_cognito_user_pools(cognito_groups: ["admin"]) }
type Report @aws_cognito_user_pools { total: Int forMachines: Int @aws_iam }
interface Thing { id: ID! }
type Car implements Thing { id: ID! wheels: Int }
type House implements Thing { id: ID! rooms: Int }
type Item { id: ID! label: String! count: Int part: String }
`;

const functions: Functions = {
  me: () => ({ id: 'u1', name: 'Anna', salary: 100, friend: { id: 'u2', name: 'Bert' } }),
  value: () => 'value',
  report: () => ({ total: 7, forMachines: 8 }),
};

const resolverOf = (
  typeName: string,
  fieldName: string,
  dataSourceName: string,
  code: string | undefined = passOn,
) => ({ typeName, fieldName, dataSourceName, code }) as const;

let api: Listening | undefined;

afterEach(async () => {
  await api?.close();
  api = undefined;
});

async function start(more: Partial<AppSyncOptions> = {}, others: Functions = {}): Promise<Listening> {
  api = await listen(
    optionsOf(
      definition,
      { ...functions, ...others },
      {
        resolvers: [
          resolverOf('Query', 'me', 'me'),
          resolverOf('Query', 'secret', 'value'),
          resolverOf('Query', 'machine', 'value'),
          resolverOf('Query', 'report', 'report'),
        ],
        ...more,
      },
    ),
  );
  return api;
}

/** An API whose field is answered by one function. */
function answering(fieldName: string, answer: (payload: never) => unknown, typeName = 'Query') {
  return start(
    { resolvers: [resolverOf(typeName, fieldName, 'answer')] },
    { answer: answer as Functions[string] },
  );
}

describe('a request', () => {
  it('without credentials is answered with 401', async () => {
    const response = await (await start()).post({ query: '{me{id}}' });
    expect(response.status).toBe(401);
    expect(response.headers.get('x-amzn-errortype')).toBe('UnauthorizedException');
    expect(await response.json()).toEqual({
      errors: [{ errorType: 'UnauthorizedException', message: 'Valid authorization header not provided.' }],
    });
  });

  it('with a token that is none, of another pool or client, or with an API key is answered with 401', async () => {
    const { post } = await start({
      authModes: [{ ...userPools, appIdClientRegex: '^(app|other)$' } as typeof userPools],
    });
    const messages = async (authorization?: string, headers = {}) => {
      const response = await post({ query: '{me{id}}' }, authorization, headers);
      expect(response.status).toBe(401);
      return ((await response.json()) as { errors: { message: string }[] }).errors[0]?.message;
    };
    expect(await messages('Bearer x')).toBe('Unable to parse JWT token.');
    const notAllowed = 'You are not authorized to make this call.';
    expect(await messages(tokenOf('anna').replace('eu-west-1_pool', 'eu-west-1_else'))).toBe(notAllowed);
    expect(await messages(tokenOf('anna').replace('"app"', '"evil-app"'))).toBe(notAllowed);
    expect(await messages(iamHeader)).toBe(notAllowed);
    expect(await messages(undefined, { 'x-api-key': 'da2-x' })).toBe(notAllowed);
  });

  it('with a signature that does not hold is answered with 401', async () => {
    const response = await (await start()).post({ query: '{me{id}}' }, `${iamHeader}x`);
    expect([response.status, await response.json()]).toEqual([
      401,
      {
        errors: [
          {
            errorType: 'UnauthorizedException',
            message: 'The security token included in the request is invalid.',
          },
        ],
      },
    ]);
  });

  it('that cannot be read is answered with 400', async () => {
    const { post } = await start();
    const answer = async (body: unknown) => {
      const response = await post(body, tokenOf('anna'));
      return [response.status, await response.json()];
    };
    const refusal = (message: string) => [
      400,
      { errors: [{ errorType: 'MalformedHttpRequestException', message }] },
    ];
    expect(await answer('')).toEqual(refusal('Request body is empty.'));
    for (const body of [
      'meow',
      '{}',
      '{}}',
      '[]',
      { query: '{me{id}' },
      { query: '{me{id}}', variables: [1] },
    ]) {
      expect(await answer(body)).toEqual(refusal('Unable to parse GraphQL query.'));
    }
  });

  it('from a page of another origin is welcome', async () => {
    const { url } = await start();
    const response = await fetch(url, {
      method: 'OPTIONS',
      headers: { 'access-control-request-headers': 'authorization,x-amz-user-agent' },
    });
    expect(response.status).toBe(200);
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
    expect(response.headers.get('access-control-allow-headers')).toBe('authorization,x-amz-user-agent');
  });

  it('chooses among several operations', async () => {
    const { post } = await start();
    const query = 'query A { me { id } } query B { me { name } }';
    const run = async (operationName?: string) =>
      (await post({ query, operationName }, tokenOf('anna'))).json();
    expect(await run('B')).toEqual({ data: { me: { name: 'Anna' } } });
    expect(await run()).toEqual({
      data: null,
      errors: [
        {
          path: null,
          locations: null,
          message: 'Must provide operation name if query contains multiple operations.',
        },
      ],
    });
    expect(await run('C')).toMatchObject({ errors: [{ message: "Unknown operation named 'C'." }] });
  });

  it('is logged without its body', async () => {
    const entries: LogEntry[] = [];
    const { query } = await start({ log: (entry) => entries.push(entry as LogEntry) });
    await query('query Who { me { id } secret }');
    await expect.poll(() => entries.length).toBe(1);
    expect(entries).toEqual([
      {
        apiId: 'api',
        requestId: expect.any(String),
        operation: 'query Who',
        milliseconds: expect.any(Number),
        errors: ['Unauthorized'],
      },
    ]);
  });
});

describe('authorisation', () => {
  it('gives null and an error for a field that the caller may not read, and the rest', async () => {
    const { query } = await start();
    expect(await query('{ me { name } secret }')).toEqual({
      data: { me: { name: 'Anna' }, secret: null },
      errors: [
        {
          path: ['secret'],
          data: null,
          errorType: 'Unauthorized',
          errorInfo: null,
          locations: [{ line: 1, column: 15, sourceName: null }],
          message: 'Not Authorized to access secret on type Query',
        },
      ],
    });
    expect(await query('{ secret }', {}, tokenOf('root', ['sales', 'admin']))).toEqual({
      data: { secret: 'value' },
    });
  });

  it('holds for nested fields', async () => {
    const { query } = await start();
    expect(await query('{ me { name salary } }')).toMatchObject({
      data: { me: { name: 'Anna', salary: null } },
      errors: [{ path: ['me', 'salary'], message: 'Not Authorized to access salary on type User' }],
    });
  });

  it('keeps IAM out of fields without a directive, and users out of those for IAM', async () => {
    const { query } = await start();
    expect(await query('{ machine me { id } }', {}, iamHeader)).toMatchObject({
      data: { machine: 'value', me: null },
      errors: [{ message: 'Not Authorized to access me on type Query' }],
    });
    expect(await query('{ machine }')).toMatchObject({
      data: { machine: null },
      errors: [{ message: 'Not Authorized to access machine on type Query' }],
    });
  });

  it('checks the type that an open field returns, and lets a field of it be open again', async () => {
    const { query } = await start();
    expect(await query('{ report { total forMachines } }', {}, iamHeader)).toMatchObject({
      data: { report: { total: null, forMachines: 8 } },
      errors: [{ message: 'Not Authorized to access total on type Report' }],
    });
    expect(await query('{ report { total forMachines } }')).toMatchObject({
      data: { report: { total: 7, forMachines: null } },
      errors: [{ message: 'Not Authorized to access forMachines on type Report' }],
    });
  });

  it('opens fields without a directive to the default mode alone', async () => {
    const { query } = await start({ authModes: [iam, userPools] });
    expect(await query('{ me { name } }', {}, iamHeader)).toEqual({ data: { me: { name: 'Anna' } } });
    expect(await query('{ me { name } }')).toMatchObject({ data: { me: null } });
  });

  it('closes fields without a directive when the pool denies by default', async () => {
    const { query } = await start({
      authModes: [{ ...userPools, defaultAction: 'DENY' } as typeof userPools],
    });
    expect(await query('{ me { name } }')).toMatchObject({
      data: { me: null },
      errors: [{ errorType: 'Unauthorized' }],
    });
  });

  it('asks the policies of a caller with AWS credentials', async () => {
    const asked: string[] = [];
    const { query } = await start({
      allows: (_caller, action, resource) => {
        asked.push(`${action} ${resource}`);
        return resource.endsWith('/fields/machine');
      },
    });
    expect(await query('{ machine report { forMachines } }', {}, iamHeader)).toMatchObject({
      data: { machine: 'value', report: null },
      errors: [{ message: 'Not Authorized to access report on type Query' }],
    });
    expect(asked).toContain(
      'appsync:GraphQL arn:aws:appsync:eu-west-1:123456789012:apis/api/types/Query/fields/machine',
    );
  });

  it('by @aws_auth holds where the user pool is the only mode, and is refused elsewhere', async () => {
    const withAuth = definition.replace('me: User', 'me: User @aws_auth(cognito_groups: ["admin"])');
    const { query } = await start({ definition: withAuth, authModes: [userPools] });
    expect(await query('{ me { name } }')).toMatchObject({ data: { me: null } });
    expect(await query('{ me { name } }', {}, tokenOf('root', ['admin']))).toEqual({
      data: { me: { name: 'Anna' } },
    });
    await expect(start({ definition: withAuth })).rejects.toThrow(/@aws_auth on Query.me has no effect/);
  });
});

describe('a query that is not valid', () => {
  const invalid: [string, string, [number, number]?][] = [
    ['{badfield}', "FieldUndefined: Field 'badfield' in type 'Query' is undefined @ 'badfield'", [1, 2]],
    ['query Q {me{x}}', "FieldUndefined: Field 'x' in type 'User' is undefined @ 'me/x'", [1, 13]],
    ['{me(a:1){id}}', "UnknownArgument: Unknown field argument a @ 'me'"],
    ['mutation{save{name}}', "MissingFieldArgument: Missing field argument input @ 'save'"],
    ['{me}', "SubSelectionRequired: Sub selection required for type User of field me @ 'me'"],
    [
      '{me{id{x}}}',
      "SubSelectionNotAllowed: Sub selection not allowed on leaf type ID! of field id @ 'me/id'",
    ],
    ['mutation{save(input:$i){name}}', "UndefinedVariable: Undefined variable i @ 'save'"],
    ['query($i:ID){me{id}}', 'UnusedVariable: Unused variable i'],
    [
      'mutation($i:String){save(input:$i){name}}',
      "VariableTypeMismatch: Variable type 'String' doesn't match expected type 'SaveInput!' @ 'save'",
    ],
    ['{...f}', 'UndefinedFragment: Undefined fragment f'],
    ['{me{id}} fragment f on User{id}', 'UnusedFragment: Unused fragment f'],
    ['query($i:Foo){me{id}}', 'UnknownType: Unknown type Foo'],
    ['{me @foo {id}}', "UnknownDirective: Unknown directive foo @ 'me'"],
    [
      'mutation{save(input:{testa:"x"}){name}}',
      "WrongType: argument 'input' with value 'ObjectValue{objectFields=[ObjectField{name='testa', value=StringValue{value='x'}}]}' is missing required fields '[name]' @ 'save'",
      [1, 15],
    ],
    [
      'mutation{save(input:{name:"x",tags:{a:1}}){name}}',
      "WrongType: argument 'input' with value 'ObjectValue{objectFields=[ObjectField{name='name', value=StringValue{value='x'}}, ObjectField{name='tags', value=ObjectValue{objectFields=[ObjectField{name='a', value=IntValue{value=1}}]}}]}' is not a valid 'AWSJSON' @ 'save'",
    ],
    [
      'mutation{save(input:{name:1}){name}}',
      "WrongType: argument 'input' with value 'ObjectValue{objectFields=[ObjectField{name='name', value=IntValue{value=1}}]}' is not a valid 'String' @ 'save'",
    ],
    ['{a:me{id} a:secret}', 'FieldsConflict: a: "me" and "secret" are different fields'],
  ];

  it.each(invalid)('%s is answered as AppSync does', async (text, message, at) => {
    const { query } = await start();
    const { data, errors } = await query(text);
    expect(data).toBeNull();
    const found = errors?.find((error) => String(error.message).includes(message));
    expect(found, JSON.stringify(errors)).toMatchObject({ path: null });
    if (at) expect(found?.locations).toEqual([{ line: at[0], column: at[1], sourceName: null }]);
  });

  it('says what is wrong with variables', async () => {
    const { query } = await answering('save', () => ({}), 'Mutation');
    const text = 'mutation($input: SaveInput!) { save(input: $input) { name } }';
    const message = async (input?: object) => {
      const { data, errors } = await query(text, input === undefined ? {} : { input });
      expect(data).toBeNull();
      return errors?.[0]?.message;
    };
    expect(await message()).toBe("Variable 'input' has coerced Null value for NonNull type 'SaveInput!'");
    expect(await message({})).toBe("Variable 'input' has coerced Null value for NonNull type 'String!'");
    expect(await message({ name: null })).toBe(
      "Variable 'input' has coerced Null value for NonNull type 'String!'",
    );
    expect(await message({ name: 'a', inner: {} })).toBe(
      "Variable 'input' has coerced Null value for NonNull type 'Int!'",
    );
    expect(await message({ name: 'a', foo: 1 })).toBe(
      "The variables input contains a field that is not defined for input object type 'SaveInput' ",
    );
    expect(await message({ name: 'a', phone: '1110004444' })).toBe(
      "Variable 'phone' has an invalid value. Unable to parse `1110004444` as a valid phone number.",
    );
    expect(await message({ name: 'a', at: 'yesterday' })).toBe(
      "Variable 'at' has an invalid value. Unable to parse `yesterday` as a valid DateTime Object.",
    );
    expect(await message({ name: 'a', kind: 'UGLY' })).toContain("Variable 'kind' has an invalid value.");
  });
});

describe('a resolver', () => {
  it('gets arguments, identity, source, headers and info', async () => {
    let payload: Record<string, unknown> = {};
    const { post } = await answering(
      'save',
      (given: Record<string, unknown>) => {
        payload = given;
        return { name: 'x' };
      },
      'Mutation',
    );
    const query = `mutation Save($name: String!, $note: String) {
      saved: save(input: { name: $name, tags: "{\\"a\\":[1]}" }, note: $note) { title: name ...more }
    }
    fragment more on Saved { kind }`;
    const token = tokenOf('anna', ['sales']);
    await post({ query, variables: { name: 'n' } }, token, { 'x-custom': 'yes' });
    expect(payload).toEqual({
      field: 'save',
      arguments: { input: { name: 'n', tags: { a: [1] } }, note: null },
      identity: {
        claims: JSON.parse(token),
        defaultAuthStrategy: 'ALLOW',
        groups: ['sales'],
        issuer: 'https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_pool',
        sourceIp: ['127.0.0.1'],
        sub: 'sub-of-anna',
        username: 'anna',
      },
      source: null,
      info: {
        fieldName: 'save',
        parentTypeName: 'Mutation',
        variables: { name: 'n' },
        selectionSetList: ['title', 'kind'],
        selectionSetGraphQL: '{\n  title: name\n  ...more\n}',
      },
      request: {
        headers: expect.objectContaining({ authorization: token, 'x-custom': 'yes' }),
        domainName: null,
      },
    });
  });

  it('gets the role of a caller with AWS credentials', async () => {
    let identity: unknown;
    const { query } = await answering('machine', (payload: { identity: unknown }) => {
      identity = payload.identity;
      return 'ok';
    });
    await query('{ machine }', {}, iamHeader);
    expect(identity).toEqual({
      accountId: '123456789012',
      cognitoIdentityPoolId: null,
      cognitoIdentityId: null,
      sourceIp: ['127.0.0.1'],
      username: 'live/updates',
      userArn: 'arn:aws:sts::123456789012:assumed-role/live/updates',
      cognitoIdentityAuthType: null,
      cognitoIdentityAuthProvider: null,
    });
  });

  it('refuses with message, type, data and info', async () => {
    const code = `
      import { util } from '@aws-appsync/utils';
      export const request = (ctx) => ({ payload: null });
      export const response = (ctx) => util.error('Taken.', 'CUSTOMER.EMAIL_TAKEN', { id: 'u1' }, { field: 'email' });`;
    const { query } = await start({ resolvers: [resolverOf('Query', 'me', 'none', code)] });
    expect(await query('{\n me { id } }')).toEqual({
      data: { me: null },
      errors: [
        {
          path: ['me'],
          data: { id: 'u1' },
          errorType: 'CUSTOMER.EMAIL_TAKEN',
          errorInfo: { field: 'email' },
          locations: [{ line: 2, column: 2, sourceName: null }],
          message: 'Taken.',
        },
      ],
    });
  });

  it('of a function that failed sees the error', async () => {
    const { query } = await answering('fail', () => {
      throw new TypeError('broken');
    });
    expect(await query('{ fail }')).toMatchObject({
      data: { fail: null },
      errors: [{ errorType: 'Lambda:Unhandled', message: 'broken' }],
    });
  });

  it('without code hands the function the whole context, and keeps name and message of its exception', async () => {
    let event: Record<string, unknown> = {};
    const { query } = await start(
      {
        resolvers: [
          { typeName: 'Query', fieldName: 'me', dataSourceName: 'direct' },
          { typeName: 'Query', fieldName: 'fail', dataSourceName: 'broken' },
        ],
      },
      {
        direct: (given) => {
          event = given as Record<string, unknown>;
          return { id: 'u1' };
        },
        broken: () => {
          throw new RangeError('too far');
        },
      },
    );
    expect(await query('{ me { id } fail }')).toMatchObject({
      data: { me: { id: 'u1' }, fail: null },
      errors: [{ errorType: 'RangeError', message: 'too far' }],
    });
    expect(Object.keys(event).sort()).toEqual(
      ['arguments', 'identity', 'info', 'prev', 'request', 'source', 'stash'].sort(),
    );
    expect(event).toMatchObject({ arguments: {}, source: null, prev: null, stash: {} });
  });

  it('of the items of a list is asked in batches', async () => {
    const batches: { source: { id: string } }[][] = [];
    const { query } = await start(
      {
        resolvers: [
          resolverOf('Query', 'list', 'list'),
          { typeName: 'Item', fieldName: 'part', dataSourceName: 'parts', maxBatchSize: 2 },
        ],
      },
      {
        list: () => ['a', 'b', 'c'].map((id) => ({ id, label: id })),
        parts: (given) => {
          const events = given as { source: { id: string } }[];
          batches.push(events);
          return events.map(({ source }) =>
            source.id === 'b'
              ? { data: null, errorMessage: 'no b', errorType: 'Missing' }
              : { data: `part of ${source.id}`, errorMessage: null, errorType: null },
          );
        },
      },
    );
    expect(await query('{ list { part } }')).toMatchObject({
      data: { list: [{ part: 'part of a' }, { part: null }, { part: 'part of c' }] },
      errors: [{ path: ['list', 1, 'part'], errorType: 'Missing', message: 'no b' }],
    });
    expect(batches.map((batch) => batch.length)).toEqual([2, 1]);
  });

  it('may be a pipeline', async () => {
    const step = (body: string) => `
      import { runtime } from '@aws-appsync/utils';
      export function request(ctx) { ${body} }
      export function response(ctx) { return ctx.result; }`;
    const { query } = await start({
      resolvers: [
        {
          typeName: 'Query',
          fieldName: 'fail',
          kind: 'PIPELINE',
          code: `
            export function request(ctx) { ctx.stash.seen = ['before']; return { n: 1 }; }
            export function response(ctx) { return ctx.stash.seen.join() + ':' + ctx.prev.result.n; }`,
          functions: [
            {
              name: 'double',
              dataSourceName: 'none',
              code: step("ctx.stash.seen.push('double'); return { payload: { n: ctx.prev.result.n * 2 } };"),
            },
            {
              name: 'skip',
              dataSourceName: 'none',
              code: step("ctx.stash.seen.push('skip'); runtime.earlyReturn({ n: 7 }, { skipTo: 'END' });"),
            },
            { name: 'never', dataSourceName: 'none', code: step("ctx.stash.seen.push('never'); return {};") },
          ],
        },
      ],
    });
    expect(await query('{ fail }')).toEqual({ data: { fail: 'before,double,skip:7' } });
  });

  it('may put errors beside its value and add headers to the answer', async () => {
    const code = `
      import { util } from '@aws-appsync/utils';
      export const request = (ctx) => ({ payload: { id: util.authType() } });
      export const response = (ctx) => {
        util.appendError('Careful.', 'Warning', null, { left: 1 });
        util.http.addResponseHeader('x-left', 1);
        return ctx.result;
      };`;
    const { post } = await start({ resolvers: [resolverOf('Query', 'me', 'none', code)] });
    const response = await post({ query: '{ me { id } }' }, tokenOf('anna'));
    expect(response.headers.get('x-left')).toBe('1');
    expect(await response.json()).toEqual({
      data: { me: { id: 'User Pool Authorization' } },
      errors: [
        {
          path: ['me'],
          data: null,
          errorType: 'Warning',
          errorInfo: { left: 1 },
          locations: [{ line: 1, column: 3, sourceName: null }],
          message: 'Careful.',
        },
      ],
    });
  });

  it('that makes a mistake does not tell it', async () => {
    const lines: unknown[] = [];
    const code = `
      export const request = (ctx) => ({ payload: ctx.nothing.here });
      export const response = (ctx) => ctx.result;`;
    const { query } = await start({
      resolvers: [resolverOf('Query', 'me', 'none', code)],
      log: (entry) => lines.push(entry),
    });
    expect(await query('{ me { id } }')).toMatchObject({
      data: { me: null },
      errors: [{ errorType: 'Code', message: 'Runtime Error' }],
    });
    expect(JSON.stringify(lines)).toContain('Cannot read properties of undefined');
  });
});

describe('a value', () => {
  it('that must not be null and is takes its parent with it', async () => {
    const { query } = await answering('list', () => [{ id: 'a', label: 'A' }, { id: 'b' }]);
    expect(await query('{ list { id label } me { id } }')).toEqual({
      data: { list: null, me: null },
      errors: [
        {
          path: ['list', 1, 'label'],
          locations: null,
          message: "Cannot return null for non-nullable type: 'String' within parent 'Item' (/list[1]/label)",
        },
      ],
    });
  });

  it('that is not of its type is told as AppSync does', async () => {
    const cases: [string, unknown, string][] = [
      ['list { id }', { id: 1 }, "Can't resolve value (/list) : type mismatch error, expected type LIST"],
      ['me { id }', 'text', "Can't resolve value (/me) : type mismatch error, expected type OBJECT"],
      ['list { count }', [{ count: 'x' }], "Can't serialize value (/list[0]/count) : "],
      [
        'thing { id }',
        { id: 1 },
        "Can't resolve '/thing'. Abstract type 'Thing' must resolve to an Object type",
      ],
    ];
    for (const [selection, value, message] of cases) {
      const { query, close } = await answering(selection.split(' ')[0] ?? '', () => value);
      const { errors } = await query(`{ ${selection} }`);
      expect(errors?.[0]?.message).toContain(message);
      await close();
    }
  });

  it('of an enumeration or a scalar of AppSync is checked', async () => {
    const { query } = await answering(
      'save',
      () => ({ kind: 'UGLY', at: 'then', tags: { a: 1 } }),
      'Mutation',
    );
    const { data, errors } = await query('mutation { save(input: {name: "a"}) { kind at tags } }');
    expect(data).toEqual({ save: { kind: null, at: null, tags: '{"a":1}' } });
    expect(errors?.map(({ message }) => message)).toEqual([
      "Can't serialize value (/save/kind) : Invalid input for Enum 'Kind'. Unknown value 'UGLY'",
      "Can't serialize value (/save/at) : Unable to serialize `then` as a valid DateTime Object.",
    ]);
  });

  it('of an interface is what its __typename says', async () => {
    const { query } = await answering('thing', () => ({ __typename: 'Car', id: 'c', wheels: 4 }));
    expect(await query('{ thing { __typename id ... on Car { wheels } ... on House { rooms } } }')).toEqual({
      data: { thing: { __typename: 'Car', id: 'c', wheels: 4 } },
    });
  });
});

describe('limits', () => {
  it('refuse a query that is too deep', async () => {
    const { query } = await start({ limits: { queryDepthLimit: 3 } });
    expect(await query('{ me { friend { name } } }')).toMatchObject({
      data: { me: { friend: { name: 'Bert' } } },
    });
    const tooDeep = 'Query depth limit exceeded: the query is 4 levels deep, the limit is 3.';
    expect(await query('{ me { friend { friend { id } } } }')).toMatchObject({
      data: null,
      errors: [{ message: tooDeep }],
    });
    expect(
      await query('{ me { ...f } } fragment f on User { friend { ... on User { friend { id } } } }'),
    ).toMatchObject({ errors: [{ message: tooDeep }] });
  });

  it('refuse more resolvers than allowed', async () => {
    const { query } = await start({ limits: { resolverCountLimit: 2 } });
    const { data, errors } = await query('{ a: me { id } b: me { id } c: me { id } }');
    expect(data).toEqual({ a: { id: 'u1' }, b: { id: 'u1' }, c: null });
    expect(errors).toMatchObject([{ path: ['c'], errorType: 'ResolverCountLimit' }]);
  });

  it('end a request that takes too long', async () => {
    const { query } = await start(
      { requestTimeoutMs: 50, resolvers: [resolverOf('Query', 'fail', 'slow')] },
      { slow: () => new Promise(() => {}) },
    );
    expect(await query('{ fail }')).toMatchObject({
      data: null,
      errors: [{ errorType: 'ExecutionTimeout', message: 'Execution timed out.' }],
    });
  });

  it('refuse an answer that is too large', async () => {
    const { query } = await answering('fail', () => 'x'.repeat(5 * 1024 * 1024));
    expect(await query('{ fail }')).toMatchObject({
      data: null,
      errors: [{ errorType: 'ResponseTooLarge' }],
    });
  });

  it('refuse a body that is too large', async () => {
    const { post } = await start();
    const response = await post(
      { query: '{me{id}}', variables: { x: 'x'.repeat(5 * 1024 * 1024) } },
      tokenOf('a'),
    );
    expect(response.status).toBe(413);
  });
});

describe('introspection', () => {
  it('tells the schema', async () => {
    const { query } = await start();
    expect(
      await query('{ __schema { queryType { name } } __type(name: "Kind") { enumValues { name } } }'),
    ).toEqual({
      data: {
        __schema: { queryType: { name: 'Query' } },
        __type: { enumValues: [{ name: 'GOOD' }, { name: 'BAD' }] },
      },
    });
  });

  it('is no longer valid when it is off, but __typename is', async () => {
    const { query } = await start({ introspection: 'DISABLED' });
    expect(await query('{ __schema { queryType { name } } }')).toMatchObject({
      data: null,
      errors: [
        { message: expect.stringContaining("FieldUndefined: Field '__schema' in type 'Query' is undefined") },
      ],
    });
    expect(await query('{ __typename }')).toEqual({ data: { __typename: 'Query' } });
  });
});

describe('an API', () => {
  it('is refused when a resolver has no field, no data source, or a twin', async () => {
    await expect(start({ resolvers: [resolverOf('Query', 'none', 'me')] })).rejects.toThrow(
      'There is a resolver for Query.none, but the schema has no such field.',
    );
    await expect(start({ resolvers: [resolverOf('Nothing', 'me', 'me')] })).rejects.toThrow(
      'The schema has no type Nothing.',
    );
    await expect(start({ resolvers: [resolverOf('Query', 'me', 'away')] })).rejects.toThrow(
      'The resolver of Query.me needs the data source away, which is not there.',
    );
    const twin = resolverOf('Query', 'me', 'me');
    await expect(start({ resolvers: [twin, twin] })).rejects.toThrow('There are two resolvers for Query.me.');
    await expect(
      start({ resolvers: [{ typeName: 'Query', fieldName: 'me', dataSourceName: 'none' }] }),
    ).rejects.toThrow('has no code, so its data source must be a Lambda function');
  });
});
