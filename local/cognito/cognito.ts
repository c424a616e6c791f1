import { createHash, generateKeyPairSync, randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { AwsError, type Caller, type Place } from '../aws.ts';
import type { Store } from '../store.ts';
import { changePassword, deleteUser, getUser, globalSignOut, revokeToken } from './account.ts';
import { administration } from './administration.ts';
import { openAttempts } from './attempts.ts';
import type { SignInContext } from './challenges.ts';
import { openCodes } from './codes.ts';
import { type DeployedUsers, openDeployedUsers } from './deployed-users.ts';
import { createEndpoint } from './http.ts';
import type { Input } from './input.ts';
import type { PoolMail } from './invitations.ts';
import { associateSoftwareToken, setUserMfaPreference, verifySoftwareToken } from './mfa.ts';
import type { ClientProperties, GroupProperties, Pool, UserPoolProperties } from './model.ts';
import {
  getUserAttributeVerificationCode,
  updateUserAttributes,
  verifyUserAttribute,
} from './own-attributes.ts';
import { confirmForgotPassword, forgotPassword } from './recovery.ts';
import { createRepository, type Repository } from './repository.ts';
import { getTokensFromRefreshToken, initiateAuth, respondToAuthChallenge } from './sign-in.ts';
import { confirmSignUp, resendConfirmationCode, signUp } from './sign-up.ts';
import { type Claims, createTokens, type Tokens } from './tokens.ts';
import { poolBy } from './users.ts';

export interface CognitoOptions {
  readonly store: Store;
  readonly place: Place;
  /** What the `iss` of tokens begins with; `https://cognito-idp.<region>.amazonaws.com` when left out, as on AWS. */
  readonly issuer?: string;
  /** Sends the mails of user pools, inside the `store.write` that makes the user; they are dropped when left out. */
  readonly deliver?: (mail: PoolMail) => void;
  readonly now?: () => number;
}

/** Cognito user pools on the shared store. */
export interface Cognito extends DeployedUsers {
  /**
   * Runs an action of `AWSCognitoIdentityProviderService`. The caller's signature and permissions are for the gateway to
   * check; `isUnsigned` tells which actions need none.
   * @throws {AwsError}
   */
  call(action: string, input: Record<string, unknown>, caller?: Caller): Promise<Record<string, unknown>>;
  /** Whether a client calls the action without AWS credentials. */
  isUnsigned(action: string): boolean;
  /**
   * Makes or updates what CloudFormation describes, under ids that follow from the account and the logical id, so that
   * they are the same after a restart. What the local cloud does not do is an error that names it.
   */
  createUserPool(logicalId: string, properties: UserPoolProperties): { id: string; arn: string };
  createClient(poolId: string, logicalId: string, properties: ClientProperties): { id: string };
  createGroup(poolId: string, properties: GroupProperties): void;
  /** The claims of an id or access token of one of the pools. @throws {AwsError} `NotAuthorizedException` */
  verify(token: string): Promise<Claims>;
  /** Serves the unsigned actions at `POST /` and the keys at `/<poolId>/.well-known/jwks.json`, to browsers too. */
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>;
}

type UnsignedAction = (context: SignInContext, input: Input) => Promise<Record<string, unknown>>;

const unsigned: Readonly<Record<string, UnsignedAction>> = {
  InitiateAuth: initiateAuth,
  RespondToAuthChallenge: respondToAuthChallenge,
  GetTokensFromRefreshToken: getTokensFromRefreshToken,
  GetUser: getUser,
  ChangePassword: changePassword,
  GlobalSignOut: globalSignOut,
  RevokeToken: revokeToken,
  DeleteUser: deleteUser,
  ForgotPassword: forgotPassword,
  ConfirmForgotPassword: confirmForgotPassword,
  UpdateUserAttributes: updateUserAttributes,
  GetUserAttributeVerificationCode: getUserAttributeVerificationCode,
  VerifyUserAttribute: verifyUserAttribute,
  AssociateSoftwareToken: associateSoftwareToken,
  VerifySoftwareToken: verifySoftwareToken,
  SetUserMFAPreference: setUserMfaPreference,
  SignUp: signUp,
  ConfirmSignUp: confirmSignUp,
  ResendConfirmationCode: resendConfirmationCode,
};

export function createCognito(options: CognitoOptions): Cognito {
  const { store, place } = options;
  const now = options.now ?? Date.now;
  const repository = createRepository(store);
  const issuer = options.issuer ?? `https://cognito-idp.${place.region}.amazonaws.com`;
  const tokens = createTokens(repository, issuer, now);
  const context: SignInContext = {
    repository,
    tokens,
    attempts: openAttempts(store, now),
    codes: openCodes(store, now),
    write: store.write,
    deliver: options.deliver ?? (() => {}),
    now,
  };

  const call: Cognito['call'] = async (action, input) => {
    const open = Object.hasOwn(unsigned, action) ? unsigned[action] : undefined;
    if (open) return open(context, input);
    const signed = Object.hasOwn(administration, action) ? administration[action] : undefined;
    if (signed) return store.write(() => signed(context, input));
    throw new AwsError('UnknownOperationException', `Cognito's ${action} does not run in the local cloud.`);
  };
  const isUnsigned = (action: string) => Object.hasOwn(unsigned, action);

  return {
    call,
    isUnsigned,
    createUserPool: (logicalId, properties) =>
      createUserPool(repository, place, now(), logicalId, properties),
    createClient: (poolId, logicalId, properties) =>
      createClient(repository, now(), poolId, logicalId, properties),
    ...openDeployedUsers(store, context),
    createGroup(poolId, properties) {
      poolBy(repository, poolId);
      const known = repository.group(poolId, properties.GroupName);
      repository.saveGroup({ ...properties, poolId, createdAt: known?.createdAt ?? now() });
    },
    verify: tokens.verify,
    handle: createEndpoint({
      call,
      isUnsigned,
      committed: store.committed,
      keysOf: (poolId) => keysOf(repository, tokens, poolId),
    }),
  };
}

function keysOf(repository: Repository, tokens: Tokens, poolId: string): unknown {
  const pool = repository.pool(poolId);
  return pool ? tokens.keys(pool) : undefined;
}

function createUserPool(
  repository: Repository,
  place: Place,
  now: number,
  logicalId: string,
  properties: UserPoolProperties,
): { id: string; arn: string } {
  if (!['OFF', 'OPTIONAL', undefined].includes(properties.MfaConfiguration)) {
    throw new Error(
      `MfaConfiguration ${properties.MfaConfiguration} of ${logicalId} does not run in the local cloud: use OFF or OPTIONAL.`,
    );
  }
  const triggers = Object.keys(properties.LambdaConfig ?? {});
  if (triggers.length > 0) {
    throw new Error(`The triggers ${triggers.join(', ')} of ${logicalId} do not run in the local cloud.`);
  }
  const { EmailMessage } = properties.AdminCreateUserConfig?.InviteMessageTemplate ?? {};
  if (EmailMessage !== undefined && !EmailMessage.includes('{####}')) {
    throw new Error(
      `The EmailMessage of the InviteMessageTemplate of ${logicalId} has no {####}, where the password goes: Cognito would send no invitation.`,
    );
  }
  const id = `${place.region}_${digest(`${place.accountId}/${logicalId}`, 9, '')}`;
  const arn = `arn:aws:cognito-idp:${place.region}:${place.accountId}:userpool/${id}`;
  const known = repository.pool(id);
  const pool: Pool = {
    id,
    arn,
    properties,
    key: known?.key ?? signingKey(),
    sealingKey: known?.sealingKey ?? randomBytes(32).toString('hex'),
    createdAt: known?.createdAt ?? now,
  };
  repository.savePool(pool);
  return { id, arn };
}

function createClient(
  repository: Repository,
  now: number,
  poolId: string,
  logicalId: string,
  properties: ClientProperties,
): { id: string } {
  poolBy(repository, poolId);
  if (properties.GenerateSecret) {
    throw new Error(
      `GenerateSecret of ${logicalId} does not run in the local cloud: the clients are browsers and apps, which keep no secret.`,
    );
  }
  const id = digest(`${poolId}/${logicalId}`, 26, 'lower');
  repository.saveClient({ id, poolId, properties, createdAt: repository.client(id)?.createdAt ?? now });
  return { id };
}

function signingKey(): Pool['key'] {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return { ...privateKey.export({ format: 'jwk' }), kid: randomBytes(32).toString('base64') };
}

function digest(name: string, length: number, letters: 'lower' | ''): string {
  const text = createHash('sha512').update(name).digest('base64').replace(/[+/=]/g, '');
  return (letters === 'lower' ? text.toLowerCase() : text).slice(0, length);
}
