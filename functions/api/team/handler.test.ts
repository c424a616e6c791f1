import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import type { Actor } from '../../../domain/team/actor.ts';
import { type Page, pagesOf, startApi, users } from '../../../test/support/api.ts';
import { user } from '../../../test/support/domain.ts';
import type { UserView } from './view.ts';

const api = await startApi();
afterAll(() => api.aws.close());
const { directory } = api.aws;
beforeEach(() => directory.clear());

const list = (args: object = {}, who: Actor = users.analyst, selects = ['nodes/groups']) =>
  api.ask<Page<UserView>>(who, 'Query.users', args, { selects });

describe('me', () => {
  test('is who asks, with roles and teams apart', async () => {
    const ada = user('ada', ['sales', 'service'], ['north', 'south']);

    expect(await api.ask(ada, 'Query.me', {})).toEqual({
      id: 'usr_ada',
      username: 'ada',
      groups: ['sales', 'service'],
      teams: ['north', 'south'],
    });
    expect(api.aws.takeConsumed()).toEqual([]);
    expect(directory.takeCalls()).toEqual([]);
  });

  test('has address and name where the token says them', async () => {
    const claims = { email: 'ada@demo.example', name: 'Ada', 'cognito:username': 'ada' };

    expect(await api.ask(users.nora, 'Query.me', {}, { claims })).toMatchObject({
      id: 'usr_nora',
      email: 'ada@demo.example',
      name: 'Ada',
    });
  });
});

test('the teams are those of the tenant', async () => {
  expect(await api.ask(users.analyst, 'Query.teams', {})).toEqual([{ name: 'north' }, { name: 'south' }]);
});

describe('users', () => {
  test('are listed with their groups and teams', async () => {
    const nora = await directory.add({
      username: 'nora',
      groups: ['sales'],
      teams: ['north'],
      name: 'Nora North',
    });
    await directory.admin('AdminDisableUser', { Username: 'nora' });

    expect((await list()).nodes).toEqual([
      {
        id: nora.id,
        username: 'nora',
        email: 'nora@demo.example',
        name: 'Nora North',
        enabled: false,
        groups: ['sales'],
        teams: ['north'],
      },
    ]);
  });

  test('are read without their groups when nobody asks for these', async () => {
    await directory.add({ username: 'nora', groups: ['sales'] });
    await list({}, users.analyst, ['nodes/id', 'edges/node/name', 'edges/cursor']);

    expect(directory.takeCalls()).toEqual(['ListUsers']);
  });

  test('of one team are its members', async () => {
    await directory.add({ username: 'nora', teams: ['north'] });
    await directory.add({ username: 'sue', teams: ['south'] });

    expect((await list({ team: 'south' })).nodes.map(({ username }) => username)).toEqual(['sue']);
    expect(await api.refusal(users.admin, 'Query.users', { team: 'west' })).toEqual({
      code: 'TEAM.NOT_FOUND',
      message: 'team: there is no team "west"; there are north, south',
      info: { field: 'team', value: 'west' },
    });
  });

  test('come in pages across those of Cognito, each once, from any cursor on', async () => {
    const names = Array.from({ length: 130 }, (_, place) => `u${String(place).padStart(3, '0')}`);
    for (const username of names) await directory.add({ username, teams: ['north'], invited: true });

    for (const scope of [{}, { team: 'north' }]) {
      const all = await pagesOf((after) => list({ ...scope, first: 50, after }, users.analyst, []));
      expect(all.map(({ username }) => username)).toEqual(names);
      const { edges } = await list({ ...scope, first: 100 }, users.analyst, []);
      for (const place of [0, 58, 59, 60, 99]) {
        const after = edges[place]?.cursor;
        const [next] = (await list({ ...scope, first: 1, after }, users.analyst, [])).nodes;
        expect(next?.username).toBe(names[place + 1]);
      }
    }
  });

  test.each([
    ['no cursor', 'nonsense'],
    ['a cursor that says nothing', Buffer.from('["users","x"]').toString('base64url')],
  ])('after %s are refused', async (_, after) => {
    expect(await api.refusal(users.admin, 'Query.users', { after })).toMatchObject({
      code: 'CURSOR.INVALID',
    });
  });

  test('of a team do not go on from a cursor of all', async () => {
    for (const username of ['ann', 'bob']) await directory.add({ username, teams: ['north'] });
    const after = (await list({ first: 1 })).pageInfo.endCursor;

    expect(await api.refusal(users.admin, 'Query.users', { team: 'north', after })).toMatchObject({
      code: 'CURSOR.INVALID',
    });
  });

  test('by more than 100 are refused', async () => {
    expect(await api.refusal(users.admin, 'Query.users', { first: 101 })).toMatchObject({
      code: 'INPUT.INVALID',
      info: { field: 'first', value: 101 },
    });
  });
});

test.each(['inviteUser', 'updateUser', 'disableUser', 'enableUser'])(
  '%s is for admins only',
  async (field) => {
    for (const who of [users.nora, users.analyst, users.importer]) {
      expect(await api.refusal(who, `Mutation.${field}`, { input: { id: 'usr_1' } })).toEqual({
        code: 'ACCESS.DENIED',
        message: `${who.username} may not manage users: ask an admin`,
        info: {},
      });
    }
    const stranger = await api.refusal(user('none', []), `Mutation.${field}`, { input: { id: 'usr_1' } });
    expect(stranger).toMatchObject({
      code: 'ACCESS.DENIED',
      message: 'none is in no group: ask an admin for one',
    });
    expect(directory.takeCalls()).toEqual([]);
  },
);
