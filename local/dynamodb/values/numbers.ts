import Big from 'big.js';

/** The sign, the significant digits without zeros around them, and the decimal exponent of the first digit. */
interface Decimal {
  readonly sign: -1 | 0 | 1;
  readonly digits: string;
  readonly exponent: number;
}

/** Takes a normalized number (plain decimal notation, as the engine stores it) apart. */
function parse(number: string): Decimal {
  const negative = number.charCodeAt(0) === 45;
  const start = negative ? 1 : 0;
  const point = number.indexOf('.');
  const whole = point < 0 ? number.slice(start) : number.slice(start, point);
  const all = point < 0 ? whole : whole + number.slice(point + 1);
  let first = 0;
  while (first < all.length && all.charCodeAt(first) === 48) first++;
  if (first === all.length) return { sign: 0, digits: '', exponent: 0 };
  let last = all.length;
  while (all.charCodeAt(last - 1) === 48) last--;
  return { sign: negative ? -1 : 1, digits: all.slice(first, last), exponent: whole.length - 1 - first };
}

export function compareNumbers(a: string, b: string): number {
  if (a === b) return 0;
  const x = parse(a);
  const y = parse(b);
  if (x.sign !== y.sign) return x.sign - y.sign;
  if (x.exponent !== y.exponent) return (x.exponent - y.exponent) * x.sign;
  return x.digits === y.digits ? 0 : x.digits < y.digits ? -x.sign : x.sign;
}

/**
 * The sum or difference of two numbers, normalized. Throws a RangeError with DynamoDB's words where the result does
 * not fit a number: up to 38 significant digits, magnitudes from 1E-130 to 9.99...E+125
 * (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html).
 */
export function addNumbers(a: string, b: string, operation: 'plus' | 'minus' = 'plus'): string {
  const result = new Big(a)[operation](b);
  if (result.e > 125 || result.c.length > 38) {
    throw new RangeError(
      'Number overflow. Attempting to store a number with magnitude larger than supported range',
    );
  }
  if (result.e < -130) {
    throw new RangeError(
      'Number underflow. Attempting to store a number with magnitude smaller than supported range',
    );
  }
  return result.eq(0) ? '0' : result.toFixed();
}

/**
 * Bytes that sort as the numbers do: a byte for the sign, one for the exponent, then the digits; for a negative number
 * exponent and digits are complemented and closed by 0xff, since more digits make it smaller.
 */
export function numberBytes(number: string): Buffer {
  const { sign, digits, exponent } = parse(number);
  if (sign === 0) return Buffer.from([0x80]);
  const bytes = Buffer.allocUnsafe(digits.length + (sign < 0 ? 3 : 2));
  bytes[0] = sign < 0 ? 0x40 : 0xc0;
  bytes[1] = sign < 0 ? 255 - (exponent + 130) : exponent + 130;
  for (let index = 0; index < digits.length; index++) {
    const digit = digits.charCodeAt(index) - 48;
    bytes[index + 2] = sign < 0 ? 9 - digit : digit;
  }
  if (sign < 0) bytes[digits.length + 2] = 0xff;
  return bytes;
}

/**
 * What a number weighs in bytes: one, and one for each two significant digits before and after the point, and one for
 * a minus sign. DynamoDB documents it only roughly ("Item sizes and formats" in the developer guide); this is what
 * its limits do.
 */
export function numberSize(number: string): number {
  const { sign, digits, exponent } = parse(number);
  if (sign === 0) return 1;
  const whole = exponent < 0 ? 0 : Math.min(digits.length, exponent + 1);
  return 1 + Math.ceil(whole / 2) + Math.ceil((digits.length - whole) / 2) + (sign < 0 ? 1 : 0);
}
