import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Decision } from './access.ts';
import { recordInto } from './recording.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'recording-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const arn = (service: string, path: string) => `arn:aws:${service}:eu-west-1:111122223333:${path}`;
const roleArn = 'arn:aws:iam::111122223333:role/Scoring';
const read: Decision = {
  principal: { kind: 'session', sessionArn: arn('sts', 'assumed-role/Scoring/scoring'), roleArn },
  action: 'dynamodb:GetItem',
  resource: arn('dynamodb', 'table/Crm'),
  keys: {},
  allowed: true,
};
const send: Decision = {
  principal: { kind: 'service', service: 'events.amazonaws.com', sourceArn: arn('events', 'rule/crm/all') },
  action: 'sqs:SendMessage',
  resource: arn('sqs', 'Incoming'),
  keys: {},
  allowed: true,
};
const admin = arn('iam', 'user/admin');

const linesOf = (file: string) =>
  readFileSync(file, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

test('each kind of decision is a line of its own, and comes once', () => {
  const file = join(folder, 'kinds.jsonl');
  const record = recordInto(file);
  const kinds: Decision[] = [
    read,
    { ...read, allowed: false },
    { ...read, action: 'dynamodb:Query' },
    { ...read, keys: { 'dynamodb:leadingkeys': ['1'] } },
    { ...read, keys: { 'dynamodb:leadingkeys': ['2'] } },
    send,
  ];

  for (const decision of [...kinds, ...kinds]) record(structuredClone(decision));

  expect(linesOf(file)).toEqual(kinds);
});

test('what the administrator does is left out', () => {
  const file = join(folder, 'administrator.jsonl');
  const record = recordInto(file);

  record({ ...read, principal: { kind: 'session', sessionArn: admin, roleArn: admin } });
  record(send);

  expect(linesOf(file)).toEqual([send]);
});

test('a second start appends to the file', () => {
  const file = join(folder, 'appended.jsonl');
  recordInto(file)(read);
  recordInto(file)(read);

  expect(linesOf(file)).toEqual([read, read]);
});

test('a file that cannot be written is refused by name', () => {
  const file = join(folder, 'nowhere', 'calls.jsonl');

  expect(() => recordInto(file)).toThrow(`--record ${file} cannot be written: ENOENT`);
});
