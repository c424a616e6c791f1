import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  cpSync,
  existsSync,
  globSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import type { StackInfo } from './cloud.ts';

const start = join(import.meta.dirname, 'start.ts');
vi.setConfig({ testTimeout: 60_000 });

const running: ChildProcess[] = [];

let home: string;
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'start-'));
  const outdir = join(home, '.local/demo/cdk.out');
  execFileSync(process.execPath, [join(import.meta.dirname, '../infra/synth.ts'), '--out', outdir]);
}, 120_000);
afterEach(async () => {
  for (const child of running.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
});
afterAll(() => rmSync(home, { recursive: true }));

interface Started {
  readonly child: ChildProcess;
  readonly printed: () => string;
  readonly ended: Promise<{ readonly code: number | null; readonly printed: string }>;
}

/** Without demo data, which fills a stack in the background. */
const run = (...args: string[]) => runIn(home, '--empty', ...args);

/** Far from UTC, as a developer may be. */
const env = { ...process.env, TZ: 'Asia/Tokyo' };

function runIn(cwd: string, ...args: string[]): Started {
  const child = spawn(process.execPath, [start, ...args], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  running.push(child);
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      text += chunk;
    });
  }
  const ended = once(child, 'close').then(([code]) => ({ code, printed: text }));
  return { child, printed: () => text, ended };
}

const ready = (...args: string[]) => readyIn(home, '--empty', ...args);

async function readyIn(cwd: string, ...args: string[]): Promise<Started & { readonly stack: StackInfo }> {
  const started = runIn(cwd, ...args);
  await expect.poll(started.printed, { timeout: 30_000, interval: 20 }).toContain('is ready');
  return { ...started, stack: JSON.parse(readFileSync(join(cwd, '.local/stack.json'), 'utf8')) };
}

function documents(stack: StackInfo): DynamoDBDocumentClient {
  const credentials = { accessKeyId: stack.adminAccessKeyId, secretAccessKey: stack.adminSecretAccessKey };
  const client = new DynamoDBClient({ endpoint: stack.awsEndpointUrl, region: stack.region, credentials });
  return DynamoDBDocumentClient.from(client);
}

const published = () =>
  ['stack.json', 'demo/stack.json'].filter((file) => existsSync(join(home, '.local', file)));

test('it says in one line that it is ready, tells tools where everything is, and leaves nothing of that', async () => {
  const { child, printed, ended, stack } = await ready('--memory', '--port', '0');

  expect(printed()).toContain(`demo is ready: GraphQL ${stack.graphqlUrl}, socket ${stack.realtimeUrl}`);
  expect(printed()).toContain(`SMTP ${stack.smtpUrl};`);
  expect(printed()).toMatch(/\d+ AWS::CloudWatch::Alarm/);
  expect(published()).toEqual(['stack.json', 'demo/stack.json']);
  expect(statSync(join(home, '.local/stack.json')).mode & 0o777).toBe(0o600);
  expect(stack).toMatchObject({
    tenant: 'demo',
    region: 'eu-west-2',
    userPoolId: expect.any(String),
    userPoolClientId: expect.any(String),
    tableName: expect.any(String),
    eventBusName: 'fidelia-demo',
  });
  expect(stack.users.map(({ username }) => username).toSorted()).toEqual([
    'admin',
    'analyst',
    'integration',
    'marketing',
    'sales',
    'service',
  ]);
  expect(readFileSync(stack.caFile, 'utf8')).toContain('BEGIN CERTIFICATE');

  child.kill('SIGTERM');
  expect(await ended).toMatchObject({ code: 0 });
  expect(published()).toEqual([]);
  expect(readdirSync(join(home, '.local/demo/runs'))).toEqual([]);
});

test('a folder that holds something is not filled with demo data, and is not asked about again', async () => {
  const marker = join(home, 'own/demo/demo.json');
  const first = await ready('--data', 'own', '--port', '0');
  const TableName = String(first.stack.tableName);
  await documents(first.stack).send(new PutCommand({ TableName, Item: { pk: 'a', sk: 'b' } }));
  first.child.kill('SIGTERM');
  await first.ended;
  expect(existsSync(marker)).toBe(false);

  const second = await readyIn(home, '--data', 'own', '--port', '0');
  await expect.poll(() => existsSync(marker), { timeout: 20_000 }).toBe(true);
  expect(JSON.parse(readFileSync(marker, 'utf8'))).toMatchObject({ state: 'done' });
  second.child.kill('SIGTERM');
  expect((await second.ended).printed).not.toContain('demo data');
});

test('killed, it starts again on the same folder with all that it had acknowledged', async () => {
  const first = await ready('--data', 'kept', '--port', '0');
  const TableName = String(first.stack.tableName);
  await documents(first.stack).send(new PutCommand({ TableName, Item: { pk: 'a', sk: 'b' } }));
  first.child.kill('SIGKILL');
  await first.ended;
  expect(published()).toEqual(['stack.json', 'demo/stack.json']);

  const { child, stack, ended } = await ready('--data', 'kept', '--port', '0');

  const { Item } = await documents(stack).send(new GetCommand({ TableName, Key: { pk: 'a', sk: 'b' } }));
  expect(Item).toEqual({ pk: 'a', sk: 'b' });
  expect(stack.users).toEqual(first.stack.users);
  expect(readdirSync(join(home, '.local/demo/runs'))).toEqual([String(child.pid)]);
  // As from a terminal under npm, which passes on what the process has had already.
  child.kill('SIGINT');
  child.kill('SIGINT');
  expect(await ended).toMatchObject({ code: 0 });
});

