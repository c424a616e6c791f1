import { Refusal } from '../../../domain/errors.ts';
import { groupsOf } from '../../directory/groups.ts';
import { type DirectoryUser, membersOf } from '../../directory/users.ts';

/** A change that takes an admin away, and how it is taken back. */
export interface Loss {
  readonly act: () => Promise<void>;
  readonly undo: () => Promise<void>;
}

/**
 * Takes a user away from the admins unless that leaves nobody who can sign in as one. Cognito knows no conditions: the
 * others are looked for before and after, so that of two admins who remove each other at the same time both stay.
 *
 * @throws Refusal `USER.LAST_ADMIN`; nothing has changed then.
 */
export async function keepingAnAdmin(user: DirectoryUser, { act, undo }: Loss): Promise<void> {
  if (!canAdminister(user) || !(await groupsOf(user)).includes('admin')) return act();
  await demandOthers(user);
  await act();
  try {
    await demandOthers(user);
  } catch (error) {
    await undo();
    throw error;
  }
}

async function demandOthers({ id, username }: DirectoryUser): Promise<void> {
  const others = (await membersOf('admin')).filter((admin) => admin.id !== id && canAdminister(admin));
  if (others.length > 0) return;
  throw new Refusal(
    'USER.LAST_ADMIN',
    `${username} is the last admin who can sign in: make another user an admin first`,
    { userId: id },
  );
}

/** An invitation may never be answered. */
const canAdminister = ({ enabled, invited }: DirectoryUser) => enabled && !invited;
