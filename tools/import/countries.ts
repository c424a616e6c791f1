import countries from 'i18n-iso-countries/index.js';
import english from 'i18n-iso-countries/langs/en.json' with { type: 'json' };

countries.registerLocale(english);

/** Names that files use and ISO 3166 does not. */
const aliases: Readonly<Record<string, string>> = { eire: 'IE', rsa: 'ZA' };

/** The ISO 3166-1 alpha-2 code of an English country name or of a code; undefined for what is no country. */
export function countryCode(name: string): string | undefined {
  const code = name.toUpperCase();
  if (countries.isValid(code)) return countries.toAlpha2(code);
  return aliases[name.toLowerCase()] ?? countries.getAlpha2Code(name, 'en');
}
