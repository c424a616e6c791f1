import { describe, expect, test } from 'vitest';
import { languageOf } from './language.ts';

describe('the language of what is written', () => {
  test.each<[readonly string[], string | undefined, string, string | undefined]>([
    [['en', 'it', 'it-CH'], 'it-CH', 'en', 'it-CH'],
    [['en', 'it'], 'it-CH', 'en', 'it'],
    [['en', 'it'], 'IT', 'en', 'it'],
    [['en', 'it'], 'de', 'en', 'en'],
    [['en', 'it'], undefined, 'it', 'it'],
    [['en', 'it'], 'de', 'it-CH', 'it'],
    [['fr'], 'de', 'en', 'fr'],
    [[], 'de', 'en', undefined],
  ])('of %j for %j and the firm’s %j is %j', (available, wanted, fallback, expected) => {
    expect(languageOf(available, wanted, fallback)).toBe(expected);
  });
});
