import { createRateCounter } from './rate.ts';
import { isWithin, type LookedAt, type Scope } from './scope.ts';

/** A rate-based rule: its action is for requests beyond `limit` in the window, counted for each client address. */
export interface RateRule {
  readonly name: string;
  readonly limit: number;
  readonly windowSeconds: number;
  readonly action: 'BLOCK' | 'COUNT';
  /** The requests that it counts and acts on; all when left out. */
  readonly scope?: Scope;
}

/** Whether a request of this client address passes. Each call counts as one request. */
export type Admits = (address: string, request: LookedAt) => boolean;

/**
 * Enforces rules in their order. As on AWS, what is blocked counts as well, and no later rule sees it; other than there,
 * a rule acts at the very request that passes its limit, and not within half a minute
 * (https://docs.aws.amazon.com/waf/latest/developerguide/waf-rule-statement-type-rate-based-caveats.html).
 * What its scope leaves out, a rule neither counts nor blocks
 * (https://docs.aws.amazon.com/waf/latest/developerguide/waf-rule-statement-type-rate-based-request-limiting.html).
 *
 * @param now milliseconds since 1970
 */
export function createWebAcl(rules: readonly RateRule[], now: () => number = Date.now): Admits {
  const counted = rules.map(({ scope, limit, windowSeconds, action }) => ({
    has: scope ? isWithin(scope) : () => true,
    counter: createRateCounter(windowSeconds, now),
    limit,
    blocks: action === 'BLOCK',
  }));
  return (address, request) =>
    counted.every(
      ({ has, counter, limit, blocks }) => !(has(request) && counter.count(address) > limit && blocks),
    );
}
