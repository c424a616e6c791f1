import { describe, expect, test } from 'vitest';
import { refusalOf, user } from '../../test/support/domain.ts';
import {
  type Action,
  demand,
  demandTenant,
  demandVia,
  type FirmMatter,
  firmRights,
  may,
  mayImport,
  type Owned,
  reachOf,
  rights,
} from './access.ts';
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
  admin: { read: everybodys, edit: everybodys, log: everybodys, order: everybodys, consent: everybodys },
  integration: {
    read: everybodys,
    edit: everybodys,
    log: everybodys,
    order: everybodys,
    consent: everybodys,
  },
  sales: { read: ours, edit: ours, log: ours, order: ours, consent: ours },
  service: { read: everybodys, edit: everybodys, log: everybodys, order: [], consent: everybodys },
  marketing: { read: everybodys, edit: [], log: everybodys, order: [], consent: everybodys },
  analyst: { read: everybodys, edit: [], log: [], order: [], consent: [] },
};
const actions = ['read', 'edit', 'log', 'order', 'consent'] as const;

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
    ['consent', 'record consents of'],
  ] as const)('says who may not %s what, and whom to ask', (action, verb) => {
    const refusal = refusalOf(() => demand(user('ada', ['sales'], ['north']), action, customers.foreign));

    expect(refusal).toEqual({
      code: 'ACCESS.DENIED',
      message: `ada may not ${verb} cus_3: ask an admin`,
      info: { customerId: 'cus_3' },
    });
  });
});

describe('demandTenant', () => {
  const allowed: Record<FirmMatter, readonly Role[]> = {
    users: ['admin'],
    agreements: ['admin'],
    products: ['admin', 'integration'],
  };
  const matters = ['users', 'agreements', 'products'] as const;

  test.each(matters)('lets only who may change %s', (matter) => {
    const passing = roles.filter((role) => {
      try {
        demandTenant(user('ada', [role], ['north']), matter);
        return true;
      } catch {
        return false;
      }
    });

    expect(passing).toEqual(roles.filter((role) => allowed[matter].includes(role)));
    expect(Object.keys(firmRights).sort()).toEqual([...matters].sort());
  });

  test.each([
    ['users', 'manage users'],
    ['agreements', 'manage sharing agreements'],
    ['products', 'record products'],
  ] as const)('says of %s who may not do what', (matter, verb) => {
    expect(refusalOf(() => demandTenant(user('ada', []), matter))).toEqual({
      code: 'ACCESS.DENIED',
      message: `ada may not ${verb}: ask an admin`,
      info: {},
    });
  });
});

describe('demandVia', () => {
  test('lets anybody say that a fact came as it happened, or nothing', () => {
    for (const via of ['API', null, undefined] as const) {
      expect(() => demandVia(user('ada', ['sales']), via)).not.toThrow();
    }
  });

  test('lets only admins and integrations say that a fact is imported', () => {
    expect(roles.filter((role) => mayImport(user('ada', [role])))).toEqual(['admin', 'integration']);
    expect(() => demandVia(user('ada', ['sales', 'integration']), 'IMPORT')).not.toThrow();
    expect(refusalOf(() => demandVia(user('ada', ['service']), 'IMPORT'))).toEqual({
      code: 'ACCESS.DENIED',
      message: 'ada may not say "via: IMPORT": leave it out, or sign in as one of admin, integration',
      info: { field: 'via', value: 'IMPORT' },
    });
  });
});

test('every role has rights, and no right is listed for a role that is none', () => {
  expect(Object.keys(rights).sort()).toEqual([...roles].sort());
});
