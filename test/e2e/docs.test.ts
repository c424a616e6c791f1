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
  command
    .replace('graphql -- ', `graphql -- --stack ${running.stackFile} `)
    .replace('http://127.0.0.1:4000/mail', running.stack.mailUrl);

test('the first steps of the README work as printed', async () => {
  const commands = blocksOf('README.md', 'sh')
    .filter((block) => /npm run -s graphql|curl/.test(block))
    .flatMap((block) => block.split(/\n(?=npm|curl)/));
  let customerId = '';
  const command = (part: string) =>
    onThisStack(commands.find((one) => one.includes(part)) ?? `no command has ${part}`).replaceAll(
      'cus_…',
      customerId,
    );
  const shell = async (line: string) => JSON.parse((await run('sh', ['-c', line])).stdout);

  const { me } = await shell(command('me {'));
  expect(me.groups).toEqual(['sales']);

  const { createCustomer } = await shell(command('createCustomer'));
  expect(createCustomer).toMatchObject({ name: 'Ada Lovelace', version: 1 });
  expect((await shell(command('createCustomer'))).createCustomer.id).toBe(createCustomer.id);
  customerId = createCustomer.id;

  const { customersByName } = await shell(command('customersByName'));
  expect(customersByName.nodes).toEqual([{ id: customerId, name: 'Ada Lovelace' }]);
  expect((await shell(command('orders(state'))).orders.nodes).toEqual([]);

  const following = spawn('sh', ['-c', `exec ${command('subscription')}`]);
  let heard = '';
  following.stdout.on('data', (chunk) => (heard += chunk));
  await new Promise<void>((resolve) =>
    following.stderr.on('data', (text) => String(text).includes('subscribed') && resolve()),
  );
  expect((await shell(command('recordConsent'))).recordConsent.id).toMatch(/^con_/);
  expect((await shell(command('createSharingAgreement'))).createSharingAgreement.version).toBe(1);
  await shell(command('logInteraction'));
  await expect.poll(() => heard, { timeout: 5000 }).toContain('SCORE_CHANGED');
  expect(heard).toContain('INTERACTION_LOGGED');
  following.kill('SIGTERM');

  const { customerByIdentity } = await shell(command('customerByIdentity'));
  expect(customerByIdentity.timeline.nodes).toMatchObject([
    { channel: 'PHONE', subject: 'Asked for a quote' },
  ]);
  expect(customerByIdentity.score.engagement).toBeCloseTo(8, 1);

  const poll = (part: string) => expect.poll(() => shell(command(part)), { timeout: 10_000 });
  await poll('notifications').toMatchObject({
    notifications: { nodes: [{ title: 'Ada Lovelace got in touch' }] },
  });
  await poll('shares').toMatchObject({
    customer: {
      shares: { nodes: [{ partnerId: 'par_carrier', fields: ['customer.name', 'interaction.channel'] }] },
    },
  });
  await poll('/mail').toMatchObject([{ to: ['sales@demo.example'], subject: 'Ada Lovelace got in touch' }]);
}, 90_000);

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
