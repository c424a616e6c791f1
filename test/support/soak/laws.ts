import { beforeAll, expect, test } from 'vitest';
import { figuresOf } from './figures.ts';
import { everything } from './plan.ts';
import { type Soaked, soak } from './soak.ts';
import { points } from './work.ts';

/** Lets a stack work through so many contacts under all faults, and declares a test for each thing that must hold then. */
export function proveUnderFaults(count: number, withinMs: number): void {
  let soaked: Soaked;
  beforeAll(async () => {
    soaked = await soak(count);
    console.log(figuresOf(soaked).join('\n'));
  }, withinMs);

  const contactsOf = (customerId: string) =>
    [...soaked.acknowledged.contacts].filter(([, contact]) => contact.customerId === customerId);
  const salesOf = (customerId: string) =>
    [...soaked.acknowledged.sales.values()].filter((sale) => sale.customerId === customerId);
  const idsOf = (customerId: string) => contactsOf(customerId).map(([id]) => id);

  test('everything was entered, and every kind of fault struck', () => {
    expect(soaked.acknowledged.contacts.size).toBe(count);
    expect(soaked.acknowledged.repeated).toBeGreaterThan(0);
    const { seed: _seed, ...kinds } = everything;
    for (const kind of Object.keys(kinds)) {
      const times = [...soaked.struck].filter(([name]) => name.startsWith(`${kind}: `));
      expect(Math.max(...times.map(([, struck]) => struck)), kind).toBeGreaterThan(0);
    }
  });

  test('nothing acknowledged is lost, and nothing is there twice', () => {
    for (const { id, timeline } of soaked.customers) {
      expect(timeline.toSorted()).toEqual(idsOf(id).toSorted());
    }
  });

  test('nothing counts twice, and everything once', () => {
    for (const { id, engagement, frequency, monetary } of soaked.customers) {
      const sales = salesOf(id);
      const sum = sales.reduce((total, { pounds }) => total + pounds, 0);
      expect(frequency).toBe(sales.length);
      expect(monetary.map(({ amount, currency }) => [Number(amount), currency])).toEqual(
        sum > 0 ? [[sum, 'GBP']] : [],
      );
      // An outbound call is the least that can be missing.
      expect(Math.abs(engagement - engagementOf(id))).toBeLessThan(points.OUTBOUND / 3);
    }
  });

  const halfLifeMs = 30 * 86_400_000;
  const left = (worth: number, at: string) => worth * 2 ** (-(soaked.readAt - Date.parse(at)) / halfLifeMs);
  function engagementOf(customerId: string): number {
    const contacts = contactsOf(customerId).map(([, contact]) =>
      left(points[contact.direction], contact.occurredAt),
    );
    const sales = salesOf(customerId).map(({ placedAt }) => left(points.sale, placedAt));
    return [...contacts, ...sales].reduce((sum, one) => sum + one, 0);
  }

  test('the owner is told in the app exactly once for each event that a rule speaks of', () => {
    const inbound = [...soaked.acknowledged.contacts].flatMap(([id, { direction }]) =>
      direction === 'INBOUND' ? [id] : [],
    );
    const contacts = soaked.told.filter(({ rule }) => rule === 'contact');
    expect(contacts.map(({ subjectId }) => subjectId).toSorted()).toEqual(inbound.toSorted());
    const others = soaked.told.filter(({ rule }) => rule !== 'contact');
    const once = new Set(others.map(({ rule, customerId }) => `${rule} ${customerId}`));
    expect(others).toHaveLength(once.size);
  });

  test('a mail is sent at most once', () => {
    const { contacts, sales } = soaked.acknowledged;
    const inbound = [...contacts.values()].filter(({ direction }) => direction === 'INBOUND').length;
    expect(soaked.mails).toHaveLength(new Set(soaked.mails).size);
    expect(soaked.mails.length).toBeGreaterThan(0);
    expect(soaked.mails.length).toBeLessThanOrEqual(inbound + sales.size);
  });

  test('the partner gets each contact, as one event with one id, and each is on record', () => {
    const shared = soaked.customers.flatMap(({ shares }) => shares);
    const got = new Set(soaked.partnerEvents.map(({ id }) => id));
    expect([...got].toSorted()).toEqual(shared.toSorted());
    expect(got.size).toBe(soaked.acknowledged.contacts.size);
  });

  test('what became a dead letter was moved back and done', () => {
    expect(Object.values(soaked.deadLetters).reduce((sum, letters) => sum + letters, 0)).toBeGreaterThan(0);
    expect(new Set(Object.values(soaked.deadLettersLeft))).toEqual(new Set([0]));
  });
}
