import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'main-'));
  const pool = { userPoolId: 'eu-central-1_x', userPoolClientId: 'c' };
  const nowhere = { graphqlUrl: 'http://127.0.0.1:1/graphql', cognitoUrl: 'http://127.0.0.1:1/' };
  const users = [{ username: 'integration', password: 'p', groups: ['integration'] }];
  writeFileSync(join(folder, 'stack.json'), JSON.stringify({ ...pool, ...nowhere, users }));
  writeFileSync(
    join(folder, 'good.csv'),
    'invoice,code,quantity,placedAt,unitPrice,customer\n1,A,1,2011-01-01,1,7\n',
  );
  writeFileSync(join(folder, 'bad.csv'), 'invoice,code,quantity,placedAt,unitPrice,customer\n1,"A,1\n');
});
afterAll(() => rmSync(folder, { recursive: true }));

const main = new URL('main.ts', import.meta.url).pathname;

function runMain(...args: string[]): Promise<{ code: number | null; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [main, ...args], { cwd: folder }, (_, stdout, stderr) => {
      resolve({ code: child.exitCode, stdout, stderr });
    });
  });
}

const needed = ['--source', 's', '--currency', 'GBP', '--timezone', 'UTC', '--stack', 'stack.json'];

describe('the command', () => {
  it('gives help and exits with 0', async () => {
    const { code, stdout } = await runMain('--help');
    expect(code).toBe(0);
    expect(stdout).toContain('--map COLUMN=FIELD');
    expect(stdout).toContain('FIDELIA_GRAPHQL_URL');
  });

  it('exits with 2 for wrong usage', async () => {
    const { code, stderr } = await runMain('orders', 'good.csv', ...needed, '--map', 'X=customer');
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: expect.stringContaining('import: there is no column "X"; the file has invoice, code, quantity'),
    });
  });

  it('exits with 2 for a malformed file', async () => {
    const { code, stderr } = await runMain('orders', 'bad.csv', ...needed);
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: expect.stringMatching(/import: bad.csv: Quote Not Closed/),
    });
  });

  it('exits with 1 when the stack is not there, and says how to go on', async () => {
    const { code, stdout, stderr } = await runMain('orders', 'good.csv', ...needed);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(
      /import: stopped: integration cannot sign in: .*\nRun the same command again to go on\./,
    );
  });
});
