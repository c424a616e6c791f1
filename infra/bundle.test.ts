import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { bundleFunctions } from './bundle.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fidelia-bundle-'));
  put(
    'functions/api/greet/handler.ts',
    "import { word } from '../word.ts'; export const handler = (name: string) => word + name;",
  );
  put(
    'functions/api/word.ts',
    "import { createRequire } from 'node:module'; export const word = typeof createRequire;",
  );
  put('functions/count/handler.ts', "export const handler = () => require('node:path').sep;");
});

afterEach(() => rmSync(folder, { recursive: true }));

function put(path: string, content: string): void {
  mkdirSync(join(folder, path, '..'), { recursive: true });
  writeFileSync(join(folder, path), content);
}

const bundle = () => bundleFunctions(join(folder, 'functions'), join(folder, 'out'));

test('each handler becomes one ES module with all that it imports, named by its folder', async () => {
  const bundles = await bundle();
  expect([...bundles.keys()]).toEqual(['greet', 'count']);
  const greet = bundles.get('greet') ?? '';
  expect(readdirSync(greet)).toEqual(['index.mjs']);
  const { handler } = await import(pathToFileURL(join(greet, 'index.mjs')).href);
  expect(handler('!')).toBe('function!');
});

test('what asks for require gets one', async () => {
  const { handler } = await import(
    pathToFileURL(join((await bundle()).get('count') ?? '', 'index.mjs')).href
  );
  expect(handler()).toBe('/');
});

test('the same sources give the same bytes', async () => {
  const read = async () => readFileSync(join((await bundle()).get('greet') ?? '', 'index.mjs'), 'utf8');
  expect(await read()).toBe(await read());
});

test('two functions of one name are refused', async () => {
  put('functions/greet/handler.ts', 'export const handler = () => 1;');
  await expect(bundle()).rejects.toThrow('are called "greet": rename the folder of one');
});

test('an import that is not there is an error that names it', async () => {
  put('functions/count/handler.ts', "import './gone.ts';");
  await expect(bundle()).rejects.toThrow('gone.ts');
});
