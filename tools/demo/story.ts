import type {
  LogInteractionInput,
  PlaceOrderInput,
  RecordConsentInput,
  RecordProductInput,
} from '../../graphql/generated/types.ts';
import type { Habit, Person } from './people.ts';
import type { Clock, Random } from './random.ts';
import { conversations } from './talk.ts';

/** The system that the demo firm's shop is. */
export const source = 'demo-shop';

/** What happened in the last days came by the API, so that rules tell of it; what is older was imported. */
const recentDays = 7;

/** How long the firm takes to fulfil an order. */
const openDays = 14;

const via = (daysAgo: number) => (daysAgo > recentDays ? { via: 'IMPORT' as const } : {});

export function products(count: number, random: Random): (RecordProductInput & { name: string })[] {
  const names = new Set<string>();
  const { commerce } = random.of('en');
  while (names.size < count) names.add(commerce.productName());
  return [...names].map((name, n) => ({
    source,
    code: `G-${1001 + n}`,
    name,
    category: random.pick(['candles', 'kitchen', 'garden', 'toys', 'stationery']),
    price: { amount: commerce.price({ min: 2, max: 80, dec: 2 }), currency: 'GBP' },
  }));
}

/** A fact about a customer who has no id yet. */
export type Of<Input> = Omit<Input, 'customerId'>;

/** What happened with one customer. */
export interface Story {
  readonly consents: readonly Of<RecordConsentInput>[];
  readonly orders: readonly Of<PlaceOrderInput>[];
  readonly interactions: readonly Of<LogInteractionInput>[];
}

interface Setting {
  readonly products: ReturnType<typeof products>;
  readonly random: Random;
  readonly clock: Clock;
  /** The partner with whom some customers let the firm share. */
  readonly partnerId: string | undefined;
}

/** A customer's last 18 months, latest first. */
export function storyOf(person: Person, n: number, setting: Setting): Story {
  const days = orderDays(person.habit, setting.random);
  const since = Math.max(...days, 30) + 2;
  return {
    consents: consents(person, since, setting),
    orders: days.map((daysAgo, place) => order(person, place, daysAgo, setting)),
    interactions: interactions(person, n, since, setting),
  };
}

/** On which days, counted back from today, a customer ordered. */
function orderDays(habit: Habit, { int }: Random): number[] {
  const every = (first: number, step: number, count: number) =>
    Array.from({ length: count }, (_, place) => first + place * step + int(0, 6)).filter((day) => day <= 540);
  switch (habit) {
    case 'loyal':
      return every(int(1, 20), 45, 12);
    case 'occasional':
      return every(int(8, 70), 110, 4);
    case 'new':
      return every(int(1, 12), 20, 1);
    case 'lapsing':
      return every(int(95, 160), 80, 5);
    case 'lapsed':
      return every(int(190, 400), 50, 3);
    case 'prospect':
      return [];
  }
}

function order(person: Person, place: number, daysAgo: number, setting: Setting): Of<PlaceOrderInput> {
  const { random, clock } = setting;
  const isReturn = place > 0 && random.chance(0.06);
  const lines = Array.from({ length: random.int(1, 4) }, () => {
    const { code, name, price } = random.pick(setting.products);
    const quantity = random.int(1, person.input.kind === 'COMPANY' ? 24 : 4);
    return {
      code,
      description: name,
      quantity: String(isReturn ? -quantity : quantity),
      unitPrice: price?.amount ?? '1.00',
    };
  });
  const postage = {
    kind: 'CHARGE',
    code: 'POST',
    description: 'Postage',
    quantity: '1',
    unitPrice: '4.95',
  } as const;
  return {
    source,
    externalId: `${person.key}-${place + 1}`,
    kind: isReturn ? 'RETURN' : 'SALE',
    state: daysAgo > openDays ? 'FULFILLED' : 'OPEN',
    placedAt: clock.at(daysAgo, random.int(8, 19), random.int(0, 59)),
    currency: person.language === 'en' ? 'GBP' : 'EUR',
    lines: isReturn ? lines : [...lines, postage],
    ...via(daysAgo),
  };
}

