/** What a user may do, as groups of the user pool. */
export const roles = ['admin', 'sales', 'marketing', 'service', 'analyst', 'integration'] as const;
export type Role = (typeof roles)[number];

/** Who asks: a signed-in user, or a function of the stack itself. */
export interface Actor {
  /** `usr_` and the subject of the user pool; `fn_` and its name for a function. */
  readonly id: string;
  readonly username: string;
  readonly roles: readonly Role[];
  /** Names of the teams the user works in. */
  readonly teams: readonly string[];
}

const teamPrefix = 'team-';

/** The actor behind the groups of a token: role groups by their names, teams as `team-<name>`; others mean nothing. */
export function actorOf(id: string, username: string, groups: readonly string[]): Actor {
  return {
    id,
    username,
    roles: roles.filter((role) => groups.includes(role)),
    teams: groups
      .filter((group) => group.startsWith(teamPrefix))
      .map((group) => group.slice(teamPrefix.length)),
  };
}

/** The group of the user pool whose members work in a team. */
export const groupOfTeam = (team: string): string => `${teamPrefix}${team}`;
