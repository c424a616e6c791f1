import * as v from 'valibot';
import { Refusal } from '../errors.ts';
import { checkInput, optional, text } from '../input.ts';
import { type Role, roles } from './actor.ts';
import { checkTeam } from './team.ts';

const username = v.pipe(
  text(64),
  v.regex(
    /^[A-Za-z0-9._-]+$/,
    (issue) => `${JSON.stringify(issue.input)} is no username: use letters, digits, ".", "_" and "-"`,
  ),
);

const email = v.pipe(
  text(254),
  v.email((issue) => `${issue.received} is not an e-mail address: write it as ada@example.com`),
);

const name = text(128);

const groups = v.pipe(
  v.array(v.picklist(roles, (issue) => `there is no group ${issue.received}; there are ${roles.join(', ')}`)),
  v.minLength(1, `a user needs at least one group of ${roles.join(', ')}`),
  v.transform((given) => [...new Set(given)]),
);

const teamNames = v.pipe(
  v.array(text(64)),
  v.transform((given) => [...new Set(given)]),
);

const invitation = v.object({ username, email, name: optional(name), groups, teams: optional(teamNames) });

const update = v.object({
  id: v.string(),
  name: optional(name),
  groups: v.optional(groups),
  teams: optional(teamNames),
});

/** A user to be. */
export interface Invitation {
  readonly username: string;
  readonly email: string;
  readonly name?: string;
  readonly groups: readonly Role[];
  readonly teams: readonly string[];
}

/** Changes to a user: what is left out stays, a name of null is taken away. */
export interface UserUpdate {
  readonly id: string;
  readonly name?: string | null;
  /** All groups from now on. */
  readonly groups?: readonly Role[];
  /** All teams from now on. */
  readonly teams?: readonly string[];
}

/**
 * @param teams of the firm
 * @throws Refusal `INPUT.INVALID`, `TEAM.NOT_FOUND`
 */
export function checkInvitation(input: unknown, teams: readonly string[]): Invitation {
  const { name, teams: given, ...rest } = checkInput(invitation, input);
  return { ...rest, ...(name ? { name } : {}), teams: knownTeams(given ?? [], teams) };
}

/**
 * @param teams of the firm
 * @throws Refusal `INPUT.INVALID`, `TEAM.NOT_FOUND`
 */
export function checkUserUpdate(input: unknown, teams: readonly string[]): UserUpdate {
  const { id, name, groups, teams: given } = checkInput(update, input);
  if (name === undefined && groups === undefined && given === undefined) {
    throw new Refusal('INPUT.INVALID', 'input: nothing is to be changed: give a name, groups or teams', {
      field: '',
    });
  }
  return {
    id,
    ...(name === undefined ? {} : { name }),
    ...(groups ? { groups } : {}),
    ...(given === undefined ? {} : { teams: knownTeams(given ?? [], teams) }),
  };
}

function knownTeams(given: readonly string[], teams: readonly string[]): readonly string[] {
  return given.map((team, place) => checkTeam(team, teams, `teams.${place}`));
}
