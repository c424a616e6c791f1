import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Cognito, createCognito } from '../../cognito/cognito.ts';
import type { PoolMail } from '../../cognito/invitations.ts';
import { openStore, type Store } from '../../store.ts';
import { deploy } from '../deploy.ts';
import { cognitoTypes } from './cognito.ts';

const place = { region: 'eu-central-1', accountId: '111122223333' };

let store: Store;
let cognito: Cognito;
let mails: PoolMail[];
beforeEach(() => {
  store = openStore();
  mails = [];
  cognito = createCognito({ store, place, deliver: (mail) => mails.push(mail) });
});
afterEach(() => store.close());

const UserPoolId = { Ref: 'Pool' };
const user = (more: object = {}) => ({
  Type: 'AWS::Cognito::UserPoolUser',
  Properties: {
    UserPoolId,
    Username: 'ann',
    UserAttributes: [{ Name: 'email', Value: 'ann@firm.example' }],
    ...more,
  },
});
const attachment = (more: object = {}) => ({
  Type: 'AWS::Cognito::UserPoolUserToGroupAttachment',
  Properties: { UserPoolId, Username: { Ref: 'User' }, GroupName: { Ref: 'Group' }, ...more },
});

/** Deploys a pool with a group, and gives the pool's id. */
function deployed(more: Record<string, { Type: string; Properties: Record<string, unknown> }>) {
  const Resources = {
    Pool: {
      Type: 'AWS::Cognito::UserPool',
      Properties: {
        AdminCreateUserConfig: { InviteMessageTemplate: { EmailSubject: 'Welcome, {username}' } },
      },
    },
    Group: { Type: 'AWS::Cognito::UserPoolGroup', Properties: { UserPoolId, GroupName: 'admin' } },
    ...more,
  };
  const stack = {
    name: 'app',
    accountId: undefined,
    region: undefined,
    template: { Resources, Outputs: { pool: { Value: UserPoolId } } },
    assets: new Map(),
  };
  const { outputs } = deploy([stack], cognitoTypes({ cognito }), place);
  return String(outputs.get('app')?.pool);
}

describe('a user of a template', () => {
  const call = (action: string, poolId: string) =>
    cognito.call(action, { UserPoolId: poolId, Username: 'ann', GroupName: 'admin' });

  test('is invited once, and is in its group', async () => {
    deployed({ User: user({ DesiredDeliveryMediums: ['EMAIL'] }), Attachment: attachment() });
    const poolId = deployed({ User: user(), Attachment: attachment() });

    expect(mails).toMatchObject([{ to: 'ann@firm.example', subject: 'Welcome, ann' }]);
    expect(await call('AdminGetUser', poolId)).toMatchObject({ UserStatus: 'FORCE_CHANGE_PASSWORD' });
    expect(await call('AdminListGroupsForUser', poolId)).toMatchObject({ Groups: [{ GroupName: 'admin' }] });
    expect(cognito.deployedUsers(poolId).size).toBe(1);
  });

  test('stays out of the group that an administrator took from it, and removed', async () => {
    const poolId = deployed({ User: user(), Attachment: attachment() });
    await call('AdminRemoveUserFromGroup', poolId);
    deployed({ User: user(), Attachment: attachment() });
    expect(await call('AdminListGroupsForUser', poolId)).toEqual({ Groups: [] });

    await call('AdminDeleteUser', poolId);
    deployed({ User: user(), Attachment: attachment() });

    await expect(call('AdminGetUser', poolId)).rejects.toThrow('User does not exist.');
    expect(mails).toHaveLength(1);
  });

  test('is not invited when the template says so', () => {
    deployed({ User: user({ MessageAction: 'SUPPRESS' }) });

    expect(mails).toEqual([]);
  });

  test('is invited again with another password as long as it never signed in', async () => {
    const poolId = deployed({ User: user() });
    const again = () =>
      cognito.call('AdminCreateUser', { UserPoolId: poolId, Username: 'ann', MessageAction: 'RESEND' });

    await again();
    expect(mails).toHaveLength(2);
    expect(mails[0]?.text).not.toBe(mails[1]?.text);

    const Password = 'Corr3ct!horse';
    await cognito.call('AdminSetUserPassword', {
      UserPoolId: poolId,
      Username: 'ann',
      Password,
      Permanent: true,
    });
    await expect(again()).rejects.toMatchObject({ code: 'UnsupportedUserStateException' });
    expect(mails).toHaveLength(2);
  });

  test.each([
    ['by SMS', { User: user({ DesiredDeliveryMediums: ['SMS'] }) }, 'users are invited by EMAIL only'],
    ['with a property that nobody knows', { User: user({ ClientMetadata: {} }) }, 'ClientMetadata'],
    [
      'put into a group that does not exist',
      { User: user(), Attachment: attachment({ GroupName: 'none' }) },
      'Group not found.',
    ],
    [
      'that does not exist, put into a group',
      { Attachment: attachment({ Username: 'bob' }) },
      'User does not exist.',
    ],
  ])('%s is refused', (_, resources, message) => {
    expect(() => deployed(resources as Parameters<typeof deployed>[0])).toThrow(message);
  });
});

test('a pool whose invitation has no place for the password is refused', () => {
  const InviteMessageTemplate = { EmailMessage: 'Welcome, {username}' };

  expect(() =>
    deployed({
      Other: {
        Type: 'AWS::Cognito::UserPool',
        Properties: { AdminCreateUserConfig: { InviteMessageTemplate } },
      },
    }),
  ).toThrow('has no {####}, where the password goes');
});
