import type { Decision } from '../../../local/iam/access.ts';
import type { Policies } from '../../../local/template/resources/policies.ts';
import { decided, distinct } from './decisions.ts';
import { described, type Grant, type Grants, takeApart } from './grants.ts';
import type { Reason } from './reasons.ts';
import { excessOf } from './width.ts';

/** What the templates allow, beside what was done. */
export interface Evidence {
  readonly grants: Grants;
  /** One decision of each kind. */
  readonly kinds: readonly Decision[];
  /** The grants that some of the decisions are made by. */
  readonly used: readonly Grant[];
  /** Why grants are not used. */
  readonly reasons: readonly Reason[];
}

/** Holds decisions of a stack against its grants. */
export function evidenceOf(
  { policies, stack }: { readonly policies: Policies; readonly stack: { readonly region: string } },
  decisions: readonly Decision[],
  reasons: readonly Reason[],
): Evidence {
  const accountId = [...policies.roles.keys()][0]?.split(':')[4] ?? '';
  const grants = takeApart(policies, { region: stack.region, accountId });
  const kinds = distinct(decisions.map(grants.here), policies);
  const made = kinds.filter(({ allowed }) => allowed);
  const used = grants.all.filter((grant) => made.some((decision) => grants.allows(grant, decision)));
  return { grants, kinds, used, reasons };
}

/** What must hold between grants and use. */
export interface Check {
  readonly name: string;
  /** What breaks it, in a line each. */
  readonly broken: (evidence: Evidence) => string[];
}

const unused = ({ grants, used }: Evidence) =>
  grants.all.filter((grant) => !used.includes(grant)).map(described);

const explains = (reasons: readonly Reason[], line: string) => reasons.some(({ grant }) => grant.test(line));

/** Compares both ways: nothing is used that is not granted, nothing granted that is not used. */
export const checks: readonly Check[] = [
  {
    name: 'no call of a role or a service is denied',
    broken: ({ kinds }) => kinds.filter(({ allowed }) => !allowed).map(decided),
  },
  {
    name: 'every grant is used, or has a reason why not',
    broken: (evidence) => unused(evidence).filter((line) => !explains(evidence.reasons, line)),
  },
  {
    name: 'every reason is about a grant that is there and not used',
    broken(evidence) {
      const { used, reasons } = evidence;
      const idle = reasons.filter(({ grant }) => !unused(evidence).some((line) => grant.test(line)));
      return [
        ...idle.map(({ reason }) => reason),
        ...used.map(described).filter((line) => explains(reasons, line)),
      ];
    },
  },
  {
    name: 'no grant is wider than its use',
    broken: ({ grants, kinds, used }) =>
      used.flatMap((grant) =>
        excessOf(grants, grant, kinds).map((excess) => `${described(grant)}: ${excess}`),
      ),
  },
  {
    name: 'without any one of the grants that are used, a call is denied',
    broken: ({ grants, kinds, used }) =>
      used.filter((grant) => grants.deniedWithout(grant, kinds).length === 0).map(described),
  },
];
