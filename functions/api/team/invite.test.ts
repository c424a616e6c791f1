import { afterAll, beforeEach, expect, test } from 'vitest';
import { AwsError } from '../../../local/aws.ts';
import { startApi, users } from '../../../test/support/api.ts';
import type { UserView } from './view.ts';

const api = await startApi();
afterAll(() => api.aws.close());
const { directory } = api.aws;
beforeEach(() => {
  directory.interrupt((_action, run) => run());
  return directory.clear();
});

const ada = {
  username: 'ada',
  email: 'ada@demo.example',
  name: 'Ada Byron',
  groups: ['sales', 'service'],
  teams: ['south'],
};
const invite = (input: object = ada) => api.ask<UserView>(users.admin, 'Mutation.inviteUser', { input });
const refused = (input: object) => api.refusal(users.admin, 'Mutation.inviteUser', { input });
const groups = async () => {
  const { Groups } = (await directory.admin('AdminListGroupsForUser', { Username: 'ada' })) as {
    Groups: { GroupName: string }[];
  };
  return Groups.map(({ GroupName }) => GroupName);
};

test('a user is invited with rights and mailed a temporary password', async () => {
  const invited = await invite();

  expect(invited).toEqual({
    id: expect.stringMatching(/^usr_/),
    username: 'ada',
    email: 'ada@demo.example',
    name: 'Ada Byron',
    enabled: true,
    groups: ['sales', 'service'],
    teams: ['south'],
  });
  expect(await api.ask(users.analyst, 'Query.node', { id: invited.id })).toEqual({
    __typename: 'User',
    ...invited,
  });
  expect(directory.takeMails()).toEqual([
    expect.objectContaining({ to: 'ada@demo.example', text: expect.stringContaining('ada') }),
  ]);
});

test('the same invitation again is the same user, mailed again', async () => {
  const first = await invite();

  expect(await invite({ ...ada, email: 'Ada@Demo.example' })).toEqual(first);
  expect(directory.takeMails()).toHaveLength(2);
});

const steps = ['AdminCreateUser', 'AdminAddUserToGroup', 'AdminListGroupsForUser'];

test.each(steps.flatMap((action) => [0, 1].map((nth) => [action, nth] as const)))(
  'an invitation that was stopped after %s (%i) is completed by the same one',
  async (action, nth) => {
    let calls = 0;
    directory.interrupt(async (called, run) => {
      const answer = await run();
      if (called === action && calls++ === nth) throw new AwsError('Killed', 'The process was killed');
      return answer;
    });
    await api.call(users.admin, 'Mutation.inviteUser', { input: ada });
    directory.interrupt((_action, run) => run());

    expect(await invite()).toMatchObject({ groups: ['sales', 'service'], teams: ['south'] });
    expect(await groups()).toEqual(['sales', 'service', 'team-south']);
    expect(directory.takeMails().length).toBeGreaterThan(0);
  },
);

test.each([
  ['another address', { email: 'ada@other.example' }],
  ['another name', { name: 'Ada' }],
  ['fewer rights', { groups: ['sales'] }],
  ['other teams', { teams: ['north'] }],
])('an invitation of a username that is there, with %s, is refused', async (_, different) => {
  const { id } = await invite();
  directory.takeMails();

  expect(await refused({ ...ada, ...different })).toEqual({
    code: 'USER.EXISTS',
    message: 'username: there is a user ada already: choose another, or change that user',
    info: { field: 'username', value: 'ada', userId: id },
  });
  expect(directory.takeMails()).toEqual([]);
});

test('an invitation of somebody who has signed in is refused', async () => {
  await invite();
  await directory.admin('AdminSetUserPassword', {
    Username: 'ada',
    Password: 'Corr3ct!horse',
    Permanent: true,
  });

  expect(await refused(ada)).toMatchObject({ code: 'USER.EXISTS', info: { field: 'username' } });
});

test('an invitation to the address of another user is refused', async () => {
  await invite();

  expect(await refused({ ...ada, username: 'bea', email: 'ADA@demo.example' })).toEqual({
    code: 'USER.EXISTS',
    message: 'email: there is a user ADA@demo.example already: choose another, or change that user',
    info: { field: 'email', value: 'ADA@demo.example' },
  });
});

test.each([
  [{ groups: ['boss'] }, 'INPUT.INVALID', 'there are admin, sales'],
  [{ teams: ['west'] }, 'TEAM.NOT_FOUND', 'there are north, south'],
  [{ username: 'ada byron' }, 'INPUT.INVALID', 'is no username'],
])('an invitation with %j is refused before anything is done', async (wrong, code, message) => {
  const refusal = await refused({ ...ada, ...wrong });

  expect(refusal.code).toBe(code);
  expect(refusal.message).toContain(message);
  expect(directory.takeCalls()).toEqual([]);
});
