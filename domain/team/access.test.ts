import { describe, expect, test } from 'vitest';
import { refusalOf, user } from '../../test/support/domain.ts';
import { type Action, demand, may, type Owned, reachOf, rights } from './access.ts';
import { type Role, roles } from './actor.ts';

type Whose = 'own' | 'team' | 'foreign' | 'nobodys';

const customers: Record<Whose, Owned & { readonly id: string }> = {
  own: { id: 'cus_1', ownerId: 'usr_ada' },
  team: { id: 'cus_2', ownerId: 'usr_eve', team: 'north' },
  foreign: { id: 'cus_3', ownerId: 'usr_eve', team: 'south' },
  nobodys: { id: 'cus_4' },
};
const everybodys = ['own', 'team', 'foreign', 'nobodys'] as const;
const ours = ['own', 'team'] as const;

/** What each role may do, as the firm says it: written out again, so that a change of the rights is seen. */
const table: Record<Role, Record<Action, readonly Whose[]>> = {
  admin: { read: everybodys, edit: everybodys, log: everybodys, order: everybodys },
  integration: { read: everybodys, edit: everybodys, log: everybodys, order: everybodys },
  sales: { read: ours, edit: ours, log: ours, order: ours },
  service: { read: everybodys, edit: everybodys, log: everybodys, order: [] },
  marketing: { read: everybodys, edit: [], log: everybodys, order: [] },
  analyst: { read: everybodys, edit: [], log: [], order: [] },
};
const actions = ['read', 'edit', 'log', 'order'] as const;

const cases = roles.flatMap((role) =>
  actions.flatMap((action) =>
    everybodys.map((whose) => ({ role, action, whose, allowed: table[role][action].includes(whose) })),
  ),
);

describe('may', () => {
  test.each(cases)('$role, $action, customer of $whose: $allowed', ({ role, action, whose, allowed }) => {
    const actor = user('ada', [role], ['north']);

    expect(may(actor, action, customers[whose])).toBe(allowed);
  });

  test('denies everything to a user without a role, even what is their own', () => {
    const nobody = user('ada', [], ['north']);

    expect(actions.filter((action) => may(nobody, action, customers.own))).toEqual([]);
  });

  test('allows what any of several roles allows', () => {
    const both = user('ada', ['analyst', 'sales'], ['north']);

    expect(may(both, 'read', customers.foreign)).toBe(true);
    expect(may(both, 'edit', customers.team)).toBe(true);
    expect(may(both, 'edit', customers.foreign)).toBe(false);
  });

  test('does not take no team for a team in common', () => {
    expect(may(user('ada', ['sales'], []), 'read', customers.nobodys)).toBe(false);
  });
});

describe('reachOf', () => {
  test.each(cases.filter(({ whose }) => whose === 'own'))('$role, $action', ({ role, action }) => {
    const whose = table[role][action];
    const expected = whose.length === everybodys.length ? 'all' : whose.length > 0 ? 'team' : undefined;

    expect(reachOf(user('ada', [role]), action)).toBe(expected);
  });

  test('of several roles is the widest', () => {
    expect(reachOf(user('ada', ['sales', 'service']), 'edit')).toBe('all');
    expect(reachOf(user('ada', ['analyst', 'sales']), 'edit')).toBe('team');
  });
});

describe('demand', () => {
  test('lets pass what is allowed', () => {
    expect(() => demand(user('ada', ['sales']), 'edit', customers.own)).not.toThrow();
  });

  test.each([
    ['read', 'read'],
    ['edit', 'change'],
    ['log', 'log interactions with'],
    ['order', 'record orders of'],
  ] as const)('says who may not %s what, and whom to ask', (action, verb) => {
    const refusal = refusalOf(() => demand(user('ada', ['sales'], ['north']), action, customers.foreign));

    expect(refusal).toEqual({
      code: 'ACCESS.DENIED',
      message: `ada may not ${verb} cus_3: ask an admin`,
      info: { customerId: 'cus_3' },
    });
  });
});

test('every role has rights, and no right is listed for a role that is none', () => {
  expect(Object.keys(rights).sort()).toEqual([...roles].sort());
});
