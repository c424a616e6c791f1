/**
 * What one invocation may be handed: 6 MB when its caller waits, 1 MB when it does not
 * (https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html#function-configuration-deployment-and-execution).
 */
export const MAX_PAYLOAD_BYTES = 6 * 1024 * 1024;
export const MAX_ASYNC_PAYLOAD_BYTES = 1024 * 1024;

/** How many of the first records fit into one payload, at least one. */
export function fitting(records: readonly object[]): number {
  let bytes = '{"Records":[]}'.length;
  const tooMany = records.findIndex((record, index) => {
    bytes += Buffer.byteLength(JSON.stringify(record)) + 1;
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
