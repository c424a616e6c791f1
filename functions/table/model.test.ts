import { describe, expect, test } from 'vitest';
import { attributesIn, indexesIn } from './model.ts';

const pk = { field: 'pk', composite: ['id'], template: 'thing#${id}#', casing: 'none' };
const sk = { field: 'sk', composite: [], template: 'thing', casing: 'none' };
const modelWith = (attribute: object, index: object = {}) => ({
  model: { entity: 'thing', version: '1' },
  attributes: { id: { type: 'string' }, name: { type: 'string', ...attribute } },
  indexes: { thing: { pk, sk, ...index } },
});

describe('a model', () => {
  const model = modelWith({ type: ['a', 'b'] });

  test('tells which attributes an item needs, and what they may be', () => {
    const [id, name] = attributesIn(model);

    expect(id).toMatchObject({ name: 'id', needed: true, expected: 'a string' });
    expect(name).toMatchObject({ name: 'name', needed: false, expected: 'one of a, b' });
    expect([name?.accepts('a'), name?.accepts('c')]).toEqual([true, false]);
  });

  test('tells the keys of an index, with or without a sort key', () => {
    const keysOf = (index = {}) =>
      indexesIn(modelWith({}, index)).flatMap(({ keys }) =>
        keys.map(({ field, keyOf }) => [field, keyOf({ id: '1$&' })]),
      );

    expect(keysOf()).toEqual([
      ['pk', 'thing#1$&#'],
      ['sk', 'thing'],
    ]);
    expect(keysOf({ sk: undefined })).toEqual([['pk', 'thing#1$&#']]);
  });

  test('tells which items are in an index', () => {
    const [index] = indexesIn(modelWith({}, { condition: ({ name }: { name?: string }) => name !== '' }));

    expect([index?.holds({ name: 'Ada' }), index?.holds({ name: '' })]).toEqual([true, false]);
  });
});

describe('a model is refused that asks for more than is put here', () => {
  test.each([
    [{ default: 'x' }, 'the option default of thing.name'],
    [{ set: () => 'x' }, 'the option set of thing.name'],
    [{ get: () => 'x' }, 'the option get of thing.name'],
    [{ watch: '*' }, 'the option watch of thing.name'],
    [{ validate: /x/ }, 'the option validate of thing.name'],
    [{ padding: { length: 9, char: '0' } }, 'the option padding of thing.name'],
    [{ field: 'n' }, 'the option field of thing.name'],
    [{ type: 'set', items: 'string' }, 'the option items of thing.name'],
    [{ type: 'list' }, 'the type "list" of thing.name'],
    [{ type: undefined }, 'the type undefined of thing.name'],
  ])('of an attribute: %o', (attribute, named) => {
    expect(() => attributesIn(modelWith(attribute))).toThrow(
      `No put can be made for ${named}: model it otherwise`,
    );
  });

  test.each([
    [{ collection: 'all' }, 'the option collection of thing.thing'],
    [{ type: 'clustered' }, 'the option type of thing.thing'],
    [{ scope: 'x' }, 'the option scope of thing.thing'],
    [{ pk: { ...pk, cast: 'number' } }, 'the option cast of thing.thing.pk'],
    [{ sk: { field: 'sk', composite: [], casing: 'none' } }, 'a key without a template of thing.thing.sk'],
    [{ sk: { ...sk, casing: 'upper' } }, 'the casing upper of thing.thing.sk'],
    [{ pk: { ...pk, casing: undefined } }, 'the casing undefined of thing.thing.pk'],
    [{ pk: { ...pk, field: 'id' } }, 'the field id of thing.thing.pk'],
  ])('of an index: %o', (index, named) => {
    expect(() => indexesIn(modelWith({}, index))).toThrow(
      `No put can be made for ${named}: model it otherwise`,
    );
  });
});
