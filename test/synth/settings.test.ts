import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { writeAssembly } from '../../infra/app.ts';
import { loadTenant } from '../../infra/tenant.ts';
import { ofType, readTemplate, type Template } from './assembly.ts';
import { functionsOf, rightsOf, statementsOf } from './rights.ts';

const STREAM =
  'arn:aws:dynamodb:eu-central-1:222222222222:table/acme-restored/stream/2026-01-01T00:00:00.000';

let folder: string;
let app: Template;

/** What a tenant may say, and those in the repository do not. */
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'fidelia-settings-'));
  const write = (into: string, settings: object) =>
    writeAssembly(
      { ...loadTenant('acme'), ...settings },
      join(import.meta.dirname, '../..'),
      join(folder, into),
    );
  await write('plain', {});
  const { notifications } = loadTenant('acme');
  await write('bare', { partners: [], notifications: { ...notifications, rules: [] } });
  const texts = { name: 'text', on: 'crm.order.placed.v1', to: 'CUSTOMER', by: ['SMS'] as const };
  const rules = [{ ...texts, template: 'order', purpose: 'SERVICE' }];
  await write('texts', { notifications: { ...notifications, rules } });
  await write('set', {
    concurrency: { notification: 4, scoring: 20 },
    restoredTable: { name: 'acme-restored', streamArn: STREAM },
  });
  app = readTemplate(join(folder, 'set'), 'fidelia-acme-app');
}, 60_000);

afterAll(() => rmSync(folder, { recursive: true }));

test('functions have executions of their own where the tenant reserves them, and no more batches than these', () => {
  const reserved = ofType(app, 'AWS::Lambda::Function').flatMap(([id, { Properties }]) =>
    'ReservedConcurrentExecutions' in Properties
      ? [[id.replace(/Function\w{8}$/, ''), Properties.ReservedConcurrentExecutions]]
      : [],
  );
  expect(Object.fromEntries(reserved)).toEqual({ Notification: 4, Scoring: 20 });
  const batches = ofType(app, 'AWS::Lambda::EventSourceMapping').flatMap(([id, { Properties }]) => {
    const [, name] = /^(Notification|Scoring)Function/.exec(id) ?? [];
    return name ? [[name, Properties.ScalingConfig]] : [];
  });
  expect(Object.fromEntries(batches)).toEqual({
    Notification: { MaximumConcurrency: 4 },
    Scoring: { MaximumConcurrency: 10 },
  });
});

test('a restored table takes the place of the own one in every function, and with its stream in the relay', () => {
  const functions = functionsOf(app);
  expect(functions.length).toBeGreaterThan(10);
  expect(new Set(functions.map(({ environment }) => environment.TABLE_NAME))).toEqual(
    new Set(['acme-restored']),
  );
  for (const { roleId } of functions) {
    expect(rightsOf(app, roleId).filter((right) => /^dynamodb:\w+ Crm/.test(right))).toEqual([]);
  }
  const relay = functions.find(({ name }) => name === 'relay')?.roleId ?? '';
  expect(statementsOf(app, relay)).toContainEqual(expect.objectContaining({ Resource: STREAM }));
  expect(
    ofType(app, 'AWS::Lambda::EventSourceMapping').map(([, { Properties }]) => Properties.EventSourceArn),
  ).toContain(STREAM);
});

test('a restored table changes nothing in the data stack, whose own table can come back', () => {
  const data = (into: string) => readFileSync(join(folder, into, 'fidelia-acme-data.template.json'), 'utf8');
  expect(data('set')).toBe(data('plain'));
});

test('a tenant without partners and rules has neither, and nobody may do what nobody needs', () => {
  const bare = readTemplate(join(folder, 'bare'), 'fidelia-acme-app');
  expect(readdirSync(join(folder, 'bare')).filter((file) => file.includes('-partner-'))).toEqual([]);
  expect(functionsOf(bare).map(({ name }) => name)).not.toContain('notification');
  const rights = functionsOf(bare).flatMap(({ roleId }) => rightsOf(bare, roleId));
  expect(rights.filter((right) => /^(ses|sns):/.test(right))).toEqual([]);
  expect(rights.filter((right) => right.startsWith('events:'))).toEqual(['events:PutEvents Bus']);
});

test('notification may send mail, or text, only where a rule of the tenant does', () => {
  const sending = (into: string) => {
    const template = readTemplate(join(folder, into), 'fidelia-acme-app');
    const { roleId = '' } = functionsOf(template).find(({ name }) => name === 'notification') ?? {};
    return rightsOf(template, roleId).filter((right) => /^(ses|sns):/.test(right));
  };

  expect(sending('texts')).toEqual(['sns:Publish all but arn:aws:sns:*:*:*']);
  expect(sending('plain')).toEqual([
    'ses:SendEmail arn:aws:ses:eu-central-1:222222222222:configuration-set/fidelia-acme',
    'ses:SendEmail arn:aws:ses:eu-central-1:222222222222:identity/acme.example',
  ]);
});
