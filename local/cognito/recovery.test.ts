import { afterEach, describe, expect, it } from 'vitest';
import { accessTokenOf, codeIn, openPool, type TestPool } from './fixture.ts';

let pool: TestPool;
afterEach(() => pool.store.close());

const forgot = (Username = 'anna') => pool.client('ForgotPassword', { Username });
const confirm = (ConfirmationCode: string, Password = 'An0ther!horse', Username = 'anna') =>
  pool.client('ConfirmForgotPassword', { Username, ConfirmationCode, Password });

describe('who forgot the password', () => {
  it('gets a code by mail and chooses another', async () => {
    pool = await openPool({
      VerificationMessageTemplate: { EmailSubject: 'Code', EmailMessage: '<b>Your code</b> is {####}' },
    });
    expect(await forgot('anna@example.com')).toEqual({
      CodeDeliveryDetails: {
        AttributeName: 'email',
        DeliveryMedium: 'EMAIL',
        Destination: 'a***@e***',
      },
    });
    expect(pool.mails).toMatchObject([
      { to: 'anna@example.com', subject: 'Code', text: expect.stringMatching(/^Your code is \d{6}$/) },
    ]);

    await confirm(codeIn(pool.mails));

    await expect(pool.signIn()).rejects.toThrow('Incorrect username or password.');
    expect(await pool.signIn('An0ther!horse')).toHaveProperty('AuthenticationResult');
  });

  it('cannot use a code twice, late, after the next one, or a wrong one', async () => {
    pool = await openPool();
    await expect(confirm('123456')).rejects.toMatchObject({
      name: 'ExpiredCodeException',
      message: 'Invalid code provided, please request a code again.',
    });
    await forgot();
    const first = codeIn(pool.mails);
    const wrong = first === '000000' ? '000001' : '000000';
    await expect(confirm(wrong)).rejects.toMatchObject({
      name: 'CodeMismatchException',
      message: 'Invalid verification code provided, please try again.',
    });
    pool.later(60 * 60_000);
    await expect(confirm(first)).rejects.toMatchObject({ name: 'ExpiredCodeException' });
    await forgot();
    const second = codeIn(pool.mails);
    await expect(confirm(second, 'weak')).rejects.toMatchObject({ name: 'InvalidPasswordException' });
    await confirm(second);
    await expect(confirm(second)).rejects.toMatchObject({ name: 'ExpiredCodeException' });
  });

  it('has five tries and five codes an hour', async () => {
    pool = await openPool();
    for (let time = 0; time < 5; time++) await forgot();
    await expect(forgot()).rejects.toMatchObject({
      name: 'LimitExceededException',
      message: 'Attempt limit exceeded, please try after some time.',
    });
    const right = codeIn(pool.mails);
    const wrong = right === '000000' ? '000001' : '000000';
    for (let time = 0; time < 5; time++) {
      await expect(confirm(wrong)).rejects.toMatchObject({ name: 'CodeMismatchException' });
    }
    await expect(confirm(right)).rejects.toMatchObject({ name: 'LimitExceededException' });
    pool.later(60 * 60_000);
    await forgot();
    await confirm(codeIn(pool.mails));
  });

  it('is not told apart from nobody, where the client says so', async () => {
    pool = await openPool();
    expect(await forgot('nobody')).toMatchObject({ CodeDeliveryDetails: { DeliveryMedium: 'EMAIL' } });
    await expect(confirm('123456', 'An0ther!horse', 'nobody')).rejects.toMatchObject({
      name: 'CodeMismatchException',
    });
    expect(pool.mails).toEqual([]);
  });

  it('is told that nobody has that name where the client lets it', async () => {
    pool = await openPool({}, { PreventUserExistenceErrors: 'LEGACY' });
    await expect(forgot('nobody')).rejects.toMatchObject({ name: 'UserNotFoundException' });
    await expect(confirm('123456', 'An0ther!horse', 'nobody')).rejects.toMatchObject({
      name: 'UserNotFoundException',
    });
  });

  it.each<[string, (pool: TestPool) => Promise<unknown>, string]>([
    [
      'has no verified address',
      ({ admin }) =>
        admin('AdminUpdateUserAttributes', { UserAttributes: [{ Name: 'email_verified', Value: 'false' }] }),
      'no registered/verified email',
    ],
    [
      'never signed in',
      ({ admin }) => admin('AdminSetUserPassword', { Password: 'T3mporary!', Permanent: false }),
      'cannot be reset in the current state',
    ],
    ['is disabled', ({ admin }) => admin('AdminDisableUser'), 'User is disabled.'],
  ])('gets no code who %s', async (_, change, message) => {
    pool = await openPool();
    await change(pool);
    await expect(forgot()).rejects.toThrow(message);
    expect(pool.mails).toEqual([]);
  });

  it('asks an administrator where the pool says so', async () => {
    pool = await openPool({ AccountRecoverySetting: { RecoveryMechanisms: [{ Name: 'admin_only' }] } });
    await expect(forgot()).rejects.toThrow('Contact administrator to reset password.');
  });
});

