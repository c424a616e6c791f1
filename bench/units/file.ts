import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import type { Units } from './measure.ts';

/** Where the units of the document are. */
export const UNITS_FILE = 'bench/units/units.json';

/** Customers of the firm in which they were measured: as few as show a full page of everything. */
export const CUSTOMERS = 100;

export const readUnits = (): Units => JSON.parse(readFileSync(UNITS_FILE, 'utf8')) as Units;

/** Writes JSON as the style of the house wants it. */
export function writeJson(file: string, value: unknown): void {
  writeFileSync(file, JSON.stringify(value, undefined, 2));
  execFileSync('biome', ['format', '--write', file], { stdio: 'ignore' });
}
