import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { refusalOf } from '../../test/support/domain.ts';
import { checkNamePrefix, foldName, startOfName } from './name.ts';

/** Names in all scripts, some of characters that fold into others. */
const anyName = fc.oneof(
  fc.string({ unit: 'binary', minLength: 1, maxLength: 300 }),
  fc.string({
    unit: fc.constantFrom(...'aAßẞıIiİéÉñçΣσςÎ ​\t\u00a0\u3000ﬁﬀĲǅ한글がが™½´¨ﷺ𝔘🏳️'),
    maxLength: 300,
  }),
);

describe('foldName', () => {
  test.each([
    ['Zoë Émile', 'zoe emile'],
    ['  Ada \t Byron ', 'ada byron'],
    ['Ada\u00a0Byron', 'ada byron'],
    ['Müller & Söhne GmbH', 'muller & sohne gmbh'],
    ['STRASSE', 'strasse'],
    ['Straße', 'strasse'],
    ['İnci Işık', 'inci isik'],
    ['ΟΔΥΣΣΕΥΣ', 'οδυσσευσ'],
    ['Οδυσσεύς', 'οδυσσευσ'],
    ['ﬁnch', 'finch'],
    ['Ｆｕｌｌ', 'full'],
    ['O’Brien', 'o’brien'],
    ['Sørensen', 'sørensen'],
    ['山田 太郎', '山田 太郎'],
  ])('of %j is %j', (name, folded) => {
    expect(foldName(name)).toBe(folded);
  });

  test('is the same for what is written composed and decomposed, in upper and in lower case', () => {
    fc.assert(
      fc.property(anyName, (name) => {
        const folded = foldName(name);

        expect(foldName(name.normalize('NFC'))).toBe(folded);
        expect(foldName(name.normalize('NFD'))).toBe(folded);
        expect(foldName(foldName(name))).toBe(folded);
      }),
      { numRuns: 1000 },
    );
    for (const name of ['Zoë', 'Straße', 'Οδυσσεύς', 'ﬁnch', 'Ärzte']) {
      expect(foldName(name.toUpperCase())).toBe(foldName(name));
      expect(foldName(name.toLowerCase())).toBe(foldName(name));
    }
  });

  test('of what a name begins with is what the folded name begins with', () => {
    fc.assert(
      fc.property(anyName, fc.nat(300), (name, length) => {
        const prefix = [...name].slice(0, length).join('');

        expect(foldName(name).startsWith(foldName(prefix))).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  test('fits into a key, as well-formed text without a blank at its ends', () => {
    fc.assert(
      fc.property(anyName, (name) => {
        const folded = foldName(name);

        expect(Buffer.byteLength(folded)).toBeLessThanOrEqual(800);
        expect(folded.isWellFormed()).toBe(true);
        expect(folded.trimStart()).toBe(folded);
      }),
    );
  });
});

describe('startOfName', () => {
  test('is the first two characters, of a folded name and of all that it begins with', () => {
    expect(startOfName('ada byron')).toBe('ad');
    expect(startOfName('\u{1F600}x')).toBe('\u{1F600}x');
    expect(startOfName('x')).toBe('x');
    expect(startOfName('')).toBe('');
  });
});

describe('checkNamePrefix', () => {
  test.each([
    ['Ad', 'ad'],
    ['ÉM', 'em'],
    [' x y ', 'x y'],
    ['한', '\u1112\u1161\u11ab'],
  ])('takes %j as %j', (prefix, folded) => {
    expect(checkNamePrefix(prefix)).toBe(folded);
  });

  test.each(['É', 'x', '\u0301\u0301', 'x\u0301 '])('refuses %j, and says what is needed', (prefix) => {
    const refusal = refusalOf(() => checkNamePrefix(prefix));

    expect(refusal).toMatchObject({ code: 'INPUT.INVALID', info: { field: 'prefix' } });
    expect(refusal.message).toContain('at least 2 letters');
  });

  test.each(['', '  ', 'x'.repeat(257), '\ud83d', 7, null])('refuses %j', (prefix) => {
    expect(refusalOf(() => checkNamePrefix(prefix))).toMatchObject({
      code: 'INPUT.INVALID',
      info: { field: 'prefix' },
    });
  });
});
