import { createAccess, type Decision } from '../../../local/iam/access.ts';
import { compileRights, type Rights } from '../../../local/iam/rights.ts';
import type { NamedDocument, Policies } from '../../../local/template/resources/policies.ts';
import { type Narrower, narrowerThan, type Statement } from './conditions.ts';
import { aboutStreamsIn } from './decisions.ts';

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
  readonly where: string;
  readonly version: string | undefined;
  readonly statement: Statement;
  /** The role that has it, or else the resources whose policy it stands in. */
  readonly roleArn: string | undefined;
  readonly resourceArns: readonly string[];
}

/** The rights of templates, taken apart so that each can be taken away. */
export interface Grants {
  /** Without those for other accounts, from which nobody comes here. */
  readonly all: readonly Grant[];
  /** A decision of a stack with the same rights, as this one would make it. */
  here(decision: Decision): Decision;
  /** Whether a decision can be made by one grant alone. */
  allows(grant: Grant, decision: Decision): boolean;
  /** Whether it still can when the grant lacks one of the values that a condition lists, for each of them. */
  narrower(grant: Grant): readonly (Narrower & { allows(decision: Decision): boolean })[];
  /** Of decisions that were allowed, those that would have been denied without a grant. */
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
  const { Version: version, Statement: given } = document as { Version?: string; Statement?: unknown };
  return (list(given ?? []) as Statement[]).flatMap((statement, index): Atom[] => {
    const atom = { ...holder, where, version, statement, grant: undefined };
    if (statement.Effect !== 'Allow') return [atom];
    const { NotResource } = statement;
    return list(statement.Action).flatMap((Action, actionIndex) =>
      list(statement.Resource).map((Resource, resourceIndex) => ({
        ...atom,
        statement: { ...statement, Action, ...(Resource !== undefined && { Resource }) },
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

/** What atoms allow; roles that have none of them need not be compiled. */
function rightsOf({ roles }: Policies, atoms: readonly Atom[]): Rights {
  const named = ({ where, version, statement }: Atom): NamedDocument => ({
    where,
    document: { ...(version !== undefined && { Version: version }), Statement: statement },
  });
  const byRole = Map.groupBy(atoms, ({ roleArn }) => roleArn);
  return compileRights({
    roles: new Map(
      [...roles].flatMap(([arn, role]) => {
        const own = byRole.get(arn);
        return own ? [[arn, { ...role, documents: own.map(named) }] as const] : [];
      }),
    ),
    resourcePolicies: (byRole.get(undefined) ?? []).map((atom) => ({
      ...named(atom),
      resourceArns: atom.resourceArns,
      type: '',
    })),
  });
}

/** Whether an atom can matter to what a role does; to what anybody does when no role is given. */
const concerns = ({ roleArn }: Atom, role: string | undefined) =>
  role === undefined || roleArn === undefined || roleArn === role;

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
  const here = aboutStreamsIn(atoms.flatMap(({ grant }) => grant?.resource ?? []));
  const judge = (chosen: readonly Atom[]) => {
    const { decide } = createAccess({ rights: rightsOf(policies, chosen), place });
    return (decision: Decision) => {
      const { principal, action, resource, keys } = here(decision);
      const read = Object.entries(keys).map(([key, values]) => [key, () => values] as const);
      return decide(principal, { action, resource, keys: Object.fromEntries(read) }) === 'allowed';
    };
  };
  const atomOf = new Map(atoms.flatMap((atom) => (atom.grant ? [[atom.grant, atom] as const] : [])));
  const alone = new Map([...atomOf].map(([grant, atom]) => [grant, judge([atom])]));
  const accountOf = ({ holder }: Grant) => /^arn:aws:iam::(\d{12}):/.exec(holder)?.[1] ?? place.accountId;
  const allows = (grant: Grant, decision: Decision) => alone.get(grant)?.(decision) ?? false;
  return {
    all: [...alone.keys()].filter((grant) => accountOf(grant) === place.accountId),
    here,
    allows,
    narrower(grant) {
      const atom = atomOf.get(grant);
      if (!atom) return [];
      return narrowerThan(atom.statement).map((narrower) => ({
        ...narrower,
        allows: judge([{ ...atom, statement: narrower.statement }]),
      }));
    },
    deniedWithout(grant, decisions) {
      const made = decisions.filter((decision) => allows(grant, decision));
      const role = atomOf.get(grant)?.roleArn;
      const others = atoms.filter((atom) => atom.grant !== grant && concerns(atom, role));
      const isAllowed = judge(others);
      return made.filter((decision) => !isAllowed(decision));
    },
  };
}

const lastPart = (arn: string) => arn.slice(arn.lastIndexOf('/') + 1);

/** A grant in one line. */
export const described = ({ holder, action, resource }: Grant) =>
  `${lastPart(holder)}: ${action} on ${resource}`;
