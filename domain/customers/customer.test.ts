import { describe, expect, test } from 'vitest';
import { cause, customer, now, refusalOf } from '../../test/support/domain.ts';
import { checkVersion, createCustomer, mostIdentityChanges, updateCustomer } from './customer.ts';
import { checkCreateCustomer, checkUpdateCustomer } from './customer-input.ts';

const email = (value: string) => ({ kind: 'EMAIL', value }) as const;

describe('createCustomer', () => {
  const create = (changes: object, owner: { ownerId: string; team?: string }) =>
    createCustomer(
      'cus_9',
      checkCreateCustomer({ kind: 'COMPANY', name: 'Analytical Engines', ...changes }),
      owner,
      cause,
    );

  test('gives the customer to who adds it and to its first team, and stamps what happened', () => {
    const made = create({}, { ownerId: 'usr_ada', team: 'north' });

    expect(made.customer).toEqual({
      id: 'cus_9',
      kind: 'COMPANY',
      name: 'Analytical Engines',
      identities: [],
      ownerId: 'usr_ada',
      team: 'north',
      via: 'API',
      createdAt: now,
      updatedAt: now,
      version: 1,
    });
    expect(made.change.events).toEqual([
      {
        type: 'crm.customer.created.v1',
        subject: 'cus_9',
        sequence: 1,
        data: { customerId: 'cus_9', kind: 'COMPANY' },
      },
    ]);
  });

  test('gives the customer to whom the input names', () => {
    const made = create({ ownerId: 'usr_eve', team: 'south' }, { ownerId: 'usr_ada', team: 'north' });

    expect(made.customer).toMatchObject({ ownerId: 'usr_eve', team: 'south' });
  });

  test('of a user without a team has none', () => {
    expect(create({}, { ownerId: 'usr_ada' }).customer).not.toHaveProperty('team');
  });

  test('keeps only what is known: null and absent are the same', () => {
    const made = create(
      { givenName: null, address: { city: 'London', region: null }, language: null },
      { ownerId: 'usr_ada' },
    );

    expect(made.customer.address).toEqual({ city: 'London' });
    expect(Object.keys(made.customer)).not.toContain('givenName');
    expect(Object.keys(made.customer)).not.toContain('language');
  });

  test('has each identity once', () => {
    const made = create(
      { identities: [email('ada@example.com'), email('ADA@example.com')] },
      { ownerId: 'usr_ada' },
    );

    expect(made.customer.identities).toEqual([email('ada@example.com')]);
  });

  test('is refused with more than 50 identities', () => {
    const identities = Array.from({ length: 51 }, (_, n) => email(`ada${n}@example.com`));

    expect(refusalOf(() => create({ identities }, { ownerId: 'usr_ada' })).code).toBe(
      'CUSTOMER.IDENTITY_LIMIT',
    );
  });
});

