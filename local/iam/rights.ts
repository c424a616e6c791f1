import type { Policies, ResourcePolicy } from '../template/resources/policies.ts';
import { compilePolicy, type Statement } from './policy.ts';

/** A role with its policies compiled. */
export interface RoleRights {
  readonly arn: string;
  readonly statements: readonly Statement[];
  /** Who may assume it. */
  readonly trust: readonly Statement[];
  readonly tags: Readonly<Record<string, string>>;
}

/** All rights that the templates give, compiled. */
export interface Rights {
  /** By the role's ARN. */
  readonly roles: ReadonlyMap<string, RoleRights>;
  /** By the resource's ARN. */
  readonly resources: ReadonlyMap<string, readonly Statement[]>;
}

function resourceRights(policies: readonly ResourcePolicy[]): Map<string, Statement[]> {
  const resources = new Map<string, Statement[]>();
  for (const { resourceArns, document, where } of policies) {
    const statements = compilePolicy(document, 'resource', where);
    for (const arn of resourceArns) resources.set(arn, [...(resources.get(arn) ?? []), ...statements]);
  }
  return resources;
}

/** Compiles the policies of the templates, each once. @throws Error that names the policy and what is wrong with it */
export function compileRights({ roles, resourcePolicies }: Policies): Rights {
  const compiled = [...roles.values()].map(
    ({ arn, name, trust, tags, documents }): RoleRights => ({
      arn,
      tags,
      statements: documents.flatMap(({ document, where }) => compilePolicy(document, 'identity', where)),
      trust: compilePolicy(trust, 'trust', `AssumeRolePolicyDocument of the role ${name}`),
    }),
  );
  return {
    roles: new Map(compiled.map((role) => [role.arn, role])),
    resources: resourceRights(resourcePolicies),
  };
}

/** Every statement, to check the names in it. */
export function statementsIn({ roles, resources }: Rights): Statement[] {
  return [
    ...[...roles.values()].flatMap(({ statements, trust }) => [...statements, ...trust]),
    ...[...resources.values()].flat(),
  ];
}