describe('whose password an administrator resets', () => {
  it('has to choose another with the code of the mail', async () => {
    pool = await openPool();
    await pool.admin('AdminResetUserPassword');
    await expect(pool.signIn()).rejects.toMatchObject({
      name: 'PasswordResetRequiredException',
      message: 'Password reset required for the user',
    });
    await confirm(codeIn(pool.mails));
    expect(await pool.signIn('An0ther!horse')).toHaveProperty('AuthenticationResult');
  });
});

describe('who signs up or confirms', () => {
  it('is refused', async () => {
    pool = await openPool();
    const Username = 'anna';
    await expect(pool.client('SignUp', { Username, Password: 'An0ther!horse' })).rejects.toThrow(
      'SignUp is not permitted for this user pool',
    );
    await expect(pool.client('ConfirmSignUp', { Username, ConfirmationCode: '123456' })).rejects.toThrow(
      'User cannot be confirmed. Current status is CONFIRMED',
    );
    await expect(pool.client('ResendConfirmationCode', { Username })).rejects.toThrow(
      'User is already confirmed.',
    );
  });
});

describe('a new address', () => {
  const update = (AccessToken: string, attributes: Record<string, string>) =>
    pool.cognito.call('UpdateUserAttributes', {
      AccessToken,
      UserAttributes: Object.entries(attributes).map(([Name, Value]) => ({ Name, Value })),
    });

  it('counts as verified only with the code that went there', async () => {
    pool = await openPool();
    const AccessToken = accessTokenOf(await pool.signIn());
    const verify = (Code: string) =>
      pool.cognito.call('VerifyUserAttribute', { AccessToken, AttributeName: 'email', Code });
    expect(await update(AccessToken, { email: 'new@example.com', name: 'Anna' })).toMatchObject({
      CodeDeliveryDetailsList: [{ Destination: 'n***@e***' }],
    });
    expect(pool.mails.at(-1)?.to).toBe('new@example.com');
    const code = codeIn(pool.mails);
    await expect(verify(code === '000000' ? '000001' : '000000')).rejects.toMatchObject({
      name: 'CodeMismatchException',
    });
    expect(await pool.admin('AdminGetUser')).toMatchObject({
      UserAttributes: expect.arrayContaining([{ Name: 'email_verified', Value: 'false' }]),
    });
    await verify(code);
    expect(await pool.admin('AdminGetUser')).toMatchObject({
      UserAttributes: expect.arrayContaining([
        { Name: 'email', Value: 'new@example.com' },
        { Name: 'email_verified', Value: 'true' },
        { Name: 'name', Value: 'Anna' },
      ]),
    });
  });

  it('cannot be said to be verified by its user, nor be that of another', async () => {
    pool = await openPool();
    await pool.admin('AdminCreateUser', {
      Username: 'bert',
      MessageAction: 'SUPPRESS',
      UserAttributes: [
        { Name: 'email', Value: 'bert@example.com' },
        { Name: 'email_verified', Value: 'true' },
      ],
    });
    const AccessToken = accessTokenOf(await pool.signIn());
    await expect(update(AccessToken, { email_verified: 'true' })).rejects.toThrow('unauthorized attribute');
    await update(AccessToken, { email: 'bert@example.com' });
    await expect(
      pool.cognito.call('VerifyUserAttribute', {
        AccessToken,
        AttributeName: 'email',
        Code: codeIn(pool.mails),
      }),
    ).rejects.toMatchObject({ name: 'AliasExistsException' });
    await expect(pool.signIn(undefined, 'bert@example.com')).rejects.toThrow(
      'Incorrect username or password.',
    );
  });
});
