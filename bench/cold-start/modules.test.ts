import { describe, expect, test } from 'vitest';
import { biggestShares, originOf } from './modules.ts';

describe('the origin of a module', () => {
  test.each([
    ['node_modules/electrodb/src/entity.js', 'electrodb'],
    ['../../main/node_modules/@smithy/core/dist-es/index.js', '@smithy/core'],
    ['node_modules/one/node_modules/two/index.js', 'two'],
    ['functions/api/customers/handler.ts', 'functions/api'],
    ['domain/money.ts', 'domain'],
  ])('%s is of %s', (path, origin) => {
    expect(originOf(path)).toBe(origin);
  });
});

test('what comes from one place is added up, and the biggest comes first', () => {
  const inputs = {
    'node_modules/small/index.js': { bytesInOutput: 30 },
    'node_modules/big/one.js': { bytesInOutput: 20 },
    'node_modules/big/two.js': { bytesInOutput: 25 },
    'domain/money.ts': { bytesInOutput: 1 },
  };
  expect(biggestShares({ inputs }, 2)).toEqual([
    { from: 'big', bytes: 45 },
    { from: 'small', bytes: 30 },
  ]);
});
