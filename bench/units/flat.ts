import { readFileSync } from 'node:fs';
import type { Measured } from './measure.ts';

/** Measurements in firms of other sizes than that of the document. */
export interface Flat {
  readonly records: readonly FlatRecord[];
}

export interface FlatRecord {
  readonly customers: number;
  readonly measuredOn: string;
  readonly operations: number;
  /** The operations that took other units. */
  readonly differing: readonly string[];
}

export const FLAT_FILE = 'bench/units/flat.json';

export const readFlat = (): Flat => JSON.parse(readFileSync(FLAT_FILE, 'utf8')) as Flat;

/** The names of the operations that do not take the same in both measurements, or are in one of them only. */
export function differingIn(some: readonly Measured[], others: readonly Measured[]): string[] {
  const textOf = (all: readonly Measured[]) => new Map(all.map((one) => [one.name, JSON.stringify(one)]));
  const [left, right] = [textOf(some), textOf(others)];
  return [...new Set([...left.keys(), ...right.keys()])].filter((name) => left.get(name) !== right.get(name));
}

/** The records with one more, which replaces that of a firm of the same size; the smallest firm first. */
export function recordedIn({ records }: Flat, record: FlatRecord): Flat {
  const others = records.filter(({ customers }) => customers !== record.customers);
  return { records: [...others, record].sort((a, b) => a.customers - b.customers) };
}
