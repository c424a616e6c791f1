import { describe, expect, test } from 'vitest';
import type { Policies, Role } from '../template/resources/policies.ts';
import { createAccess, type Decision } from './access.ts';
import type { Need } from './need.ts';
import type { Principal } from './principal.ts';
import { compileRights } from './rights.ts';

const place = { region: 'eu-west-1', accountId: '111122223333' };
const roleArn = 'arn:aws:iam::111122223333:role/Scoring';
const session: Principal = {
  kind: 'session',
  sessionArn: 'arn:aws:sts::111122223333:assumed-role/Scoring/scoring',
  roleArn,
};
const table = 'arn:aws:dynamodb:eu-west-1:111122223333:table/Crm';

function policiesOf(Statement: object[], resourcePolicies: Policies['resourcePolicies'] = []): Policies {
  const role: Role = {
    arn: roleArn,
    name: 'Scoring',
    trust: { Version: '2012-10-17', Statement: [] },
    tags: { Team: 'north' },
    documents: [{ where: 'own', document: { Version: '2012-10-17', Statement } }],
  };
  return { roles: new Map([[roleArn, role]]), resourcePolicies };
}

const keyed = (...keys: string[]): Need => ({
  action: 'dynamodb:GetItem',
  resource: table,
  keys: { 'dynamodb:leadingkeys': () => keys },
});

test('a decision depends on the keys that a policy looks at, in its variables too', () => {
  const Condition = {
    'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': '${aws:PrincipalTag/Team}#*' },
  };
  const rights = compileRights(
    policiesOf([{ Effect: 'Allow', Action: 'dynamodb:GetItem', Resource: table, Condition }]),
  );
  const { decide } = createAccess({ rights, place });

  for (const _ of [1, 2]) {
    expect(decide(session, keyed('north#1'))).toBe('allowed');
    expect(decide(session, keyed('north#1', 'south#1'))).toBe('not allowed');
  }
});

test('a condition on the time is judged anew at each request', () => {
  let now = Date.parse('2026-01-01');
  const Condition = { DateLessThan: { 'aws:CurrentTime': '2026-01-02T00:00:00Z' } };
  const rights = compileRights(policiesOf([{ Effect: 'Allow', Action: 'sqs:*', Resource: '*', Condition }]));
  const { decide } = createAccess({ rights, place, now: () => now });
  const need = { action: 'sqs:SendMessage', resource: 'arn:aws:sqs:eu-west-1:111122223333:q' };

  expect(decide(session, need)).toBe('allowed');
  now = Date.parse('2026-01-03');
  expect(decide(session, need)).toBe('not allowed');
});

test('an object stands under the policy of its bucket', () => {
  const Statement = {
    Effect: 'Deny',
    Principal: { AWS: '*' },
    Action: 's3:*',
    Resource: ['arn:aws:s3:::failures', 'arn:aws:s3:::failures/*'],
    Condition: { Bool: { 'aws:SecureTransport': 'true' } },
  };
  const bucket = {
    type: 'AWS::S3::BucketPolicy',
    where: 'bucket',
    resourceArns: ['arn:aws:s3:::failures'],
    document: { Version: '2012-10-17', Statement },
  };
  const rights = compileRights(policiesOf([{ Effect: 'Allow', Action: 's3:*', Resource: '*' }], [bucket]));
  const { decide } = createAccess({ rights, place });

  const put = (resource: string) => decide(session, { action: 's3:PutObject', resource });
  expect(put('arn:aws:s3:::failures/a/b')).toBe('denied by resource');
  expect(put('arn:aws:s3:::other/a')).toBe('allowed');
});

test('every decision is heard of, with the keys that the request had and a policy looks at', () => {
  const Condition = { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['2'] } };
  const statement = { Effect: 'Allow', Action: 'dynamodb:GetItem', Resource: table, Condition };
  const rights = compileRights(policiesOf([statement]));
  const heard: Decision[] = [];
  const { decide } = createAccess({ rights, place, record: (decision) => heard.push(decision) });
  const { keys } = keyed('1');

  decide(session, { ...keyed(), keys: { ...keys, 'dynamodb:select': () => ['COUNT'] } });
  decide(session, { ...keyed('1'), action: 'dynamodb:Query' });

  const denied = { principal: session, resource: table, allowed: false };
  expect(heard).toEqual([
    { ...denied, action: 'dynamodb:GetItem', keys: { 'dynamodb:leadingkeys': ['1'] } },
    { ...denied, action: 'dynamodb:Query', keys: {} },
  ]);
});

test('a role that no stack has may do nothing', () => {
  const { decide } = createAccess({ rights: compileRights(policiesOf([])), place });
  const stranger = { ...session, roleArn: 'arn:aws:iam::111122223333:role/Other' };

  expect(decide(stranger, keyed('1'))).toBe('not allowed');
});

describe('a decision that was made before', () => {
  const statements = Array.from({ length: 20 }, (_, index) => ({
    Effect: 'Allow',
    Action: ['dynamodb:GetItem', 'dynamodb:Query'],
    Resource: index === 0 ? table : `${table}${index}`,
  }));

  const Condition = { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['1'] } };

  test.each([
    ['without keys', statements, 2],
    ['by a key', [...statements, { Effect: 'Deny', Action: '*', Resource: table, Condition }], 4],
  ])('costs little, %s', (how, list, mostMicroseconds) => {
    const { decide } = createAccess({ rights: compileRights(policiesOf(list)), place });
    const need = keyed('2');
    const rounds = 20_000;
    const perDecision = () => {
      const began = performance.now();
      for (let round = 0; round < rounds; round++) decide(session, need);
      return ((performance.now() - began) * 1000) / rounds;
    };

    // The least of some, since other work on the machine only adds.
    const microseconds = Math.min(...Array.from({ length: 10 }, perDecision));

    console.log(`a decision made before, ${how}: ${microseconds.toFixed(2)} µs`);
    expect(microseconds).toBeLessThan(mostMicroseconds);
  });
});
