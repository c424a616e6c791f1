import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CustomerEvent } from '../../domain/events.ts';
import type { NotificationRule } from '../../domain/team/notification-rule.ts';
import { rulesSetOff } from '../../domain/team/rule-matching.ts';
import { periodsOf } from '../../functions/scoring/rescore.ts';
import { customerEvents, scoredEvents } from '../../infra/customer-events.ts';
import { fieldsOf } from '../../infra/event-fields.ts';
import { patternOf, type Wanted } from '../../infra/event-pattern.ts';
import { loadTenant, tenantNames } from '../../infra/tenant.ts';
import { compilePattern } from '../../local/events/pattern.ts';

/** Events as the contract allows them: what it does not require is there or not. */
const events: fc.Arbitrary<CustomerEvent> = fc
  .constantFrom(...customerEvents)
  .chain((type) =>
    fc
      .record(
        Object.fromEntries([...fieldsOf(type)].map(([name, values]) => [name, anyValueOf(name, values)])),
        { requiredKeys: requiredOf(type) },
      )
      .map((data) => ({ type, data }) as unknown as CustomerEvent),
  );

function requiredOf(type: string): string[] {
  const schema = JSON.parse(readFileSync(`contracts/events/${type}.schema.json`, 'utf8'));
  return schema.properties.data.required;
}

function anyValueOf(name: string, values: readonly string[] | undefined): fc.Arbitrary<unknown> {
  if (values) return fc.constantFrom(...values);
  if (name === 'lineCount') return fc.integer({ min: 1, max: 3 });
  if (name === 'changedFields') return fc.subarray(['name', 'team', 'ownerId']);
  return fc.constantFrom('2026-11-01T12:00:00.000Z', '2026-11-02T12:00:00.000Z');
}

/** Conditions of a rule as a tenant's file may say them. */
const rules: fc.Arbitrary<NotificationRule> = events.map(({ type, data }, index = 0) => ({
  name: `rule-${index}`,
  on: type,
  where: Object.fromEntries(Object.entries(data).map(([field, value]) => [field, [String(value)]])),
  to: 'OWNER',
  by: ['IN_APP'],
  template: 'any',
}));

function passes(wanted: readonly Wanted[]): (event: CustomerEvent) => boolean {
  const { detailType, ...pattern } = patternOf(wanted);
  const matches = compilePattern({ ...pattern, 'detail-type': detailType });
  return (event) => matches({ source: 'fidelia', 'detail-type': event.type, detail: event });
}

describe('what the bus lets pass', () => {
  test('is all after which a score may be another', () => {
    const reachesScoring = passes(scoredEvents);
    const seen = { scored: 0, left: 0 };
    fc.assert(
      fc.property(events, (event) => {
        const isScored = periodsOf([event]).length > 0;
        if (isScored) expect(reachesScoring(event)).toBe(true);
        if (isScored) seen.scored++;
        else if (!reachesScoring(event)) seen.left++;
      }),
      { numRuns: 2000 },
    );
    expect(seen.scored).toBeGreaterThan(50);
    expect(seen.left).toBeGreaterThan(50);
  });

  test.each(tenantNames())('is all that sets off a rule of %s', (name) => {
    const { rules } = loadTenant(name).notifications as { rules: readonly NotificationRule[] };
    const reachesNotification = passes(rules);
    fc.assert(
      fc.property(events, (event) => {
        if (rulesSetOff(rules, event).length > 0) expect(reachesNotification(event)).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  test('is all that sets off rules of any tenant', () => {
    fc.assert(
      fc.property(fc.array(rules, { minLength: 1, maxLength: 30 }), events, (some, event) => {
        const about = rulesSetOff(some, event);
        if (about.length > 0) expect(passes(some)(event)).toBe(true);
        for (const { where = {} } of some) {
          const meets = { ...event, data: { ...event.data, ...fromTexts(where) } } as CustomerEvent;
          if (rulesSetOff(some, meets).length > 0) expect(passes(some)(meets)).toBe(true);
        }
      }),
      { numRuns: 300 },
    );
  });

  test('is no contact of the tenant demo that nobody is told of, and no order that is only fulfilled', () => {
    const { rules } = loadTenant('demo').notifications as { rules: readonly NotificationRule[] };
    const contact = (direction: string) =>
      ({ type: 'crm.interaction.logged.v1', data: { direction } }) as CustomerEvent;
    const order = (previousState: string, state: string) =>
      ({ type: 'crm.order.changed.v1', data: { previousState, state } }) as CustomerEvent;

    expect(['INBOUND', 'OUTBOUND'].map(contact).map(passes(rules))).toEqual([true, false]);
    expect([order('OPEN', 'CANCELLED'), order('OPEN', 'FULFILLED')].map(passes(scoredEvents))).toEqual([
      true,
      false,
    ]);
  });
});

const fromTexts = (where: NonNullable<NotificationRule['where']>) =>
  Object.fromEntries(Object.entries(where).map(([field, [text]]) => [field, text]));
