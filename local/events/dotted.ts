import { isObject } from './leaf.ts';

type Fields = Readonly<Record<string, unknown>>;

/** What becomes of two values of one field that are not both objects. */
type Join = (former: unknown, latter: unknown) => unknown;

/**
 * The fields of an event as patterns see them. EventBridge joins names by dots, so that `{"a.b": 1}` is the same as
 * `{"a": {"b": 1}}`, in events as in patterns; it reserves to change that
 * (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern.html). Without dots, it is the event itself.
 */
export function fieldsOf(event: object): object {
  return hasDots(event) ? (spread(event) as object) : event;
}

/** An object whose members' own names have no dots any more; those inside of them may have. */
export function nested(object: Fields, join: Join): Fields {
  const names = Object.keys(object);
  return names.some((name) => name.includes('.')) ? nest(Object.entries(object), join) : object;
}

function nest(entries: readonly (readonly [name: string, value: unknown])[], join: Join): Fields {
  const fields: Record<string, unknown> = Object.create(null);
  for (const [name, value] of entries) {
    const [first = '', ...rest] = name.split('.');
    const member = rest.length === 0 ? value : nest([[rest.join('.'), value]], join);
    fields[first] = first in fields ? merged(fields[first], member, join) : member;
  }
  return fields;
}

function merged(former: unknown, latter: unknown, join: Join): unknown {
  if (!isObject(former) || !isObject(latter)) return join(former, latter);
  return nest([...Object.entries(former), ...Object.entries(latter)], join);
}

/** An array stands for each of its elements. */
const both: Join = (former, latter) => [former, latter].flat();

function spread(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(spread);
  if (!isObject(value)) return value;
  return nest(
    Object.entries(value).map(([name, member]) => [name, spread(member)] as const),
    both,
  );
}

/** Events may be deeper than the stack: it looks at one object after the other. */
function hasDots(event: object): boolean {
  const pending: unknown[] = [event];
  while (pending.length > 0) {
    const value = pending.pop();
    if (Array.isArray(value)) {
      for (const item of value) if (typeof item === 'object') pending.push(item);
    } else if (isObject(value)) {
      for (const name in value) {
        if (name.includes('.')) return true;
        if (typeof value[name] === 'object') pending.push(value[name]);
      }
    }
  }
  return false;
}
