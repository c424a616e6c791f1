import { createRateCounter } from './rate.ts';

/** A rate-based rule: its action is for requests beyond `limit` in the window, counted for each client address. */
export interface RateRule {
  readonly name: string;
  readonly limit: number;
  readonly windowSeconds: number;
  readonly action: 'BLOCK' | 'COUNT';
}

/** Whether a request of this client address passes. Each call counts as one request. */
export type Admits = (address: string) => boolean;

/**
 * Enforces rules in their order. As on AWS, what is blocked counts as well, and no later rule sees it; other than there,
 * a rule acts at the very request that passes its limit, and not within half a minute
 * (https://docs.aws.amazon.com/waf/latest/developerguide/waf-rule-statement-type-rate-based-caveats.html).
 *
 * @param now milliseconds since 1970
 */
export function createWebAcl(rules: readonly RateRule[], now: () => number = Date.now): Admits {
  const counted = rules.map((rule) => ({ ...rule, counter: createRateCounter(rule.windowSeconds, now) }));
  return (address) =>
    counted.every(({ counter, limit, action }) => !(counter.count(address) > limit && action === 'BLOCK'));
}
