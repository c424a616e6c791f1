/** An output that is JSON already: what is stored as JSON leaves without being read. */
export class JsonText {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** What an output is for who looks into it. */
export const outputOf = (output: unknown): unknown =>
  output instanceof JsonText ? JSON.parse(output.text) : output;

/** An object of which some members are JSON already; those that are undefined are not in it. */
export function withText(
  texts: Readonly<Record<string, string | undefined>>,
  members: object | false = {},
): JsonText {
  const written = Object.entries(texts).flatMap(([name, text]) =>
    text === undefined ? [] : [`${JSON.stringify(name)}:${text}`],
  );
  const rest = JSON.stringify(members || {}).slice(1, -1);
  return new JsonText(`{${[...written, ...(rest === '' ? [] : [rest])].join(',')}}`);
}
