import type { PutCommandInput } from '@aws-sdk/lib-dynamodb';
import type { Entity, PutItem, Schema } from 'electrodb';
import type { Item } from './attribute-values.ts';
import { crmTable, tenant } from './client.ts';
import type { Condition } from './conditions.ts';
import { attributesIn, indexesIn, type Model, type ModelAttribute, type ModelIndex } from './model.ts';
import type { Key } from './read.ts';

/** Makes the put of an item that has these attributes, on this condition. */
export type Putter<Attributes> = (attributes: Given<Attributes>, condition?: Condition) => PutCommandInput;

/** What need not be there may be undefined as well: it is left out. */
type Given<Attributes> = {
  readonly [Name in keyof Attributes]: Partial<Pick<Attributes, Name>> extends Pick<Attributes, Name>
    ? Attributes[Name] | undefined
    : Attributes[Name];
};

/**
 * The putter for items of an entity: its puts are those of electrodb, in a fraction of its time, as what follows from the
 * model alone is found out here, once.
 *
 * @example
 * const putProduct = putterFor(products);
 * await write([{ Put: putProduct(product, ifNew) }]);
 * @throws Error when the model has what no put is made for. The put throws one when an attribute is missing that is required
 * or part of a key, or is of another type; it names the attribute, but not its value, which may be personal.
 */
export function putterFor<A extends string, F extends string, C extends string, S extends Schema<A, F, C>>(
  entity: Entity<A, F, C, S>,
): Putter<PutItem<A, F, C, S>> {
  const model: Model = entity.schema;
  const TableName = entity.getTableName();
  const attributes = attributesIn(model);
  const indexes = indexesIn(model);
  const { entity: kind, version } = model.model;
  return (given, condition) => {
    const item = accepted(attributes, given as Readonly<Item>, kind);
    for (const index of indexes) addKeys(item, index);
    item.__edb_e__ = kind;
    item.__edb_v__ = version;
    return { TableName, Item: item, ...condition };
  };
}

/**
 * A put of an item of a kind that has no model, as a model brings electrodb into the bundle of each function that only reads
 * the kind. The item looks like those that have one, but its attributes are not checked.
 */
export function putWithoutModel(kind: string, key: Key, attributes: Readonly<Item>, condition?: Condition) {
  return {
    TableName: crmTable.table,
    Item: { tenant, ...attributes, ...key, __edb_e__: kind, __edb_v__: '1' },
    ...condition,
  } satisfies PutCommandInput;
}

function accepted(attributes: readonly ModelAttribute[], given: Readonly<Item>, kind: string): Item {
  const item: Item = {};
  for (const { name, needed, accepts, expected } of attributes) {
    const value = given[name];
    if (value === undefined ? needed : !accepts(value)) {
      const found = value === undefined ? 'nothing' : `a value of type ${typeof value}`;
      throw new Error(`${kind}.${name} must be ${expected}: ${found} was given`);
    }
    if (value !== undefined) item[name] = value;
  }
  return item;
}

function addKeys(item: Item, { holds, keys }: ModelIndex): void {
  if (!holds(item)) return;
  for (const { field, keyOf } of keys) {
    const key = keyOf(item);
    // No key may be empty: an item that would have such a one is not in the index.
    if (key !== '') item[field] = key;
  }
}
