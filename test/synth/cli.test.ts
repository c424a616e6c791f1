import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Stack } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkedApp } from '../../infra/app.ts';
import { claimFolder } from '../../infra/fresh.ts';

const SYNTH = join(import.meta.dirname, '../../infra/synth.ts');

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'fidelia-cli-'));
});

afterAll(() => rmSync(folder, { recursive: true }));

test('an assembly is written once, and again only when the tenant or its sources change', async () => {
  const out = join(folder, 'out');
  const written = () => statSync(join(out, 'manifest.json')).mtimeMs;

  expect(await synth('--tenant', 'demo', '--out', out)).toMatchObject({ code: 0 });
  const first = written();
  expect(await synth('--tenant', 'demo', '--out', out)).toMatchObject({ code: 0 });
  expect(written()).toBe(first);

  expect(await synth('--tenant', 'acme', '--out', out)).toMatchObject({ code: 0 });
  expect(written()).toBeGreaterThan(first);
  expect(existsSync(join(out, 'fidelia-demo-app.template.json'))).toBe(false);
}, 60_000);

test.each([
  [
    ['--tenant', 'acmee'],
    'There is no tenant "acmee" in infra/tenants. Did you mean "acme"? Allowed: "acme", "demo"',
  ],
  [['--tenant', '../tenants/acme'], 'There is no tenant "../tenants/acme"'],
  [['--tennant', 'acme'], "Unknown option '--tennant'"],
  [['acme'], "Unexpected argument 'acme'"],
])('%j is refused with what is allowed', async (args, message) => {
  const { code, stderr } = await synth(...args, '--out', join(folder, 'never'));
  expect(code).toBe(2);
  expect(stderr).toContain(message);
  expect(stderr).not.toContain('    at ');
  expect(existsSync(join(folder, 'never'))).toBe(false);
});

test('a folder that holds something else is left alone', async () => {
  const out = join(folder, 'mine');
  mkdirSync(out);
  writeFileSync(join(out, 'thesis.txt'), 'two years of work');
  const { code, stderr } = await synth('--out', out);
  expect(code).toBe(2);
  expect(stderr).toContain(`${out} holds something other than a cloud assembly`);
  expect(existsSync(join(out, 'thesis.txt'))).toBe(true);
});

test('an assembly that was left unfinished is replaced', async () => {
  const out = join(folder, 'unfinished');
  claimFolder(out);
  mkdirSync(join(out, 'asset.0'));

  expect(await synth('--out', out)).toMatchObject({ code: 0 });
  expect(existsSync(join(out, 'manifest.json'))).toBe(true);
  expect(existsSync(join(out, 'asset.0'))).toBe(false);
}, 60_000);

test("the CDK's own command lists the stacks of the tenant in its context, in a new folder", async () => {
  const cdk = (...args: string[]) =>
    promisify(execFile)('cdk', ['list', '--no-notices', '--output', join(folder, 'by-cdk'), ...args]);

  expect((await cdk('-c', 'tenant=acme')).stdout.split('\n')).toEqual([
    'fidelia-acme-data',
    'fidelia-acme-partner-carrier',
    'fidelia-acme-app',
    '',
  ]);
  expect((await cdk()).stdout.split('\n')).toEqual([
    'fidelia-demo-data',
    'fidelia-demo-partner-carrier',
    'fidelia-demo-partner-wholesaler',
    'fidelia-demo-app',
    '',
  ]);
  await expect(cdk('-c', 'tenant=acmee')).rejects.toThrow('Did you mean "acme"?');
}, 60_000);

test('a broken rule of cdk-nag stops the synthesis', () => {
  const app = checkedApp(join(folder, 'broken'));
  new Bucket(new Stack(app, 'Broken'), 'Open');
  expect(() => app.synth()).toThrow(/AwsSolutions-S10/);
});

test('a property that CloudFormation does not know stops the synthesis', () => {
  const app = checkedApp(join(folder, 'misspelt'));
  const stack = new Stack(app, 'Misspelt');
  const bucket = new Bucket(stack, 'Fine', { enforceSSL: true, serverAccessLogsPrefix: 'log' });
  const resource = bucket.node.defaultChild as unknown as {
    addPropertyOverride(path: string, value: unknown): void;
  };
  resource.addPropertyOverride('BucketNam', 'x');
  expect(() => app.synth()).toThrow(/BucketNam/);
});

function synth(...args: string[]): Promise<{ code: number; stderr: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [SYNTH, ...args], (error, _stdout, stderr) =>
      resolve({ code: error ? Number(error.code) : 0, stderr }),
    );
  });
}
