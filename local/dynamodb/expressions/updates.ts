import { validationError } from '../errors.ts';
import { type AttributeValue, cloneValue, type Item, typeOf } from '../values/attributes.ts';
import { addNumbers } from '../values/numbers.ts';
import { childOf, valueAt } from '../values/paths.ts';
import {
  compileOperand as compileValue,
  type Operand,
  type PlaceholderOf,
  type Values,
} from './conditions.ts';
import {
  isCall,
  isPath,
  type ParsedAction,
  type ParsedCall,
  type ParsedOperand,
  type Path,
} from './parsed.ts';

/** What an update does, and which paths it names. */
export interface Update {
  readonly actions: readonly Pick<Action, 'kind' | 'path'>[];
  readonly paths: readonly Path[];
  /** Whether it brings an item into being that is not there: removing alone does not. */
  readonly creates: boolean;
  /** The new item; the old one stays as it is. */
  apply(item: Item, values: Values, exists: boolean): Item;
}

/** One action: its path, and the value that it takes, computed from the item as it was. */
export interface Action {
  readonly kind: 'set' | 'remove' | 'add' | 'delete';
  readonly path: Path;
  readonly value?: Operand;
}

export function compileUpdate(sections: readonly ParsedAction[], placeholderOf: PlaceholderOf): Update {
  return updateOf(
    sections.map((section) => ({
      kind: section.type,
      path: section.path,
      ...(section.value && {
        value:
          section.type === 'set'
            ? assigned(section.value, placeholderOf)
            : compileValue(section.value, placeholderOf),
      }),
    })),
  );
}

/** The types that actions give to top-level attributes, as far as the request shows them. */
export function assignedTypesOf(actions: readonly ParsedAction[]): Map<string, string> {
  return new Map(
    actions.flatMap(({ path, value }) => {
      const type = path.length === 1 && value ? shownType(value) : undefined;
      return type ? [[path[0] as string, type]] : [];
    }),
  );
}

function shownType(operand: ParsedOperand): string | undefined {
  if (isPath(operand)) return undefined;
  if (!isCall(operand)) return typeOf(operand);
  if (operand.name === 'if_not_exists') return shownType(operand.args[1] as ParsedOperand);
  return operand.name === 'list_append' ? 'L' : 'N';
}

/** An update of these actions; `mismatch` is said of an attribute whose type an action cannot add to or take from. */
export function updateOf(actions: readonly Action[], mismatch = WRONG_TYPE): Update {
  return {
    actions,
    paths: actions.map((action) => action.path),
    creates: actions.length === 0 || actions.some(({ kind }) => kind === 'set' || kind === 'add'),
    apply: (item, values, exists) => applyActions(actions, mismatch, item, values, exists),
  };
}

const WRONG_TYPE = 'An operand in the update expression has an incorrect data type';
const MISSING = 'The provided expression refers to an attribute that does not exist in the item';

/** The right side of an assignment: a value, a path, a sum or difference, `if_not_exists` or `list_append`. */
function assigned(operand: ParsedOperand, placeholderOf: PlaceholderOf): Operand {
  if (isPath(operand) || !isCall(operand)) {
    const value = compileValue(operand, placeholderOf);
    return (item, values) => present(value(item, values));
  }
  return compileCall(operand, placeholderOf);
}

function compileCall(call: ParsedCall, placeholderOf: PlaceholderOf): Operand {
  const [first, second] = call.args as [ParsedOperand, ParsedOperand];
  const right = assigned(second, placeholderOf);
  if (call.name === 'if_not_exists') {
    return (item, values) => valueAt(item, first as Path) ?? right(item, values);
  }
  const left = assigned(first, placeholderOf);
  if (call.name === 'list_append') {
    return (item, values) => {
      const [a, b] = [left(item, values)?.L, right(item, values)?.L];
      if (!a || !b) throw validationError(WRONG_TYPE);
      return { L: [...a, ...b] };
    };
  }
  const operation = call.type === 'add' ? 'plus' : 'minus';
  return (item, values) => {
    const [a, b] = [left(item, values)?.N, right(item, values)?.N];
    if (a === undefined || b === undefined) throw validationError(WRONG_TYPE);
    return { N: calculate(a, b, operation) };
  };
}

function calculate(a: string, b: string, operation: 'plus' | 'minus'): string {
  try {
    return addNumbers(a, b, operation);
  } catch (error) {
    throw error instanceof RangeError ? validationError(error.message) : error;
  }
}

function present(value: AttributeValue | undefined): AttributeValue {
  if (!value) throw validationError(MISSING);
  return value;
}

/** Stands for a removed list element until all actions are done: their indexes count in the list as it was. */
const REMOVED: AttributeValue = Object.freeze({});

function applyActions(
  actions: readonly Action[],
  mismatch: string,
  item: Item,
  values: Values,
  exists: boolean,
): Item {
  const operands = actions.map((action) => action.value?.(item, values));
  const updated = { ...item };
  const copied = new Set<string>();
  const changed = new Set<AttributeValue[]>();
  for (const [index, action] of actions.entries()) {
    if (!exists && action.kind === 'remove') continue;
    const head = action.path[0] as string;
    const old = updated[head];
    if (old && action.path.length > 1 && !copied.has(head)) {
      copied.add(head);
      updated[head] = cloneValue(old);
    }
    applyAction(updated, action, operands[index], changed, mismatch);
  }
  for (const list of changed)
    list.splice(0, list.length, ...list.filter((element) => element && element !== REMOVED));
  return updated;
}

function applyAction(
  item: Item,
  action: Action,
  operand: AttributeValue | undefined,
  changed: Set<AttributeValue[]>,
  mismatch: string,
): void {
  const step = action.path.at(-1) as string | number;
  const parent = action.path.length === 1 ? { M: item } : valueAt(item, action.path.slice(0, -1));
  if (!parent || !(typeof step === 'number' ? parent.L : parent.M)) {
    throw validationError('The document path provided in the update expression is invalid for update');
  }
  const next = resultOf(action.kind, childOf(parent, step), operand, mismatch);
  if (typeof step === 'number') {
    const list = parent.L as AttributeValue[];
    changed.add(list);
    if (next || step < list.length) list[step] = next ?? REMOVED;
  } else if (next) {
    (parent.M as Item)[step] = next;
  } else {
    delete (parent.M as Item)[step];
  }
}

function resultOf(
  kind: Action['kind'],
  old: AttributeValue | undefined,
  operand: AttributeValue | undefined,
  mismatch: string,
): AttributeValue | undefined {
  if (kind === 'set') return operand;
  if (kind === 'remove' || !operand) return undefined;
  if (old && typeOf(old) !== typeOf(operand)) throw validationError(mismatch);
  if (kind === 'add') return added(old, operand);
  return old && withoutMembers(old, operand);
}

function added(old: AttributeValue | undefined, operand: AttributeValue): AttributeValue {
  if (operand.N !== undefined) return { N: calculate(old?.N ?? '0', operand.N, 'plus') };
  if (operand.L) return { L: [...(old?.L ?? []), ...operand.L] };
  const type = typeOf(operand) as 'SS' | 'NS' | 'BS';
  return { [type]: [...new Set([...(old?.[type] ?? []), ...(operand[type] ?? [])])] };
}

/** A set loses members; the attribute goes when none are left. */
function withoutMembers(old: AttributeValue, operand: AttributeValue): AttributeValue | undefined {
  const type = typeOf(operand) as 'SS' | 'NS' | 'BS';
  const removed = new Set(operand[type]);
  const left = (old[type] ?? []).filter((member) => !removed.has(member));
  return left.length > 0 ? { [type]: left } : undefined;
}
