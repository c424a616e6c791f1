import { execFileSync } from 'node:child_process';
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { bundleFunctions } from './bundle.ts';

const sources = {
  credentials: `
    import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
    export const handler = () => new DynamoDBClient({}).config.credentials();`,
  entity: `
    import { Entity } from 'electrodb';
    const model = {
      model: { entity: 'thing', version: '1', service: 'test' },
      attributes: { id: { type: 'string', required: true } },
      indexes: { thing: { pk: { field: 'pk', composite: ['id'] }, sk: { field: 'sk', composite: [] } } },
    };
    const things = new Entity(model, { table: 'things' });
    const marked = new Entity(model, { table: 'things', identifiers: { entity: 'kind' } });
    export const handler = () => {
      const go = things.get({ id: 'one' }).go();
      go.catch(() => {});
      const [params, markedParams] = [things, marked].map((entity) => entity.put({ id: 'one' }).params());
      return { params, markedParams, go };
    };`,
  http: `
    import { Agent } from 'node:http';
    const web = () => process.moduleLoadList.filter((name) => name.includes('undici'));
    export const handler = async () => {
      const { request } = await import('node:http');
      return [typeof request, new Agent().protocol, web().length];
    };`,
};

let folder: string;
let bundles: ReadonlyMap<string, string>;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'fidelia-substitutes-'));
  symlinkSync(resolve('node_modules'), join(folder, 'node_modules'));
  for (const [name, source] of Object.entries(sources)) put(`functions/${name}/handler.ts`, source);
  bundles = await bundleFunctions(join(folder, 'functions'), join(folder, 'out'));
});

afterAll(() => rmSync(folder, { recursive: true }));

function put(path: string, content: string): void {
  mkdirSync(join(folder, path, '..'), { recursive: true });
  writeFileSync(join(folder, path), content);
}

const moduleOf = (name: string) => pathToFileURL(join(bundles.get(name) ?? '', 'index.mjs')).href;

async function call(name: keyof typeof sources): Promise<unknown> {
  const { handler } = await import(moduleOf(name));
  return handler();
}

const role = {
  AWS_REGION: 'eu-central-1',
  AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
  AWS_SECRET_ACCESS_KEY: 'secret',
  AWS_SESSION_TOKEN: 'token',
};

beforeEach(() => {
  for (const [name, value] of Object.entries(role)) vi.stubEnv(name, value);
  return () => vi.unstubAllEnvs();
});

describe('credentials', () => {
  test('are those of the role that Lambda puts into the environment, with their session token', async () => {
    expect(await call('credentials')).toMatchObject({
      accessKeyId: 'AKIDEXAMPLE',
      secretAccessKey: 'secret',
      sessionToken: 'token',
    });
  });

  test('are looked for nowhere else', async () => {
    vi.stubEnv('AWS_ACCESS_KEY_ID', undefined);
    vi.stubEnv('AWS_CONTAINER_CREDENTIALS_FULL_URI', 'http://127.0.0.1:1/');
    await expect(call('credentials')).rejects.toThrow('Unable to find environment variable credentials');
  });
});

test('http is there without the client of web sockets and fetch that Node brings with it', () => {
  const program = `const { handler } = await import('${moduleOf('http')}'); console.log(JSON.stringify(await handler()));`;
  const printed = execFileSync(process.execPath, ['--input-type=module', '-e', program], {
    encoding: 'utf8',
  });
  expect(JSON.parse(printed)).toEqual(['function', 'http:', 0]);
});

describe('electrodb', () => {
  test('says what to ask of a table without the SDK, and refuses to ask it', async () => {
    const { params, go } = (await call('entity')) as { params: object; go: Promise<unknown> };
    expect(params).toEqual({
      TableName: 'things',
      Item: { id: 'one', pk: '$test#id_one', sk: '$thing_1', __edb_e__: 'thing', __edb_v__: '1' },
    });
    await expect(go).rejects.toThrow('No client defined on model');
  });

  test('marks items with the identifiers that it is given, and with its own in place of others', async () => {
    expect(await call('entity')).toMatchObject({
      markedParams: {
        Item: { id: 'one', pk: '$test#id_one', sk: '$thing_1', kind: 'thing', __edb_v__: '1' },
      },
    });
  });

  test('requires no package that bundles would hold whole, but in its clients', () => {
    const modules = globSync('node_modules/electrodb/src/*.js');
    const requires = modules
      .filter((path) => !path.endsWith('/client.js'))
      .flatMap((path) => [...readFileSync(path, 'utf8').matchAll(/require\(["']([^."'][^"']*)["']\)/g)]);
    expect(modules.length).toBeGreaterThan(10);
    expect([...new Set(requires.map(([, name]) => name))]).toEqual(['jsonschema']);
  });

  test('takes every model of the table, held against its validator', async () => {
    vi.stubEnv('TENANT', 'demo');
    vi.stubEnv('TABLE_NAME', 'crm');
    const modules = globSync('functions/table/*.ts').filter((path) => !path.endsWith('.test.ts'));
    for (const path of modules) await import(resolve(path));
    expect(modules.length).toBeGreaterThan(20);
  });

  test('has no more in a bundle than entities: another import is an error that names it', async () => {
    put('others/service/handler.ts', "import { Service } from 'electrodb'; export const handler = Service;");
    await expect(bundleFunctions(join(folder, 'others'), join(folder, 'out'))).rejects.toThrow('"Service"');
  });
});
