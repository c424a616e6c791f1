import { describe, expect, test } from 'vitest';
import type { Decision } from '../../../local/iam/access.ts';
import type { Policies } from '../../../local/template/resources/policies.ts';
import { checks, evidenceOf } from './checks.ts';
import type { Reason } from './reasons.ts';

const account = '111122223333';
const arn = (service: string, path: string) => `arn:aws:${service}:eu-west-1:${account}:${path}`;
const roleArn = `arn:aws:iam::${account}:role/Scoring`;
const table = arn('dynamodb', 'table/Crm');
const stream = (began: string) => `${table}/stream/${began}`;
const queue = arn('sqs', 'Incoming');
const rule = arn('events', 'rule/crm/all');
const identity = arn('ses', 'identity/firm.example');

const allow = (Action: string | string[], Resource: string | string[], more: object = {}) => ({
  Effect: 'Allow',
  Action,
  Resource,
  ...more,
});
const fromRule = { Condition: { ArnEquals: { 'aws:SourceArn': rule } } };
const letsSend = (more: object) =>
  allow('sqs:SendMessage', queue, { Principal: { Service: 'events.amazonaws.com' }, ...more });

interface Planted {
  readonly role?: object[];
  readonly queuePolicy?: object[];
  readonly decisions?: Decision[];
  readonly reasons?: Reason[];
}

/** The lines of a check about one role and one queue. */
function broken(name: RegExp, { role = [], queuePolicy = [], decisions = [], reasons = [] }: Planted) {
  const document = (Statement: object[]) => ({ Version: '2012-10-17', Statement });
  const policies: Policies = {
    roles: new Map([
      [
        roleArn,
        {
          arn: roleArn,
          name: 'Scoring',
          trust: document([]),
          tags: {},
          documents: [{ where: 'own', document: document(role) }],
        },
      ],
    ]),
    resourcePolicies: [{ type: '', where: 'queue', resourceArns: [queue], document: document(queuePolicy) }],
  };
  const stack = { region: 'eu-west-1' };
  const found = checks.find((check) => name.test(check.name));
  return found?.broken(evidenceOf({ policies, stack }, decisions, reasons));
}

function done(action: string, resource: string, keys: Decision['keys'] = {}): Decision {
  const sessionArn = `arn:aws:sts::${account}:assumed-role/Scoring/scoring`;
  return { principal: { kind: 'session', sessionArn, roleArn }, action, resource, keys, allowed: true };
}
const denied = (decision: Decision): Decision => ({ ...decision, allowed: false });
const sent = (sourceArn = rule): Decision => ({
  ...done('sqs:SendMessage', queue),
  principal: { kind: 'service', service: 'events.amazonaws.com', sourceArn },
});
const put = done('dynamodb:PutItem', table);
const got = done('dynamodb:GetItem', table);

describe('no call of a role or a service is denied', () => {
  const check = /^no call/;

  test('what is allowed is fine, and so is what is denied to a role of no template', () => {
    const stranger = { kind: 'session', sessionArn: 'x', roleArn: 'arn:aws:iam::1:role/Other' } as const;
    const decisions = [put, denied({ ...put, principal: stranger })];
    expect(broken(check, { decisions })).toEqual([]);
  });

  test('what was denied is named, to roles and to services', () => {
    expect(broken(check, { decisions: [denied(put), denied(sent()), put] })).toEqual([
      `arn:aws:sts::${account}:assumed-role/Scoring/scoring: dynamodb:PutItem on ${table}`,
      `events.amazonaws.com: sqs:SendMessage on ${queue}`,
    ]);
  });
});

describe('every grant is used, or has a reason why not', () => {
  const check = /^every grant is used/;
  const role = [allow(['dynamodb:PutItem', 'dynamodb:GetItem'], table)];

  test('each action on each resource must have been allowed to somebody', () => {
    expect(broken(check, { role, decisions: [put, got] })).toEqual([]);
    expect(broken(check, { role, decisions: [put, denied(got)] })).toEqual([
      `Scoring: dynamodb:GetItem on ${table}`,
    ]);
  });

  test('a reason excuses what it matches', () => {
    const reasons = [{ grant: /GetItem/, reason: 'nobody reads' }];
    expect(broken(check, { role, decisions: [put], reasons })).toEqual([]);
  });

  test('a stream counts as used wherever it began', () => {
    const grants = [allow('dynamodb:GetRecords', stream('2026-01-01T00:00:00.000'))];
    const decisions = [done('dynamodb:GetRecords', stream('2026-02-02T00:00:00.000'))];
    expect(broken(check, { role: grants, decisions })).toEqual([]);
    const other = [done('dynamodb:GetRecords', `${arn('dynamodb', 'table/Other')}/stream/2026`)];
    expect(broken(check, { role: grants, decisions: other })).toHaveLength(1);
  });
});