describe('updateCustomer', () => {
  const current = customer({
    givenName: 'Ada',
    language: 'en',
    address: { city: 'London', country: 'GB' },
    team: 'north',
    identities: [email('ada@example.com')],
    version: 3,
  });
  const update = (changes: object) =>
    updateCustomer(current, checkUpdateCustomer({ id: current.id, ...changes }), cause);

  test('changes what is named and nothing else', () => {
    const { customer: updated, added, removed } = update({ name: 'Ada Lovelace' });

    expect(updated).toEqual({ ...current, name: 'Ada Lovelace', updatedAt: now, version: 4 });
    expect([added, removed]).toEqual([[], []]);
  });

  test('stamps the names of the fields that differ, never their values', () => {
    const { change } = update({ name: 'Ada Lovelace', language: 'it', team: 'north' });

    expect(change?.events).toEqual([
      {
        type: 'crm.customer.updated.v1',
        subject: current.id,
        sequence: 4,
        data: { customerId: current.id, changedFields: ['name', 'language'] },
      },
    ]);
  });

  test('clears what is null', () => {
    const { customer: updated } = update({ givenName: null, address: null, ownerId: null, team: null });

    for (const field of ['givenName', 'address', 'ownerId', 'team']) {
      expect(Object.keys(updated)).not.toContain(field);
    }
    expect(updated.language).toBe('en');
  });

  test.each([
    [{}],
    [{ name: 'Ada Byron', team: 'north' }],
    [{ address: { country: 'GB', city: 'London' } }],
    [{ familyName: null }],
    [{ addIdentities: [email('ADA@example.com')] }],
    [{ removeIdentities: [email('eve@example.com')] }],
    [{ addIdentities: [email('ada@example.com')], removeIdentities: [email('ada@example.com')] }],
  ])('with %j, which changes nothing, gives the customer as it is and no stamp', (changes) => {
    const outcome = update(changes);

    expect(outcome.customer).toEqual(current);
    expect(outcome).not.toHaveProperty('change');
    expect([outcome.added, outcome.removed]).toEqual([[], []]);
  });

  test('does not take the order of an address in the table for a difference', () => {
    const stored = { ...current, address: { country: 'GB', city: 'London' } };

    const { change } = updateCustomer(
      stored,
      checkUpdateCustomer({ id: current.id, address: { city: 'London', country: 'GB' } }),
      cause,
    );

    expect(change).toBeUndefined();
  });

  test('replaces the whole address', () => {
    expect(update({ address: { city: 'Torino' } }).customer.address).toEqual({ city: 'Torino' });
  });

  test('takes and gives up identities', () => {
    const {
      customer: updated,
      added,
      removed,
      change,
    } = update({
      addIdentities: [email('ada@lovelace.example')],
      removeIdentities: [email('ada@example.com')],
    });

    expect(updated.identities).toEqual([email('ada@lovelace.example')]);
    expect(added).toEqual([email('ada@lovelace.example')]);
    expect(removed).toEqual([email('ada@example.com')]);
    expect(change?.events[0]?.data).toMatchObject({ changedFields: ['identities'] });
  });

  test('refuses more changes of identities than one transaction holds', () => {
    const many = (count: number) => Array.from({ length: count }, (_, n) => email(`${n}@example.com`));
    const full = customer({ identities: many(50) });
    const swap = (count: number) =>
      updateCustomer(
        full,
        checkUpdateCustomer({
          id: full.id,
          addIdentities: many(50 + count).slice(50),
          removeIdentities: many(count),
        }),
        cause,
      );

    expect(swap(mostIdentityChanges / 2).added).toHaveLength(mostIdentityChanges / 2);
    expect(refusalOf(() => swap(mostIdentityChanges / 2 + 1))).toMatchObject({
      code: 'INPUT.INVALID',
      info: { field: 'addIdentities', value: mostIdentityChanges + 2 },
    });
  });

  test('is refused when the client has seen another version', () => {
    const refusal = refusalOf(() => update({ name: 'Ada Lovelace', expectedVersion: 2 }));

    expect(refusal).toMatchObject({
      code: 'CUSTOMER.VERSION_STALE',
      info: { field: 'expectedVersion', value: 2, version: 3, customerId: current.id },
    });
    expect(refusal.message).toContain('at version 3, not 2');
  });

  test('of the version that the client has seen is taken', () => {
    expect(update({ name: 'Ada Lovelace', expectedVersion: 3 }).customer.version).toBe(4);
  });

  test.each([
    [{ name: null }, 'name'],
    [{ kind: null }, 'kind'],
    [{ name: '' }, 'name'],
  ])('refuses %j: what every customer has cannot be cleared', (changes, field) => {
    expect(refusalOf(() => update(changes)).info.field).toBe(field);
  });
});

test.each([undefined, null, 3])('an expected version of %s is no objection at version 3', (expected) => {
  expect(() => checkVersion(customer({ version: 3 }), expected)).not.toThrow();
});
