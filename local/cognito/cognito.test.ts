import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Amplify } from 'aws-amplify';
import {
  confirmSignIn,
  fetchAuthSession,
  getCurrentUser,
  signIn,
  signOut,
  updatePassword,
} from 'aws-amplify/auth';
import { ConsoleLogger } from 'aws-amplify/utils';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { AwsError } from '../aws.ts';
import { openStore, type Store } from '../store.ts';
import { type Cognito, createCognito } from './cognito.ts';
import type { PoolMail } from './invitations.ts';
import type { ClientProperties } from './model.ts';

const place = { region: 'eu-west-1', accountId: '123456789012' };
const password = 'Corr3ct!horse';
const mails: PoolMail[] = [];
let time = Date.now();
let store: Store;
let cognito: Cognito;
let poolId: string;
let clientId: string;
let server: Server;
let endpoint: string;

beforeAll(async () => {
  ConsoleLogger.LOG_LEVEL = 'ERROR';
  server = createServer((request, response) => void cognito.handle(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
});

afterAll(() => server.close());

beforeEach(async () => {
  time = Date.now();
  mails.length = 0;
  store = openStore();
  cognito = open(store);
  poolId = cognito.createUserPool('Users', {
    UserPoolName: 'users',
    AdminCreateUserConfig: { AllowAdminCreateUserOnly: true },
    UsernameConfiguration: { CaseSensitive: false },
    AliasAttributes: ['email'],
  }).id;
  clientId = client({ PreventUserExistenceErrors: 'ENABLED', AccessTokenValidity: 60, IdTokenValidity: 60 });
  for (const [GroupName, Precedence] of [
    ['sales', 2],
    ['admin', 1],
  ] as const) {
    cognito.createGroup(poolId, { GroupName, Precedence });
  }
  await cognito.call('AdminCreateUser', {
    UserPoolId: poolId,
    Username: 'anna',
    MessageAction: 'SUPPRESS',
    UserAttributes: [
      { Name: 'email', Value: 'anna@example.com' },
      { Name: 'email_verified', Value: 'true' },
    ],
  });
  await setPassword(password);
  Amplify.configure({
    Auth: {
      Cognito: { userPoolId: poolId, userPoolClientId: clientId, userPoolEndpoint: endpoint },
    },
  });
});

afterEach(async () => {
  await signOut();
  store.close();
});

function open(on: Store): Cognito {
  return createCognito({ store: on, place, now: () => time, deliver: (mail) => mails.push(mail) });
}

function client(properties: ClientProperties): string {
  return cognito.createClient(poolId, 'Client', {
    TokenValidityUnits: { AccessToken: 'minutes', IdToken: 'minutes', RefreshToken: 'days' },
    ...properties,
  }).id;
}

function setPassword(Password: string, Permanent = true) {
  return cognito.call('AdminSetUserPassword', { UserPoolId: poolId, Username: 'anna', Password, Permanent });
}

function admin(action: string, input: Record<string, unknown> = {}) {
  return cognito.call(action, { UserPoolId: poolId, Username: 'anna', ...input });
}

async function refusal(promise: Promise<unknown>): Promise<[string, string]> {
  const error = (await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  )) as AwsError | undefined;
  if (!error) throw new Error('it was not refused');
  return [error.name, error.message];
}

async function tokensOf() {
  await signIn({ username: 'anna', password });
  const { tokens } = await fetchAuthSession();
  if (!tokens?.idToken) throw new Error('no tokens');
  return { access: tokens.accessToken, id: tokens.idToken };
}

describe('signing in with Amplify', () => {
  it('gives tokens with the claims that Cognito puts in', async () => {
    await admin('AdminAddUserToGroup', { GroupName: 'sales' });
    await admin('AdminAddUserToGroup', { GroupName: 'admin' });
    const { access, id } = await tokensOf();

    const issuer = `https://cognito-idp.eu-west-1.amazonaws.com/${poolId}`;
    expect(access.payload).toMatchObject({
      iss: issuer,
      client_id: clientId,
      token_use: 'access',
      scope: 'aws.cognito.signin.user.admin',
      username: 'anna',
      'cognito:groups': ['admin', 'sales'],
      jti: expect.any(String),
      origin_jti: expect.any(String),
      event_id: expect.any(String),
    });
    expect(id.payload).toMatchObject({
      iss: issuer,
      aud: clientId,
      token_use: 'id',
      sub: access.payload.sub,
      'cognito:username': 'anna',
      email: 'anna@example.com',
      email_verified: true,
      origin_jti: access.payload.origin_jti,
    });
    expect(Number(access.payload.exp) - Number(access.payload.iat)).toBe(3600);
    expect((await getCurrentUser()).userId).toBe(access.payload.sub);
  });

  it('works with the e-mail address as alias, in any case', async () => {
    const result = await signIn({ username: 'Anna@Example.com', password });
    expect(result.isSignedIn).toBe(true);
    expect((await getCurrentUser()).username).toBe('anna');
  });

  it('is refused with a wrong password', async () => {
    expect(await refusal(signIn({ username: 'anna', password: 'Wr0ng!horse' }))).toEqual([
      'NotAuthorizedException',
      'Incorrect username or password.',
    ]);
  });

  it('does not tell whether a user exists', async () => {
    expect(await refusal(signIn({ username: 'nobody', password }))).toEqual([
      'NotAuthorizedException',
      'Incorrect username or password.',
    ]);
  });

  it('tells that a user does not exist where the client allows it', async () => {
    client({ PreventUserExistenceErrors: 'LEGACY' });
    expect(await refusal(signIn({ username: 'nobody', password }))).toEqual([
      'UserNotFoundException',
      'User does not exist.',
    ]);
  });

  it('is refused to a disabled user and open again when enabled', async () => {
    await admin('AdminDisableUser');
    expect(await refusal(signIn({ username: 'anna', password }))).toEqual([
      'NotAuthorizedException',
      'User is disabled.',
    ]);
    await admin('AdminEnableUser');
    expect((await signIn({ username: 'anna', password })).isSignedIn).toBe(true);
  });

  it('asks an invited user for a new password', async () => {
    await admin('AdminCreateUser', {
      Username: 'bert',
      UserAttributes: [{ Name: 'email', Value: 'bert@example.com' }],
    });
    expect(mails).toHaveLength(1);
    const temporary = /temporary password is (\S+)$/.exec(mails[0]?.text ?? '')?.[1] ?? '';

    const first = await signIn({ username: 'bert', password: temporary });
    expect(first.nextStep.signInStep).toBe('CONFIRM_SIGN_IN_WITH_NEW_PASSWORD_REQUIRED');
    expect(await refusal(confirmSignIn({ challengeResponse: 'weak' }))).toEqual([
      'InvalidPasswordException',
      'Password did not conform with policy: Password not long enough',
    ]);
    expect((await confirmSignIn({ challengeResponse: 'N3w!password' })).isSignedIn).toBe(true);
    await signOut();

    expect(await refusal(signIn({ username: 'bert', password: temporary }))).toContain(
      'NotAuthorizedException',
    );
    expect((await signIn({ username: 'bert', password: 'N3w!password' })).isSignedIn).toBe(true);
  });

  it('is refused with a temporary password that has ended', async () => {
    await setPassword('T3mporary!', false);
    time += 8 * 86_400_000;
    expect(await refusal(signIn({ username: 'anna', password: 'T3mporary!' }))).toEqual([
      'NotAuthorizedException',
      'Temporary password has expired and must be reset by an administrator.',
    ]);
  });

  it('is renewed with the refresh token, with the groups of now', async () => {
    const before = await tokensOf();
    await admin('AdminAddUserToGroup', { GroupName: 'sales' });
    time += 5000;
    const { tokens } = await fetchAuthSession({ forceRefresh: true });
    expect(tokens?.accessToken.payload['cognito:groups']).toEqual(['sales']);
    expect(tokens?.accessToken.payload.jti).not.toBe(before.access.payload.jti);
    expect(tokens?.accessToken.payload.origin_jti).toBe(before.access.payload.origin_jti);
    expect(tokens?.accessToken.payload.auth_time).toBe(before.access.payload.auth_time);
  });

  it('ends when the user signs out everywhere', async () => {
    const { access } = await tokensOf();
    await signOut({ global: true });
    expect(await refusal(cognito.call('GetUser', { AccessToken: access.toString() }))).toEqual([
      'NotAuthorizedException',
      'Access Token has been revoked',
    ]);
  });

  it('takes the new password once it was changed', async () => {
    await signIn({ username: 'anna', password });
    expect(
      await refusal(updatePassword({ oldPassword: 'Wr0ng!horse', newPassword: 'An0ther!horse' })),
    ).toContain('NotAuthorizedException');
    await updatePassword({ oldPassword: password, newPassword: 'An0ther!horse' });
    await signOut();
    expect((await signIn({ username: 'anna', password: 'An0ther!horse' })).isSignedIn).toBe(true);
  });

  it('works with the plain password only where the client allows it', async () => {
    const plain = { username: 'anna', password, options: { authFlowType: 'USER_PASSWORD_AUTH' } } as const;
    expect(await refusal(signIn(plain))).toEqual([
      'InvalidParameterException',
      'USER_PASSWORD_AUTH flow not enabled for this client',
    ]);
    client({ ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH'] });
    expect((await signIn(plain)).isSignedIn).toBe(true);
    await signOut();
    expect(await refusal(signIn({ username: 'anna', password }))).toContain(
      'USER_SRP_AUTH is not enabled for the client.',
    );
  });
});

describe('a token', () => {
  it('is verified by the pool and by anyone who reads its keys', async () => {
    const { access } = await tokensOf();
    expect((await cognito.verify(access.toString())).username).toBe('anna');
    const keys = createRemoteJWKSet(new URL(`${endpoint}${poolId}/.well-known/jwks.json`));
    expect((await jwtVerify(access.toString(), keys)).payload.username).toBe('anna');
  });

  it('is refused when it has ended, was changed, or is none', async () => {
    const { access } = await tokensOf();
    const token = access.toString();
    const [head, body, signature] = token.split('.');
    const forged = Buffer.from(JSON.stringify({ ...access.payload, 'cognito:groups': ['admin'] })).toString(
      'base64url',
    );
    expect(await refusal(cognito.verify(`${head}.${forged}.${signature}`))).toContain(
      'Unable to verify token signature.',
    );
    const unsigned = Buffer.from('{"alg":"none"}').toString('base64url');
    expect(await refusal(cognito.verify(`${unsigned}.${body}.`))).toContain(
      'Unable to verify token signature.',
    );
    expect(await refusal(cognito.verify('Bearer x'))).toContain('Unable to parse JWT token.');
    await cognito.verify(token);
    time += 3_601_000;
    expect(await refusal(cognito.verify(token))).toContain('Token has expired.');
  });

  it('of another pool is refused', async () => {
    const { access } = await tokensOf();
    const other = openStore();
    const stranger = open(other);
    stranger.createUserPool('Users', {});
    expect(await refusal(stranger.verify(access.toString()))).toContain('Unable to verify token signature.');
    other.close();
  });
});

describe('a refresh token', () => {
  async function refreshToken(): Promise<string> {
    client({ ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'] });
    const { AuthenticationResult } = (await cognito.call('InitiateAuth', {
      AuthFlow: 'USER_PASSWORD_AUTH',
      ClientId: clientId,
      AuthParameters: { USERNAME: 'anna', PASSWORD: password },
    })) as { AuthenticationResult: { RefreshToken: string } };
    return AuthenticationResult.RefreshToken;
  }

  function refresh(token: string) {
    return cognito.call('InitiateAuth', {
      AuthFlow: 'REFRESH_TOKEN_AUTH',
      ClientId: clientId,
      AuthParameters: { REFRESH_TOKEN: token },
    });
  }

  it('gives tokens but no further refresh token', async () => {
    expect(await refresh(await refreshToken())).toMatchObject({
      AuthenticationResult: { AccessToken: expect.any(String), IdToken: expect.any(String) },
    });
    expect(await refresh(await refreshToken())).not.toHaveProperty('AuthenticationResult.RefreshToken');
  });

  it('is refused when unknown, ended or revoked', async () => {
    const invalid = ['NotAuthorizedException', 'Invalid Refresh Token'];
    const token = await refreshToken();
    expect(await refusal(refresh('unknown'))).toEqual(invalid);
    await cognito.call('RevokeToken', { ClientId: clientId, Token: token });
    expect(await refusal(refresh(token))).toEqual(invalid);
    const second = await refreshToken();
    time += 31 * 86_400_000;
    expect(await refusal(refresh(second))).toEqual(invalid);
  });

  it('is replaced at each use where the client rotates', async () => {
    const token = await refreshToken();
    client({ RefreshTokenRotation: { Feature: 'ENABLED', RetryGracePeriodSeconds: 10 } });
    const renew = (RefreshToken: string) =>
      cognito.call('GetTokensFromRefreshToken', { ClientId: clientId, RefreshToken });
    const first = (await renew(token)) as { AuthenticationResult: { RefreshToken: string } };
    expect(await renew(token)).toHaveProperty('AuthenticationResult.AccessToken');
    time += 11_000;
    expect(await refusal(renew(token))).toContain('Invalid Refresh Token');
    expect(await refusal(renew(first.AuthenticationResult.RefreshToken))).toContain('Invalid Refresh Token');
  });
});

describe('a sign-in', () => {
  it('has to be finished within the time that the client gives', async () => {
    const started = (await cognito.call('InitiateAuth', {
      AuthFlow: 'USER_SRP_AUTH',
      ClientId: clientId,
      AuthParameters: { USERNAME: 'anna', SRP_A: 'abc' },
    })) as { ChallengeParameters: Record<string, string> };
    const respond = () =>
      cognito.call('RespondToAuthChallenge', {
        ChallengeName: 'PASSWORD_VERIFIER',
        ClientId: clientId,
        ChallengeResponses: {
          USERNAME: 'anna',
          PASSWORD_CLAIM_SECRET_BLOCK: started.ChallengeParameters.SECRET_BLOCK,
          PASSWORD_CLAIM_SIGNATURE: 'x',
          TIMESTAMP: 'now',
        },
      });
    expect(await refusal(respond())).toContain('Incorrect username or password.');
    time += 3 * 60_000 + 1;
    expect(await refusal(respond())).toContain('Invalid session for the user, session is expired.');
  });

  it('gives the same salt at each try for a user who does not exist', async () => {
    const salt = async () => {
      const { ChallengeParameters } = (await cognito.call('InitiateAuth', {
        AuthFlow: 'USER_SRP_AUTH',
        ClientId: clientId,
        AuthParameters: { USERNAME: 'nobody', SRP_A: 'abc' },
      })) as { ChallengeParameters: Record<string, string> };
      return ChallengeParameters.SALT;
    };
    expect(await salt()).toBe(await salt());
  });
});

describe('an administrator', () => {
  it('sees a user as Cognito shows one', async () => {
    expect(await admin('AdminGetUser')).toEqual({
      Username: 'anna',
      UserAttributes: [
        { Name: 'sub', Value: expect.stringMatching(/^[0-9a-f-]{36}$/) },
        { Name: 'email', Value: 'anna@example.com' },
        { Name: 'email_verified', Value: 'true' },
      ],
      UserCreateDate: expect.any(Number),
      UserLastModifiedDate: expect.any(Number),
      Enabled: true,
      UserStatus: 'CONFIRMED',
    });
  });

  it.each([
    ['no text', [{ Name: 'name', Value: { toString: 1 } }], 'must hold {Name, Value}'],
    ['nothing', [null], 'must hold {Name, Value}'],
    ['too long', [{ Name: 'name', Value: 'x'.repeat(2049) }], 'less than or equal to 2048'],
  ])('cannot give a user an attribute that is %s', async (_, UserAttributes, message) => {
    expect((await refusal(admin('AdminUpdateUserAttributes', { UserAttributes })))[1]).toContain(message);
  });

  it('cannot create a user twice', async () => {
    expect(await refusal(admin('AdminCreateUser'))).toEqual([
      'UsernameExistsException',
      'User account already exists',
    ]);
  });

  it('cannot create a user with the verified e-mail address of another', async () => {
    const create = (email: string, verified: string) =>
      admin('AdminCreateUser', {
        Username: 'bea',
        UserAttributes: [
          { Name: 'email', Value: email },
          { Name: 'email_verified', Value: verified },
        ],
      });
    expect(await refusal(create('Anna@Example.com', 'true'))).toEqual([
      'AliasExistsException',
      'An account with the email already exists.',
    ]);
    expect(await create('anna@example.com', 'false')).toMatchObject({ User: { Username: 'bea' } });
  });

  it('invites again who has not signed in yet, with a new password', async () => {
    await admin('AdminCreateUser', {
      Username: 'bea',
      MessageAction: 'SUPPRESS',
      UserAttributes: [{ Name: 'email', Value: 'bea@example.com' }],
    });
    expect(mails).toEqual([]);
    const again = () => admin('AdminCreateUser', { Username: 'BEA', MessageAction: 'RESEND' });
    expect(await again()).toMatchObject({ User: { Username: 'bea' } });
    await again();
    const [first, second] = mails;
    expect(first).toMatchObject({ to: 'bea@example.com' });
    expect(second?.text).not.toBe(first?.text);

    expect(await refusal(admin('AdminCreateUser', { MessageAction: 'RESEND' }))).toContain(
      'UnsupportedUserStateException',
    );
    expect(
      await refusal(admin('AdminCreateUser', { Username: 'nobody', MessageAction: 'RESEND' })),
    ).toContain('UserNotFoundException');
  });

  it('deletes an attribute by giving it a blank value', async () => {
    const set = (Value: string) =>
      admin('AdminUpdateUserAttributes', { UserAttributes: [{ Name: 'name', Value }] });
    await set('Anna');
    await set('');
    expect(JSON.stringify(await admin('AdminGetUser'))).not.toContain('"name"');
  });

  it('lists groups and their members in pages', async () => {
    for (const name of ['cleo', 'bea']) {
      await admin('AdminCreateUser', { Username: name, MessageAction: 'SUPPRESS' });
      await admin('AdminAddUserToGroup', { Username: name, GroupName: 'sales' });
    }
    for (const GroupName of ['sales', 'admin']) await admin('AdminAddUserToGroup', { GroupName });
    const walk = async (action: string, member: 'Users' | 'Groups', input: object) => {
      const pages: unknown[] = [];
      let NextToken: unknown;
      do {
        const answer = await admin(action, { ...input, Limit: 1, ...(NextToken ? { NextToken } : {}) });
        pages.push(answer[member]);
        NextToken = answer.NextToken;
      } while (NextToken);
      return pages;
    };

    expect(await walk('ListUsersInGroup', 'Users', { GroupName: 'sales' })).toMatchObject([
      [{ Username: 'anna' }],
      [{ Username: 'bea' }],
      [{ Username: 'cleo' }],
    ]);
    const groups = [[{ GroupName: 'admin' }], [{ GroupName: 'sales' }]];
    expect(await walk('AdminListGroupsForUser', 'Groups', {})).toMatchObject(groups);
    expect(await walk('ListGroups', 'Groups', {})).toMatchObject(groups);
  });

  it('puts users into groups and takes them out', async () => {
    await admin('AdminAddUserToGroup', { GroupName: 'sales' });
    await admin('AdminAddUserToGroup', { GroupName: 'admin' });
    await admin('AdminRemoveUserFromGroup', { GroupName: 'sales' });
    expect(await admin('AdminListGroupsForUser')).toMatchObject({ Groups: [{ GroupName: 'admin' }] });
    expect(await admin('ListUsersInGroup', { GroupName: 'admin' })).toMatchObject({
      Users: [{ Username: 'anna' }],
    });
    expect(await refusal(admin('AdminAddUserToGroup', { GroupName: 'none' }))).toEqual([
      'ResourceNotFoundException',
      'Group not found.',
    ]);
  });

  it('lists users page by page and by filter', async () => {
    for (const Username of ['bert', 'carl'])
      await admin('AdminCreateUser', { Username, MessageAction: 'SUPPRESS' });
    const first = (await cognito.call('ListUsers', { UserPoolId: poolId, Limit: 2 })) as {
      Users: { Username: string }[];
      PaginationToken: string;
    };
    const { PaginationToken } = first;
    const second = await cognito.call('ListUsers', { UserPoolId: poolId, Limit: 2, PaginationToken });
    expect(first.Users.map((user) => user.Username)).toEqual(['anna', 'bert']);
    expect(second).toMatchObject({ Users: [{ Username: 'carl' }] });
    expect(second).not.toHaveProperty('PaginationToken');
    const filtered = (Filter: string) => cognito.call('ListUsers', { UserPoolId: poolId, Filter });
    expect(await filtered('email ^= "anna@"')).toMatchObject({ Users: [{ Username: 'anna' }] });
    expect(await filtered('username = "carl"')).toMatchObject({ Users: [{ Username: 'carl' }] });
    expect(await refusal(filtered('email like "x"'))).toContain('InvalidParameterException');
  });

  it('removes users for good', async () => {
    await admin('AdminDeleteUser');
    expect(await refusal(admin('AdminGetUser'))).toEqual(['UserNotFoundException', 'User does not exist.']);
  });

  it('reads pool and client', async () => {
    expect(await cognito.call('DescribeUserPool', { UserPoolId: poolId })).toMatchObject({
      UserPool: { Id: poolId, Name: 'users' },
    });
    expect(
      await cognito.call('DescribeUserPoolClient', { UserPoolId: poolId, ClientId: clientId }),
    ).toMatchObject({ UserPoolClient: { ClientId: clientId, PreventUserExistenceErrors: 'ENABLED' } });
    expect(await refusal(cognito.call('DescribeUserPool', { UserPoolId: 'eu-west-1_none' }))).toEqual([
      'ResourceNotFoundException',
      'User pool eu-west-1_none does not exist.',
    ]);
  });

  it('cannot set a password that the policy refuses', async () => {
    for (const [weak, message] of [
      ['Sh0rt!', 'not long enough'],
      ['l0wercase!only', 'uppercase'],
      ['UPP3RCASE!ONLY', 'lowercase'],
      ['NoNumbers!here', 'numeric'],
      ['NoSymb0lsHere', 'symbol'],
    ] as const) {
      expect((await refusal(setPassword(weak)))[1]).toContain(message);
    }
  });
});

describe('the endpoint', () => {
  function post(action: string, input: unknown) {
    return fetch(endpoint, {
      method: 'POST',
      headers: { 'x-amz-target': `AWSCognitoIdentityProviderService.${action}` },
      body: typeof input === 'string' ? input : JSON.stringify(input),
    });
  }

  it('lets nobody administrate without a signature', async () => {
    const response = await post('AdminGetUser', { UserPoolId: poolId, Username: 'anna' });
    expect([response.status, await response.json()]).toEqual([
      400,
      { __type: 'MissingAuthenticationTokenException', message: 'Missing Authentication Token' },
    ]);
  });

  it('lets nobody sign up', async () => {
    const response = await post('SignUp', { ClientId: clientId, Username: 'eve', Password: password });
    expect(await response.json()).toEqual({
      __type: 'NotAuthorizedException',
      message: 'SignUp is not permitted for this user pool',
    });
  });

  it('answers the pages of any origin', async () => {
    const response = await fetch(endpoint, {
      method: 'OPTIONS',
      headers: { origin: 'http://localhost:3000', 'access-control-request-headers': 'x-amz-target' },
    });
    expect(response.status).toBe(200);
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
    expect(response.headers.get('access-control-allow-headers')).toBe('x-amz-target');
  });

  it('refuses a body that is no JSON object', async () => {
    expect(await (await post('InitiateAuth', '[1]')).json()).toMatchObject({
      __type: 'SerializationException',
    });
  });

  it('has no keys of an unknown pool', async () => {
    expect((await fetch(`${endpoint}eu-west-1_none/.well-known/jwks.json`)).status).toBe(404);
  });
});

describe('after a restart', () => {
  it('users, groups, keys and sessions are as before', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'cognito-'));
    const file = join(dir, 'store.sqlite');
    const start = () => {
      const at = openStore(file);
      const service = open(at);
      const pool = service.createUserPool('Users', {}).id;
      const app = service.createClient(pool, 'Client', {
        ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH'],
      }).id;
      service.createGroup(pool, { GroupName: 'sales' });
      return { at, service, pool, app };
    };
    const first = start();
    const user = { UserPoolId: first.pool, Username: 'anna' };
    await first.service.call('AdminCreateUser', { ...user, MessageAction: 'SUPPRESS' });
    await first.service.call('AdminSetUserPassword', { ...user, Password: password, Permanent: true });
    await first.service.call('AdminAddUserToGroup', { ...user, GroupName: 'sales' });
    const { AuthenticationResult } = (await first.service.call('InitiateAuth', {
      AuthFlow: 'USER_PASSWORD_AUTH',
      ClientId: first.app,
      AuthParameters: { USERNAME: 'anna', PASSWORD: password },
    })) as { AuthenticationResult: { AccessToken: string; RefreshToken: string } };
    first.at.close();

    const second = start();
    expect([second.pool, second.app]).toEqual([first.pool, first.app]);
    expect((await second.service.verify(AuthenticationResult.AccessToken))['cognito:groups']).toEqual([
      'sales',
    ]);
    expect(
      await second.service.call('GetTokensFromRefreshToken', {
        ClientId: second.app,
        RefreshToken: AuthenticationResult.RefreshToken,
      }),
    ).toHaveProperty('AuthenticationResult.IdToken');
    second.at.close();
    rmSync(dir, { recursive: true, force: true });
  });
});

describe('a pool that does what the local cloud does not', () => {
  it('is refused by name', () => {
    expect(() => cognito.createUserPool('Other', { MfaConfiguration: 'ON' })).toThrow(
      /MfaConfiguration ON of Other/,
    );
    expect(() => cognito.createUserPool('Other', { LambdaConfig: { PreSignUp: 'arn' } })).toThrow(
      /PreSignUp of Other/,
    );
    expect(() => cognito.createClient(poolId, 'Server', { GenerateSecret: true })).toThrow(
      /GenerateSecret of Server/,
    );
  });
});
