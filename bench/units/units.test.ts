import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readUnits } from './file.ts';
import { measureIn, type Units } from './measure.ts';

// The document has the units of a firm of 100 customers: what is measured here in one of 10,000 is to be the same, so that
// it is right and the cost of a call does not grow with the firm. When it differs, run `npm run bench:costs`: what then
// still differs does grow.

const folder = mkdtempSync(join(tmpdir(), 'fidelia-units-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const documented = readUnits();
let measured: Units;
beforeAll(async () => {
  measured = await measureIn(folder, 10_000);
}, 180_000);

test('each operation takes in a firm of 10,000 customers the units that the document has of one of 100', () => {
  expect(measured.operations).toEqual(documented.operations);
});

test('a minute in which nothing falls due takes the same', () => {
  expect(measured.minute).toEqual(documented.minute);
});

test('the stack holds what the document counts', () => {
  expect(measured.resources).toEqual(documented.resources);
});

test('a customer takes about the room that the document says', () => {
  for (const kind of ['rich', 'small'] as const) {
    const [now, then] = [measured.stored[kind], documented.stored[kind]];
    expect(now.contacts).toBe(then.contacts);
    expect(Math.abs(now.bytes / then.bytes - 1)).toBeLessThan(0.02);
  }
});
