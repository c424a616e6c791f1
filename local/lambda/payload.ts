/**
 * What one invocation may be handed: 6 MB when its caller waits, 1 MB when it does not
 * (https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html#function-configuration-deployment-and-execution).
 */
export const MAX_PAYLOAD_BYTES = 6 * 1024 * 1024;
export const MAX_ASYNC_PAYLOAD_BYTES = 1024 * 1024;

const texts = new WeakMap<object, string>();

/** A record as JSON text, made once: it is measured before it is sent. */
function textOf(record: object): string {
  const known = texts.get(record);
  if (known !== undefined) return known;
  const text = JSON.stringify(record);
  texts.set(record, text);
  return text;
}

/** The event that hands records to a function, as JSON text. */
export function payloadOf(records: readonly object[]): string {
  return `{"Records":[${records.map(textOf).join()}]}`;
}

/** How many of the first records fit into one payload, at least one; those that are not sent take no room. */
export function fitting<T extends object>(
  records: readonly T[],
  isSent: (record: T) => boolean = () => true,
): number {
  let bytes = '{"Records":[]}'.length;
  const tooMany = records.findIndex((record, index) => {
    if (!isSent(record)) return false;
    bytes += Buffer.byteLength(textOf(record)) + 1;
    return index > 0 && bytes > MAX_PAYLOAD_BYTES;
  });
  return tooMany === -1 ? records.length : tooMany;
}

/** Parts records, in their order, into as few payloads as they need. */
export function payloadsOf<T extends object>(records: readonly T[]): (readonly T[])[] {
  const parts: (readonly T[])[] = [];
  for (let rest = records; rest.length > 0; rest = rest.slice(parts.at(-1)?.length)) {
    parts.push(rest.slice(0, fitting(rest)));
  }
  return parts;
}
