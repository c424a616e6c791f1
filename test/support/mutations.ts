/** Random numbers that are the same for the same seed (mulberry32). */
export interface Random {
  /** A whole number from 0 to `below` - 1. */
  below(below: number): number;
  pick<T>(from: readonly T[]): T;
}

export function seeded(seed: number): Random {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (most: number) => Math.floor(next() * most);
  return { below, pick: (from) => from[below(from.length)] as (typeof from)[number] };
}

const nested = (depth: number): unknown => {
  let value: unknown = 'x';
  for (let level = 0; level < depth; level++) value = level % 2 === 0 ? [value] : { L: value };
  return value;
};

/** Values that programs stumble over. */
const hostile: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  1.5,
  1e308,
  2 ** 53,
  '',
  ' ',
  '\u0000',
  '\ud800',
  '%zz',
  '../../etc/passwd',
  '__proto__',
  'constructor',
  "' OR 1=1 --",
  '{"a":',
  'é'.repeat(300),
  'x'.repeat(70_000),
  'NaN',
  'arn:aws:sqs:::',
  '-0',
  '1e400',
  '9'.repeat(60),
  [],
  [null],
  [[]],
  {},
  { S: 1 },
  { N: 'x' },
  { M: { a: null } },
  { B: '*' },
  { SS: [] },
  { NULL: false },
  { __proto__: null, toString: 1 },
  nested(40),
  nested(2000),
];

interface Spot {
  readonly holder: Record<string, unknown>;
  readonly key: string;
}

function spotsOf(value: unknown, found: Spot[] = []): Spot[] {
  if (typeof value !== 'object' || value === null) return found;
  const holder = value as Record<string, unknown>;
  for (const key of Object.keys(holder)) {
    found.push({ holder, key });
    spotsOf(holder[key], found);
  }
  return found;
}

/** Sets a member, also one by the name of `__proto__`. */
function own(holder: object, key: string, value: unknown): void {
  Object.defineProperty(holder, key, { value, enumerable: true, configurable: true, writable: true });
}

/** A copy of a JSON value in which one thing is not as it should be. */
export function mutatedJson(random: Random, valid: unknown): unknown {
  const copy = structuredClone(valid);
  const spots = spotsOf(copy);
  if (spots.length === 0) return random.pick(hostile);
  const { holder, key } = random.pick(spots);
  switch (random.below(5)) {
    case 0:
      delete holder[key];
      break;
    case 1:
      holder[key] = [holder[key], holder[key]];
      break;
    case 2:
      own(holder, JSON.stringify(random.pick(hostile)).replace(/^"|"$/g, ''), holder[key]);
      break;
    default:
      holder[key] = random.pick(hostile);
  }
  return copy;
}

/** A text with a few characters missing, doubled or replaced. */
export function mutatedText(random: Random, valid: string): string {
  let text = valid;
  for (let times = 1 + random.below(3); times > 0; times--) {
    const at = random.below(text.length + 1);
    const to = Math.min(text.length, at + random.below(8));
    const between = random.pick([
      '',
      '',
      '"',
      '{',
      '}',
      '[',
      '\\',
      '\u0000',
      '%',
      '&',
      '(',
      '#',
      '$',
      text.slice(at, to),
    ]);
    text = text.slice(0, at) + between + text.slice(random.below(3) === 0 ? at : to);
  }
  return random.below(20) === 0 ? text.slice(0, random.below(text.length + 1)) : text;
}
