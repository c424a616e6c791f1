import Big from 'big.js';
import { type AttributeValue, typeOf } from './attributes.ts';

/**
 * What is wrong with a value, in DynamoDB's words, undefined when nothing is. Normalizes the numbers in it. `quote`
 * tells how a list of strings is shown: newer actions show them quoted.
 */
export function problemOf(value: AttributeValue, quote = (text: string): string => text): string | undefined {
  const types = Object.keys(value);
  if (types.length === 0) {
    return 'Supplied AttributeValue is empty, must contain exactly one of the supported datatypes';
  }
  const problem = problemOfContent(value, quote);
  if (problem) return problem;
  return types.length > 1
    ? 'Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes'
    : undefined;
}

const INVALID = 'One or more parameter values were invalid: ';

function problemOfContent(value: AttributeValue, quote: (text: string) => string): string | undefined {
  switch (typeOf(value)) {
    case 'N':
      return normalize(value as Record<'N', string>, 'N');
    case 'NULL':
      return value.NULL ? undefined : `${INVALID}Null attribute value types must have the value of true`;
    case 'SS':
      return problemOfSet(
        value.SS ?? [],
        'An string set  may not be empty',
        (shown) => `${shown} contains duplicates.`,
        quote,
      );
    case 'NS':
      return problemOfNumbers(value.NS ?? []);
    case 'BS':
      return problemOfSet(
        value.BS ?? [],
        'Binary sets should not be empty',
        (shown) => `${shown}of type BS contains duplicates.`,
        quote,
      );
    case 'M':
      return problemOfNames(value.M ?? {}) ?? firstProblem(Object.values(value.M ?? {}), quote);
    case 'L':
      return firstProblem(value.L ?? [], quote);
    default:
      return undefined;
  }
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html#limits-attributes */
const MAX_NAME_BYTES = 65535;

/** What is wrong with the names of attributes. */
export function problemOfNames(item: Readonly<Record<string, object>>): string | undefined {
  return Object.keys(item).some((name) => Buffer.byteLength(name) > MAX_NAME_BYTES)
    ? `Attribute name is too large, must be less than ${MAX_NAME_BYTES + 1} bytes`
    : undefined;
}

function firstProblem(
  values: readonly AttributeValue[],
  quote: (text: string) => string,
): string | undefined {
  for (const value of values) {
    const problem = problemOf(value, quote);
    if (problem) return problem;
  }
  return undefined;
}

function problemOfSet(
  members: readonly string[],
  empty: string,
  duplicate: (shown: string) => string,
  quote: (text: string) => string,
): string | undefined {
  if (members.length === 0) return `${INVALID}${empty}`;
  return new Set(members).size < members.length
    ? `${INVALID}Input collection ${duplicate(`[${members.map(quote).join(', ')}]`)}`
    : undefined;
}

function problemOfNumbers(members: string[]): string | undefined {
  if (members.length === 0) return `${INVALID}An number set  may not be empty`;
  for (const index of members.keys()) {
    const problem = normalize(members, index);
    if (problem) return problem;
  }
  return new Set(members).size < members.length ? 'Input collection contains duplicates' : undefined;
}

/** Numbers have up to 38 digits and magnitudes from 1E-130 to 9.99E+125 (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html). */
function normalize<Key extends string | number>(holder: Record<Key, string>, key: Key): string | undefined {
  const text = holder[key];
  const number = text === '' ? undefined : parse(text);
  if (!number) {
    const shown = text === '' ? '' : `: ${text}`;
    return `The parameter cannot be converted to a numeric value${shown}`;
  }
  if (number.e > 125) {
    return 'Number overflow. Attempting to store a number with magnitude larger than supported range';
  }
  if (number.e < -130) {
    return 'Number underflow. Attempting to store a number with magnitude smaller than supported range';
  }
  if (number.c.length > 38) return 'Attempting to store more than 38 significant digits in a Number';
  holder[key] = number.eq(0) ? '0' : number.toFixed();
  return undefined;
}

/** `+1` is a number to DynamoDB, not to the library. */
function parse(text: string): Big | undefined {
  try {
    return new Big(text.replace(/^\+(?=[\d.])/, ''));
  } catch {
    return undefined;
  }
}
