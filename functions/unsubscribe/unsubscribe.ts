import { createHash, timingSafeEqual } from 'node:crypto';
import type { LambdaFunctionURLEvent, LambdaFunctionURLResult } from 'aws-lambda';
import type { Customer } from '../../domain/customers/customer.ts';
import type { Message } from '../../domain/interactions/message.ts';
import { logger } from '../runtime/logger.ts';
import type { StoredMessage } from '../table/messages.ts';
import { headers, pageOf, type Reader, type Said } from './page.ts';

/** What unsubscribing needs. */
export interface Tools {
  readonly firm: Reader['firm'];
  readonly message: (id: string) => Promise<StoredMessage | undefined>;
  readonly customer: (id: string) => Promise<Customer | undefined>;
  /** Withdraws the consent to marketing by mail; nothing changes when it is withdrawn already. */
  readonly withdraw: (customerId: string, proof: string, now: string) => Promise<void>;
  readonly now: () => string;
}

/**
 * Answers a request to the function's URL, `/<message id>/<token>`. To look changes nothing, since scanners of mail look
 * at every link; to post withdraws, with a form or one click (https://www.rfc-editor.org/rfc/rfc8058). A link stays
 * good: who has consented again since may withdraw again by it.
 */
export async function answer(tools: Tools, event: LambdaFunctionURLEvent): Promise<LambdaFunctionURLResult> {
  const { method } = event.requestContext.http;
  try {
    const found = await messageBehind(tools, event.rawPath);
    const customer = found && (await tools.customer(found.customerId));
    const reader = { firm: tools.firm, language: customer?.language };
    if (!found || !customer) return page(method, 404, 'invalid', reader);
    if (method === 'GET' || method === 'HEAD') return page(method, 200, 'ask', reader);
    if (method !== 'POST') return page(method, 405, 'invalid', reader, { allow: 'GET, HEAD, POST' });
    await tools.withdraw(customer.id, `List-Unsubscribe ${found.id}`, tools.now());
    return page(method, 200, 'done', reader);
  } catch (error) {
    logger.error('Somebody could not be unsubscribed', { error: error as Error });
    return page(method, 500, 'failed', { firm: tools.firm });
  }
}

/** The mail for marketing that the path is a link of; undefined when it is none. */
async function messageBehind({ message }: Tools, path: string): Promise<Message | undefined> {
  const [, id = '', token = ''] = /^\/(msg_cus_[\w-]{1,80})\/([\w-]{22})\/?$/.exec(path) ?? [];
  const stored = id ? await message(id) : undefined;
  if (!stored || !isSame(token, stored.token)) return undefined;
  return stored.message.purpose === 'MARKETING' ? stored.message : undefined;
}

/** Takes as long for any token, so that time does not tell how much of it is right. */
function isSame(one: string, other: string): boolean {
  const [a, b] = [one, other].map((token) => createHash('sha256').update(token).digest());
  return a !== undefined && b !== undefined && timingSafeEqual(a, b);
}

function page(
  method: string,
  statusCode: number,
  said: Said,
  reader: Reader,
  more: Readonly<Record<string, string>> = {},
): LambdaFunctionURLResult {
  const body = method === 'HEAD' ? '' : pageOf(said, reader);
  return { statusCode, headers: { ...headers, ...more }, body };
}
