import { expect, test } from 'vitest';
import { invitationOf } from './invitations.ts';
import type { Pool, User, UserPoolProperties } from './model.ts';

const user = { attributes: { email: 'ann@firm.example' } } as unknown as User;
const pool = (properties: UserPoolProperties) => ({ properties }) as Pool;

test('a pool that says nothing invites in the words of Cognito', () => {
  expect(invitationOf(pool({}), user, 'ann', 'Pa$$1')).toEqual({
    from: 'no-reply@verificationemail.com',
    to: 'ann@firm.example',
    subject: 'Your temporary password',
    text: 'Your username is ann and temporary password is Pa$$1',
    html: 'Your username is ann and temporary password is Pa$$1',
  });
});

test('a pool with a template invites by it, and never takes a password for markup', () => {
  const invitation = invitationOf(
    pool({
      AdminCreateUserConfig: {
        InviteMessageTemplate: {
          EmailSubject: 'Welcome, {username}',
          EmailMessage: '<p>You are <b>{username}</b>.</p>Password:<br/>{####} ({####})',
        },
      },
      EmailConfiguration: { From: 'Firm <desk@firm.example>' },
    }),
    user,
    'ann',
    'a<b>$&{username}',
  );

  expect(invitation).toMatchObject({
    from: 'Firm <desk@firm.example>',
    subject: 'Welcome, ann',
    text: 'You are ann.\nPassword:\na<b>$&{username} (a<b>$&{username})',
    html: '<p>You are <b>ann</b>.</p>Password:<br/>a<b>$&{username} (a<b>$&{username})',
  });
});

test('a user without an e-mail address is not invited', () => {
  expect(invitationOf(pool({}), { attributes: {} } as unknown as User, 'ann', 'x')).toBeUndefined();
});