test('what is in use is refused by name, and the one who uses it goes on', async () => {
  const { child, stack } = await ready('--data', 'used', '--port', '0');
  const { port } = new URL(stack.cognitoUrl);

  const sameFolder = await run('--data', 'used', '--port', '0').ended;
  const samePort = await run('--memory', '--port', port).ended;

  expect(sameFolder.code).toBe(1);
  expect(sameFolder.printed).toContain(`used/demo is in use by process ${child.pid}`);
  expect(samePort.code).toBe(1);
  expect(samePort.printed).toContain(`Port ${port} is busy`);
  expect(samePort.printed).toContain(`npm start -- --port`);
  expect(published()).toEqual(['stack.json', 'demo/stack.json']);
  expect((await fetch(`${stack.cognitoUrl}/graphql`, { method: 'POST' })).status).toBe(401);
});

test.each([
  [['--prot', '1'], "Unknown option '--prot'"],
  [['--memory', '--tenant', 'nobody'], 'There is no tenant "nobody"'],
  [['--memory', '--forward-mail', 'smtp://mail.example:25'], 'smtp://mail.example:25 is not on this machine'],
])('%j is refused with what can be said instead', async (args, message) => {
  const { code, printed } = await run(...args).ended;

  expect(code).toBe(2);
  expect(printed).toContain(message);
  expect(printed).toMatch(/--tenant NAME|Allowed: "acme", "demo"/);
});

test('faults of a file are on from the start, and it says so', async () => {
  const file = join(home, 'faults.json');
  writeFileSync(file, '{ "mail": [{ "fault": "throttle", "every": 2 }] }');

  const { printed } = await ready('--memory', '--port', '0', '--faults', file);

  expect(printed()).toContain(`Faults are on: things go wrong as ${file} says.`);
});

test.each([
  ['{ "mial": [] }', 'mial ("mial"): there is no such key; give some of seed, functions'],
  [
    '{ "functions": [{ "function": "Scorng", "fault": "kill", "every": 1 }] }',
    'No name of the functions has "Scorng" in it',
  ],
])('faults that cannot be meant are refused: %s', async (text, message) => {
  const file = join(home, 'wrong.json');
  writeFileSync(file, text);

  const { code, printed } = await run('--memory', '--port', '0', '--faults', file).ended;

  expect(code).toBe(2);
  expect(printed).toContain(message);
});

test('what roles may do is recorded into a file, also by a process that is killed', async () => {
  const file = join(home, 'calls.jsonl');

  const { child, ended } = await ready('--memory', '--port', '0', '--record', file);
  child.kill('SIGKILL');
  await ended;

  const decisions = readFileSync(file, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(decisions).toContainEqual({
    principal: { kind: 'session', sessionArn: expect.any(String), roleArn: expect.stringContaining('Relay') },
    action: 'dynamodb:GetRecords',
    resource: expect.stringContaining('/stream/'),
    keys: {},
    allowed: true,
  });
});

test('a file that cannot be written is refused before anything starts', async () => {
  const file = join(home, 'nowhere/calls.jsonl');

  const { code, printed } = await run('--memory', '--port', '0', '--record', file).ended;

  expect(code).toBe(1);
  expect(printed).toContain(`--record ${file} cannot be written`);
});

test('stopped while it synthesizes, it ends at once and cleanly', async () => {
  const { child, printed, ended } = run('--memory', '--tenant', 'acme', '--port', '0');
  await expect
    .poll(() => existsSync(join(home, '.local/acme/synthesis.sqlite')), { timeout: 20_000 })
    .toBe(true);
  child.kill('SIGINT');

  expect(await ended).toMatchObject({ code: 0 });
  expect(printed()).not.toContain('is ready');
  expect(printed()).not.toContain('Error');
});

test('functions run in UTC, as in Lambda, wherever the machine is', async () => {
  const planted = join(home, 'planted');
  cpSync(join(home, '.local/demo/cdk.out'), join(planted, '.local/demo/cdk.out'), { recursive: true });
  const source = 'export const handler = () => console.log("It is", new Date(2026, 0, 1).toISOString());';
  for (const bundle of globSync(join(planted, '.local/demo/cdk.out/asset.*/index.mjs'))) {
    writeFileSync(bundle, source);
  }

  const { stack } = await readyIn(planted, '--empty', '--memory', '--port', '0');
  const TableName = String(stack.tableName);
  // The relay hears of nothing but what says what has happened.
  const change = { id: 'chg' };
  await documents(stack).send(new PutCommand({ TableName, Item: { pk: 'a', sk: 'b', change } }));

  const logs = () =>
    globSync(join(planted, '.local/demo/logs/*Relay*'))
      .map((file) => readFileSync(file, 'utf8'))
      .join();
  await expect.poll(logs, { timeout: 20_000 }).toContain('It is 2026-01-01T00:00:00.000Z');
});
