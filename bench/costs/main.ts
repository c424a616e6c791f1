/** Measures the units again, unless they are to be kept, and writes the document of what everything costs. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { setup } from '../../test/support/assembly.ts';
import { CUSTOMERS, readUnits, UNITS_FILE, writeJson } from '../units/file.ts';
import { readFlat } from '../units/flat.ts';
import { measureIn, type Units } from '../units/measure.ts';
import { readAssumptions } from './assumptions.ts';
import { renderCosts } from './document.ts';
import { readPrices } from './prices.ts';

async function measured(): Promise<Units> {
  const folder = mkdtempSync(join(tmpdir(), 'fidelia-costs-'));
  try {
    setup();
    const units = await measureIn(folder, CUSTOMERS);
    writeJson(UNITS_FILE, units);
    return units;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const { values } = parseArgs({ options: { 'keep-units': { type: 'boolean' } } });
const units = values['keep-units'] ? readUnits() : await measured();
const document = { units, prices: readPrices(), assumptions: readAssumptions(), flat: readFlat() };
writeFileSync('docs/costs.md', renderCosts(document));
console.log(`docs/costs.md says what ${units.operations.length} operations cost.`);
