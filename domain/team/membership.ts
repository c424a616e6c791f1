import { actorOf, groupOfTeam, type Role } from './actor.ts';

/** What a user is to be from now on; what is left out stays. */
export interface Membership {
  readonly groups?: readonly Role[] | undefined;
  readonly teams?: readonly string[] | undefined;
}

/** Groups of the user pool to leave and to join. */
export interface Moves {
  readonly leave: readonly string[];
  readonly join: readonly string[];
}

/** What leads from the groups of the user pool to the wanted ones. Groups that are neither role nor team stay. */
export function movesTo(present: readonly string[], { groups, teams }: Membership): Moves {
  const { roles, teams: presentTeams } = actorOf('', '', present);
  const governed = [...(groups ? roles : []), ...(teams ? presentTeams.map(groupOfTeam) : [])];
  const wanted = poolGroupsOf({ groups, teams });
  return {
    leave: governed.filter((group) => !wanted.includes(group)),
    join: wanted.filter((group) => !present.includes(group)),
  };
}

/** Groups and teams as groups of the user pool. */
export function poolGroupsOf({ groups = [], teams = [] }: Membership): string[] {
  return [...groups, ...teams.map(groupOfTeam)];
}
