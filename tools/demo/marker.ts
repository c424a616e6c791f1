import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** How far the demo data is. */
export interface Marker {
  /** The day that the data is of, which stays when it is completed on another one. */
  readonly day: string;
  readonly state: 'begun' | 'done';
}

/** Undefined when nothing was begun. */
export function readMarker(file: string | undefined): Marker | undefined {
  if (file === undefined) return undefined;
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Marker;
  } catch {
    return undefined;
  }
}

/** Writes it whole or not at all. */
export function writeMarker(file: string | undefined, marker: Marker): void {
  if (file === undefined) return;
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  writeFileSync(`${file}.draft`, `${JSON.stringify(marker)}\n`);
  renameSync(`${file}.draft`, file);
}
