/** What the data of an event hold, as the contract of the events says. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

interface DataSchema {
  readonly properties: {
    readonly data: {
      readonly properties: Readonly<Record<string, { readonly enum?: readonly string[] }>>;
    };
  };
}

/** The fields of an event's data, each with the values that it may have; undefined for any. */
export function fieldsOf(event: string): ReadonlyMap<string, readonly string[] | undefined> {
  const file = join(import.meta.dirname, `../contracts/events/${event}.schema.json`);
  const { properties } = JSON.parse(readFileSync(file, 'utf8')) as DataSchema;
  return new Map(Object.entries(properties.data.properties).map(([name, field]) => [name, field.enum]));
}
