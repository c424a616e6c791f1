/** Writes the document of what bounds a tenant, from units, settings and limits. */

import { writeFileSync } from 'node:fs';
import { readAssumptions } from '../costs/assumptions.ts';
import { readUnits } from '../units/file.ts';
import { renderScale } from './document.ts';
import { readLimits, readScaleAssumptions } from './limits.ts';

writeFileSync(
  'docs/scale.md',
  renderScale({
    units: readUnits(),
    limits: readLimits(),
    scale: readScaleAssumptions(),
    activity: readAssumptions(),
  }),
);
console.log('docs/scale.md says what bounds a tenant.');
