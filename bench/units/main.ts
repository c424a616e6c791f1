/** Measures every operation in a firm of any size, and says which take other units than the document says. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { setup } from '../../test/support/assembly.ts';
import { readUnits, writeJson } from './file.ts';
import { differingIn, FLAT_FILE, readFlat, recordedIn } from './flat.ts';
import { measureIn, RICH } from './measure.ts';

const usage = 'npm run bench:units -- --customers NUMBER [--record]';

function customersOf(text: string | undefined): number {
  const customers = Number(text);
  if (Number.isInteger(customers) && customers >= RICH) return customers;
  throw new Error(`--customers is ${text}: give a whole number from ${RICH} on, as in ${usage}`);
}

const { values } = parseArgs({ options: { customers: { type: 'string' }, record: { type: 'boolean' } } });
const folder = mkdtempSync(join(tmpdir(), 'fidelia-units-'));
try {
  const customers = customersOf(values.customers);
  setup();
  const { operations } = await measureIn(folder, customers);
  const differing = differingIn(readUnits().operations, operations);
  console.log(
    differing.length === 0
      ? `All ${operations.length} operations take the same units in a firm of ${customers} customers.`
      : `In a firm of ${customers} customers other units take: ${differing.join('; ')}.`,
  );
  if (values.record) {
    const measuredOn = new Date().toISOString().slice(0, 10);
    writeJson(
      FLAT_FILE,
      recordedIn(readFlat(), { customers, measuredOn, operations: operations.length, differing }),
    );
    console.log(`${FLAT_FILE} says so; \`npm run bench:costs -- --keep-units\` puts it into docs/costs.md.`);
  }
  if (differing.length > 0) process.exitCode = 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