test('a reason without a grant, and one for a grant that is used, are one too many', () => {
  const role = [allow('dynamodb:PutItem', table)];
  const reasons = [
    { grant: /PutItem/, reason: 'nobody writes' },
    { grant: /Scan/, reason: 'nobody scans' },
  ];
  expect(broken(/^every reason/, { role, reasons })).toEqual(['nobody scans']);
  expect(broken(/^every reason/, { role, reasons, decisions: [put] })).toEqual([
    'nobody writes',
    'nobody scans',
    `Scoring: dynamodb:PutItem on ${table}`,
  ]);
});

describe('no grant is wider than its use', () => {
  const check = /^no grant is wider/;

  test('a pattern of actions must stand for several', () => {
    const role = [allow('dynamodb:*Item', table)];
    expect(broken(check, { role, decisions: [put, got] })).toEqual([]);
    expect(broken(check, { role, decisions: [put] })).toEqual([
      `Scoring: dynamodb:*Item on ${table}: only dynamodb:PutItem is done`,
    ]);
  });

  test('a pattern of resources must stand for several, or for what has no name', () => {
    const files = (key: string) => done('s3:PutObject', `arn:aws:s3:::failures/${key}`);
    const role = [allow('s3:PutObject', 'arn:aws:s3:::failures/*')];
    expect(broken(check, { role, decisions: [files('a'), files('b')] })).toEqual([]);
    expect(broken(check, { role, decisions: [files('a')] })).toEqual([
      'Scoring: s3:PutObject on arn:aws:s3:::failures/*: only arn:aws:s3:::failures/a is met',
    ]);
    const phones = [
      { Effect: 'Allow', Action: 'sns:Publish', NotResource: arn('sns', '*') },
      allow('sqs:ListQueues', '*'),
    ];
    const decisions = [done('sns:Publish', '*'), done('sqs:ListQueues', '*')];
    expect(broken(check, { role: phones, decisions })).toEqual([]);
  });

  test('each value of a condition must let something through', () => {
    const from = (address: string) => done('ses:SendEmail', identity, { 'ses:fromaddress': [address] });
    const Condition = { StringEquals: { 'ses:FromAddress': ['a@firm.example', 'b@firm.example'] } };
    const role = [allow('ses:SendEmail', identity, { Condition })];
    const decisions = [from('a@firm.example'), from('b@firm.example')];
    expect(broken(check, { role, decisions })).toEqual([]);
    expect(broken(check, { role, decisions: decisions.slice(0, 1) })).toEqual([
      `Scoring: ses:SendEmail on ${identity}: nothing needs ses:FromAddress b@firm.example`,
    ]);
  });

  test('a service must say for whom it comes', () => {
    const decisions = [sent()];
    expect(broken(check, { queuePolicy: [letsSend(fromRule)], decisions })).toEqual([]);
    expect(broken(check, { queuePolicy: [letsSend({})], decisions })).toEqual([
      `events.amazonaws.com: sqs:SendMessage on ${queue}: also for what another account has`,
    ]);
  });
});

describe('without any one of the grants that are used, a call is denied', () => {
  const check = /^without any one/;

  test('a grant that only it makes a decision is needed', () => {
    const role = [allow(['dynamodb:PutItem', 'dynamodb:GetItem'], table)];
    const queuePolicy = [letsSend(fromRule)];
    expect(broken(check, { role, queuePolicy, decisions: [put, got, sent()] })).toEqual([]);
  });

  test('of two that allow the same, on one side or on both, neither is needed', () => {
    const role = [
      allow('dynamodb:PutItem', table),
      allow('dynamodb:Put*', table),
      allow('sqs:SendMessage', queue),
    ];
    const queuePolicy = [allow('sqs:SendMessage', queue, { Principal: { AWS: roleArn } })];
    const decisions = [put, done('sqs:SendMessage', queue)];
    expect(broken(check, { role, queuePolicy, decisions })).toEqual([
      `Scoring: dynamodb:PutItem on ${table}`,
      `Scoring: dynamodb:Put* on ${table}`,
      `Scoring: sqs:SendMessage on ${queue}`,
      `Scoring: sqs:SendMessage on ${queue}`,
    ]);
  });
});
