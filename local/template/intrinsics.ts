import type { Template } from './assembly.ts';

/** What the names in a template stand for while one stack is deployed. */
export interface Scope {
  readonly stackName: string;
  /** Values of pseudo parameters such as `AWS::Region`. */
  readonly pseudo: Readonly<Record<string, string>>;
  readonly mappings: NonNullable<Template['Mappings']>;
  parameter(name: string): unknown;
  condition(name: string): boolean;
  /** The `Ref` of a resource that exists by now. */
  ref(logicalId: string): unknown;
  attribute(logicalId: string, name: string): unknown;
  importValue(name: string): unknown;
}

/** Stands for `AWS::NoValue`: the member that holds it disappears. */
const noValue = Symbol('AWS::NoValue');

/** A value of a template that cannot be computed; `path` leads to it from the resource's properties. */
export class IntrinsicError extends Error {
  readonly path: readonly string[];

  constructor(path: readonly string[], message: string) {
    super(message);
    this.name = 'IntrinsicError';
    this.path = path;
  }
}

type Path = readonly string[];
type Evaluate = (argument: unknown, scope: Scope, path: Path) => unknown;

function fail(path: Path, message: string): never {
  throw new IntrinsicError(path, message);
}

function list(value: unknown, path: Path): unknown[] {
  return Array.isArray(value) ? value : fail(path, `expects a list, got ${JSON.stringify(value)}`);
}

function text(value: unknown, path: Path): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return fail(path, `expects a string, got ${JSON.stringify(value)}`);
}

function reference(argument: unknown, scope: Scope, path: Path): unknown {
  const name = text(argument, path);
  if (name === 'AWS::NoValue') return noValue;
  if (name.startsWith('AWS::')) {
    return scope.pseudo[name] ?? fail(path, `the pseudo parameter ${name} has no value here`);
  }
  return attempt(path, () => scope.parameter(name) ?? scope.ref(name));
}

function attempt<T>(path: Path, compute: () => T): T {
  try {
    return compute();
  } catch (error) {
    if (error instanceof IntrinsicError) throw error;
    return fail(path, error instanceof Error ? error.message : String(error));
  }
}

function getAtt(argument: unknown, scope: Scope, path: Path): unknown {
  const [logicalId, ...names] = typeof argument === 'string' ? argument.split('.') : list(argument, path);
  const attribute = names.map((name) => text(evaluate(name, scope, path), path)).join('.');
  return attempt(path, () => scope.attribute(text(logicalId, path), attribute));
}

function join(argument: unknown, scope: Scope, path: Path): string {
  const [delimiter, values] = list(argument, path);
  return list(evaluate(values, scope, path), path)
    .map((value) => text(value, path))
    .join(text(delimiter, path));
}

function sub(argument: unknown, scope: Scope, path: Path): string {
  const [template, given] = Array.isArray(argument) ? argument : [argument, {}];
  const variables = (evaluate(given ?? {}, scope, path) ?? {}) as Record<string, unknown>;
  return text(template, path).replace(/\$\{([^}]*)\}/g, (_, name: string) => {
    if (name.startsWith('!')) return `\${${name.slice(1)}}`;
    const key = name.trim();
    if (Object.hasOwn(variables, key)) return text(variables[key], path);
    const value =
      key.includes('.') && !key.startsWith('AWS::') ? getAtt(key, scope, path) : reference(key, scope, path);
    return text(value, path);
  });
}

function select(argument: unknown, scope: Scope, path: Path): unknown {
  const [index, values] = list(argument, path);
  const position = Number(evaluate(index, scope, path));
  const elements = list(evaluate(values, scope, path), path);
  return elements[position] ?? fail(path, `selects element ${position} of a list of ${elements.length}`);
}

function split(argument: unknown, scope: Scope, path: Path): string[] {
  const [delimiter, value] = list(argument, path);
  return text(evaluate(value, scope, path), path).split(text(delimiter, path));
}

function findInMap(argument: unknown, scope: Scope, path: Path): unknown {
  const [map, first, second, options] = list(argument, path);
  const keys = [map, first, second].map((key) => text(evaluate(key, scope, path), path));
  const found = scope.mappings[keys[0] ?? '']?.[keys[1] ?? '']?.[keys[2] ?? ''];
  if (found !== undefined) return evaluate(found, scope, path);
  const fallback = (options as { DefaultValue?: unknown } | undefined)?.DefaultValue;
  if (fallback !== undefined) return evaluate(fallback, scope, path);
  return fail(path, `the mapping ${keys.join('.')} does not exist`);
}

function choose(argument: unknown, scope: Scope, path: Path): unknown {
  const [name, whenTrue, whenFalse] = list(argument, path);
  return evaluate(attempt(path, () => scope.condition(text(name, path))) ? whenTrue : whenFalse, scope, path);
}

const intrinsics: Readonly<Record<string, Evaluate>> = {
  Ref: reference,
  'Fn::GetAtt': getAtt,
  'Fn::Join': join,
  'Fn::Sub': sub,
  'Fn::Select': select,
  'Fn::Split': split,
  'Fn::FindInMap': findInMap,
  'Fn::If': choose,
  'Fn::Base64': (argument, scope, path) =>
    Buffer.from(text(evaluate(argument, scope, path), path)).toString('base64'),
  'Fn::ImportValue': (argument, scope, path) =>
    attempt(path, () => scope.importValue(text(evaluate(argument, scope, path), path))),
};

/** The one key of `{"Ref": …}` or `{"Fn::…": …}`; undefined for anything that is no intrinsic function. */
export function intrinsicName(value: unknown): string | undefined {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return undefined;
  const keys = Object.keys(value);
  const [key] = keys;
  return keys.length === 1 && key !== undefined && (key === 'Ref' || key.startsWith('Fn::'))
    ? key
    : undefined;
}

function evaluate(value: unknown, scope: Scope, path: Path): unknown {
  if (typeof value === 'string' && value.includes('{{resolve:')) {
    return fail(path, `the dynamic reference ${value} has nothing to resolve it here`);
  }
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) {
    return value
      .map((element, index) => evaluate(element, scope, [...path, String(index)]))
      .filter((element) => element !== noValue);
  }
  const name = intrinsicName(value);
  if (name !== undefined) {
    const intrinsic = intrinsics[name];
    const inner = [...path, name];
    if (!intrinsic) return fail(inner, `the intrinsic function ${name} is not known here`);
    return intrinsic((value as Record<string, unknown>)[name], scope, inner);
  }
  const entries = Object.entries(value).map(
    ([key, member]) => [key, evaluate(member, scope, [...path, key])] as const,
  );
  return Object.fromEntries(entries.filter(([, member]) => member !== noValue));
}

/**
 * The value with every intrinsic function replaced by what it gives; a member that is `AWS::NoValue` is left out.
 *
 * @throws IntrinsicError with the path to what cannot be resolved.
 */
export function resolve(value: unknown, scope: Scope, path: readonly string[] = []): unknown {
  const resolved = evaluate(value, scope, path);
  return resolved === noValue ? undefined : resolved;
}
