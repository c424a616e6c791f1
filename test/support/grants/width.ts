import type { Decision } from '../../../local/iam/access.ts';
import type { Grant, Grants } from './grants.ts';

const isPattern = (text: string) => /[*?]|^not /.test(text);

/** The same for a resource of another account, by a service that serves both. */
function byStranger(decision: Decision): Decision | undefined {
  const { principal } = decision;
  if (principal.kind !== 'service') return undefined;
  const sourceArn = principal.sourceArn.replace(/:\d{12}:/, ':999999999999:');
  return { ...decision, principal: { ...principal, sourceArn } };
}

/** The one that all are, unless there are several or it is no ARN and so cannot be named. */
function onlyOne(values: readonly string[]): string | undefined {
  const [first, ...others] = new Set(values);
  return others.length === 0 && first !== '*' ? first : undefined;
}

/**
 * How a grant that is used allows more than the decisions that it makes: a pattern that only one action or resource ever
 * met, a value of a condition that nothing needs, a service that may come for any account.
 */
export function excessOf(grants: Grants, grant: Grant, decisions: readonly Decision[]): string[] {
  const made = decisions.filter((decision) => grants.allows(grant, decision));
  const action = isPattern(grant.action) && onlyOne(made.map((one) => one.action));
  const resource = isPattern(grant.resource) && onlyOne(made.map((one) => one.resource));
  const strangers = made.map(byStranger).filter((decision) => decision !== undefined);
  return [
    ...(action ? [`only ${action} is done`] : []),
    ...(resource ? [`only ${resource} is met`] : []),
    ...grants
      .narrower(grant)
      .filter(({ allows }) => made.every(allows))
      .map(({ without }) => `nothing needs ${without}`),
    ...(strangers.some((decision) => grants.allows(grant, decision))
      ? ['also for what another account has']
      : []),
  ];
}
