import type { Properties, Resource, ResourceType, ResourceTypes } from '../deploy.ts';
import { eventBusStatement } from './event-bus-policy.ts';

/** A role as the template describes it, with every policy that gives it rights. */
export interface Role {
  readonly arn: string;
  readonly name: string;
  readonly trust: unknown;
  readonly managedPolicyArns: readonly string[];
  readonly documents: unknown[];
}

/** A policy that stands on the side of the resource: who may do what to it. */
export interface ResourcePolicy {
  readonly type: string;
  /** What it is attached to: queue URLs, a function's ARN, a bucket's or a bus's name. */
  readonly resources: readonly string[];
  readonly document: unknown;
}

/** The rights that the templates give, as data. */
export interface Policies {
  /** By ARN. */
  readonly roles: ReadonlyMap<string, Role>;
  readonly resourcePolicies: readonly ResourcePolicy[];
}

const strings = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);

/** Roles and policies of a template: kept as data in the `Policies` that come with the types. */
export function policyTypes(): { types: ResourceTypes; policies: Policies } {
  const roles = new Map<string, Role>();
  const managed = new Map<string, unknown>();
  const resourcePolicies: ResourcePolicy[] = [];
  const byName = (name: string) => [...roles.values()].find((role) => role.name === name);

  function createRole(properties: Properties, resource: Resource) {
    const name = String(properties.RoleName ?? resource.name());
    const path = String(properties.Path ?? '/');
    const arn = `arn:aws:iam::${resource.place.accountId}:role${path}${name}`;
    const managedPolicyArns = strings(properties.ManagedPolicyArns);
    const inline = (properties.Policies ?? []) as { PolicyDocument: unknown }[];
    const documents = [
      ...inline.map(({ PolicyDocument }) => PolicyDocument),
      ...managedPolicyArns.flatMap((policy) => managed.get(policy) ?? []),
    ];
    roles.set(arn, { arn, name, trust: properties.AssumeRolePolicyDocument, managedPolicyArns, documents });
    return { ref: name, attributes: { Arn: arn, RoleId: name } };
  }

  function attach(properties: Properties): void {
    for (const name of strings(properties.Roles)) {
      const role = byName(name);
      if (!role) throw new Error(`the policy is for the role ${name}, which no stack has`);
      role.documents.push(properties.PolicyDocument);
    }
  }

  function createManagedPolicy(properties: Properties, resource: Resource) {
    const name = String(properties.ManagedPolicyName ?? resource.name());
    const arn = `arn:aws:iam::${resource.place.accountId}:policy${String(properties.Path ?? '/')}${name}`;
    managed.set(arn, properties.PolicyDocument);
    attach(properties);
    return { ref: arn, attributes: { PolicyArn: arn } };
  }

  function resourcePolicy(of: (properties: Properties) => Omit<ResourcePolicy, 'type'>): ResourceType {
    return {
      treatment: 'inert',
      reason: 'kept as data; calls are not checked against it',
      create(properties, resource) {
        resourcePolicies.push({ type: resource.type, ...of(properties) });
        return { ref: resource.name() };
      },
    };
  }

  const types: ResourceTypes = {
    'AWS::IAM::Role': {
      treatment: 'run',
      properties: {
        RoleName: 'applied',
        Path: 'applied',
        AssumeRolePolicyDocument: 'applied',
        ManagedPolicyArns: 'applied',
        Policies: 'applied',
        Description: 'without effect',
        MaxSessionDuration: 'without effect',
        Tags: 'without effect',
      },
      create: createRole,
    },
    'AWS::IAM::Policy': {
      treatment: 'inert',
      reason: 'kept as data; calls are not checked against it',
      create(properties, resource) {
        attach(properties);
        return { ref: resource.name() };
      },
    },
    'AWS::IAM::ManagedPolicy': {
      treatment: 'inert',
      reason: 'kept as data; calls are not checked against it',
      create: createManagedPolicy,
    },
    'AWS::SQS::QueuePolicy': resourcePolicy((properties) => ({
      resources: strings(properties.Queues),
      document: properties.PolicyDocument,
    })),
    'AWS::S3::BucketPolicy': resourcePolicy((properties) => ({
      resources: [String(properties.Bucket)],
      document: properties.PolicyDocument,
    })),
    'AWS::Events::EventBusPolicy': resourcePolicy((properties) => ({
      resources: [String(properties.EventBusName ?? 'default')],
      document: eventBusStatement(properties),
    })),
    'AWS::Lambda::Permission': resourcePolicy((properties) => ({
      resources: [String(properties.FunctionName)],
      document: properties,
    })),
  };
  return { types, policies: { roles, resourcePolicies } };
}
