/**
 * The command or the file cannot be used as it is. Nothing was sent; the message says what to change. What a file holds
 * may be anything: its controls stand in the message as escapes, so that a terminal does not follow them.
 */
export class WrongInput extends Error {
  override readonly name = 'WrongInput';

  constructor(message: string, options?: ErrorOptions) {
    super(printable(message), options);
  }
}

/** Beyond, a message says no more: a file that is no CSV can be one line of megabytes. */
const longest = 2000;

function printable(message: string): string {
  const escaped = message.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, escapeOf);
  return escaped.length > longest ? `${escaped.slice(0, longest)}…` : escaped;
}

const escapeOf = (character: string): string =>
  character === '\n' ? character : `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`;
