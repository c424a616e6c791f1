import { openStore, type Store } from '../store.ts';
import { type Cognito, createCognito } from './cognito.ts';
import type { PoolMail } from './invitations.ts';
import type { ClientProperties, UserPoolProperties } from './model.ts';

/** What tests of this folder share: a pool like that of the stack, with one user, and a clock of their own. */
export interface TestPool {
  readonly cognito: Cognito;
  readonly store: Store;
  readonly poolId: string;
  readonly clientId: string;
  readonly mails: readonly PoolMail[];
  /** Lets time pass. */
  later(milliseconds: number): void;
  now(): number;
  admin(action: string, input?: Record<string, unknown>): Promise<Record<string, unknown>>;
  /** Calls an unsigned action as the client. */
  client(action: string, input: Record<string, unknown>): Promise<Record<string, unknown>>;
  /** What a sign-in with the password is answered. */
  signIn(password?: string, username?: string): Promise<Record<string, unknown>>;
}

export const password = 'Corr3ct!horse';
export const place = { region: 'eu-west-1', accountId: '123456789012' };

/** Opens the pool, whose user `anna` has the verified address `anna@example.com`. */
export async function openPool(
  properties: UserPoolProperties = {},
  clientProperties: ClientProperties = {},
): Promise<TestPool> {
  let time = Date.now();
  const store = openStore();
  const mails: PoolMail[] = [];
  const cognito = createCognito({ store, place, now: () => time, deliver: (mail) => mails.push(mail) });
  const poolId = cognito.createUserPool('Users', {
    AdminCreateUserConfig: { AllowAdminCreateUserOnly: true },
    AliasAttributes: ['email'],
    AutoVerifiedAttributes: ['email'],
    MfaConfiguration: 'OPTIONAL',
    EnabledMfas: ['SOFTWARE_TOKEN_MFA'],
    ...properties,
  }).id;
  const clientId = cognito.createClient(poolId, 'Client', {
    ExplicitAuthFlows: ['ALLOW_USER_SRP_AUTH', 'ALLOW_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
    PreventUserExistenceErrors: 'ENABLED',
    ...clientProperties,
  }).id;
  const admin: TestPool['admin'] = (action, input = {}) =>
    cognito.call(action, { UserPoolId: poolId, Username: 'anna', ...input });
  await admin('AdminCreateUser', {
    MessageAction: 'SUPPRESS',
    UserAttributes: [
      { Name: 'email', Value: 'anna@example.com' },
      { Name: 'email_verified', Value: 'true' },
    ],
  });
  await admin('AdminSetUserPassword', { Password: password, Permanent: true });
  const client: TestPool['client'] = (action, input) =>
    cognito.call(action, { ClientId: clientId, ...input });
  return {
    cognito,
    store,
    poolId,
    clientId,
    mails,
    later: (milliseconds) => {
      time += milliseconds;
    },
    now: () => time,
    admin,
    client,
    signIn: (PASSWORD = password, USERNAME = 'anna') =>
      client('InitiateAuth', { AuthFlow: 'USER_PASSWORD_AUTH', AuthParameters: { USERNAME, PASSWORD } }),
  };
}

/** The access token of a sign-in that went through. */
export function accessTokenOf(answer: Record<string, unknown>): string {
  return (answer.AuthenticationResult as { AccessToken: string }).AccessToken;
}

/** The code of six digits in the latest mail. */
export function codeIn(mails: readonly PoolMail[]): string {
  return /\b\d{6}\b/.exec(mails.at(-1)?.text ?? '')?.[0] ?? 'no code';
}
