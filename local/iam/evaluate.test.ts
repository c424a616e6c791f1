import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { evaluate, type Verdict } from './evaluate.ts';
import { compilePolicy } from './policy.ts';
import { anonymous, type Principal } from './principal.ts';

const roleArn = 'arn:aws:iam::111122223333:role/Scoring';
const sessionArn = 'arn:aws:sts::111122223333:assumed-role/Scoring/scoring';
const session: Principal = { kind: 'session', sessionArn, roleArn };
const rule: Principal = {
  kind: 'service',
  service: 'events.amazonaws.com',
  sourceArn: 'arn:aws:events:eu-west-1:111122223333:rule/scoring',
};
const queue = 'arn:aws:sqs:eu-west-1:111122223333:queue';

interface Given {
  readonly identity?: object | readonly object[];
  readonly resource?: object | readonly object[];
  readonly principal?: Principal;
  readonly action?: string;
  readonly on?: string;
}

function verdict({ identity = [], resource = [], principal = session, action, on = queue }: Given): Verdict {
  const document = (Statement: object) => ({ Version: '2012-10-17', Statement });
  return evaluate(
    {
      identity: compilePolicy(document(identity), 'identity', 'identity'),
      resource: compilePolicy(document(resource), 'resource', 'resource'),
    },
    { principal, action: action ?? 'sqs:SendMessage', resource: on, context: () => undefined },
  );
}

const allow = { Effect: 'Allow', Action: 'sqs:SendMessage', Resource: queue };
const deny = { ...allow, Effect: 'Deny' };
const forRole = { Principal: { AWS: roleArn } };

describe('within an account', () => {
  test.each<[string, Given, Verdict]>([
    ['nothing is allowed by itself', {}, 'not allowed'],
    ['the identity’s policy allows', { identity: allow }, 'allowed'],
    ['the resource’s policy allows a role', { resource: { ...allow, ...forRole } }, 'allowed'],
    ['or its session', { resource: { ...allow, Principal: { AWS: sessionArn } } }, 'allowed'],
    ['or everybody', { resource: { ...allow, Principal: '*' }, principal: anonymous }, 'allowed'],
    [
      'an allow for the account leaves it to the identity',
      { resource: { ...allow, Principal: { AWS: '111122223333' } } },
      'not allowed',
    ],
    [
      'a deny for the account is one for each identity',
      { identity: allow, resource: { ...deny, Principal: { AWS: 'arn:aws:iam::111122223333:root' } } },
      'denied by resource',
    ],
    [
      'another account is nobody here',
      { resource: { ...allow, Principal: { AWS: '999999999999' } } },
      'not allowed',
    ],
    [
      'a service is allowed by the resource',
      { resource: { ...allow, Principal: { Service: rule.service } }, principal: rule },
      'allowed',
    ],
    [
      'a service is not another',
      { resource: { ...allow, Principal: { Service: 'sns.amazonaws.com' } }, principal: rule },
      'not allowed',
    ],
    ['a deny of the identity wins', { identity: [allow, deny] }, 'denied by identity'],
    [
      'a deny of the resource wins',
      { identity: allow, resource: { ...deny, Principal: '*' } },
      'denied by resource',
    ],
    [
      'NotPrincipal is everybody else',
      { identity: allow, resource: { ...deny, NotPrincipal: { AWS: roleArn } } },
      'allowed',
    ],
  ])('%s', (_, given, expected) => {
    expect(verdict(given)).toBe(expected);
  });
});

describe('an element', () => {
  const statement = (elements: object) => ({ identity: { Effect: 'Allow', ...elements } });
  test.each<[object, Verdict]>([
    [{ Action: 'SQS:send*', Resource: 'arn:aws:sqs:*:111122223333:q?eue' }, 'allowed'],
    [{ Action: '*', Resource: '*' }, 'allowed'],
    [{ Action: ['sqs:ReceiveMessage', 'sns:*'], Resource: '*' }, 'not allowed'],
    [{ NotAction: 'sns:*', Resource: '*' }, 'allowed'],
    [{ NotAction: ['sqs:*'], Resource: '*' }, 'not allowed'],
    [{ Action: 'sqs:*', NotResource: 'arn:aws:sqs:*:*:other' }, 'allowed'],
    [{ Action: 'sqs:*', NotResource: ['arn:aws:sqs:*:*:queue'] }, 'not allowed'],
    [{ Action: 'sqs:*', Resource: `${queue}/*` }, 'not allowed'],
  ])('%j: %s', (elements, expected) => {
    expect(verdict(statement(elements))).toBe(expected);
  });
});

const statements = fc.array(
  fc.record({
    Effect: fc.constantFrom('Allow', 'Deny'),
    Action: fc.constantFrom('sqs:SendMessage', 'sqs:*', 'sns:Publish', '*'),
    Resource: fc.constantFrom(queue, 'arn:aws:sqs:*:*:other', '*'),
  }),
  { maxLength: 4 },
);
const sides = fc.record({
  identity: statements,
  resource: statements.map((list) => list.map((one) => ({ ...one, ...forRole }))),
});

test('a deny that applies always wins', () => {
  fc.assert(
    fc.property(sides, fc.boolean(), ({ identity, resource }, ofResource) => {
      const given = ofResource
        ? { identity, resource: [...resource, { ...deny, ...forRole }] }
        : { identity: [...identity, deny], resource };

      expect(verdict(given)).toMatch(/^denied/);
    }),
  );
});

test('an allow more never denies what was allowed', () => {
  fc.assert(
    fc.property(sides, statements, ({ identity, resource }, more) => {
      const before = verdict({ identity, resource });
      const added = more.map((one) => ({ ...one, Effect: 'Allow' }));
      const after = verdict({ identity: [...identity, ...added], resource });

      if (before === 'allowed') expect(after).toBe('allowed');
      expect(after.startsWith('denied')).toBe(before.startsWith('denied'));
    }),
  );
});
