import * as v from 'valibot';
import { Refusal } from '../errors.ts';
import { optional } from '../input.ts';

/** What the firm knows of a customer beside what every customer has. */
export type Attributes = Readonly<Record<string, AttributeValue>>;
export type AttributeValue = string | number | boolean | readonly string[];

/** Attributes to set by name; null removes one. */
export type AttributeChanges = Readonly<Record<string, AttributeValue | null>>;

/** Most attributes of one customer. */
export const mostAttributes = 50;

/** Most bytes of a customer's attributes as JSON: they are stored in the profile, whose size they bound. */
export const mostAttributeBytes = 16 * 1024;

const longestText = 1024;
const mostTexts = 50;
const nameForm = /^[A-Za-z][A-Za-z0-9_]{0,63}$/;

/** Attributes as clients send them: an object, or its JSON text; in the order of their names. */
export const attributesInput = optional(
  v.pipe(
    v.unknown(),
    v.rawTransform(({ dataset, addIssue, NEVER }): AttributeChanges => {
      const attributes = readObject(dataset.value);
      const fault = attributes ? faultIn(attributes) : 'are not an object of names to values';
      if (fault) {
        addIssue({ message: fault });
        return NEVER;
      }
      const sorted = Object.entries(attributes ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
      return Object.fromEntries(sorted) as AttributeChanges;
    }),
  ),
);

/**
 * The attributes with changes made: what is null goes, what is not named stays.
 *
 * @throws Refusal `INPUT.INVALID` when there would be too many, or too much in them.
 */
export function changeAttributes(
  present: Attributes | undefined,
  changes: AttributeChanges,
): Attributes | undefined {
  const entries = Object.entries({ ...present, ...changes }).filter(
    (entry): entry is [string, AttributeValue] => entry[1] !== null,
  );
  const attributes = Object.fromEntries(entries);
  const bytes = new TextEncoder().encode(JSON.stringify(attributes)).length;
  if (entries.length > mostAttributes) {
    throw tooMuch(
      `come to ${entries.length} names; a customer has at most ${mostAttributes}`,
      entries.length,
    );
  }
  if (bytes > mostAttributeBytes) {
    throw tooMuch(`come to ${bytes} bytes of JSON; a customer has at most ${mostAttributeBytes}`, bytes);
  }
  return entries.length > 0 ? attributes : undefined;
}

const tooMuch = (what: string, value: number) =>
  new Refusal('INPUT.INVALID', `attributes: ${what}: set some to null`, { field: 'attributes', value });

function readObject(value: unknown): object | undefined {
  const read = typeof value === 'string' ? readJson(value) : value;
  return typeof read === 'object' && read !== null && !Array.isArray(read) ? read : undefined;
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function faultIn(attributes: object): string | undefined {
  for (const [name, value] of Object.entries(attributes)) {
    if (!nameForm.test(name)) {
      return `${JSON.stringify(name.slice(0, 80))} is no name: start with a letter, go on with up to 63 of A-Z, a-z, 0-9, _`;
    }
    const fault = faultOf(value);
    if (fault) return `${name} ${fault}`;
  }
  return undefined;
}

function faultOf(value: unknown): string | undefined {
  if (value === null || typeof value === 'boolean') return undefined;
  if (typeof value === 'number')
    return isExact(value) ? undefined : 'is too large a number: send it as a text';
  if (typeof value === 'string') return faultOfText(value);
  if (!Array.isArray(value)) return 'is no text, number, boolean or list of texts';
  if (value.length > mostTexts) return `has ${value.length} texts; at most ${mostTexts} are taken`;
  return value
    .map((one) => (typeof one === 'string' ? faultOfText(one) : 'is a list of other things than texts'))
    .find(Boolean);
}

/** Of larger numbers the last digits were lost when their JSON was read: the number of a card is another one then. */
const isExact = (value: number): boolean => Math.abs(value) <= Number.MAX_SAFE_INTEGER;

function faultOfText(text: string): string | undefined {
  if (!text.isWellFormed()) return 'has half a character (a lone surrogate): send whole characters';
  return text.length > longestText
    ? `has a text of ${text.length} characters; at most ${longestText} are taken`
    : undefined;
}
