import type { TemplateResource } from './assembly.ts';
import { intrinsicName } from './intrinsics.ts';

/** The names in `${…}` of an `Fn::Sub` that its own variables do not cover. */
function namesInSub(argument: unknown): string[] {
  const [template, variables] = Array.isArray(argument) ? argument : [argument, {}];
  return [...String(template).matchAll(/\$\{([^!}][^}]*)\}/g)]
    .map((match) => (match[1] ?? '').trim())
    .filter((name) => !Object.hasOwn(variables ?? {}, name))
    .map((name) => (name.startsWith('AWS::') ? name : (name.split('.')[0] ?? name)));
}

/** Names that a value refers to, of the branches that its conditions take. */
function referencesIn(value: unknown, condition: (name: string) => boolean): string[] {
  if (value === null || typeof value !== 'object') return [];
  const name = intrinsicName(value);
  if (name === undefined) return Object.values(value).flatMap((member) => referencesIn(member, condition));
  const argument = (value as Record<string, unknown>)[name];
  if (name === 'Ref') return [String(argument)];
  if (name === 'Fn::GetAtt') {
    return [
      typeof argument === 'string' ? (argument.split('.')[0] ?? '') : String((argument as unknown[])[0]),
    ];
  }
  if (name === 'Fn::If' && Array.isArray(argument)) {
    return referencesIn(argument[condition(String(argument[0])) ? 1 : 2], condition);
  }
  const inner = referencesIn(argument, condition);
  return name === 'Fn::Sub' ? [...namesInSub(argument), ...inner] : inner;
}

/** Logical ids of the resources that must exist before this one: what it refers to and its `DependsOn`. */
export function dependenciesOf(
  resource: TemplateResource,
  resources: Readonly<Record<string, TemplateResource>>,
  condition: (name: string) => boolean,
): Set<string> {
  const named = [resource.DependsOn ?? []].flat();
  const missing = named.find((id) => !Object.hasOwn(resources, id));
  if (missing !== undefined) throw new Error(`DependsOn names ${missing}, which is no resource of the stack`);
  const references = referencesIn(resource.Properties, condition).filter((id) =>
    Object.hasOwn(resources, id),
  );
  return new Set([...named, ...references]);
}

/**
 * Logical ids so that each comes after its dependencies, otherwise in the template's order.
 *
 * @throws when resources depend on each other; the message names the ring.
 */
export function creationOrder(dependencies: ReadonlyMap<string, ReadonlySet<string>>): string[] {
  const ordered: string[] = [];
  const state = new Map<string, 'open' | 'done'>();
  function enter(id: string, path: readonly string[]): void {
    if (state.get(id) === 'done') return;
    if (state.get(id) === 'open') {
      throw new Error(
        `Resources depend on each other: ${[...path.slice(path.indexOf(id)), id].join(' -> ')}`,
      );
    }
    state.set(id, 'open');
    for (const dependency of dependencies.get(id) ?? []) {
      if (dependencies.has(dependency)) enter(dependency, [...path, id]);
    }
    state.set(id, 'done');
    ordered.push(id);
  }
  for (const id of dependencies.keys()) enter(id, []);
  return ordered;
}
