import countries from 'i18n-iso-countries/index.js';
import english from 'i18n-iso-countries/langs/en.json' with { type: 'json' };

countries.registerLocale(english);

/** Names that files use and ISO 3166 does not. */
const aliases: Readonly<Record<string, string>> = { eire: 'IE', rsa: 'ZA' };

/** Kosovo's code is in wide use, but ISO 3166 has not assigned it and the API does not take it. */
const notAssigned = 'XK';

/** The ISO 3166-1 alpha-2 code of an English country name or of a code; undefined for what is no country. */
export function countryCode(name: string): string | undefined {
  const code = name.toUpperCase();
  const found = countries.isValid(code)
    ? countries.toAlpha2(code)
    : (aliases[name.toLowerCase()] ?? countries.getAlpha2Code(name, 'en'));
  return found === notAssigned ? undefined : found;
}
