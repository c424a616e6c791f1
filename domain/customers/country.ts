let regionNames: Intl.DisplayNames | undefined;

/** Made when it is first needed: that takes 12 ms, which every start of a function would wait for. */
function nameOf(region: string): string | undefined {
  regionNames ??= new Intl.DisplayNames('en', { type: 'region', fallback: 'none' });
  return regionNames.of(region);
}

// Regions that the runtime names beside the countries: reserved codes, unions, test locales, Kosovo's provisional XK
// (https://www.unicode.org/reports/tr35/#Unicode_Region_Subtag).
const noCountries = new Set('AC CP CQ DG EA EU EZ IC QO TA UN XA XB XK ZZ'.split(' '));

/** What is known of each code of two letters that was asked for: to find it out takes 40 µs. */
const known = new Map<string, boolean>();

/** Whether it is a code of ISO 3166-1 alpha-2 as assigned today: `GB`, neither `UK` nor `SU`. */
export function isCountry(code: string): boolean {
  if (!/^[A-Z]{2}$/.test(code)) return false;
  const answer = known.get(code) ?? isAssigned(code);
  known.set(code, answer);
  return answer;
}

function isAssigned(code: string): boolean {
  if (noCountries.has(code)) return false;
  const isPresent = new Intl.Locale(`und-${code}`).region === code;
  return isPresent && nameOf(code) !== undefined;
}
