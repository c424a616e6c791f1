import { Refusal } from '../../../domain/errors.ts';
import { movesTo } from '../../../domain/team/membership.ts';
import { checkUserUpdate } from '../../../domain/team/user-input.ts';
import { moveUser, renameUser, setEnabled, signOutEverywhere } from '../../directory/changes.ts';
import { groupsOf } from '../../directory/groups.ts';
import { type DirectoryUser, findUser } from '../../directory/users.ts';
import { tenantConfig } from '../../runtime/tenant-config.ts';
import { keepingAnAdmin } from './last-admin.ts';
import { toUserView, type UserView } from './view.ts';

/**
 * Changes name, groups and teams to what is said. Each step looks at what is there and not at what was done, so that the
 * same call again completes one that was stopped; new rights count from the next sign-in on.
 */
export async function updateUser(input: unknown): Promise<UserView> {
  const { id, name, ...membership } = checkUserUpdate(input, tenantConfig.teams);
  const user = await knownUser(id);
  const moves = movesTo(await groupsOf(user), membership);
  const move = () => moveUser(user, moves);
  if (moves.leave.includes('admin')) {
    const undo = () => moveUser(user, { leave: moves.join, join: moves.leave });
    await keepingAnAdmin(user, { act: move, undo });
  } else await move();
  if (name !== undefined) await renameUser(user, name);
  if (membership.groups || membership.teams) await signOutEverywhere(user);
  return asItIs(id);
}

/** Ends a user's access. The sessions end also when the user was disabled before: that call may have been stopped. */
export async function disableUser(id: string): Promise<UserView> {
  const user = await knownUser(id);
  await keepingAnAdmin(user, {
    act: () => setEnabled(user, false),
    undo: () => setEnabled(user, true),
  });
  await signOutEverywhere(user);
  return asItIs(id);
}

export async function enableUser(id: string): Promise<UserView> {
  await setEnabled(await knownUser(id), true);
  return asItIs(id);
}

async function asItIs(id: string): Promise<UserView> {
  const user = await knownUser(id);
  return toUserView(user, await groupsOf(user));
}

async function knownUser(id: string): Promise<DirectoryUser> {
  const user = await findUser(id);
  if (user) return user;
  throw new Refusal('USER.NOT_FOUND', `id: there is no user ${JSON.stringify(id.slice(0, 80))}`, {
    field: 'id',
    value: id.slice(0, 200),
  });
}
