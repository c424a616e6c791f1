/** Who may do what, as the policies of a template say. */

import { ofType, type Template, target } from './assembly.ts';

/** A statement of a policy. */
export interface Statement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource?: unknown;
  /** In place of `Resource`: all but these. */
  readonly NotResource?: unknown;
  readonly Condition?: unknown;
}

/** The statements that a role gets, from its own policies and from those attached to it. */
export function statementsOf(template: Template, roleId: string): Statement[] {
  const attached = ofType(template, 'AWS::IAM::Policy').filter(([, { Properties }]) =>
    (Properties.Roles as readonly unknown[]).some((role) => target(role) === roleId),
  );
  const own = (template.Resources[roleId]?.Properties.Policies ?? []) as {
    readonly PolicyDocument: unknown;
  }[];
  return [...attached.map(([, { Properties }]) => Properties), ...own].flatMap(
    ({ PolicyDocument }) => (PolicyDocument as { readonly Statement: Statement[] }).Statement,
  );
}

/** The functions of a template by name, with role and environment. */
export function functionsOf(template: Template) {
  return ofType(template, 'AWS::Lambda::Function').map(([, { Properties }]) => {
    const { Variables: environment } = Properties.Environment as {
      readonly Variables: Readonly<Record<string, unknown>>;
    };
    return {
      name: String(environment.POWERTOOLS_SERVICE_NAME),
      roleId: target(Properties.Role) ?? '',
      environment,
    };
  });
}

/** All rights of a role but those to write its log and its trace, as `dynamodb:Query Crm/index/gsi1`. */
export function rightsOf(template: Template, roleId: string): string[] {
  return statementsOf(template, roleId)
    .flatMap(({ Action, Resource, NotResource }) =>
      [Action]
        .flat()
        .flatMap((action) => [
          ...(Resource === undefined ? [] : [Resource].flat()).map((one) => `${action} ${nameOf(one)}`),
          ...(NotResource === undefined ? [] : [`${action} all but ${nameOf(NotResource)}`]),
        ]),
    )
    .filter((right) => !/^(logs|xray):/.test(right))
    .sort();
}

/** The logical id of a resource without its hash, also of one of the data stack, with what follows it in the ARN. */
function nameOf(resource: unknown): string {
  const { 'Fn::Join': joined, 'Fn::ImportValue': imported } = (resource ?? {}) as {
    readonly 'Fn::Join'?: readonly [string, readonly unknown[]];
    readonly 'Fn::ImportValue'?: string;
  };
  if (joined) {
    return joined[1].map((part) => (typeof part === 'string' ? part : nameOf(part))).join(joined[0]);
  }
  const [, exported, stream] = imported?.match(/FnGetAtt(.+?)[0-9A-F]{8}(Stream)?Arn/) ?? [];
  if (exported) {
    return stream ? `${exported}/stream` : exported;
  }
  if (typeof resource === 'string') return resource;
  return target(resource)?.replace(/[0-9A-F]{8}$/, '') ?? JSON.stringify(resource);
}
