import { expect, test } from 'vitest';
import { refusalOf } from '../../test/support/domain.ts';
import { checkTeam } from './team.ts';

test('a team of the firm is one', () => {
  expect(checkTeam('south', ['north', 'south'])).toBe('south');
});

test.each([
  [['north', 'south'], 'team: there is no team "west"; there are north, south'],
  [[], 'team: there is no team "west"; there are none'],
])('another is refused with those that there are: %j', (teams, message) => {
  expect(refusalOf(() => checkTeam('west', teams))).toMatchObject({
    code: 'TEAM.NOT_FOUND',
    message,
    info: { field: 'team', value: 'west' },
  });
});
