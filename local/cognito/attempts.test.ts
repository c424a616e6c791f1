import { afterEach, describe, expect, it } from 'vitest';
import { accessTokenOf, openPool, type TestPool } from './fixture.ts';

let pool: TestPool;
afterEach(() => pool.store.close());

const wrong = async (times: number, username = 'anna') => {
  for (let time = 0; time < times; time++) {
    await expect(pool.signIn('Wr0ng!horse', username)).rejects.toThrow('Incorrect username or password.');
  }
};
const lockedOut = { name: 'NotAuthorizedException', message: 'Password attempts exceeded' };

describe('a user whose password is tried', () => {
  it('is locked out after five failures, for longer with each further one, and for 15 minutes at most', async () => {
    pool = await openPool();
    await wrong(5);
    for (const seconds of [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900]) {
      await expect(pool.signIn()).rejects.toMatchObject(lockedOut);
      pool.later(seconds * 1000 - 1);
      await expect(pool.signIn()).rejects.toMatchObject(lockedOut);
      pool.later(1);
      await wrong(1);
      if (seconds === 512) break;
    }
    pool.later(15 * 60_000);
    expect(await pool.signIn()).toHaveProperty('AuthenticationResult');
  });

  it('starts anew after the right password, and after 15 minutes of peace', async () => {
    pool = await openPool();
    await wrong(4);
    await pool.signIn();
    await wrong(4);
    pool.later(15 * 60_000);
    await wrong(4);
    expect(await pool.signIn()).toHaveProperty('AuthenticationResult');
  });

  it('locks out nobody else, and is not told apart from nobody', async () => {
    pool = await openPool();
    await wrong(5, 'nobody');
    await expect(pool.signIn('Wr0ng!horse', 'nobody')).rejects.toMatchObject(lockedOut);
    expect(await pool.signIn()).toHaveProperty('AuthenticationResult');
  });

  it('may mistake the old password five times when changing it', async () => {
    pool = await openPool();
    const AccessToken = accessTokenOf(await pool.signIn());
    const change = () =>
      pool.cognito.call('ChangePassword', {
        AccessToken,
        PreviousPassword: 'Wr0ng!horse',
        ProposedPassword: 'An0ther!horse',
      });
    for (let time = 0; time < 5; time++)
      await expect(change()).rejects.toThrow('Incorrect username or password.');
    await expect(change()).rejects.toMatchObject({ name: 'LimitExceededException' });
  });
});
