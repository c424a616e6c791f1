import type { Path } from '../expressions/parsed.ts';
import type { AttributeValue, Item } from './attributes.ts';

/** The value at a path, or undefined where the item has none. */
export function valueAt(item: Item, path: Path): AttributeValue | undefined {
  let value = own(item, path[0] as string);
  for (let index = 1; index < path.length && value; index++)
    value = childOf(value, path[index] as string | number);
  return value;
}

export function childOf(value: AttributeValue, step: string | number): AttributeValue | undefined {
  return typeof step === 'number' ? value.L?.[step] : value.M && own(value.M, step);
}

function own(item: Item, name: string): AttributeValue | undefined {
  return Object.hasOwn(item, name) ? item[name] : undefined;
}

/** The part of an item that the paths name; chosen list elements move together. */
export function project(item: Item, paths: readonly Path[]): Item {
  const projected: Item = {};
  const sparse = new Set<AttributeValue[]>();
  for (const path of paths) {
    const value = valueAt(item, path);
    if (!value) continue;
    if (path.length === 1) projected[path[0] as string] = value;
    else place(projected, path, value, sparse);
  }
  for (const list of sparse) list.splice(0, list.length, ...list.filter((element) => element !== undefined));
  return projected;
}

function place(target: Item, path: Path, value: AttributeValue, sparse: Set<AttributeValue[]>): void {
  let parent: AttributeValue = { M: target };
  for (const [index, step] of path.entries()) {
    const child: AttributeValue =
      index === path.length - 1 ? value : (childOf(parent, step) ?? container(path[index + 1]));
    if (typeof step === 'number' && parent.L) {
      parent.L[step] = child;
      sparse.add(parent.L);
    } else if (parent.M) {
      parent.M[step as string] = child;
    }
    parent = child;
  }
}

function container(step: string | number | undefined): AttributeValue {
  return typeof step === 'number' ? { L: [] } : { M: {} };
}
