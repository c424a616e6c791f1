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
  const bundles = bundle();
  expect([...bundles.keys()]).toEqual(['greet', 'count']);
  const greet = bundles.get('greet') ?? '';
  expect(readdirSync(greet)).toEqual(['index.mjs']);
  const { handler } = await import(pathToFileURL(join(greet, 'index.mjs')).href);
  expect(handler('!')).toBe('function!');
});

test('what asks for require gets one', async () => {
  const { handler } = await import(pathToFileURL(join(bundle().get('count') ?? '', 'index.mjs')).href);
  expect(handler()).toBe('/');
});

test('the same sources give the same bytes', () => {
  const read = () => readFileSync(join(bundle().get('greet') ?? '', 'index.mjs'), 'utf8');
  expect(read()).toBe(read());
});

test('two functions of one name are refused', () => {
  put('functions/greet/handler.ts', 'export const handler = () => 1;');
  expect(bundle).toThrow('are called "greet": rename the folder of one');
});

test('an import that is not there is an error that names it', () => {
  put('functions/count/handler.ts', "import './gone.ts';");
  expect(bundle).toThrow('gone.ts');
});
