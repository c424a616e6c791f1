import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MAIN_TABLE, openFixture } from './test-support.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dynamodb-crash-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Writes pairs of items, one transaction a pair, several transactions a commit, and tells each that is committed. */
const WRITER = `
import { openStore } from '${import.meta.dirname}/../store.ts';
import { createDynamoDb } from '${import.meta.dirname}/dynamodb.ts';
const store = openStore(process.argv[2]);
const place = { region: 'eu-west-1', accountId: '000000000000' };
const caller = { accessKeyId: 'a', arn: 'arn', accountId: '000000000000' };
const db = createDynamoDb({ store, place });
db.call('CreateTable', ${JSON.stringify(MAIN_TABLE)}, caller);
for (let n = 0; ; n += 5) {
  for (let k = n; k < n + 5; k++) {
    const TransactItems = ['left', 'right'].map((sk) => ({
      Put: { TableName: 'main', Item: { pk: { S: 'pair-' + k }, sk: { S: sk }, gsi1pk: { S: sk }, gsi1sk: { S: String(k) } } },
    }));
    db.call('TransactWriteItems', { TransactItems, ClientRequestToken: 'token-' + k }, caller);
  }
  await store.committed();
  process.stdout.write(n + 4 + '\\n');
}
`;

/** Lets a process write until it has told of `count` commits, and kills it in the middle. Answers the last told. */
function writeAndKill(file: string, count: number): Promise<number> {
  const script = join(folder, 'writer.ts');
  writeFileSync(script, WRITER);
  const child = spawn(process.execPath, [script, file], { stdio: ['ignore', 'pipe', 'inherit'] });
  let told = '';
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.stdout.on('data', (chunk: Buffer) => {
      told += chunk.toString();
      if (told.split('\n').length > count) child.kill('SIGKILL');
    });
    child.on('close', (_code, signal) => {
      const last = told.slice(0, told.lastIndexOf('\n')).split('\n').at(-1);
      if (signal === 'SIGKILL') resolve(Number(last));
      else reject(new Error(`the writer ended by itself after ${last}`));
    });
  });
}

describe('a process that is killed while it writes', () => {
  it.each([3, 40])(
    'leaves every acknowledged write and no half transaction (after %i commits)',
    async (count) => {
      const file = join(folder, 'store.sqlite');
      const last = await writeAndKill(file, count);
      expect(last).toBeGreaterThanOrEqual(count * 5 - 1);
      const t = openFixture(file);
      const page = t.call<{ Items: { pk: { S: string }; sk: { S: string } }[]; LastEvaluatedKey?: object }>(
        'Scan',
        {
          TableName: 'main',
        },
      );
      expect(page.LastEvaluatedKey).toBeUndefined();
      const halves = new Map<string, Set<string>>();
      for (const { pk, sk } of page.Items) halves.set(pk.S, (halves.get(pk.S) ?? new Set()).add(sk.S));
      expect([...halves.values()].every((half) => half.size === 2)).toBe(true);
      for (let n = 0; n <= last; n++) expect(halves.has(`pair-${n}`)).toBe(true);
      for (const side of ['left', 'right']) {
        const query = {
          TableName: 'main',
          IndexName: 'gsi1',
          KeyConditionExpression: 'gsi1pk = :side',
          ExpressionAttributeValues: { ':side': { S: side } },
          Select: 'COUNT',
        };
        expect(t.call('Query', query).Count).toBe(halves.size);
      }
      const { LatestStreamArn } = t.call<{ Table: { LatestStreamArn: string } }>('DescribeTable', {
        TableName: 'main',
      }).Table;
      t.clock.now = Date.now();
      expect(t.db.readStream(LatestStreamArn, 'TRIM_HORIZON', 100_000).records).toHaveLength(halves.size * 2);
      t.close();
    },
  );
});
