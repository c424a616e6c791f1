import { awsManagedPolicies } from '../../iam/managed-policies.ts';
import type { Properties, Resource, ResourceType, ResourceTypes } from '../deploy.ts';
import { eventBusStatement } from './event-bus-policy.ts';
import { permissionDocument } from './lambda-permission.ts';
import { logsPolicy } from './logs-policy.ts';

/** A policy document with what names it in errors. */
export interface NamedDocument {
  readonly where: string;
  readonly document: unknown;
}

/** A role as the template describes it, with every policy that gives it rights. */
export interface Role {
  readonly arn: string;
  readonly name: string;
  readonly trust: unknown;
  readonly tags: Readonly<Record<string, string>>;
  readonly documents: readonly NamedDocument[];
}

/** A policy that stands on the side of the resource: who may do what to it. */
export interface ResourcePolicy extends NamedDocument {
  readonly type: string;
  /** What it is attached to. */
  readonly resourceArns: readonly string[];
}

/** The rights that the templates give, as data. */
export interface Policies {
  /** By ARN. */
  readonly roles: ReadonlyMap<string, Role>;
  readonly resourcePolicies: readonly ResourcePolicy[];
}

const strings = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);

const whereOf = ({ stack, logicalId, type }: Resource) => `${type} ${logicalId} of the stack ${stack}`;

function tagsOf({ Tags }: Properties): Record<string, string> {
  const tags = (Tags ?? []) as { Key: string; Value: string }[];
  return Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value]));
}

/** Roles and policies of a template: kept as data in the `Policies` that come with the types. */
export function policyTypes(): { types: ResourceTypes; policies: Policies } {
  const roles = new Map<string, Role & { readonly documents: NamedDocument[] }>();
  const managed = new Map<string, unknown>(awsManagedPolicies);
  const resourcePolicies: ResourcePolicy[] = [];
  const byName = (name: string) => [...roles.values()].find((role) => role.name === name);

  function managedPolicy(arn: string): NamedDocument {
    const document = managed.get(arn);
    if (document) return { where: arn, document };
    throw new Error(
      `the managed policy ${arn} is not known here: write its text into local/iam/managed-policies.ts`,
    );
  }

  function createRole(properties: Properties, resource: Resource) {
    const name = String(properties.RoleName ?? resource.name());
    const path = String(properties.Path ?? '/');
    const arn = `arn:aws:iam::${resource.place.accountId}:role${path}${name}`;
    const inline = (properties.Policies ?? []) as { PolicyName?: string; PolicyDocument: unknown }[];
    const documents = [
      ...inline.map(({ PolicyName, PolicyDocument }) => ({
        where: `${whereOf(resource)}, policy ${String(PolicyName)}`,
        document: PolicyDocument,
      })),
      ...strings(properties.ManagedPolicyArns).map(managedPolicy),
    ];
    const trust = properties.AssumeRolePolicyDocument;
    roles.set(arn, { arn, name, trust, tags: tagsOf(properties), documents });
    return { ref: name, attributes: { Arn: arn, RoleId: name } };
  }

  function attach(properties: Properties, resource: Resource): void {
    for (const name of strings(properties.Roles)) {
      const role = byName(name);
      if (!role) throw new Error(`the policy is for the role ${name}, which no stack has`);
      role.documents.push({ where: whereOf(resource), document: properties.PolicyDocument });
    }
  }

  function createManagedPolicy(properties: Properties, resource: Resource) {
    const name = String(properties.ManagedPolicyName ?? resource.name());
    const arn = `arn:aws:iam::${resource.place.accountId}:policy${String(properties.Path ?? '/')}${name}`;
    managed.set(arn, properties.PolicyDocument);
    attach(properties, resource);
    return { ref: arn, attributes: { PolicyArn: arn } };
  }

  function resourcePolicy(
    names: readonly string[],
    of: (properties: Properties, resource: Resource) => Pick<ResourcePolicy, 'resourceArns' | 'document'>,
  ): ResourceType {
    return {
      treatment: 'run',
      properties: Object.fromEntries(names.map((name) => [name, 'applied' as const])),
      create(properties, resource) {
        resourcePolicies.push({
          type: resource.type,
          where: whereOf(resource),
          ...of(properties, resource),
        });
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
        Tags: 'applied',
        Description: 'without effect',
        MaxSessionDuration: 'without effect',
      },
      create: createRole,
    },
    'AWS::IAM::Policy': {
      treatment: 'run',
      properties: { PolicyName: 'applied', PolicyDocument: 'applied', Roles: 'applied' },
      create(properties, resource) {
        attach(properties, resource);
        return { ref: resource.name() };
      },
    },
    'AWS::IAM::ManagedPolicy': {
      treatment: 'run',
      properties: {
        ManagedPolicyName: 'applied',
        Path: 'applied',
        PolicyDocument: 'applied',
        Roles: 'applied',
        Description: 'without effect',
      },
      create: createManagedPolicy,
    },
    'AWS::SQS::QueuePolicy': resourcePolicy(['Queues', 'PolicyDocument'], (properties, { place }) => ({
      resourceArns: strings(properties.Queues).map(
        (url) => `arn:aws:sqs:${place.region}:${place.accountId}:${url.slice(url.lastIndexOf('/') + 1)}`,
      ),
      document: properties.PolicyDocument,
    })),
    'AWS::SNS::TopicPolicy': resourcePolicy(['Topics', 'PolicyDocument'], (properties) => ({
      resourceArns: strings(properties.Topics),
      document: properties.PolicyDocument,
    })),
    'AWS::S3::BucketPolicy': resourcePolicy(['Bucket', 'PolicyDocument'], (properties) => ({
      resourceArns: [`arn:aws:s3:::${String(properties.Bucket)}`],
      document: properties.PolicyDocument,
    })),
    'AWS::Events::EventBusPolicy': resourcePolicy(
      ['EventBusName', 'StatementId', 'Statement', 'Action', 'Principal', 'Condition'],
      (properties, { place }) => ({
        resourceArns: [
          `arn:aws:events:${place.region}:${place.accountId}:event-bus/${String(properties.EventBusName ?? 'default')}`,
        ],
        document: { Version: '2012-10-17', Statement: eventBusStatement(properties) },
      }),
    ),
    'AWS::Logs::ResourcePolicy': resourcePolicy(['PolicyName', 'PolicyDocument'], logsPolicy),
    'AWS::Lambda::Permission': resourcePolicy(
      [
        'Action',
        'FunctionName',
        'Principal',
        'SourceArn',
        'SourceAccount',
        'FunctionUrlAuthType',
        'InvokedViaFunctionUrl',
      ],
      permissionDocument,
    ),
  };
  return { types, policies: { roles, resourcePolicies } };
}
