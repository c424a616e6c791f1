import { expect, test } from 'vitest';
import { refusalOf } from '../../test/support/domain.ts';
import { checkInvitation, checkUserUpdate } from './user-input.ts';

const teams = ['north', 'south'];
const ada = { username: 'ada.b', email: 'Ada@Example.com', groups: ['sales'] };

test('an invitation is taken with what it needs and with all there is', () => {
  expect(checkInvitation(ada, teams)).toEqual({ ...ada, teams: [] });
  expect(
    checkInvitation({ ...ada, name: ' Ada ', groups: ['sales', 'sales'], teams: ['south', 'south'] }, teams),
  ).toEqual({ ...ada, name: 'Ada', teams: ['south'] });
});

test('an update holds only what was said', () => {
  expect(checkUserUpdate({ id: 'usr_1', groups: ['admin'] }, teams)).toEqual({
    id: 'usr_1',
    groups: ['admin'],
  });
  expect(checkUserUpdate({ id: 'usr_1', name: null, teams: null }, teams)).toEqual({
    id: 'usr_1',
    name: null,
    teams: [],
  });
});

test.each([
  [{ username: 'ada@home' }, 'username', 'username: "ada@home" is no username'],
  [{ username: '' }, 'username', 'username: must not be empty'],
  [{ username: 'a'.repeat(65) }, 'username', 'at most 64'],
  [{ email: 'ada' }, 'email', 'is not an e-mail address: write it as ada@example.com'],
  [{ name: ' ' }, 'name', 'must not be empty'],
  [{ groups: [] }, 'groups', 'at least one group of admin, sales'],
  [
    { groups: ['sales', 'boss'] },
    'groups.1',
    'there is no group "boss"; there are admin, sales, marketing, service, analyst, integration',
  ],
])('an invitation with %j is refused', (wrong, field, message) => {
  const refusal = refusalOf(() => checkInvitation({ ...ada, ...wrong }, teams));

  expect(refusal).toMatchObject({ code: 'INPUT.INVALID', info: { field } });
  expect(refusal.message).toContain(message);
});

test('a team that the firm does not have is refused with those it has', () => {
  const refusal = {
    code: 'TEAM.NOT_FOUND',
    message: 'teams.1: there is no team "west"; there are north, south',
    info: { field: 'teams.1', value: 'west' },
  };

  expect(refusalOf(() => checkInvitation({ ...ada, teams: ['north', 'west'] }, teams))).toEqual(refusal);
  expect(refusalOf(() => checkUserUpdate({ id: 'usr_1', teams: ['north', 'west'] }, teams))).toEqual(refusal);
});

test('an update that leaves nobody any right, or changes nothing, is refused', () => {
  expect(refusalOf(() => checkUserUpdate({ id: 'usr_1', groups: [] }, teams))).toMatchObject({
    code: 'INPUT.INVALID',
    info: { field: 'groups' },
  });
  expect(refusalOf(() => checkUserUpdate({ id: 'usr_1', groups: null }, teams)).code).toBe('INPUT.INVALID');
  expect(refusalOf(() => checkUserUpdate({ id: 'usr_1' }, teams)).message).toBe(
    'input: nothing is to be changed: give a name, groups or teams',
  );
});
