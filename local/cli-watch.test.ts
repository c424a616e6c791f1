import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { watchFunctions } from './cli-watch.ts';
import { createFixture, type Fixture } from './lambda/fixture.ts';

vi.setConfig({ testTimeout: 60_000 });

let root: string;
let fixture: Fixture;
let stop: AbortController;
let heard: string[];

function write(path: string, text: string): void {
  mkdirSync(join(root, path, '..'), { recursive: true });
  writeFileSync(join(root, path), text);
}

/** A function that answers with the word of a module. */
const handler = (module: string) =>
  `import { word } from '${module}'; export const handler = async () => word;`;
const word = (text: string) => `export const word = '${text}';`;

/** Makes a function from a bundle, as a deployment would. */
function deploy(name: string): string {
  const arn = `arn:aws:lambda:eu-central-1:000000000000:function:${name}`;
  fixture.lambda.createFunction({
    name,
    arn,
    roleArn: `arn:aws:iam::000000000000:role/${name}`,
    assetDir: join(root, 'deployed', name),
    handler: 'index.handler',
    env: {},
    timeoutSeconds: 3,
    memoryMb: 128,
  });
  return arn;
}

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'watch-'));
  fixture = createFixture({ dir: join(root, 'cloud') });
  stop = new AbortController();
  heard = [];
});

afterEach(async () => {
  stop.abort();
  await fixture.stop();
  rmSync(root, { recursive: true, force: true });
});

const told = (part: string) => expect.poll(() => heard.join('\n'), { timeout: 30_000 }).toContain(part);

test('a function runs what its source has become, others go on, and a mistake changes nothing', async () => {
  write('contracts/empty.json', '{}');
  write('domain/word.ts', word('hello'));
  write('functions/greet/handler.ts', handler('../../domain/word.ts'));
  write('functions/count/word.ts', word('one'));
  write('functions/count/handler.ts', handler('./word.ts'));
  const program = join(import.meta.dirname, '../infra/rebundle.ts');
  execFileSync(process.execPath, [program, 'functions', 'deployed'], { cwd: root, input: '' });
  const [greet, count] = [deploy('greet'), deploy('count')];
  const answer = (arn: string) => fixture.lambda.invoke(arn, {});
  expect(await answer(greet)).toEqual({ payload: 'hello' });

  watchFunctions({ root, code: fixture.lambda, log: (message) => heard.push(message), stop: stop.signal });
  await told('are taken over');
  write('domain/word.ts', word('good morning'));
  await told(': greet');
  expect(await answer(greet)).toEqual({ payload: 'good morning' });
  expect(await answer(count)).toEqual({ payload: 'one' });

  write('functions/count/word.ts', 'export const');
  await told('what ran before goes on');
  expect(await answer(count)).toEqual({ payload: 'one' });

  write('functions/count/word.ts', word('two'));
  await told(': count');
  expect(await answer(count)).toEqual({ payload: 'two' });
});
