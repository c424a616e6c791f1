import { expect, test } from 'vitest';
import { movesTo, poolGroupsOf } from './membership.ts';

const present = ['sales', 'service', 'team-north', 'choir'];

test.each([
  [{}, { leave: [], join: [] }],
  [{ groups: ['sales'] }, { leave: ['service'], join: [] }],
  [{ groups: ['admin'] }, { leave: ['sales', 'service'], join: ['admin'] }],
  [{ teams: ['south'] }, { leave: ['team-north'], join: ['team-south'] }],
  [{ teams: [] }, { leave: ['team-north'], join: [] }],
  [
    { groups: ['service'], teams: ['north', 'south'] },
    { leave: ['sales'], join: ['team-south'] },
  ],
] as const)('%j leads there and leaves alone what was not said', (wanted, moves) => {
  expect(movesTo(present, wanted)).toEqual(moves);
});

test('what was half done is completed by the same wish', () => {
  const wanted = { groups: ['admin'], teams: ['south'] } as const;

  expect(movesTo(['service', 'team-north', 'choir'], wanted)).toEqual({
    leave: ['service', 'team-north'],
    join: ['admin', 'team-south'],
  });
  expect(movesTo(['admin', 'team-south', 'choir'], wanted)).toEqual({ leave: [], join: [] });
});

test('teams are groups by their prefix', () => {
  expect(poolGroupsOf({ groups: ['sales'], teams: ['north'] })).toEqual(['sales', 'team-north']);
});
