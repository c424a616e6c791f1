import type { Place } from '../aws.ts';
import type { StackTemplate, TemplateResource } from './assembly.ts';
import { conditionsOf } from './conditions.ts';
import { IntrinsicError, resolve, type Scope } from './intrinsics.ts';
import { creationOrder, dependenciesOf } from './order.ts';
import { physicalName } from './physical-name.ts';

/** What a template can say about a resource once it exists: its `Ref` and what `Fn::GetAtt` gives. */
export interface Created {
  readonly ref: string;
  readonly attributes?: Readonly<Record<string, unknown>>;
  /** What it consists of that is known and does nothing here, with the reason. */
  readonly inertParts?: readonly InertPart[];
}

export interface InertPart {
  readonly type: string;
  readonly reason: string;
}

/** A resource on its way into existence. */
export interface Resource {
  readonly stack: string;
  readonly logicalId: string;
  readonly type: string;
  readonly place: Place;
  readonly assets: ReadonlyMap<string, string>;
  /** The generated name, for a resource whose template gives none; at most `most` characters. */
  name(most?: number): string;
}

export type Properties = Readonly<Record<string, unknown>>;

/** How one resource type is treated. */
export type ResourceType =
  | {
      readonly treatment: 'run';
      /** The properties that this type knows; `without effect` ones are accepted and change nothing here. */
      readonly properties: Readonly<Record<string, 'applied' | 'without effect'>>;
      create(properties: Properties, resource: Resource): Created;
    }
  | {
      readonly treatment: 'inert';
      /** Why nothing of it happens here, for the list at start. */
      readonly reason: string;
      create(properties: Properties, resource: Resource): Created;
    };

export type ResourceTypes = Readonly<Record<string, ResourceType>>;

export interface DeployedResource {
  readonly stack: string;
  readonly logicalId: string;
  readonly type: string;
  readonly ref: string;
  readonly inertParts: readonly InertPart[];
}

export interface Deployment {
  /** Output values by stack and output name. */
  readonly outputs: ReadonlyMap<string, Readonly<Record<string, unknown>>>;
  /** What there is now, in the order of its creation. */
  readonly resources: readonly DeployedResource[];
  /** Types of the templates that are known and do nothing here, with how many there are and why. */
  readonly inert: readonly { type: string; count: number; reason: string }[];
}

function parameterOf(stack: StackTemplate): (name: string) => unknown {
  const parameters = stack.template.Parameters ?? {};
  return (name) => {
    const parameter = Object.hasOwn(parameters, name) ? parameters[name] : undefined;
    if (!parameter) return undefined;
    if (parameter.Type.startsWith('AWS::SSM::Parameter')) {
      throw new Error(`the parameter ${name} is read from SSM at deploy, and nothing holds it here`);
    }
    if (parameter.Default === undefined) {
      throw new Error(`the parameter ${name} has no default, and nothing gives its value here`);
    }
    return /^CommaDelimitedList$|^List</.test(parameter.Type)
      ? String(parameter.Default).split(',')
      : parameter.Default;
  };
}

function pseudoParameters(stack: StackTemplate, place: Place): Record<string, string> {
  return {
    'AWS::Region': place.region,
    'AWS::AccountId': place.accountId,
    'AWS::Partition': 'aws',
    'AWS::URLSuffix': 'amazonaws.com',
    'AWS::StackName': stack.name,
    'AWS::StackId': `arn:aws:cloudformation:${place.region}:${place.accountId}:stack/${stack.name}/local`,
  };
}

function located(stack: string, resource: string, error: unknown): Error {
  const path = error instanceof IntrinsicError ? `, ${error.path.join('.')}` : '';
  const message = error instanceof Error ? error.message : String(error);
  return new Error(`Stack ${stack}, ${resource}${path}: ${message}`, { cause: error });
}

/** Every resource of an unknown type, before any is created: one error for all of them. */
function refuseUnknownTypes(stacks: readonly StackTemplate[], types: ResourceTypes): void {
  const unknown = stacks.flatMap(({ name, template }) =>
    Object.entries(template.Resources)
      .filter(([, { Type }]) => !Object.hasOwn(types, Type))
      .map(([logicalId, { Type }]) => `${Type} (stack ${name}, ${logicalId})`),
  );
  if (unknown.length === 0) return;
  throw new Error(
    `The local cloud does not know these resource types: ${unknown.join(', ')}. Run them or list them as inert in local/template/resources/, or leave them out of the stack.`,
  );
}

function refuseUnknownProperties(known: Readonly<Record<string, unknown>>, properties: Properties): void {
  const unknown = Object.keys(properties).filter((name) => !Object.hasOwn(known, name));
  if (unknown.length === 0) return;
  throw new Error(
    `the local cloud does not know the ${unknown.length === 1 ? 'property' : 'properties'} ${unknown.join(', ')}: apply them in local/template/resources/, or list them as without effect`,
  );
}

