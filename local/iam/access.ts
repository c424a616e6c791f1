import type { Place } from '../aws.ts';
import { evaluate, type Sides, type Verdict } from './evaluate.ts';
import { globalKey, volatileKeys } from './global-keys.ts';
import type { Need } from './need.ts';
import type { Context, Values } from './pattern.ts';
import type { Statement } from './policy.ts';
import { keyOf, type Principal } from './principal.ts';
import type { Rights } from './rights.ts';

/** What was decided about a need. */
export interface Decision {
  readonly principal: Principal;
  readonly action: string;
  readonly resource: string;
  /** The service's condition keys that the request had and a policy looks at, in lower case; the administrator's all. */
  readonly keys: Readonly<Record<string, Values>>;
  readonly allowed: boolean;
}

/** Decides by the rights of the templates. */
export interface Access {
  decide(principal: Principal, need: Need): Verdict;
}

export interface AccessOptions {
  readonly rights: Rights;
  readonly place: Place;
  /** Hears of every decision. */
  readonly record?: ((decision: Decision) => void) | undefined;
  /** Milliseconds since 1970; default: the system's clock. */
  readonly now?: () => number;
}

/** The statements that can matter to a principal, action and resource, and what was decided so far. */
interface Plan {
  readonly sides: Sides;
  /** The condition keys that these statements look at. */
  readonly keys: readonly string[];
  /** By the values of these keys; undefined when one of them is another at each request. */
  readonly verdicts: Map<string, Verdict> | undefined;
}

/** Resources are without number, as the keys of a bucket are: what was decided is forgotten above these. */
const MOST_PLANS = 10_000;
const MOST_VERDICTS = 1000;

/**
 * Objects stand under the policy of their bucket, rules under that of their bus, log groups under that of the account, every
 * other resource under its own.
 */
function policyHolder(resource: string): string {
  return resource
    .replace(/^(arn:aws:s3:::[^/]+)\/.*$/s, '$1')
    .replace(/^(arn:aws:events:[^/]*:)rule\/([^/]+)\/.*$/, '$1event-bus/$2')
    .replace(/^(arn:aws:logs:[^:]*:\d*:).*$/s, '$1*');
}

/** The values of a request's service keys, as data: of those that are looked at, by default of all. */
export function keysIn(
  { keys = {} }: Need,
  looked: readonly string[] = Object.keys(keys),
): Record<string, Values> {
  const entries = looked.flatMap((key): [string, Values][] => {
    const values = keys[key]?.();
    return values ? [[key, values]] : [];
  });
  return Object.fromEntries(entries);
}

export function createAccess({ rights, place, record, now = Date.now }: AccessOptions): Access {
  const plans = new Map<string, Plan>();

  function sidesOf(principal: Principal, { action, resource }: Need): Sides {
    const matters = (statement: Statement) =>
      statement.concerns(principal) !== undefined && statement.covers(action, resource);
    const role = principal.kind === 'session' ? rights.roles.get(principal.roleArn) : undefined;
    return {
      identity: (role?.statements ?? []).filter(matters),
      resource: (rights.resources.get(policyHolder(resource)) ?? []).filter(matters),
    };
  }

  function newPlan(principal: Principal, need: Need): Plan {
    const sides = sidesOf(principal, need);
    const keys = [...new Set([...sides.identity, ...sides.resource].flatMap((statement) => statement.keys))];
    const isVolatile = keys.some((key) => volatileKeys.has(key));
    return { sides, keys, verdicts: isVolatile ? undefined : new Map() };
  }

  function planOf(principal: Principal, need: Need): Plan {
    const id = `${keyOf(principal)} ${need.action} ${need.resource}`;
    const known = plans.get(id);
    if (known) return known;
    if (plans.size >= MOST_PLANS) plans.clear();
    const plan = newPlan(principal, need);
    plans.set(id, plan);
    return plan;
  }

  function contextOf(principal: Principal, { keys }: Need): Context {
    return (key) => {
      const own = keys?.[key];
      if (own) return own();
      const role = principal.kind === 'session' ? rights.roles.get(principal.roleArn) : undefined;
      return globalKey(key, { principal, place, now, tags: role?.tags ?? {} });
    };
  }

  function verdictOf({ sides, keys, verdicts }: Plan, principal: Principal, need: Need): Verdict {
    const context = contextOf(principal, need);
    const judge = () => evaluate(sides, { principal, ...need, context });
    if (!verdicts) return judge();
    const values = keys.length === 0 ? '' : JSON.stringify(keys.map((key) => context(key) ?? null));
    const known = verdicts.get(values);
    if (known) return known;
    if (verdicts.size >= MOST_VERDICTS) verdicts.clear();
    const verdict = judge();
    verdicts.set(values, verdict);
    return verdict;
  }

  return {
    decide(principal, need) {
      const plan = planOf(principal, need);
      const verdict = verdictOf(plan, principal, need);
      const { action, resource } = need;
      record?.({
        principal,
        action,
        resource,
        keys: keysIn(need, plan.keys),
        allowed: verdict === 'allowed',
      });
      return verdict;
    },
  };
}
