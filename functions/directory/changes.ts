import {
  AdminAddUserToGroupCommand,
  AdminCreateUserCommand,
  AdminDisableUserCommand,
  AdminEnableUserCommand,
  AdminRemoveUserFromGroupCommand,
  AdminUpdateUserAttributesCommand,
  AdminUserGlobalSignOutCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import type { Moves } from '../../domain/team/membership.ts';
import type { Invitation } from '../../domain/team/user-input.ts';
import { client, isNamed, UserPoolId } from './client.ts';
import { type DirectoryUser, toUser } from './users.ts';

type Named = Pick<DirectoryUser, 'username'>;

const of = ({ username }: Named) => ({ UserPoolId, Username: username });

/**
 * Adds a user who is in no group and has not been told yet. The address counts as verified: an admin vouches for it, and
 * without that nobody could set a forgotten password anew.
 *
 * @returns which of the two another user has when it is taken
 */
export async function createUser({
  username,
  email,
  name,
}: Invitation): Promise<DirectoryUser | 'username' | 'email'> {
  const attributes = { email, email_verified: 'true', ...(name ? { name } : {}) };
  try {
    const { User = {} } = await client.send(
      new AdminCreateUserCommand({
        ...of({ username }),
        MessageAction: 'SUPPRESS',
        UserAttributes: Object.entries(attributes).map(([Name, Value]) => ({ Name, Value })),
      }),
    );
    return toUser(User);
  } catch (error) {
    if (isNamed(error, 'UsernameExistsException')) return 'username';
    if (isNamed(error, 'AliasExistsException')) return 'email';
    throw error;
  }
}

/** Mails an invited user a new temporary password. */
export async function sendInvitation(user: Named): Promise<void> {
  await client.send(
    new AdminCreateUserCommand({
      ...of(user),
      MessageAction: 'RESEND',
      DesiredDeliveryMediums: ['EMAIL'],
    }),
  );
}

/** Says what a user is called; null takes the name away. */
export async function renameUser(user: Named, name: string | null): Promise<void> {
  await client.send(
    new AdminUpdateUserAttributesCommand({
      ...of(user),
      UserAttributes: [{ Name: 'name', Value: name ?? '' }],
    }),
  );
}

/** Moves a user between groups. It leaves first: what is stopped halfway has too few rights, not too many. */
export async function moveUser(user: Named, { leave, join }: Moves): Promise<void> {
  for (const GroupName of leave)
    await client.send(new AdminRemoveUserFromGroupCommand({ ...of(user), GroupName }));
  for (const GroupName of join) await client.send(new AdminAddUserToGroupCommand({ ...of(user), GroupName }));
}

export async function setEnabled(user: Named, enabled: boolean): Promise<void> {
  await client.send(enabled ? new AdminEnableUserCommand(of(user)) : new AdminDisableUserCommand(of(user)));
}

/** Ends all sessions: tokens that were given are good until they end, within the hour, and are not renewed. */
export async function signOutEverywhere(user: Named): Promise<void> {
  await client.send(new AdminUserGlobalSignOutCommand(of(user)));
}