function deployStack(
  stack: StackTemplate,
  types: ResourceTypes,
  home: Place,
  exports: Map<string, unknown>,
  resources: DeployedResource[],
): Record<string, unknown> {
  const place = { region: stack.region ?? home.region, accountId: stack.accountId ?? home.accountId };
  const created = new Map<string, Created>();
  const { Resources, Conditions = {}, Mappings = {}, Outputs = {} } = stack.template;

  function existing(logicalId: string): Created {
    const resource = created.get(logicalId);
    if (resource) return resource;
    const known = Object.hasOwn(Resources, logicalId);
    throw new Error(
      known ? `${logicalId} is left out by its condition` : `${logicalId} is no resource or parameter`,
    );
  }
  const unconditional: Omit<Scope, 'condition'> = {
    stackName: stack.name,
    pseudo: pseudoParameters(stack, place),
    mappings: Mappings,
    parameter: parameterOf(stack),
    ref: (logicalId) => existing(logicalId).ref,
    attribute(logicalId, name) {
      const attributes = existing(logicalId).attributes ?? {};
      if (Object.hasOwn(attributes, name)) return attributes[name];
      throw new Error(`${Resources[logicalId]?.Type} ${logicalId} has no attribute ${name} here`);
    },
    importValue(name) {
      if (exports.has(name)) return exports.get(name);
      throw new Error(
        `no stack exports ${name} that is deployed before ${stack.name}: export it, and let ${stack.name} depend on the stack that does`,
      );
    },
  };
  const condition = conditionsOf(Conditions, unconditional);
  const scope: Scope = { ...unconditional, condition };
  const wanted = ({ Condition }: { Condition?: string | undefined }): boolean =>
    Condition === undefined || condition(Condition);

  function at<T>(subject: string, compute: () => T): T {
    try {
      return compute();
    } catch (error) {
      throw located(stack.name, subject, error);
    }
  }

  function create(logicalId: string, { Type, Properties }: TemplateResource): Created {
    const type = types[Type];
    if (!type) throw new Error(`${Type} is unknown`);
    const properties = (resolve(Properties ?? {}, scope, ['Properties']) ?? {}) as Properties;
    if (type.treatment === 'run') refuseUnknownProperties(type.properties, properties);
    return type.create(properties, {
      stack: stack.name,
      logicalId,
      type: Type,
      place,
      assets: stack.assets,
      name: (most) => physicalName(place.accountId, stack.name, logicalId, most),
    });
  }

  const dependencies = new Map(
    Object.entries(Resources)
      .filter(([logicalId, resource]) => at(logicalId, () => wanted(resource)))
      .map(([logicalId, resource]) => [
        logicalId,
        at(logicalId, () => dependenciesOf(resource, Resources, condition)),
      ]),
  );
  for (const logicalId of at('Resources', () => creationOrder(dependencies))) {
    const resource = Resources[logicalId] as TemplateResource;
    const made = at(`${logicalId} (${resource.Type})`, () => create(logicalId, resource));
    created.set(logicalId, made);
    const { ref, inertParts = [] } = made;
    resources.push({ stack: stack.name, logicalId, type: resource.Type, ref, inertParts });
  }

  const outputs: Record<string, unknown> = {};
  for (const [name, output] of Object.entries(Outputs)) {
    at(`output ${name}`, () => {
      if (!wanted(output)) return;
      outputs[name] = resolve(output.Value, scope, ['Value']);
      if (!output.Export) return;
      const exported = String(resolve(output.Export.Name, scope, ['Export', 'Name']));
      if (exports.has(exported)) throw new Error(`${exported} is exported already`);
      exports.set(exported, outputs[name]);
    });
  }
  return outputs;
}

/** What does nothing here: resources of inert types, and inert parts of others. */
function inertOf(resources: readonly DeployedResource[], types: ResourceTypes): Deployment['inert'] {
  const all = resources.flatMap(({ type, inertParts }): readonly InertPart[] => {
    const treated = types[type];
    return treated?.treatment === 'inert' ? [{ type, reason: treated.reason }] : inertParts;
  });
  return [...Map.groupBy(all, ({ type }) => type)].map(([type, [first, ...more]]) => ({
    type,
    count: 1 + more.length,
    reason: first?.reason ?? '',
  }));
}

/**
 * Brings the stacks of an assembly into existence, each resource after those it depends on.
 *
 * @param home where stacks stand that name no account or region of their own.
 * @throws when a type or property is unknown, a value cannot be resolved, resources depend on each other in a ring, or
 *   a resource cannot be created; the message names the stack, the resource and the path.
 */
export function deploy(stacks: readonly StackTemplate[], types: ResourceTypes, home: Place): Deployment {
  refuseUnknownTypes(stacks, types);
  const exports = new Map<string, unknown>();
  const resources: DeployedResource[] = [];
  const outputs = new Map(
    stacks.map((stack) => [stack.name, deployStack(stack, types, home, exports, resources)]),
  );

  const inert = inertOf(resources, types);
  return { outputs, resources, inert };
}
