import type { Context } from './pattern.ts';
import type { Statement } from './policy.ts';
import type { Principal } from './principal.ts';

/** The policies that a decision is made from. */
export interface Sides {
  /** Of the identity that asks. */
  readonly identity: readonly Statement[];
  /** Of the resource that is asked for. */
  readonly resource: readonly Statement[];
}

export interface Request {
  readonly principal: Principal;
  /** `sqs:SendMessage`. */
  readonly action: string;
  /** An ARN, or `*` for what is no resource's. */
  readonly resource: string;
  readonly context: Context;
}

/** How it was decided; denied is everything but `allowed`. */
export type Verdict = 'allowed' | 'denied by identity' | 'denied by resource' | 'not allowed';

const applies = (statement: Statement, { action, resource, context }: Request): boolean =>
  statement.covers(action, resource) && statement.holds(resource, context);

/**
 * Decides as IAM does within one account: an explicit deny anywhere wins; else an allow of either side is enough, of the
 * resource's if it is about the role, its session or everybody; an allow for the account as a whole only leaves it to the
 * identity's policies; else it is denied
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html and
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-basics-id-rdp.html).
 */
export function evaluate({ identity, resource }: Sides, request: Request): Verdict {
  const { principal } = request;
  const isDenied = (statement: Statement) =>
    statement.effect === 'Deny' && statement.concerns(principal) !== undefined && applies(statement, request);
  const isAllowed = (statement: Statement) =>
    statement.effect === 'Allow' &&
    statement.concerns(principal) === 'principal' &&
    applies(statement, request);

  if (identity.some(isDenied)) return 'denied by identity';
  if (resource.some(isDenied)) return 'denied by resource';
  return identity.some(isAllowed) || resource.some(isAllowed) ? 'allowed' : 'not allowed';
}
