import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Outbox } from './outbox.ts';

/** What is wrong with a request for the outbox. */
interface Refusal {
  readonly status: number;
  readonly message: string;
}

const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 10_000;

/** Names of this machine only: a page of another site whose name was bound to 127.0.0.1 sends that name. */
const LOCAL_HOST = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/i;

const headers = {
  'content-type': 'application/json; charset=utf-8',
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  // Pages of other origins neither read it (no CORS header) nor embed it.
  'cross-origin-resource-policy': 'same-origin',
};

function refusalOf({ method, headers: { host = '' } }: IncomingMessage): Refusal | undefined {
  if (!LOCAL_HOST.test(host)) {
    return { status: 403, message: `The host ${host} is not this machine: use 127.0.0.1 or localhost.` };
  }
  if (method === 'GET' || method === 'HEAD') return undefined;
  return { status: 405, message: `${method} does nothing here: use GET.` };
}

function limitOf(given: string | null): number | Refusal {
  if (given === null) return DEFAULT_LIMIT;
  const limit = Number(given);
  if (/^\d+$/.test(given) && limit >= 1 && limit <= MAX_LIMIT) return limit;
  return { status: 400, message: `limit=${given} is no whole number between 1 and ${MAX_LIMIT}.` };
}

export interface MailboxOptions {
  readonly outbox: Pick<Outbox, 'list'>;
  readonly committed: () => Promise<void>;
}

/**
 * Serves what would have left the firm as a JSON array, newest first: `GET ?to=<address>&limit=<number>`. Only this
 * machine may read it, and no page of another origin.
 */
export function createMailbox({ outbox, committed }: MailboxOptions) {
  function answer(request: IncomingMessage): Refusal | { readonly status: 200; readonly body: unknown } {
    const refusal = refusalOf(request);
    if (refusal) return refusal;
    const { searchParams } = new URL(request.url ?? '/', 'http://mail');
    const limit = limitOf(searchParams.get('limit'));
    if (typeof limit === 'object') return limit;
    // No address has a space: one stands for a plus that was not escaped, as in a phone number.
    const to = searchParams.get('to')?.replaceAll(' ', '+');
    return { status: 200, body: outbox.list({ to, limit }) };
  }

  return {
    async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
      const answered = answer(request);
      await committed();
      response.writeHead(answered.status, headers);
      response.end(JSON.stringify('body' in answered ? answered.body : { message: answered.message }));
    },
  };
}
