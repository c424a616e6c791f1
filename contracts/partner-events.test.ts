import { readdirSync, readFileSync } from 'node:fs';
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import {
  recordOf,
  type ShareableEvent,
  shareableEvents,
  shareableFields,
} from '../domain/partners/shareable.ts';
import { sharedEventSchema } from '../domain/partners/shared-event.ts';
import { asyncApi } from './asyncapi.ts';
import { partnerEvents, partnerName, partnerSchemaOf, sampleOf } from './partner-events.ts';
import type { JsonSchema } from './schemas.ts';

const read = (path: string) => JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8'));
const fieldsOf = (event: ShareableEvent) => {
  const records: readonly string[] = shareableEvents[event].records;
  return Object.keys(shareableFields).filter((field) => records.includes(recordOf(field)));
};
const published = (value: object) => JSON.parse(JSON.stringify(value));

describe.each(partnerEvents)('what partners get of %s', (event) => {
  const name = partnerName(event);

  test('has the published schema', () => {
    expect(published(partnerSchemaOf(event)), 'run `npm run generate`').toEqual(
      read(`partners/${name}.schema.json`),
    );
  });

  test('has a published sample, which the code makes', () => {
    expect(published(sampleOf(event)), 'run `npm run generate`').toEqual(
      read(`partners/samples/${name}.json`),
    );
  });

  test('has a sample of its schema, with every field and no other', () => {
    const sample = read(`partners/samples/${name}.json`);

    expect(v.parse(sharedEventSchema(event), sample)).toEqual(sample);
    const value = (field: string) =>
      field.split('.').reduce((at: Record<string, never>, key) => at?.[key] ?? ({} as never), sample.data);
    expect(fieldsOf(event).filter((field) => JSON.stringify(value(field)) === '{}')).toEqual([]);
    expect(namesIn(read(`partners/${name}.schema.json`))).toEqual(expect.arrayContaining(namesOf(sample)));
  });

  test('promises the envelope, and of the data nothing, which the agreement decides', () => {
    const schema = partnerSchemaOf(event);

    expect(schema.required).toEqual([
      'specversion',
      'id',
      'source',
      'type',
      'time',
      'subject',
      'sequence',
      'agreement',
      'customerRef',
      'data',
    ]);
    expect(schema.properties?.data?.required).toEqual([]);
    const records = Object.values(schema.properties?.data?.properties ?? {});
    expect(records.flatMap(({ required = [] }) => required)).toEqual([]);
  });

  test('says what each field means', () => {
    const records = Object.values(partnerSchemaOf(event).properties?.data?.properties ?? {});
    const fields = records.flatMap(({ properties = {} }) => Object.entries(properties));

    expect(fields.length).toBeGreaterThan(5);
    expect(
      fields.filter(([name, { description }]) => name !== 'address' && !description).map(([name]) => name),
    ).toEqual([]);
  });
});

/** Paths of all properties of a schema, and of all that an object has. */
function namesIn({ properties = {}, items }: JsonSchema, path = ''): string[] {
  const below = Object.entries(properties).flatMap(([name, property]) => [
    `${path}.${name}`,
    ...namesIn(property, `${path}.${name}`),
  ]);
  return items ? [...below, ...namesIn(items, path)] : below;
}

function namesOf(value: unknown, path = ''): string[] {
  if (Array.isArray(value)) return [...new Set(value.flatMap((item) => namesOf(item, path)))];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, below]) => [
    `${path}.${name}`,
    ...namesOf(below, `${path}.${name}`),
  ]);
}

test('nothing else is published for partners', () => {
  const files = (folder: string) => readdirSync(new URL(folder, import.meta.url)).sort();
  const names = partnerEvents.map(partnerName).sort();

  expect(files('partners')).toEqual([...names.map((name) => `${name}.schema.json`), 'samples']);
  expect(files('partners/samples')).toEqual(names.map((name) => `${name}.json`));
});

describe('the guide for partners', () => {
  const guide = readFileSync('docs/partners.md', 'utf8');

  test('names every event', () => {
    expect(partnerEvents.map(partnerName).filter((name) => !guide.includes(`\`${name}\``))).toEqual([]);
  });

  test('shows an event of its schema', () => {
    const [, block = ''] = /^```json\n([\s\S]*?)^```/m.exec(guide) ?? [];
    const event = JSON.parse(block);

    expect(v.parse(sharedEventSchema('crm.order.placed.v1'), event)).toEqual(event);
  });
});

describe('the AsyncAPI document', () => {
  const document = read('asyncapi.json');

  test('is the published one', () => {
    expect(published(asyncApi()), 'run `npm run generate`').toEqual(document);
  });

  test('has what AsyncAPI 3.0 asks for, and every reference leads somewhere', () => {
    const references: string[] = [];
    JSON.stringify(document, (key, value) => {
      if (key === '$ref') references.push(value);
      return value;
    });
    const target = (reference: string) =>
      reference
        .slice('#/'.length)
        .split('/')
        .reduce((at, key) => at?.[key], document);

    expect(document).toMatchObject({ asyncapi: '3.0.0', info: { title: expect.any(String) } });
    expect(references).toHaveLength(3 * partnerEvents.length + 1);
    expect(references.filter((reference) => target(reference) === undefined)).toEqual([]);
    expect(['send', 'receive']).toContain(document.operations.shareEvents.action);
    expect(Object.keys(document.channels.partnerBus.parameters)).toEqual(
      [...document.channels.partnerBus.address.matchAll(/\{(\w+)\}/g)].map(([, name]) => name),
    );
  });

  test('names every event that is shared', () => {
    expect(Object.keys(document.components.messages).sort()).toEqual(partnerEvents.map(partnerName).sort());
  });
});
