import { expect, test } from 'vitest';
import { createIdentities, newAdminKey } from './identity.ts';

const place = { region: 'eu-central-1', accountId: '111122223333' };
const role = 'arn:aws:iam::111122223333:role/app-ScoringRole-1';

test('the administrator is known by the given key', () => {
  const admin = newAdminKey();
  const { identityOf } = createIdentities({ place, admin });

  expect(admin.accessKeyId).toMatch(/^AKIA[A-Z2-7]{16}$/);
  expect(identityOf(admin.accessKeyId)).toMatchObject({
    caller: { arn: 'arn:aws:iam::111122223333:user/admin', accountId: '111122223333' },
    secretAccessKey: admin.secretAccessKey,
    sessionToken: undefined,
  });
});

test('a function has credentials of its own, and they lead back to its role', () => {
  const { credentialsFor, identityOf } = createIdentities({ place, admin: newAdminKey() });

  const scoring = credentialsFor(role, 'scoring');
  const relay = credentialsFor(role, 'relay');

  expect(credentialsFor(role, 'scoring')).toBe(scoring);
  expect(relay.accessKeyId).not.toBe(scoring.accessKeyId);
  expect(scoring.accessKeyId).toMatch(/^ASIA[A-Z2-7]{16}$/);
  expect(identityOf(scoring.accessKeyId)).toMatchObject({
    caller: { arn: 'arn:aws:sts::111122223333:assumed-role/app-ScoringRole-1/scoring' },
    sessionToken: scoring.sessionToken,
  });
});

test('what is no role and an unknown key are refused', () => {
  const { credentialsFor, identityOf } = createIdentities({ place, admin: newAdminKey() });

  expect(() => credentialsFor('arn:aws:iam::111122223333:user/admin', 'x')).toThrow(
    'is not the ARN of a role',
  );
  expect(identityOf('AKIANOBODY')).toBeUndefined();
});
