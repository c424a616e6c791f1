import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import type { Actor } from '../../../domain/team/actor.ts';
import { AwsError } from '../../../local/aws.ts';
import { startApi } from '../../../test/support/api.ts';
import type { UserView } from './view.ts';

const api = await startApi();
afterAll(() => api.aws.close());
const { directory } = api.aws;

let ann: Actor;
let bob: Actor;
let sue: Actor;
beforeEach(async () => {
  directory.interrupt((_action, run) => run());
  await directory.clear();
  ann = await directory.add({ username: 'ann', groups: ['admin'] });
  bob = await directory.add({ username: 'bob', groups: ['admin', 'sales'], teams: ['north'] });
  sue = await directory.add({ username: 'sue', groups: ['sales'], teams: ['south'], name: 'Sue' });
});

const ask = (field: string, input: object) => api.ask<UserView>(ann, `Mutation.${field}`, { input });
const refused = (field: string, input: object) => api.refusal(ann, `Mutation.${field}`, { input });
const state = (id: string) => api.ask<UserView>(ann, 'Query.node', { id });

/** From now on the nth call of an action is the last one: it runs, and its answer is lost. */
function killAfter(action: string, nth = 0): void {
  let calls = 0;
  let killed = false;
  directory.interrupt(async (called, run) => {
    if (killed) throw new AwsError('Killed', 'The process was killed');
    const answer = await run();
    killed = called === action && calls++ === nth;
    if (killed) throw new AwsError('Killed', 'The process was killed');
    return answer;
  });
}

describe('updateUser', () => {
  test('moves a user and gives other rights, and signs the user out', async () => {
    const changed = await ask('updateUser', { id: sue.id, groups: ['service', 'sales'], teams: ['north'] });

    expect(changed).toMatchObject({ username: 'sue', groups: ['sales', 'service'], teams: ['north'] });
    expect(await state(sue.id)).toEqual({ __typename: 'User', ...changed });
    expect(directory.takeCalls()).toContain('AdminUserGlobalSignOut');
  });

  test('changes a name alone, or takes it away, and lets the user work on', async () => {
    expect(await ask('updateUser', { id: sue.id, name: 'Sue South' })).toMatchObject({
      name: 'Sue South',
      groups: ['sales'],
      teams: ['south'],
    });
    expect(await ask('updateUser', { id: sue.id, name: null })).not.toHaveProperty('name');
    expect(directory.takeCalls()).not.toContain('AdminUserGlobalSignOut');
  });

  test('leaves alone groups that mean nothing here', async () => {
    await directory.admin('CreateGroup', { GroupName: `choir-${sue.id}` });
    await directory.admin('AdminAddUserToGroup', { Username: 'sue', GroupName: `choir-${sue.id}` });
    await ask('updateUser', { id: sue.id, groups: ['service'], teams: [] });

    expect(await directory.admin('AdminListGroupsForUser', { Username: 'sue' })).toMatchObject({
      Groups: [{ GroupName: `choir-${sue.id}` }, { GroupName: 'service' }],
    });
  });

  test.each([
    ['AdminRemoveUserFromGroup', 0],
    ['AdminRemoveUserFromGroup', 1],
    ['AdminAddUserToGroup', 0],
    ['AdminAddUserToGroup', 1],
    ['AdminUpdateUserAttributes', 0],
    ['AdminUserGlobalSignOut', 0],
  ] as const)('that was stopped after %s (%i) is completed by the same call', async (action, nth) => {
    const input = { id: sue.id, name: 'Sue North', groups: ['service'], teams: ['north'] };
    killAfter(action, nth);
    expect((await refused('updateUser', input)).code).toBe('INTERNAL');
    directory.interrupt((_action, run) => run());
    directory.takeCalls();

    expect(await ask('updateUser', input)).toMatchObject({
      name: 'Sue North',
      groups: ['service'],
      teams: ['north'],
    });
    expect(directory.takeCalls()).toContain('AdminUserGlobalSignOut');
  });

  test('of an admin to something else is fine while another one is left', async () => {
    expect(await ask('updateUser', { id: ann.id, groups: ['analyst'] })).toMatchObject({
      groups: ['analyst'],
    });
  });

  test('of the last admin who can sign in is refused, and changes nothing', async () => {
    await directory.admin('AdminDisableUser', { Username: 'bob' });
    await directory.add({ username: 'eve', groups: ['admin'], invited: true });
    const before = await state(ann.id);

    expect(await refused('updateUser', { id: ann.id, groups: ['analyst'], name: 'Ann' })).toEqual({
      code: 'USER.LAST_ADMIN',
      message: 'ann is the last admin who can sign in: make another user an admin first',
      info: { userId: ann.id },
    });
    expect(await state(ann.id)).toEqual(before);
    expect(await ask('updateUser', { id: ann.id, groups: ['admin', 'sales'] })).toMatchObject({
      groups: ['admin', 'sales'],
    });
  });

  test.each([
    [{ id: 'usr_00000000-0000-0000-0000-000000000000', groups: ['sales'] }, 'USER.NOT_FOUND'],
    [{ id: 'nonsense', groups: ['sales'] }, 'USER.NOT_FOUND'],
    [{ id: 'usr_1" or "', groups: ['sales'] }, 'USER.NOT_FOUND'],
    [{ id: 'usr_1', groups: ['boss'] }, 'INPUT.INVALID'],
    [{ id: 'usr_1', teams: ['west'] }, 'TEAM.NOT_FOUND'],
    [{ id: 'usr_1' }, 'INPUT.INVALID'],
  ])('with %j is refused', async (input, code) => {
    expect(await refused('updateUser', input)).toMatchObject({ code });
  });
});

test('two admins who remove each other at the same time leave one at least', async () => {
  const change = (by: Actor, of: Actor) => api.call(by, 'Mutation.disableUser', { input: { id: of.id } });
  await Promise.all([change(ann, bob), change(bob, ann)]);

  const states = await Promise.all([state(ann.id), state(bob.id)]);
  expect(states.some(({ enabled }) => enabled)).toBe(true);
});

describe('disableUser', () => {
  test('ends access and sessions; enableUser gives access again', async () => {
    expect(await ask('disableUser', { id: sue.id })).toMatchObject({ enabled: false, groups: ['sales'] });
    expect(directory.takeCalls()).toContain('AdminUserGlobalSignOut');
    expect(await ask('disableUser', { id: sue.id })).toMatchObject({ enabled: false });
    expect(await ask('enableUser', { id: sue.id })).toMatchObject({ enabled: true });
    expect(await ask('enableUser', { id: sue.id })).toMatchObject({ enabled: true });
  });

  test('that was stopped before the sessions ended is completed by the same call', async () => {
    killAfter('AdminDisableUser');
    await refused('disableUser', { id: bob.id });
    directory.interrupt((_action, run) => run());
    directory.takeCalls();
    await ask('disableUser', { id: bob.id });

    expect(directory.takeCalls()).toContain('AdminUserGlobalSignOut');
  });

  test('of the last admin who can sign in is refused', async () => {
    await ask('disableUser', { id: bob.id });

    expect(await refused('disableUser', { id: ann.id })).toMatchObject({ code: 'USER.LAST_ADMIN' });
    expect(await state(ann.id)).toMatchObject({ enabled: true });
  });

  test.each(['disableUser', 'enableUser'])('%s of nobody is refused', async (field) => {
    expect(await refused(field, { id: 'usr_none' })).toEqual({
      code: 'USER.NOT_FOUND',
      message: 'id: there is no user "usr_none"',
      info: { field: 'id', value: 'usr_none' },
    });
  });
});
