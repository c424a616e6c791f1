import type { CreateCustomerInput } from '../../graphql/generated/types.ts';
import { type Language, languages, type Random } from './random.ts';

/** How a customer buys. */
export const habits = ['loyal', 'occasional', 'new', 'lapsing', 'lapsed', 'prospect'] as const;
export type Habit = (typeof habits)[number];

/** A user who looks after customers. */
export interface Owner {
  readonly id: string;
  readonly team?: string | undefined;
}

/** A customer of the demo firm, and what the story about it needs. */
export interface Person {
  readonly key: string;
  readonly language: Language;
  readonly habit: Habit;
  readonly owner: Owner;
  readonly input: CreateCustomerInput;
}

const habitOf = (n: number): Habit => habits[[0, 1, 0, 1, 3, 2, 1, 4, 0, 5][n % 10] ?? 0] ?? 'loyal';

const countries = { en: 'GB', it: 'IT', de: 'DE' } as const;

/** Companies are every fourth; half of all customers speak English. */
export function people(count: number, owners: readonly Owner[], random: Random): Person[] {
  const addresses = new Set<string>();
  return Array.from({ length: count }, (_, n) => {
    const language = n % 2 === 0 ? 'en' : (languages[1 + ((n >> 1) % 2)] ?? 'it');
    const owner = owners[[0, 0, 1, 0, 2][n % 5] ?? 0] ?? owners[0];
    if (!owner) throw new Error('The demo customers need somebody who looks after them');
    const habit = habitOf(n);
    const who = n % 4 === 3 ? company(language, random) : person(language, random);
    const key = String(1001 + n);
    const email = freeAddress(
      who.mailbox,
      random.pick(['example.com', 'example.net', 'example.org']),
      addresses,
    );
    const phone = freePhone(language, random, addresses);
    const input: CreateCustomerInput = {
      clientRequestId: `demo/customer/${key}`,
      ...who.names,
      identities: [
        { kind: 'EXTERNAL_ID', source: 'demo-shop', value: key },
        { kind: 'EMAIL', value: email },
        ...(phone ? [{ kind: 'PHONE', value: phone } as const] : []),
      ],
      address: addressOf(language, random),
      language: language === 'en' ? 'en-GB' : language,
      ownerId: owner.id,
      ...(owner.team ? { team: owner.team } : {}),
      attributes: JSON.stringify({
        segment: who.names.kind === 'COMPANY' ? 'trade' : random.pick(['gifts', 'home', 'garden']),
        newsletter: random.chance(0.5),
      }),
      preferences: {
        channel: random.pick(['EMAIL', 'PHONE', 'LETTER', 'LIVE_CHAT']),
        topics: [random.pick(['candles', 'kitchen', 'garden', 'toys', 'stationery'])],
      },
      ...(habit === 'new' ? {} : { via: 'IMPORT' }),
    };
    return { key, language, habit, owner, input };
  });
}

interface Who {
  readonly names: Pick<CreateCustomerInput, 'kind' | 'name' | 'givenName' | 'familyName'>;
  readonly mailbox: string;
}

function person(language: Language, random: Random): Who {
  const { person } = random.of(language);
  const [givenName, familyName] = [person.firstName(), person.lastName()];
  return {
    names: { kind: 'PERSON', name: `${givenName} ${familyName}`, givenName, familyName },
    mailbox: `${plain(givenName)}.${plain(familyName)}`,
  };
}

function company(language: Language, random: Random): Who {
  const name = random.of(language).company.name();
  return { names: { kind: 'COMPANY', name }, mailbox: plain(name).slice(0, 40) };
}

function addressOf(language: Language, random: Random): NonNullable<CreateCustomerInput['address']> {
  const { location } = random.of(language);
  return {
    lines: [location.streetAddress()],
    city: location.city(),
    postalCode: location.zipCode(),
    country: countries[language],
  };
}

/** Domains that nobody can have (https://www.rfc-editor.org/rfc/rfc2606). */
function freeAddress(mailbox: string, domain: string, taken: Set<string>): string {
  let address = `${mailbox}@${domain}`;
  for (let n = 2; taken.has(address); n++) address = `${mailbox}${n}@${domain}`;
  taken.add(address);
  return address;
}

function freePhone(language: Language, random: Random, taken: Set<string>): string | undefined {
  let phone = phoneOf(language, random);
  while (phone && taken.has(phone)) phone = phoneOf(language, random);
  if (phone) taken.add(phone);
  return phone;
}

/**
 * Numbers that are kept for films and given to nobody: Ofcom's
 * (https://www.ofcom.org.uk/phones-and-broadband/phone-numbers/numbers-for-drama), and those of the Bundesnetzagentur in
 * Berlin (Mitteilung 148/2021). Italy keeps none.
 */
function phoneOf(language: Language, random: Random): string | undefined {
  const last = String(random.int(0, 999)).padStart(3, '0');
  if (language === 'it') return undefined;
  return language === 'de' ? `+493023125${last}` : `+44${random.pick(['1632960', '7700900'])}${last}`;
}

/** Letters of ASCII, for a mailbox. */
const plain = (name: string): string =>
  name
    .normalize('NFKD')
    .replaceAll('ß', 'ss')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '');
