import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { breakingChanges, eventTypes, type JsonSchema, schemaOf } from './schemas.ts';

test.each(eventTypes)('the published schema of %s is that of the domain', (type) => {
  const published = JSON.parse(readFileSync(new URL(`events/${type}.schema.json`, import.meta.url), 'utf8'));

  expect(JSON.parse(JSON.stringify(schemaOf(type))), 'run `npm run generate`').toEqual(published);
});

describe('a change that breaks consumers is seen', () => {
  const before: JsonSchema = {
    type: 'object',
    properties: {
      id: { type: 'string' },
      kind: { enum: ['A', 'B'] },
      tags: { type: 'array', items: { type: 'string' } },
    },
    required: ['id'],
  };
  const withProperties = (properties: Record<string, JsonSchema>, required = ['id']): JsonSchema => ({
    type: 'object',
    properties: { ...before.properties, ...properties },
    required,
  });

  test.each<[string, JsonSchema, string]>([
    ['a field that is gone', { type: 'object', properties: {}, required: [] }, 'detail.id is gone'],
    ['another type', withProperties({ id: { type: 'number' } }), 'detail.id was string and is number'],
    ['a promise taken back', withProperties({}, []), 'detail.id may now be absent'],
    [
      'a value not known before',
      withProperties({ kind: { enum: ['A', 'C'] } }),
      'detail.kind may now be "C"',
    ],
    [
      'another item',
      withProperties({ tags: { type: 'array', items: { type: 'number' } } }),
      'detail.tags[] was string',
    ],
    [
      'another constant',
      withProperties({ id: { type: 'string', const: 'x' } }),
      'detail.id was always undefined',
    ],
  ])('%s', (_name, next, message) => {
    expect(breakingChanges(before, next).join()).toContain(message);
  });

  test('a new optional field breaks nobody', () => {
    expect(breakingChanges(before, withProperties({ note: { type: 'string' } }))).toEqual([]);
  });
});
