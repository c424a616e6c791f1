import type { Actor, Role } from '../../domain/team/actor.ts';
import { createCognito } from '../../local/cognito/cognito.ts';
import type { PoolMail } from '../../local/cognito/invitations.ts';
import type { JsonService } from '../../local/gateway/json.ts';
import type { Store } from '../../local/store.ts';
import { user } from './domain.ts';

/** A user to put into the pool at once, past the API. */
export interface PoolUser {
  readonly username: string;
  readonly groups?: readonly Role[];
  readonly teams?: readonly string[];
  /** Has not signed in yet. */
  readonly invited?: boolean;
  readonly name?: string;
}

/** Stands between a call of Cognito and the pool; may throw before or after it runs. */
export type Interruption = (action: string, run: () => Promise<unknown>) => Promise<unknown>;

interface Described {
  readonly User: { readonly Attributes: readonly { readonly Name: string; readonly Value: string }[] };
}

/** The user pool of the demo firm, in the local Cognito, with a log of what is called. */
export function startDirectory(store: Store, place: { region: string; accountId: string }) {
  const mails: PoolMail[] = [];
  const calls: string[] = [];
  let interrupt: Interruption = (_action, run) => run();
  const cognito = createCognito({ store, place, deliver: (mail) => mails.push(mail) });
  const { id: poolId } = cognito.createUserPool('StaffUserPool', {
    AdminCreateUserConfig: { AllowAdminCreateUserOnly: true },
    UsernameConfiguration: { CaseSensitive: false },
    AliasAttributes: ['email'],
  });
  const roles = ['admin', 'sales', 'marketing', 'service', 'analyst', 'integration'];
  for (const GroupName of [...roles, 'team-north', 'team-south']) cognito.createGroup(poolId, { GroupName });
  const admin = (action: string, input: object) => cognito.call(action, { UserPoolId: poolId, ...input });
  const call: JsonService['call'] = (action, input) => {
    calls.push(action);
    return interrupt(action, () => cognito.call(action, input));
  };

  const service: JsonService = { name: 'cognito-idp', version: '1.1', isUnsigned: cognito.isUnsigned, call };

  return {
    poolId,
    service,
    /** Calls Cognito itself, past the functions. */
    admin,
    /** The mails since the last time it was asked. */
    takeMails: () => mails.splice(0),
    /** The calls of Cognito by the functions since the last time it was asked. */
    takeCalls: () => calls.splice(0),
    /** From now on calls of Cognito by the functions go through this. */
    interrupt: (how: Interruption) => {
      interrupt = how;
    },
    /** Adds a user, who can sign in unless invited only; the answer asks the API as that user. */
    async add({ username, groups = [], teams = [], invited = false, name }: PoolUser): Promise<Actor> {
      const attributes = {
        email: `${username}@demo.example`,
        email_verified: 'true',
        ...(name ? { name } : {}),
      };
      const { User } = (await admin('AdminCreateUser', {
        Username: username,
        MessageAction: 'SUPPRESS',
        UserAttributes: Object.entries(attributes).map(([Name, Value]) => ({ Name, Value })),
      })) as unknown as Described;
      const password = { Username: username, Password: 'Corr3ct!horse', Permanent: true };
      if (!invited) await admin('AdminSetUserPassword', password);
      for (const GroupName of [...groups, ...teams.map((team) => `team-${team}`)])
        await admin('AdminAddUserToGroup', { Username: username, GroupName });
      const sub = User.Attributes.find(({ Name }) => Name === 'sub')?.Value ?? '';
      return { ...user(username, groups, teams), id: `usr_${sub}` };
    },
    /** Removes all users. */
    async clear() {
      const { Users } = (await admin('ListUsers', {})) as { Users: { Username: string }[] };
      for (const { Username } of Users) await admin('AdminDeleteUser', { Username });
      mails.length = 0;
      calls.length = 0;
    },
  };
}
