import { createAccess, type Decision } from '../../local/iam/access.ts';
import { nameOf } from '../../local/iam/principal.ts';
import { compileRights, type Rights, statementsIn } from '../../local/iam/rights.ts';
import type { NamedDocument, Policies } from '../../local/template/resources/policies.ts';

type Statement = Readonly<Record<string, unknown>>;

/** One action on one resource that a policy of the templates allows. */
export interface Grant {
  /** Whom: the ARN of a role, or the principal of a resource's policy. */
  readonly holder: string;
  readonly action: string;
  /** The resource; all of them, such as `not arn:aws:sns:*`, when the statement says which ones it is not about. */
  readonly resource: string;
  /** The policy, as errors name it. */
  readonly where: string;
  /** Where in the policy it stands, counted from 0. */
  readonly statement: number;
  readonly actionIndex: number;
  readonly resourceIndex: number;
}

/** A statement of one action and one resource; without a grant when it denies. */
interface Atom {
  readonly grant: Grant | undefined;
  readonly document: NamedDocument;
  /** The role that has it, or else the resources whose policy it stands in. */
  readonly roleArn: string | undefined;
  readonly resourceArns: readonly string[];
}

/** The rights of templates, taken apart so that each can be taken away. */
export interface Grants {
  /** Without those for other accounts, from which nobody comes here. */
  readonly all: readonly Grant[];
  /** Whether a decision can be made by one grant alone. */
  allows(grant: Grant, decision: Decision): boolean;
  /** Of decisions, those that would have been denied without a grant. */
  deniedWithout(grant: Grant, decisions: readonly Decision[]): Decision[];
}

const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : [value]);

function holderOf(roleArn: string | undefined, { Principal }: Statement): string {
  if (roleArn !== undefined) return roleArn;
  return typeof Principal === 'object'
    ? Object.values(Principal ?? {})
        .flat()
        .join(' ')
    : String(Principal);
}

function atomsOf({ where, document }: NamedDocument, holder: Pick<Atom, 'roleArn' | 'resourceArns'>): Atom[] {
  const { Version, Statement: given } = document as { Version?: string; Statement?: unknown };
  return (list(given ?? []) as Statement[]).flatMap((statement, index): Atom[] => {
    const one = (part: Statement): NamedDocument => ({ where, document: { Version, Statement: part } });
    if (statement.Effect !== 'Allow') return [{ ...holder, grant: undefined, document: one(statement) }];
    const { NotResource } = statement;
    return list(statement.Action).flatMap((Action, actionIndex) =>
      list(statement.Resource).map((Resource, resourceIndex) => ({
        ...holder,
        document: one({ ...statement, Action, ...(Resource !== undefined && { Resource }) }),
        grant: {
          holder: holderOf(holder.roleArn, statement),
          action: String(Action),
          resource: Resource === undefined ? `not ${list(NotResource).join(' ')}` : String(Resource),
          where,
          statement: index,
          actionIndex,
          resourceIndex,
        },
      })),
    );
  });
}

function rightsOf({ roles }: Policies, atoms: readonly Atom[]): Rights {
  const byRole = Map.groupBy(atoms, ({ roleArn }) => roleArn);
  return compileRights({
    roles: new Map(
      [...roles].map(([arn, role]) => [
        arn,
        { ...role, documents: (byRole.get(arn) ?? []).map(({ document }) => document) },
      ]),
    ),
    resourcePolicies: (byRole.get(undefined) ?? []).map(({ document, resourceArns }) => ({
      ...document,
      resourceArns,
      type: '',
    })),
  });
}

/** Takes the policies of templates apart. */
export function takeApart(policies: Policies, place: { region: string; accountId: string }): Grants {
  const atoms = [
    ...[...policies.roles.values()].flatMap(({ arn, documents }) =>
      documents.flatMap((document) => atomsOf(document, { roleArn: arn, resourceArns: [] })),
    ),
    ...policies.resourcePolicies.flatMap((policy) =>
      atomsOf(policy, { roleArn: undefined, resourceArns: policy.resourceArns }),
    ),
  ];
  const judge = (chosen: readonly Atom[]) => {
    const { decide } = createAccess({ rights: rightsOf(policies, chosen), place });
    return ({ principal, action, resource, keys }: Decision) => {
      const read = Object.entries(keys).map(([key, values]) => [key, () => values] as const);
      return decide(principal, { action, resource, keys: Object.fromEntries(read) }) === 'allowed';
    };
  };
  const alone = new Map(atoms.flatMap((atom) => (atom.grant ? [[atom.grant, judge([atom])] as const] : [])));
  const accountOf = ({ holder }: Grant) => /^arn:aws:iam::(\d{12}):/.exec(holder)?.[1] ?? place.accountId;
  return {
    all: [...alone.keys()].filter((grant) => accountOf(grant) === place.accountId),
    allows: (grant, decision) => alone.get(grant)?.(decision) ?? false,
    deniedWithout(grant, decisions) {
      const isAllowed = judge(atoms.filter((atom) => atom.grant !== grant));
      return decisions.filter((decision) => !isAllowed(decision));
    },
  };
}

/** Of decisions about the rights of templates, one of each kind; the administrator needs no grant. */
export function distinct(decisions: readonly Decision[], policies: Policies): Decision[] {
  const looked = new Set(statementsIn(compileRights(policies)).flatMap(({ keys }) => keys));
  const kinds = new Map<string, Decision>();
  for (const decision of decisions) {
    const { principal, action, resource } = decision;
    if (principal.kind === 'session' && !policies.roles.has(principal.roleArn)) continue;
    const keys = Object.fromEntries(Object.entries(decision.keys).filter(([key]) => looked.has(key)));
    const id = JSON.stringify([principal, action, resource, keys, decision.allowed]);
    kinds.set(id, { ...decision, keys });
  }
  return [...kinds.values()];
}

const lastPart = (arn: string) => arn.slice(arn.lastIndexOf('/') + 1);

/** A grant in one line. */
export const described = ({ holder, action, resource }: Grant) =>
  `${lastPart(holder)}: ${action} on ${resource}`;

/** A decision in one line. */
export const decided = ({ principal, action, resource }: Decision) =>
  `${nameOf(principal)}: ${action} on ${resource}`;
