import { describe, expect, it } from 'vitest';
import type { AuthMode } from './api.ts';
import { createAppSync } from './appsync.ts';
import { iam, optionsOf, userPools } from './fixture.ts';

describe('an operation of a service that has taken on a role', () => {
  const caller = {
    accessKeyId: '',
    arn: 'arn:aws:sts::123456789012:assumed-role/Calls/events',
    accountId: '1',
  };
  const schema = 'type Query { a(b: Int): String @aws_iam } schema { query: Query }';
  const request = { query: 'query Q($b: Int) { a(b: $b) }', variables: { b: 1 } };
  const bothModes = [userPools, iam] as const;
  const api = (authModes: readonly [AuthMode, ...AuthMode[]], more: object = {}) =>
    createAppSync(
      optionsOf(
        schema,
        { f: async (payload) => JSON.stringify(payload) },
        {
          authModes,
          resolvers: [{ typeName: 'Query', fieldName: 'a', dataSourceName: 'f' }],
          ...more,
        },
      ),
    );

  it('runs as if it were signed', async () => {
    const { data } = (await api(bothModes).run(request, caller)) as { data: { a: string } };
    expect(JSON.parse(data.a)).toMatchObject({ arguments: { b: 1 }, identity: { userArn: caller.arn } });
  });

  it('is refused where callers with AWS credentials are', async () => {
    await expect(api([userPools]).run(request, caller)).rejects.toMatchObject({ status: 401 });
  });

  it('ends when it takes too long', async () => {
    const slow = api(bothModes, { requestTimeoutMs: 5, invoke: () => new Promise(() => {}) });
    expect(await slow.run(request, caller)).toMatchObject({ errors: [{ errorType: 'ExecutionTimeout' }] });
  });
});
