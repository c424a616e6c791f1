import { globSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { importsOf, type Module, violationsIn } from './imports.ts';

const folders = '{bench,contracts,domain,functions,graphql,infra,local,test,tools}';

function readModules(): Module[] {
  return globSync(`${folders}/**/*.{ts,js}`)
    .filter((path) => !path.endsWith('.d.ts'))
    .map((path) => ({ path, text: readFileSync(path, 'utf8') }));
}

test('imports go down only', () => {
  const modules = readModules();
  const imports = modules.flatMap(importsOf).length;

  const violations = violationsIn(modules);

  console.log(`import rules: ${modules.length} modules with ${imports} imports`);
  expect(modules.length).toBeGreaterThan(100);
  expect(imports).toBeGreaterThan(300);
  expect(violations).toEqual([]);
});

test.each([
  ['domain/sales/planted.ts', "import { client } from '../../functions/table/client.ts';"],
  ['domain/sales/planted.ts', "import { readFileSync } from 'node:fs';"],
  ['functions/api/sales/planted.ts', "import { Entity } from 'electrodb';"],
  ['functions/relay/planted.ts', "import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';"],
  ['functions/relay/planted.ts', "import { rescore } from '../scoring/rescore.ts';"],
  ['functions/table/planted.ts', "import { handler } from '../api/team/handler.ts';"],
  ['infra/planted.ts', "import { env } from '../functions/runtime/env.ts';"],
  ['local/planted.ts', "import { handler } from '../functions/relay/handler.ts';"],
  ['local/planted.ts', "const late = await import('../domain/money.ts');"],
  ['bench/planted.ts', "import { handler } from '../functions/relay/handler.ts';"],
  ['tools/planted.ts', "import { startCloud } from '../local/cloud.ts';"],
  ['bench/planted.ts', "import { handler } from '../functions/relay/handler.ts';"],
  ['elsewhere/planted.ts', ''],
])('a planted violation in %s is caught: %s', (path, text) => {
  expect(violationsIn([{ path, text }])).toHaveLength(1);
});
