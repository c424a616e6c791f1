import { describe, expect, test } from 'vitest';
import { compilePolicy, type PolicyKind } from './policy.ts';

const allow = { Effect: 'Allow', Action: 'sqs:SendMessage', Resource: '*' };
const compile = (statement: unknown, kind: PolicyKind = 'identity') =>
  compilePolicy({ Version: '2012-10-17', Statement: statement }, kind, 'the policy of Scoring');

test('a statement knows where it stands and which keys it looks at', () => {
  const [statement] = compile({
    ...allow,
    Sid: 'Own',
    Resource: 'arn:aws:sqs:*:*:${aws:PrincipalTag/team}',
    Condition: { Bool: { 'aws:SecureTransport': true } },
  });

  expect(statement).toMatchObject({
    where: 'the policy of Scoring, statement Own',
    keys: ['aws:principaltag/team', 'aws:securetransport'],
    actions: ['sqs:SendMessage'],
  });
});

test('in the older version nothing is a variable', () => {
  const statement = { ...allow, Resource: 'arn:aws:sqs:*:*:${aws:PrincipalTag/team}' };

  const [compiled] = compilePolicy({ Statement: statement }, 'identity', 'x');

  expect(compiled?.keys).toEqual([]);
});

describe('refused is', () => {
  test.each<[unknown, string, PolicyKind?]>([
    ['all', 'statement 1: it is "all": give an object'],
    [{ ...allow, Effect: 'allow' }, 'Effect is "allow": give Allow or Deny'],
    [{ ...allow, Actions: [] }, 'it has Actions: use Sid, Effect'],
    [{ Effect: 'Allow', Resource: '*' }, 'Action is undefined: give a text or a list of texts'],
    [{ ...allow, NotAction: 'sqs:*' }, 'it has both Action and NotAction: leave one of them out'],
    [{ ...allow, Action: [] }, 'Action is []'],
    [{ ...allow, Action: 'SendMessage' }, 'the action SendMessage is malformed'],
    [{ ...allow, Resource: 'queue' }, 'the resource queue is no ARN'],
    [{ Effect: 'Allow', Action: 'sqs:*' }, 'Resource is undefined'],
    [{ ...allow, Principal: '*' }, 'a policy of an identity has no Principal'],
    [allow, 'a policy of a resource needs a Principal', 'resource'],
    [{ ...allow, Principal: { AWS: 'Scoring' } }, 'Principal Scoring is not known', 'resource'],
    [{ ...allow, Principal: { Service: 'events' } }, 'Principal events is no service', 'resource'],
    [{ ...allow, Principal: { Role: 'x' } }, 'Principal has Role: use AWS, Service', 'resource'],
    [{ ...allow, Principal: {} }, 'Principal names nobody', 'resource'],
    [{ ...allow, Principal: '*' }, 'a policy of who may assume a role has no Resource', 'trust'],
    [{ ...allow, Condition: { Equals: {} } }, 'the condition operator Equals is unknown'],
  ])('%j', (statement, message, kind) => {
    expect(() => compile(statement, kind)).toThrow(message);
  });

  test('a document that is none, or of another version', () => {
    expect(() => compilePolicy('x', 'identity', 'Own')).toThrow('Own: the policy is "x"');
    expect(() => compilePolicy({ Statements: [] }, 'identity', 'Own')).toThrow(
      'Own: the policy has Statements',
    );
    expect(() => compilePolicy({ Version: '2020-01-01' }, 'identity', 'Own')).toThrow(
      'Own: Version is "2020-01-01": give 2012-10-17',
    );
  });
});