function consents(person: Person, since: number, setting: Setting): Of<RecordConsentInput>[] {
  const { random, clock, partnerId } = setting;
  const said = (daysAgo: number, what: string) => ({
    clientRequestId: `demo/consent/${person.key}/${what}`,
    proof: `demo-shop.example, order form, version ${random.int(1, 3)}`,
    statedAt: clock.at(daysAgo, 7, 0),
    ...via(daysAgo),
  });
  const granted = { state: 'GRANTED', basis: 'CONSENT' } as const;
  const later = random.int(1, since);
  const list: Of<RecordConsentInput>[] = [
    { purpose: 'SERVICE', state: 'GRANTED', basis: 'CONTRACT', ...said(since, 'service') },
  ];
  if (random.chance(0.7)) {
    list.push({ purpose: 'MARKETING', ...granted, ...said(since, 'marketing') });
    if (random.chance(0.2)) {
      list.push({ purpose: 'MARKETING', state: 'WITHDRAWN', ...said(later - 1 || 1, 'no-marketing') });
    }
  }
  if (random.chance(0.5)) {
    list.push({
      purpose: 'ANALYTICS',
      state: 'GRANTED',
      basis: 'LEGITIMATE_INTERESTS',
      ...said(since, 'analytics'),
    });
  }
  if (partnerId && random.chance(0.6)) {
    list.push({ purpose: 'SHARING', partnerId, ...granted, ...said(since, 'sharing') });
    if (random.chance(0.15)) {
      list.push({ purpose: 'SHARING', partnerId, state: 'WITHDRAWN', ...said(later - 1 || 1, 'no-sharing') });
    }
  }
  return list;
}

/** For how many days there was no contact. */
const quietDays: Readonly<Record<Habit, number>> = {
  loyal: 1,
  occasional: 2,
  new: 1,
  lapsing: 40,
  lapsed: 120,
  prospect: 3,
};

function interactions(person: Person, n: number, since: number, setting: Setting): Of<LogInteractionInput>[] {
  const { random, clock } = setting;
  const count = { loyal: 5, occasional: 3, new: 2, lapsing: 2, lapsed: 1, prospect: 2 }[person.habit];
  return Array.from({ length: count }, (_, place) => {
    const talk = conversations[(n + place * 3) % conversations.length] ?? [];
    const longest = Math.max(...talk.map(({ hoursLater }) => hoursLater));
    const latest = Math.max(quietDays[person.habit], 1 + Math.ceil(longest / 24));
    const daysAgo = place === 0 ? random.int(latest, latest + 9) : random.int(latest, since + latest);
    const hour = random.int(8, 15);
    const { name } = random.pick(setting.products);
    return talk.map((saying, turn): Of<LogInteractionInput> => {
      const text = (words: Readonly<Record<string, string>>) =>
        (words[person.language] ?? '').replaceAll('{product}', name);
      const isInPerson = saying.channel === 'IN_STORE';
      const isByHand = isInPerson || saying.channel === 'PHONE' || saying.direction === 'OUTBOUND';
      return {
        clientRequestId: `demo/interaction/${person.key}/${place}/${turn}`,
        channel: saying.channel,
        direction: saying.direction,
        subject: text(saying.subject),
        ...(saying.body ? { body: text(saying.body) } : {}),
        ...(talk.length > 1 ? { threadId: `demo-${person.key}-${place}` } : {}),
        ...(isByHand && saying.channel !== 'MAILING' ? { agentId: person.owner.id } : {}),
        ...(isInPerson ? { storeId: random.pick(['york', 'leeds', 'milano', 'berlin']) } : {}),
        occurredAt: clock.at(daysAgo, hour + saying.hoursLater, random.int(0, 5)),
        ...via(daysAgo - saying.hoursLater / 24),
      };
    });
  }).flat();
}
