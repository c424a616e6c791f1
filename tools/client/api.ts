import { setTimeout as sleep } from 'node:timers/promises';
import type { TokenSource } from './session.ts';

/** Sends an operation and gives the `data` of its answer. */
export type Api = <Data>(query: string, variables: Record<string, unknown>) => Promise<Data>;

/** The API refused an operation, or did not answer however often it was asked. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  /** The stable code of the refusal, `HTTP.<status>`, or `NETWORK`. */
  readonly code: string;

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

export interface ApiOptions {
  readonly url: string;
  readonly token: TokenSource;
  /** How often an operation is sent at most. Default: 8, which goes on for about half a minute. */
  readonly attempts?: number;
  /** Waits between two attempts. Default: the clock. */
  readonly wait?: (ms: number) => Promise<unknown>;
  /** How long an answer may take. Default: 60,000 ms, twice what AppSync gives an operation. */
  readonly timeoutMs?: number;
}

/**
 * A client for operations that are safe to repeat. What may pass by itself (network errors, 5xx, 429, throttling and
 * timeouts inside the API) is tried again with growing, random pauses; a 401 is tried once more with a new token.
 */
export function createApi({ url, token, attempts = 8, wait = sleep, timeoutMs = 60_000 }: ApiOptions): Api {
  return async <Data>(query: string, variables: Record<string, unknown>): Promise<Data> => {
    const body = JSON.stringify({ query, variables });
    let renewed = false;
    for (let attempt = 1; ; attempt++) {
      const answer = await post(url, body, await token(), timeoutMs);
      if ('data' in answer) return answer.data as Data;
      if (answer.status === 401 && !renewed) {
        renewed = true;
        await token(true);
      } else if (!answer.passing) {
        throw answer.error;
      } else if (attempt >= attempts) {
        const { code, message, cause } = answer.error;
        throw new ApiError(code, `${message} (tried ${attempt} times)`, { cause });
      } else {
        await wait(pause(attempt));
      }
    }
  };
}

/** How long to wait after the n-th attempt, in ms: up to 0.2 s doubled each time, 10 s at most, drawn at random. */
export function pause(attempt: number): number {
  const longest = Math.min(10_000, 200 * 2 ** (attempt - 1));
  return longest / 2 + (Math.random() * longest) / 2;
}

/** Whether an error of the API may pass by itself. */
export function isPassing(code: string): boolean {
  return (
    code === 'INTERNAL' || code === 'CUSTOMER.BUSY' || /Throttl|Timeout|Lambda:|InternalFailure/.test(code)
  );
}

type Answer = { data: unknown } | { error: ApiError; passing: boolean; status?: number };

async function post(url: string, body: string, authorization: string, timeoutMs: number): Promise<Answer> {
  try {
    const headers = { 'content-type': 'application/json', authorization };
    const response = await fetch(url, {
      method: 'POST',
      headers,
      body,
      signal: AbortSignal.timeout(timeoutMs),
    });
    return readAnswer(response.status, await response.text());
  } catch (error) {
    return {
      error: new ApiError('NETWORK', `${url} does not answer: ${reasonOf(error)}`, { cause: error }),
      passing: true,
    };
  }
}

interface GraphqlAnswer {
  readonly data?: unknown;
  readonly errors?: readonly {
    message: string;
    errorType?: string | null;
    path?: readonly (string | number)[] | null;
  }[];
}

function readAnswer(status: number, text: string): Answer {
  const answer = parseJson(text);
  const [first] = answer?.errors ?? [];
  if (status === 200 && answer?.data && !first) return { data: answer.data };
  if (status === 200 && first) {
    const code = first.errorType ?? 'GRAPHQL';
    const where = first.path?.length ? ` at ${first.path.join('.')}` : '';
    return {
      error: new ApiError(code, `${code}${where}: ${first.message}`),
      passing: isPassing(code),
      status,
    };
  }
  const said = first?.message ?? text.slice(0, 200);
  const passing = status === 429 || status >= 500 || status === 200;
  return { error: new ApiError(`HTTP.${status}`, `the API answered ${status}: ${said}`), passing, status };
}

function parseJson(text: string): GraphqlAnswer | undefined {
  try {
    return JSON.parse(text) as GraphqlAnswer;
  } catch {
    return undefined;
  }
}

/** `fetch` says only "fetch failed"; what happened is in the cause. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (!(cause instanceof Error)) return String(cause);
  return cause.message || ('code' in cause ? String(cause.code) : cause.name);
}
