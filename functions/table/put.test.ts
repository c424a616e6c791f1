import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Entity, Schema } from 'electrodb';
import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';

type AnyEntity = Entity<string, string, string, Schema<string, string, string>>;

type Attributes = Record<string, unknown>;

/** All that modules of the table layer make. */
const entities = vi.hoisted((): AnyEntity[] => []);
vi.mock('electrodb', async (importOriginal) => {
  const electrodb = await importOriginal<typeof import('electrodb')>();
  const Entity = new Proxy(electrodb.Entity, {
    construct(target, given) {
      const entity = Reflect.construct(target, given);
      entities.push(entity);
      return entity;
    },
  });
  return { ...electrodb, Entity };
});

const aws = ['AWS_REGION', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'];
for (const name of ['TENANT', 'TABLE_NAME', 'TECHNICAL_TABLE_NAME', ...aws]) vi.stubEnv(name, `the-${name}`);

const modules = globSync(join(import.meta.dirname, '*.ts')).filter((path) => !path.endsWith('.test.ts'));
for (const path of modules) await import(path);
const { views } = await import('./consents.ts');
const { putWithoutModel, putterFor } = await import('./put.ts');

const needed = ({ schema: { attributes, indexes } }: AnyEntity): string[] => {
  const inKeys = Object.values(indexes).flatMap(({ pk, sk }) => [...pk.composite, ...(sk?.composite ?? [])]);
  return Object.keys(attributes).filter((name) => attributes[name]?.required || inKeys.includes(name));
};

const values = {
  string: fc.oneof(fc.constant(''), fc.string({ unit: 'binary' })),
  number: fc.oneof(fc.integer(), fc.double()),
  boolean: fc.boolean(),
  any: fc.jsonValue(),
};

/** What an item may have, as its model says, and something of which the model says nothing. */
const attributesOf = (entity: AnyEntity): fc.Arbitrary<Attributes> => {
  const ofModel = Object.entries(entity.schema.attributes).map(([name, { type }]) => {
    const value = Array.isArray(type) ? fc.constantFrom(...type) : values[type as keyof typeof values];
    const isNeeded = needed(entity).includes(name);
    return [name, isNeeded ? value : fc.option(value, { nil: undefined })] as const;
  });
  return fc.record(
    { ...Object.fromEntries(ofModel), unknown: fc.string() },
    { requiredKeys: needed(entity) as never },
  );
};

/** Attributes of which one is not as the model says, and its name. */
const spoiltOf = (entity: AnyEntity): fc.Arbitrary<{ name: string; attributes: Attributes }> => {
  const typed = Object.entries(entity.schema.attributes).filter(([, { type }]) => type !== 'any');
  const missing = needed(entity).map((name) => [name, undefined]);
  const other = typed.flatMap(([name]) => [null, {}, [], Symbol('other')].map((value) => [name, value]));
  const spoils = fc.constantFrom(...([...missing, ...other] as [string, unknown][]));
  return fc.tuple(attributesOf(entity), spoils).map(([attributes, [name, value]]) => ({
    name,
    attributes: { ...attributes, [name]: value },
  }));
};

const named = entities.map((entity) => [entity.schema.model.entity, entity] as const);

test('all entities of the table layer are seen', () => {
  const sources = modules.map((path) => readFileSync(path, 'utf8'));

  expect(entities).toHaveLength(sources.join('').match(/new Entity\(/g)?.length ?? 0);
  expect(entities.length).toBeGreaterThan(0);
});

describe.each(named)('the puts of %s', (kind, entity) => {
  const put = putterFor(entity);

  test('are those of electrodb', () => {
    fc.assert(
      fc.property(attributesOf(entity), (attributes) => {
        const { Item, TableName } = entity
          .create(attributes)
          .params<{ Item: Attributes; TableName: string }>();

        expect(put(attributes)).toStrictEqual(entity.put(attributes).params());
        expect(put(attributes)).toStrictEqual({ Item, TableName });
      }),
    );
  });

  test('refuse what electrodb refuses, and name it', () => {
    fc.assert(
      fc.property(spoiltOf(entity), ({ name, attributes }) => {
        expect(() => entity.put(attributes).params()).toThrow();
        expect(() => put(attributes)).toThrow(`${kind}.${name} must be `);
      }),
    );
  });
});

describe('a put', () => {
  const putView = putterFor(views);
  const view = { tenant: 'demo', customerId: 'cus_1', inForce: [], version: 1 };

  test('has the condition that it is given', () => {
    expect(putView(view, { ConditionExpression: 'x' })).toEqual({
      ...putView(view),
      ConditionExpression: 'x',
    });
  });

  test('is typed by its model, and tells no value that it refuses', () => {
    // @ts-expect-error a version is a number
    const put = () => putView({ ...view, version: 'ada@example.com' });

    expect(put).toThrow(/^consents.version must be a number: a value of type string was given$/);
  });

  test('is not typed without what its model requires, nor with undefined in its place', () => {
    const { version: _version, ...incomplete } = view;

    // @ts-expect-error a version is required
    expect(() => putView(incomplete)).toThrow('consents.version must be a number: nothing was given');
    // @ts-expect-error a version is required
    expect(() => putView({ ...view, version: undefined })).toThrow('consents.version must be a number');
  });
});

describe('a put of a kind without a model', () => {
  const key = { pk: 'demo#one', sk: 'thing' };

  test('looks like those of kinds that have one', () => {
    expect(putWithoutModel('thing', key, { id: 'one' }, { ConditionExpression: 'x' })).toEqual({
      TableName: 'the-TABLE_NAME',
      Item: { tenant: 'the-TENANT', id: 'one', ...key, __edb_e__: 'thing', __edb_v__: '1' },
      ConditionExpression: 'x',
    });
  });

  test('has no attribute in the place of a key', () => {
    expect(putWithoutModel('thing', key, { pk: 'demo#other', id: 'one' }).Item).toMatchObject(key);
  });
});
