import { execFile, spawn } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RunningStack, startStack } from '../support/stack.ts';

const run = promisify(execFile);

let running: RunningStack;

beforeAll(async () => {
  running = await startStack();
});
afterAll(() => running.remove());

function blocksOf(file: string, language: string): string[] {
  const blocks = readFileSync(file, 'utf8').matchAll(
    new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gm'),
  );
  return [...blocks].map(([, code]) => code ?? '');
}

/** A command of the README as printed, on the stack of this test. */
const onThisStack = (command: string) =>
  command.replace('graphql -- ', `graphql -- --stack ${running.stackFile} `);

test('the first steps of the README work as printed', async () => {
  const commands = blocksOf('README.md', 'sh').filter((block) => block.includes('npm run -s graphql'));
  const command = (part: string) =>
    onThisStack(commands.find((one) => one.includes(part)) ?? `no command has ${part}`);
  const shell = async (line: string) => JSON.parse((await run('sh', ['-c', line])).stdout);

  const { me } = await shell(command('me {'));
  expect(me.groups).toEqual(['sales']);

  const { createCustomer } = await shell(command('createCustomer'));
  expect(createCustomer).toMatchObject({ name: 'Ada Lovelace', version: 1 });
  expect((await shell(command('createCustomer'))).createCustomer.id).toBe(createCustomer.id);

  const following = spawn('sh', [
    '-c',
    `exec ${command('subscription').replace('cus_…', createCustomer.id)}`,
  ]);
  let heard = '';
  following.stdout.on('data', (chunk) => (heard += chunk));
  await new Promise<void>((resolve) =>
    following.stderr.on('data', (text) => String(text).includes('subscribed') && resolve()),
  );
  await shell(command('logInteraction').replace('cus_…', createCustomer.id));
  await expect.poll(() => heard, { timeout: 5000 }).toContain('SCORE_CHANGED');
  expect(heard).toContain('INTERACTION_LOGGED');
  following.kill('SIGTERM');

  const { customerByIdentity } = await shell(command('customerByIdentity'));
  expect(customerByIdentity.timeline.nodes).toMatchObject([
    { channel: 'PHONE', subject: 'Asked for a quote' },
  ]);
  expect(customerByIdentity.score.engagement).toBeCloseTo(8, 1);
}, 60_000);

test('the Amplify client of the guide works as printed', async () => {
  const [code = ''] = blocksOf('docs/clients.md', 'ts');
  const file = `.local-guide-${process.pid}.ts`;
  writeFileSync(file, code);
  try {
    const env = { ...process.env, STACK: running.stackFile, NODE_EXTRA_CA_CERTS: running.stack.caFile };
    const { stdout } = await run(process.execPath, [file], { env, timeout: 30_000 });

    expect(stdout.trim().split('\n')).toEqual([
      'Analytical Engines Ltd',
      'INTERACTION_LOGGED',
      'SCORE_CHANGED',
    ]);
  } finally {
    rmSync(file);
  }
}, 60_000);
