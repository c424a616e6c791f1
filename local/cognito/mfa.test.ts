import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Amplify } from 'aws-amplify';
import {
  confirmResetPassword,
  confirmSignIn,
  fetchMFAPreference,
  resetPassword,
  setUpTOTP,
  signIn,
  signOut,
  updateMFAPreference,
  verifyTOTPSetup,
} from 'aws-amplify/auth';
import { ConsoleLogger } from 'aws-amplify/utils';
import { CognitoJwtVerifier } from 'aws-jwt-verify';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { accessTokenOf, codeIn, openPool, password, type TestPool } from './fixture.ts';
import { codeAt } from './totp.ts';

let pool: TestPool;
let server: Server;
let endpoint: string;

async function serve(opened: TestPool): Promise<void> {
  pool = opened;
  server = createServer((request, response) => void pool.cognito.handle(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  Amplify.configure({
    Auth: {
      Cognito: { userPoolId: pool.poolId, userPoolClientId: pool.clientId, userPoolEndpoint: endpoint },
    },
  });
}
beforeEach(async () => {
  ConsoleLogger.LOG_LEVEL = 'NONE';
  await serve(await openPool());
});
afterEach(async () => {
  await signOut();
  server.closeAllConnections();
  server.close();
  pool.store.close();
});

describe('Amplify', () => {
  it('adds one-time codes, which are asked for at the next sign-in and are good once', async () => {
    await signIn({ username: 'anna', password });
    const { sharedSecret } = await setUpTOTP();
    await expect(verifyTOTPSetup({ code: '1' })).rejects.toMatchObject({
      name: 'EnableSoftwareTokenMFAException',
    });
    await verifyTOTPSetup({ code: codeAt(sharedSecret, pool.now()) });
    await updateMFAPreference({ totp: 'PREFERRED' });
    expect(await fetchMFAPreference()).toEqual({ enabled: ['TOTP'], preferred: 'TOTP' });
    await signOut();

    const { nextStep } = await signIn({ username: 'anna', password });
    expect(nextStep.signInStep).toBe('CONFIRM_SIGN_IN_WITH_TOTP_CODE');
    await expect(confirmSignIn({ challengeResponse: '1' })).rejects.toMatchObject({
      name: 'CodeMismatchException',
      message: 'Invalid code received for user',
    });
    const code = codeAt(sharedSecret, pool.now());
    expect((await confirmSignIn({ challengeResponse: code })).isSignedIn).toBe(true);
    await signOut();

    await signIn({ username: 'anna', password });
    await expect(confirmSignIn({ challengeResponse: code })).rejects.toMatchObject({
      name: 'ExpiredCodeException',
    });
    pool.later(30_000);
    const next = codeAt(sharedSecret, pool.now());
    expect((await confirmSignIn({ challengeResponse: next })).isSignedIn).toBe(true);
  });

  it('resets a forgotten password', async () => {
    const { nextStep } = await resetPassword({ username: 'anna' });
    expect(nextStep).toMatchObject({ resetPasswordStep: 'CONFIRM_RESET_PASSWORD_WITH_CODE' });
    await confirmResetPassword({
      username: 'anna',
      confirmationCode: codeIn(pool.mails),
      newPassword: 'An0ther!horse',
    });
    expect((await signIn({ username: 'anna', password: 'An0ther!horse' })).isSignedIn).toBe(true);
  });

  it('is locked out of SRP, too, after five wrong passwords', async () => {
    for (let time = 0; time < 5; time++) {
      await expect(signIn({ username: 'anna', password: 'Wr0ng!horse' })).rejects.toThrow(
        'Incorrect username or password.',
      );
    }
    await expect(signIn({ username: 'anna', password })).rejects.toThrow('Password attempts exceeded');
    pool.later(1000);
    expect((await signIn({ username: 'anna', password })).isSignedIn).toBe(true);
  });
});

describe('one-time codes', () => {
  it('cannot be asked for before one was shown', async () => {
    const AccessToken = accessTokenOf(await pool.signIn());
    await pool.cognito.call('AssociateSoftwareToken', { AccessToken });
    await expect(
      pool.cognito.call('SetUserMFAPreference', { AccessToken, SoftwareTokenMfaSettings: { Enabled: true } }),
    ).rejects.toMatchObject({ name: 'InvalidParameterException' });
    expect(await pool.signIn()).toHaveProperty('AuthenticationResult');
  });

  it('are not there in a pool without them', async () => {
    const without = await openPool({ MfaConfiguration: 'OFF', EnabledMfas: [] });
    const AccessToken = accessTokenOf(await without.signIn());
    await expect(without.cognito.call('AssociateSoftwareToken', { AccessToken })).rejects.toMatchObject({
      name: 'SoftwareTokenMFANotFoundException',
    });
    without.store.close();
  });

  it('are taken off by an administrator for who lost the phone', async () => {
    const AccessToken = accessTokenOf(await pool.signIn());
    const { SecretCode } = await pool.cognito.call('AssociateSoftwareToken', { AccessToken });
    const UserCode = codeAt(String(SecretCode), pool.now());
    await pool.cognito.call('VerifySoftwareToken', { AccessToken, UserCode });
    const SoftwareTokenMfaSettings = { Enabled: true };
    await pool.cognito.call('SetUserMFAPreference', { AccessToken, SoftwareTokenMfaSettings });
    expect(await pool.signIn()).toMatchObject({ ChallengeName: 'SOFTWARE_TOKEN_MFA' });
    expect(await pool.admin('AdminGetUser')).toMatchObject({ UserMFASettingList: ['SOFTWARE_TOKEN_MFA'] });

    await pool.admin('AdminSetUserMFAPreference', { SoftwareTokenMfaSettings: { Enabled: false } });

    expect(await pool.signIn()).toHaveProperty('AuthenticationResult');
  });

  it('are those of RFC 6238', () => {
    // The secret 12345678901234567890 of its appendix B, in base 32; the last six of its eight digits.
    const secret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
    expect([59, 1_111_111_109, 1_234_567_890, 20_000_000_000].map((at) => codeAt(secret, at * 1000))).toEqual(
      ['287082', '081804', '005924', '353130'],
    );
  });
});

describe('aws-jwt-verify', () => {
  const verifier = (tokenUse: 'access' | 'id', more: { groups?: string; clientId?: string } = {}) =>
    CognitoJwtVerifier.create({ userPoolId: pool.poolId, tokenUse, clientId: pool.clientId, ...more });
  const keys = async () =>
    (await fetch(`${endpoint}${pool.poolId}/.well-known/jwks.json`)).json() as Promise<never>;

  it('takes access and id tokens by the keys that are served, with their groups', async () => {
    pool.cognito.createGroup(pool.poolId, { GroupName: 'sales' });
    await pool.admin('AdminAddUserToGroup', { GroupName: 'sales' });
    const { AccessToken, IdToken } = (await pool.signIn()).AuthenticationResult as Record<string, string>;
    for (const [tokenUse, token] of [
      ['access', AccessToken],
      ['id', IdToken],
    ] as const) {
      const verify = verifier(tokenUse, { groups: 'sales' });
      verify.cacheJwks(await keys());
      expect(await verify.verify(token ?? '')).toMatchObject({
        token_use: tokenUse,
        'cognito:groups': ['sales'],
      });
    }
  });

  it('refuses a token of another use, client or group, a changed one and one that has ended', async () => {
    const token = accessTokenOf(await pool.signIn());
    const [head, , signature] = token.split('.');
    const [, body] = accessTokenOf(await pool.signIn()).split('.');
    const refused = async (tried: string, verify: ReturnType<typeof verifier>) => {
      verify.cacheJwks(await keys());
      await expect(verify.verify(tried)).rejects.toThrow();
    };
    await refused(token, verifier('id'));
    await refused(token, verifier('access', { clientId: 'another' }));
    await refused(token, verifier('access', { groups: 'sales' }));
    await refused(`${head}.${body}.${signature}`, verifier('access'));
    pool.later(-2 * 60 * 60_000);
    await refused(accessTokenOf(await pool.signIn()), verifier('access'));
  });
});
