import { expect, test } from 'vitest';
import { actorOf } from './actor.ts';

test('groups of the user pool are roles by their names and teams by their prefix; others mean nothing', () => {
  const actor = actorOf('usr_1', 'ada', [
    'team-north',
    'sales',
    'Admin',
    'choir',
    'team-north-east',
    'admin',
  ]);

  expect(actor).toEqual({
    id: 'usr_1',
    username: 'ada',
    roles: ['admin', 'sales'],
    teams: ['north', 'north-east'],
  });
});

test('a user without groups has no roles and no teams', () => {
  expect(actorOf('usr_1', 'ada', [])).toMatchObject({ roles: [], teams: [] });
});
