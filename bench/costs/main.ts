/** Measures the units again and writes the document of what everything costs. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setup } from '../../test/support/assembly.ts';
import { CUSTOMERS, UNITS_FILE, writeJson } from '../units/file.ts';
import { readFlat } from '../units/flat.ts';
import { measureIn } from '../units/measure.ts';
import { readAssumptions } from './assumptions.ts';
import { renderCosts } from './document.ts';
import { readPrices } from './prices.ts';

const folder = mkdtempSync(join(tmpdir(), 'fidelia-costs-'));
try {
  setup();
  const units = await measureIn(folder, CUSTOMERS);
  writeJson(UNITS_FILE, units);
  const document = { units, prices: readPrices(), assumptions: readAssumptions(), flat: readFlat() };
  writeFileSync('docs/costs.md', renderCosts(document));
  console.log(`docs/costs.md says what ${units.operations.length} operations cost.`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
