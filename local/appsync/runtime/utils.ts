import { randomBytes, randomUUID } from 'node:crypto';
import { ulid } from 'ulid';
import { FieldError, unauthorized } from '../errors.ts';
import { type Filter, filterOf } from '../filter.ts';
import { time } from './time.ts';
import { toSubscriptionFilter } from './transform.ts';

/** What one run of a handler may do besides giving a value. */
export interface Effects {
  readonly typeName: string;
  readonly fieldName: string;
  readonly authType: string;
  /** Errors that stand beside the value. */
  readonly appended: FieldError[];
  /** Of a subscription; null when the resolver wants every event. */
  filter?: Filter | null;
  invalidationFilter?: Filter;
  readonly invalidations: Invalidation[];
  readonly responseHeaders: Record<string, string>;
  readonly log: (message: string) => void;
}

/** A mutation's wish that subscriptions end. */
export interface Invalidation {
  readonly subscriptionField: string;
  readonly payload: unknown;
}

/** Thrown by `runtime.earlyReturn`; never seen outside of the runtime. */
export class EarlyReturn {
  readonly value: unknown;
  readonly skipTo: 'END' | 'NEXT' | undefined;

  constructor(value: unknown, skipTo: 'END' | 'NEXT' | undefined) {
    this.value = value;
    this.skipTo = skipTo;
  }
}

/** AppSync's limit for one request. */
const mostInvalidations = 5;

let current: Effects | undefined;

/** Runs a handler with these effects as its own; handlers never wait, so only one runs at a time. */
export function withEffects<T>(effects: Effects, run: () => T): T {
  const outer = current;
  current = effects;
  try {
    return run();
  } finally {
    current = outer;
  }
}

function effects(): Effects {
  if (!current) throw new Error('The utilities of APPSYNC_JS work inside of a handler only.');
  return current;
}

const util = {
  error(message: string, errorType?: string, data?: unknown, errorInfo?: unknown): never {
    throw new FieldError(message, errorType ?? null, data ?? null, errorInfo ?? null);
  },
  appendError(message: string, errorType?: string, data?: unknown, errorInfo?: unknown): void {
    effects().appended.push(new FieldError(message, errorType ?? null, data ?? null, errorInfo ?? null));
  },
  unauthorized(): never {
    throw unauthorized(effects().fieldName, effects().typeName);
  },
  autoId: () => randomUUID(),
  autoUlid: () => ulid(),
  autoKsuid,
  authType: () => effects().authType,
  matches: (pattern: string, value: string) => new RegExp(`^(?:${pattern})$`).test(value),
  escapeJavaScript: (value: string) => JSON.stringify(value).slice(1, -1).replaceAll("'", "\\'"),
  urlEncode: (value: string) => new URLSearchParams([['', value]]).toString().slice(1),
  urlDecode: (value: string) => decodeURIComponent(value.replaceAll('+', ' ')),
  base64Encode: (value: string) => Buffer.from(value, 'utf8').toString('base64'),
  base64Decode: (value: string) => Buffer.from(value, 'base64').toString('utf8'),
  time,
  math: {
    roundNum: (value: number) => Math.round(value),
    minVal: (left: number, right: number) => Math.min(left, right),
    maxVal: (left: number, right: number) => Math.max(left, right),
    randomDouble: () => Math.random(),
    randomWithinRange: (from: number, to: number) => Math.floor(from + Math.random() * (to - from)),
  },
  str: { normalize: (value: string, form: string) => value.normalize(form.toUpperCase()) },
  transform: { toSubscriptionFilter },
  http: {
    addResponseHeader(name: string, value: unknown): void {
      effects().responseHeaders[name.toLowerCase()] = String(value);
    },
    addResponseHeaders(headers: Readonly<Record<string, unknown>>): void {
      for (const [name, value] of Object.entries(headers)) util.http.addResponseHeader(name, value);
    },
  },
};

const extensions = {
  setSubscriptionFilter(filter: unknown): void {
    effects().filter = filter === null || filter === undefined ? null : filterOf(filter);
  },
  setSubscriptionInvalidationFilter(filter: unknown): void {
    effects().invalidationFilter = filterOf(filter);
  },
  invalidateSubscriptions(wish: Invalidation): void {
    const { invalidations } = effects();
    if (invalidations.length >= mostInvalidations) {
      throw new FieldError(
        `A request invalidates subscriptions at most ${mostInvalidations} times.`,
        'InvalidSubscriptionInvalidation',
      );
    }
    invalidations.push(structuredClone(wish));
  },
  /** There is no cache, so nothing is ever to be removed from it. */
  evictFromApiCache: () => {},
};

const runtime = {
  earlyReturn(value?: unknown, options?: { skipTo?: 'END' | 'NEXT' }): never {
    throw new EarlyReturn(value, options?.skipTo);
  },
};

/** What `@aws-appsync/utils` exports. */
export const utilities = { util, extensions, runtime };

/** `console` of APPSYNC_JS. */
export const logging = {
  log: (...values: unknown[]) => effects().log(values.map(readable).join(' ')),
  error: (...values: unknown[]) => effects().log(values.map(readable).join(' ')),
};

function readable(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value));
}

/** A K-sortable id: 4 bytes of seconds since May 2014 and 16 random ones, in base 62 (https://github.com/segmentio/ksuid). */
function autoKsuid(): string {
  const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
  const seconds = Math.floor(Date.now() / 1000) - 1_400_000_000;
  let rest = (BigInt(seconds) << 128n) | BigInt(`0x${randomBytes(16).toString('hex')}`);
  let text = '';
  for (let place = 0; place < 27; place++) {
    text = (digits[Number(rest % 62n)] ?? '') + text;
    rest /= 62n;
  }
  return text;
}
