/** A benchmark was asked for something that it cannot do. */
export class WrongArguments extends Error {
  override readonly name = 'WrongArguments';
}

/** The whole number of an option. @throws WrongArguments naming the option and what it takes */
export function whole(name: string, text: string, most?: number): number {
  if (/^[1-9]\d{0,7}$/.test(text) && Number(text) <= (most ?? Infinity)) return Number(text);
  const end = most === undefined ? '' : ` to ${most}`;
  throw new WrongArguments(`--${name} ${text}: give a whole number from 1${end}`);
}

/** What a parser of options gives. @throws WrongArguments with its reason */
export function parsed<Values>(parse: () => Values): Values {
  try {
    return parse();
  } catch (error) {
    throw new WrongArguments((error as Error).message);
  }
}
