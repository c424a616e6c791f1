import { validationError } from '../errors.ts';
import { indexesInOrder, type Table } from '../storage/catalog.ts';
import { attributesOf } from '../values/keys.ts';
import type { Path } from './parsed.ts';

/** Refuses an update of the table's key, or of an index's key to a value of another type. */
export function checkUpdatedKeys(
  table: Table,
  paths: readonly Path[],
  assignedTypes: ReadonlyMap<string, string>,
): void {
  for (const { name } of attributesOf(table.keys)) {
    if (paths.some((path) => path[0] === name)) {
      throw validationError(
        `One or more parameter values were invalid: Cannot update attribute ${name}. This attribute is part of the key`,
      );
    }
  }
  for (const index of indexesInOrder(table)) {
    for (const { name, type } of attributesOf(index.keys)) {
      const actual = assignedTypes.get(name);
      if (actual !== undefined && actual !== type) {
        throw validationError(
          `One or more parameter values were invalid: Type mismatch for Index Key ${name} Expected: ${type} Actual: ${actual} IndexName: ${index.name}`,
        );
      }
    }
  }
}

/** Refuses expressions that name a part of a key attribute: keys are scalars. */
export function checkNestedKeys(table: Table, nested: ReadonlySet<string>): void {
  if (nested.size === 0) return;
  const refuse = (kind: string, name: string): void => {
    if (nested.has(name)) {
      throw validationError(
        `Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: ${kind}: ${name}`,
      );
    }
  };
  for (const { name } of attributesOf(table.keys)) refuse('Key', name);
  for (const index of indexesInOrder(table)) {
    for (const { name } of attributesOf(index.keys)) refuse('IndexKey', name);
  }
}
