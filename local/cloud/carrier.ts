import type { AppSync } from '../appsync/appsync.ts';
import type { Gateway } from '../gateway.ts';
import type { AnswerCall } from '../lambda/environment.ts';
import { API_PATH } from './public.ts';

export interface CarrierOptions {
  /** Where all AWS APIs are, and the tenant's own API. */
  readonly gatewayUrl: string;
  readonly graphqlUrl: string;
  readonly gateway: Pick<Gateway, 'handle'>;
  /** Undefined until it is there. */
  readonly api: () => Pick<AppSync, 'answer'> | undefined;
}

/** Answers the requests of functions inside of the process: signed, verified and decided as they would be over HTTP. */
export function createCarrier({ gatewayUrl, graphqlUrl, gateway, api }: CarrierOptions): AnswerCall {
  const gatewayHost = new URL(gatewayUrl).host;
  const graphqlHost = new URL(graphqlUrl).host;
  return async (request) => {
    const { host } = request.headers;
    if (host === gatewayHost) return gateway.handle(request);
    const found = host === graphqlHost && request.url === API_PATH ? api() : undefined;
    if (!found)
      throw new Error(`${host}${request.url} is not here: there are ${gatewayUrl} and ${graphqlUrl}`);
    const { announce, ...answer } = await found.answer({ ...request, sourceIp: '127.0.0.1' });
    if (announce) setImmediate(announce);
    return answer;
  };
}
