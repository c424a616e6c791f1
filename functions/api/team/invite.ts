import { Refusal } from '../../../domain/errors.ts';
import { movesTo, poolGroupsOf } from '../../../domain/team/membership.ts';
import { checkInvitation, type Invitation } from '../../../domain/team/user-input.ts';
import { createUser, moveUser, sendInvitation } from '../../directory/changes.ts';
import { groupsOf } from '../../directory/groups.ts';
import { type DirectoryUser, userNamed } from '../../directory/users.ts';
import { tenantConfig } from '../../runtime/tenant-config.ts';
import { toUserView, type UserView } from './view.ts';

/**
 * Adds a user, gives the rights, and mails last: who was told can do the work. The same invitation again goes on where
 * the first one stopped, and mails once more, for as long as nobody has signed in.
 */
export async function inviteUser(input: unknown): Promise<UserView> {
  const invitation = checkInvitation(input, tenantConfig.teams);
  const user = await userToInvite(invitation);
  await moveUser(user, movesTo(await groupsOf(user), invitation));
  await sendInvitation(user);
  return toUserView(user, poolGroupsOf(invitation));
}

async function userToInvite(invitation: Invitation): Promise<DirectoryUser> {
  const created = await createUser(invitation);
  if (typeof created === 'object') return created;
  const known = await userNamed(invitation.username);
  if (known && (await isOf(invitation, known))) return known;
  const field = known ? 'username' : created;
  const value = invitation[field];
  throw new Refusal(
    'USER.EXISTS',
    `${field}: there is a user ${value} already: choose another, or change that user`,
    { field, value, ...(known ? { userId: known.id } : {}) },
  );
}

/** Whether a user came of this same invitation and has not answered it. */
async function isOf({ email, name, ...wanted }: Invitation, user: DirectoryUser): Promise<boolean> {
  if (!user.invited || !user.enabled || user.name !== name) return false;
  if (user.email?.toLowerCase() !== email.toLowerCase()) return false;
  const groups = poolGroupsOf(wanted);
  return (await groupsOf(user)).every((group) => groups.includes(group));
}
