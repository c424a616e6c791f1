import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { createAwsCall } from '../../tools/client/aws.ts';
import { tenant } from '../support/assembly.ts';
import { type RunningStack, startStack } from '../support/stack.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'fidelia-demo-'));
const marker = join(dataDir, '.local/data', tenant, 'demo.json');
const state = () => (existsSync(marker) ? JSON.parse(readFileSync(marker, 'utf8')).state : undefined);

let running: RunningStack;
afterAll(() => running.remove());

async function profiles(): Promise<number> {
  const { stack } = running;
  const call = createAwsCall(stack);
  const filter = {
    FilterExpression: 'sk = :sk',
    ExpressionAttributeValues: { ':sk': { S: 'view#profile' } },
  };
  let [count, next]: [number, object | undefined] = [0, undefined];
  do {
    const input = { TableName: stack.tableName, Select: 'COUNT', ...filter };
    const page: { Count: number; LastEvaluatedKey?: object } = await call('dynamodb', 'Scan', {
      ...input,
      ...(next ? { ExclusiveStartKey: next } : {}),
    });
    count += page.Count;
    next = page.LastEvaluatedKey;
  } while (next);
  return count;
}

test('a stack that holds nothing is filled, and a fill that was killed is completed by the next start', async () => {
  running = await startStack({ dataDir, demo: true });
  await expect.poll(state, { timeout: 60_000, interval: 20 }).toBe('begun');
  await running.end('SIGKILL');
  expect(state()).toBe('begun');

  running = await startStack({ dataDir, demo: true });
  await expect.poll(state, { timeout: 60_000 }).toBe('done');
  await expect.poll(running.output).toContain('demo has demo data: 40 customers');
  expect(await profiles()).toBe(40);
  await running.end();

  // As if the start had been killed before it could say that all is there.
  writeFileSync(marker, JSON.stringify({ ...JSON.parse(readFileSync(marker, 'utf8')), state: 'begun' }));
  running = await startStack({ dataDir, demo: true });
  await expect.poll(state, { timeout: 60_000 }).toBe('done');
  expect(await profiles()).toBe(40);
}, 180_000);
