import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { afterAll, expect, test } from 'vitest';
import { withLiteralKeys } from './literal-keys.ts';

const folder = mkdtempSync(join(tmpdir(), 'fidelia-keys-'));

afterAll(() => rmSync(folder, { recursive: true }));

test('a constant of text takes the place of the key that it stands for', () => {
  const text = 'const _h = "header";\nexport const a = [0, { [_h]: 1, [_g]: 2, h: _h }];';
  expect(withLiteralKeys(text)).toBe(
    'const _h = "header";\nexport const a = [0, { "header": 1, [_g]: 2, h: _h }];',
  );
});

test.each([
  ['a call', 'export const a = { [f()]: 1 };'],
  ['a number', 'const n = 1;\nexport const a = { [n]: 1 };'],
  ['a constant of another scope', 'function f() {\n  const _h = "header";\n  return { [_h]: 1 };\n}'],
  ['a text that is written with an escape', 'const _h = "a\\"b";\nexport const a = { [_h]: 1 };'],
])('%s stays the key that it is', (_, text) => {
  expect(withLiteralKeys(text)).toBe(text);
});

/** What the schemas of a client say, as text: arrays with functions that name others. */
async function said(contents: string, resolveDir: string, name: string): Promise<string> {
  const outfile = join(folder, name);
  await build({
    stdin: { contents, resolveDir },
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    mainFields: ['module', 'main'],
  });
  const schemas: Record<string, unknown> = await import(pathToFileURL(outfile).href);
  const { errorTypeRegistries: _, ...shapes } = schemas;
  return JSON.stringify(shapes, (_key, value) => (typeof value === 'function' ? `${value}` : value));
}

const clients = Object.keys(JSON.parse(readFileSync('package.json', 'utf8')).dependencies).filter((name) =>
  name.startsWith('@aws-sdk/client-'),
);

test.each(clients)('the schemas of %s say the same with literal keys', async (client) => {
  for (const path of globSync(`node_modules/${client}/dist-es/schemas/*.js`)) {
    const text = readFileSync(path, 'utf8');
    const name = client.replace('/', '-');
    const [before, after] = await Promise.all([
      said(text, join(path, '..'), `${name}.mjs`),
      said(withLiteralKeys(text), join(path, '..'), `${name}-literal.mjs`),
    ]);
    expect(before.length).toBeGreaterThan(1000);
    expect(after).toBe(before);
  }
});
