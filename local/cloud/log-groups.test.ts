import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createLogGroups } from './log-groups.ts';

const arn = 'arn:aws:logs:eu-west-2:111111111111:log-group:/aws/events/orders';

test('what a rule writes to a log group is in a file of its name, line by line', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'log-groups-'));
  try {
    const groups = createLogGroups(join(dir, 'logs'));
    groups.write(arn, '{"a":1}');
    groups.write(`${arn}:*`, '{"a":2}');
    const read = () => readFileSync(join(dir, 'logs/aws-events-orders.log'), 'utf8').split('\n').sort();
    await expect.poll(() => read().join(' ').trim()).toBe('{"a":1} {"a":2}');
  } finally {
    rmSync(dir, { recursive: true });
  }
});

test('without a folder it is lost', () => {
  expect(() => createLogGroups(undefined).write(arn, '{}')).not.toThrow();
});
