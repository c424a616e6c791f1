import { Refusal } from '../errors.ts';

/**
 * @param teams of the firm
 * @throws Refusal `TEAM.NOT_FOUND` with the teams that there are.
 */
export function checkTeam(team: string, teams: readonly string[], field = 'team'): string {
  if (teams.includes(team)) return team;
  throw new Refusal(
    'TEAM.NOT_FOUND',
    `${field}: there is no team ${JSON.stringify(team)}; there are ${teams.join(', ') || 'none'}`,
    { field, value: team },
  );
}
