import { randomUUID } from 'node:crypto';
import { AwsError, type Place } from '../aws.ts';
import type { Entry } from './input.ts';
import { isObject } from './leaf.ts';

/** An event as rules match it and targets receive it. */
export interface BusEvent {
  readonly version: '0';
  readonly id: string;
  readonly 'detail-type': string;
  readonly source: string;
  readonly account: string;
  /** ISO 8601, to the second. */
  readonly time: string;
  readonly region: string;
  readonly resources: readonly string[];
  readonly detail: Readonly<Record<string, unknown>>;
  /** Only of an event that a replay of this name brings back. */
  readonly 'replay-name'?: string;
}

/** What is wrong with one entry of `PutEvents`; the other entries are none the worse for it. */
export interface EntryError {
  readonly ErrorCode: string;
  readonly ErrorMessage: string;
}

/**
 * The bytes that an entry counts for
 * (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevents.html#eb-putevent-size).
 */
export function entrySize({ Time, Source, DetailType, Detail, Resources }: Entry): number {
  let size = Time === undefined || Time === null ? 0 : 14;
  for (const text of [Source, DetailType, Detail, ...(Array.isArray(Resources) ? Resources : [])]) {
    if (typeof text === 'string') size += Buffer.byteLength(text);
  }
  return size;
}

/** Since January 2026; 256 KB before. */
const maxRequestBytes = 1_048_576;

/** The entries of a request: 1 to 10, of at most 1 MiB together. Throws `ValidationException`. */
export function checkEntries(entries: unknown): Entry[] {
  const count = Array.isArray(entries) ? entries.length : 0;
  if (!Array.isArray(entries) || count === 0 || count > 10 || !entries.every(isObject)) {
    const bound = count > 10 ? 'less than or equal to 10' : 'greater than or equal to 1';
    throw new AwsError(
      'ValidationException',
      `1 validation error detected: Value at 'entries' failed to satisfy constraint: Member must have length ${bound}`,
    );
  }
  if (entries.reduce((size, entry) => size + entrySize(entry), 0) > maxRequestBytes) {
    throw new AwsError('ValidationException', 'Total size of the entries in the request is over the limit.');
  }
  return entries;
}

/** The event that an entry makes, or what is wrong with the entry; `now` is in milliseconds since 1970. */
export function eventOf(entry: Entry, place: Place, now: number): BusEvent | EntryError {
  for (const name of ['Source', 'DetailType', 'Detail'] as const) {
    if (typeof entry[name] !== 'string' || entry[name] === '') {
      return invalid(name, `${name} is a required argument`);
    }
  }
  const { Source, DetailType, Detail, Resources, Time } = entry as Readonly<Record<string, string>>;
  if (/^aws\./i.test(Source as string)) {
    return {
      ErrorCode: 'NotAuthorizedForSourceException',
      ErrorMessage: `Not authorized for the source '${Source}'.`,
    };
  }
  if ((DetailType as string).length > 128)
    return invalid('DetailType', 'DetailType is longer than 128 characters');
  const detail = parseObject(Detail as string);
  if (!detail) return { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' };
  const at = momentOf(Time, now);
  if (Number.isNaN(new Date(at).getTime())) return invalid('Time', `${JSON.stringify(Time)} is no time`);
  return {
    version: '0',
    id: randomUUID(),
    'detail-type': DetailType as string,
    source: Source as string,
    account: place.accountId,
    time: toSecond(at),
    region: place.region,
    resources: Array.isArray(Resources) ? Resources : [],
    detail,
  };
}

/** What an AWS service itself puts on the default bus. */
export interface ServiceEvent {
  /** `aws.ses` and the like. */
  readonly source: string;
  readonly detailType: string;
  readonly resources: readonly string[];
  readonly detail: Readonly<Record<string, unknown>>;
}

/** The event that a service puts; `now` is in milliseconds since 1970. */
export function serviceEvent(event: ServiceEvent, place: Place, now: number): BusEvent {
  return {
    version: '0',
    id: randomUUID(),
    'detail-type': event.detailType,
    source: event.source,
    account: place.accountId,
    time: toSecond(now),
    region: place.region,
    resources: event.resources,
    detail: event.detail,
  };
}

/** The event of a scheduled rule; `at` is when it was due, in milliseconds since 1970. */
export function scheduledEvent(ruleArn: string, place: Place, at: number): BusEvent {
  const event = { source: 'aws.events', detailType: 'Scheduled Event', resources: [ruleArn], detail: {} };
  return serviceEvent(event, place, at);
}

/** ISO 8601 to the second, of milliseconds since 1970. */
export function toSecond(milliseconds: number): string {
  return `${new Date(milliseconds).toISOString().slice(0, 19)}Z`;
}

function invalid(name: string, reason: string): EntryError {
  return { ErrorCode: 'InvalidArgument', ErrorMessage: `Parameter ${name} is not valid. Reason: ${reason}.` };
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Milliseconds since 1970, of seconds or of a text; not a number for anything else. */
function momentOf(time: unknown, now: number): number {
  if (time === undefined || time === '') return now;
  if (typeof time === 'number') return time * 1000;
  return typeof time === 'string' ? Date.parse(time) : Number.NaN;
}
