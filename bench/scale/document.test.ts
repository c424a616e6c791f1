import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readAssumptions } from '../costs/assumptions.ts';
import { readUnits } from '../units/file.ts';
import { renderScale } from './document.ts';
import { limitKeys, limitOf, readLimits, readScaleAssumptions } from './limits.ts';

const document = {
  units: readUnits(),
  limits: readLimits(),
  scale: readScaleAssumptions(),
  activity: readAssumptions(),
};

const written = readFileSync('docs/scale.md', 'utf8');

test('docs/scale.md is what its files say: run `npm run bench:scale`', () => {
  expect(renderScale(document)).toBe(written);
});

test('another setting of the stack makes it say something else', () => {
  const { resources } = document.units;
  const relay = { ...resources.relay, parallelization: 2 };

  const changed = renderScale({
    ...document,
    units: { ...document.units, resources: { ...resources, relay } },
  });

  expect(changed).not.toBe(written);
});

test('each limit has its page, and one that was not found is not reckoned with', () => {
  const { limits } = document.limits;

  expect(Object.keys(limits).sort()).toEqual([...limitKeys].sort());
  for (const { page } of Object.values(limits))
    expect(page).toMatch(/^https:\/\/(docs\.aws\.amazon|www\.repost\.aws)/);
  expect(() => limitOf(document.limits, 'appsyncMessages')).toThrow('docs.aws.amazon.com');
});

test('what is raised is more than it was', () => {
  const { consumerConcurrency: _c, parallelization: _p, ...quotas } = document.scale.raised;

  for (const [key, value] of Object.entries(quotas) as [keyof typeof quotas, number][])
    expect(value).toBeGreaterThan(limitOf(document.limits, key));
});
