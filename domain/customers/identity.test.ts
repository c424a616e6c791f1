import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { refusalOf } from '../../test/support/domain.ts';
import { type Identity, identityKey, identityTaken, mergeIdentities, mostIdentities } from './identity.ts';
import { checkIdentity } from './identity-input.ts';

describe('an e-mail address', () => {
  test('is lower-cased and trimmed, as its case means nothing', () => {
    expect(checkIdentity({ kind: 'EMAIL', value: ' Ada.Byron@Example.COM ' })).toEqual({
      kind: 'EMAIL',
      value: 'ada.byron@example.com',
    });
  });

  test.each(['ada', 'ada@', '@example.com', 'ada@localhost', 'ada byron@example.com', ''])(
    'is refused as %j',
    (value) => {
      const refusal = refusalOf(() => checkIdentity({ kind: 'EMAIL', value }));

      expect(refusal).toMatchObject({ code: 'INPUT.INVALID', info: { field: 'value', value } });
    },
  );

  test('is refused with the value and how to write it', () => {
    expect(refusalOf(() => checkIdentity({ kind: 'EMAIL', value: 'ada' })).message).toBe(
      'value: "ada" is not an e-mail address: write it as ada@example.com',
    );
  });
});

describe('a phone number', () => {
  test.each(['+441632960001', '+393331234567', '+12025550123', '+4930123456'])(
    'is taken in E.164: %s',
    (value) => {
      expect(checkIdentity({ kind: 'PHONE', value })).toEqual({ kind: 'PHONE', value });
    },
  );

  test('is refused in its national form, with the value as it should be written', () => {
    const refusal = refusalOf(() => checkIdentity({ kind: 'PHONE', value: '01632 960001' }));

    expect(refusal).toMatchObject({
      code: 'INPUT.INVALID',
      info: { field: 'value', value: '01632 960001' },
    });
    expect(refusal.message).toContain('"01632 960001" is not in E.164');
    expect(refusal.message).toContain('+441632960001');
  });

  test.each(['+44 1632 960001', '+44(0)1632960001', '00441632960001', '+44', '+999123456789', 'phone', ''])(
    'is refused as %j',
    (value) => {
      expect(refusalOf(() => checkIdentity({ kind: 'PHONE', value })).info).toEqual({
        field: 'value',
        value,
      });
    },
  );
});

describe('an external id', () => {
  test('keeps its case and its source', () => {
    const identity = { kind: 'EXTERNAL_ID', value: 'ab-17850', source: 'Shop' };

    expect(checkIdentity(identity)).toEqual(identity);
  });

  test.each([undefined, null])('is refused with a source of %s', (source) => {
    const refusal = refusalOf(() => checkIdentity({ kind: 'EXTERNAL_ID', value: '17850', source }));

    expect(refusal.info.field).toBe('source');
    expect(refusal.message).toContain('needs the source');
  });
});

test.each(['EMAIL', 'PHONE'])('%s takes no source', (kind) => {
  const refusal = refusalOf(() => checkIdentity({ kind, value: 'ada@example.com', source: 'shop' }));

  expect(refusal.message).toBe(`source: ${kind} takes no source`);
});

const identity: fc.Arbitrary<Identity> = fc.oneof(
  fc.record({
    kind: fc.constantFrom('EMAIL' as const, 'PHONE' as const),
    value: fc.string({ unit: 'grapheme' }),
  }),
  fc.record({
    kind: fc.constant('EXTERNAL_ID' as const),
    value: fc.string({ unit: 'grapheme' }),
    source: fc.string({ unit: 'grapheme', minLength: 1 }),
  }),
);

describe('identityKey', () => {
  const separator = fc.constantFrom('|', '%7C', '#', 'a', '');
  const tricky = fc.array(separator, { maxLength: 4 }).map((parts) => parts.join(''));
  const trickyId = fc.record({ kind: fc.constant('EXTERNAL_ID' as const), value: tricky, source: tricky });

  test('is different for different identities, whatever stands in them', () => {
    fc.assert(
      fc.property(fc.oneof(identity, trickyId), fc.oneof(identity, trickyId), (a, b) => {
        const same = a.kind === b.kind && a.value === b.value && (a.source ?? '') === (b.source ?? '');

        expect(identityKey(a) === identityKey(b)).toBe(same);
      }),
    );
  });

  test('has no # in it, which separates the parts of a table key', () => {
    fc.assert(fc.property(fc.oneof(identity, trickyId), (one) => !identityKey(one).includes('#')));
  });
});

describe('mergeIdentities', () => {
  const few = fc.array(
    fc.record({ kind: fc.constant('EMAIL' as const), value: fc.constantFrom('a', 'b', 'c', 'd', 'e') }),
    { maxLength: 6 },
  );
  const present = few.map((list) => mergeIdentities([], list, []).identities);
  const keys = (list: readonly Identity[]) => new Set(list.map(identityKey));
  const without = (list: readonly Identity[], others: readonly Identity[]) =>
    [...keys(list)].filter((key) => !keys(others).has(key));

  test('is present without removed, with added: what is both removed and added stays', () => {
    fc.assert(
      fc.property(present, few, few, (before, added, removed) => {
        const { identities } = mergeIdentities(before, added, removed);

        expect(keys(identities)).toEqual(new Set([...without(before, removed), ...keys(added)]));
      }),
    );
  });

  test('has each identity once, and claims and releases only what differs', () => {
    fc.assert(
      fc.property(present, few, few, (before, added, removed) => {
        const merged = mergeIdentities(before, added, removed);

        expect(merged.identities).toHaveLength(keys(merged.identities).size);
        expect(merged.removed.map(identityKey).sort()).toEqual(without(before, merged.identities).sort());
        expect(merged.added.map(identityKey).sort()).toEqual(without(merged.identities, before).sort());
      }),
    );
  });

  test('changes nothing the second time', () => {
    fc.assert(
      fc.property(present, few, few, (before, added, removed) => {
        const { identities } = mergeIdentities(before, added, removed);

        const again = mergeIdentities(identities, added, removed);

        expect(keys(again.identities)).toEqual(keys(identities));
        expect([again.added, again.removed]).toEqual([[], []]);
      }),
    );
  });

  test('takes 50 identities and refuses one more', () => {
    const many = Array.from(
      { length: mostIdentities + 1 },
      (_, n): Identity => ({ kind: 'EMAIL', value: `${n}` }),
    );

    expect(mergeIdentities([], many.slice(1), []).identities).toHaveLength(50);
    expect(refusalOf(() => mergeIdentities([], many, []))).toMatchObject({
      code: 'CUSTOMER.IDENTITY_LIMIT',
      info: { field: 'identities', value: 51 },
    });
    expect(mergeIdentities(many.slice(1), many.slice(0, 1), many.slice(1, 2)).identities).toHaveLength(50);
  });
});

describe('identityTaken', () => {
  test.each([
    [{ kind: 'EMAIL', value: 'ada@example.com' }, 'CUSTOMER.EMAIL_TAKEN', 'ada@example.com belongs'],
    [{ kind: 'PHONE', value: '+441632960001' }, 'CUSTOMER.PHONE_TAKEN', '+441632960001 belongs'],
    [{ kind: 'EXTERNAL_ID', value: '7', source: 'shop' }, 'CUSTOMER.IDENTITY_TAKEN', '7 of shop belongs'],
  ] as const)('of %j is %s and says who has it', (taken, code, message) => {
    const refusal = identityTaken(taken, 'cus_2');

    expect(refusal).toMatchObject({ code, info: { value: taken.value, customerId: 'cus_2' } });
    expect(refusal.message).toContain(message);
  });
});
