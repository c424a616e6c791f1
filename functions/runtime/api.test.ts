import type { Context } from 'aws-lambda';
import { describe, expect, test, vi } from 'vitest';
import { Refusal } from '../../domain/errors.ts';

vi.stubEnv('POWERTOOLS_LOG_LEVEL', 'SILENT');
const { apiHandler } = await import('./api.ts');

type Request = Parameters<Parameters<typeof apiHandler>[0][string]>[0];

const requests: Request[] = [];
const handler = apiHandler(
  {
    'Query.echo': async (request) => {
      requests.push(request);
      return 'answer';
    },
    'Query.nothing': async () => undefined,
    'Query.refused': async () => {
      throw new Refusal('INPUT.INVALID', 'name: must not be empty', { field: 'name', value: '' });
    },
    'Query.broken': async () => {
      throw new Error('SELECT secret FROM customers WHERE name = "Ada Byron"');
    },
    'Query.thrown': async () => Promise.reject('a text of Ada Byron'),
  },
  { 'Subscription.followed': async () => ({ filterGroup: [] }) },
);

const identity = { sub: '1', username: 'ada', groups: ['sales', 'team-north'] };

function call(field: string, changes: object = {}) {
  const [parentTypeName = '', fieldName = ''] = field.split('.');
  const info = { parentTypeName, fieldName, selectionSetList: ['nodes', 'nodes/body'] };
  const event = { arguments: { id: '7' }, identity, source: { id: 'parent' }, info, ...changes };
  return handler(event as never, { awsRequestId: 'req_9' } as Context);
}

describe('apiHandler', () => {
  test('hands over arguments, parent, caller and selection', async () => {
    expect(await call('Query.echo')).toEqual({ ok: true, value: 'answer' });

    const request = requests.at(-1);
    expect(request).toMatchObject({ args: { id: '7' }, source: { id: 'parent' } });
    expect(request?.actor).toEqual({ id: 'usr_1', username: 'ada', roles: ['sales'], teams: ['north'] });
    const fields = { nodes: { body: true }, edges: true } as const;
    const selects = (path: string) => request?.selects(path, fields);
    expect([selects('nodes/body'), selects('edges')]).toEqual([true, false]);
  });

  test('stamps changes with the caller, the field, and one moment a request', async () => {
    await call('Query.echo');
    const request = requests.at(-1);

    const [first, second] = [request?.cause(), request?.cause()];

    expect(first).toEqual({
      id: expect.stringMatching(/^[0-9A-Z]{26}$/),
      at: request?.now,
      actor: 'usr_1',
      reason: 'Query.echo',
      correlationId: 'req_9',
    });
    expect(second?.id).not.toBe(first?.id);
  });

  test('answers null for nothing', async () => {
    expect(await call('Query.nothing')).toEqual({ ok: true, value: null });
  });

  test('gives a subscription its filter', async () => {
    expect(await call('Subscription.followed')).toEqual({
      ok: true,
      value: null,
      subscriptionFilter: { filterGroup: [] },
    });
  });

  test('answers a refusal with its code, message and info', async () => {
    expect(await call('Query.refused')).toEqual({
      ok: false,
      error: {
        code: 'INPUT.INVALID',
        message: 'name: must not be empty',
        info: { field: 'name', value: '' },
      },
    });
  });

  test.each(['Query.broken', 'Query.thrown', 'Query.unknown'])(
    'answers %s with INTERNAL and a correlation id, never with its text',
    async (field) => {
      const envelope = await call(field);

      expect(envelope).toEqual({
        ok: false,
        error: {
          code: 'INTERNAL',
          message: 'Something went wrong on our side: try again, and report req_9 if it stays',
          info: { correlationId: 'req_9' },
        },
      });
    },
  );

  test.each([null, { userArn: 'arn:aws:sts::1:assumed-role/x/y', accountId: '1' }])(
    'refuses %j, which is no user of the pool',
    async (someone) => {
      expect(await call('Query.echo', { identity: someone })).toMatchObject({
        ok: false,
        error: { code: 'ACCESS.DENIED' },
      });
    },
  );

  test.each([null, [], ['team-north'], ['Admin']])(
    'refuses a user whose groups are %j and no role',
    async (groups) => {
      expect(await call('Query.echo', { identity: { ...identity, groups } })).toMatchObject({
        ok: false,
        error: { code: 'ACCESS.DENIED', message: expect.stringContaining('is in no group') },
      });
    },
  );
});
