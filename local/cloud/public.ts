import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { AppSync } from '../appsync/appsync.ts';
import type { UpgradeListener } from '../tls.ts';

interface Endpoint {
  handle(request: IncomingMessage, response: ServerResponse): unknown;
}

/** What is served on the public port. */
export interface PublicServices {
  readonly api: Pick<AppSync, 'handle' | 'answer' | 'upgrade'>;
  /** What would have left the firm. */
  readonly mail: Endpoint;
  /** Functions that anybody may call. */
  readonly functionUrls: Endpoint;
  /** Sign-in and the keys of its tokens, at every path that is nobody else's. */
  readonly signIn: Endpoint;
}

export const API_PATH = '/graphql';
export const REALTIME_PATH = '/graphql/realtime';
export const MAIL_PATH = '/mail';
/** What the paths of function URLs begin with. */
export const FUNCTION_URL_PATH = '/lambda-url/';

function endpointAt(path: string, { api, mail, functionUrls, signIn }: PublicServices): Endpoint {
  if (path === API_PATH) return api;
  if (path === MAIL_PATH) return mail;
  return path.startsWith(FUNCTION_URL_PATH) ? functionUrls : signIn;
}

/** The public port's listeners, which answer 503 until the services are there. */
export function publicListeners(
  services: () => PublicServices | undefined,
  log: (message: string) => void,
): {
  onRequest: RequestListener;
  onUpgrade: UpgradeListener;
} {
  /** No failure of one request may end the process with all others. */
  async function answered(endpoint: Endpoint, request: IncomingMessage, response: ServerResponse) {
    try {
      await endpoint.handle(request, response);
    } catch (error) {
      log(`A request failed: ${error instanceof Error ? error.stack : String(error)}`);
      if (response.headersSent) response.destroy();
      else response.writeHead(500).end();
    }
  }
  const pathOf = ({ url = '/' }: IncomingMessage) => url.split('?', 1)[0] ?? '/';
  return {
    onRequest(request, response) {
      const found = services();
      if (!found) response.writeHead(503, { 'retry-after': '1' }).end('The local cloud is starting.\n');
      else void answered(endpointAt(pathOf(request), found), request, response);
    },
    onUpgrade(request, socket, head) {
      const found = services();
      if (found && pathOf(request) === REALTIME_PATH) found.api.upgrade(request, socket, head);
      else
        socket.end(
          `HTTP/1.1 ${found ? '404 Not Found' : '503 Service Unavailable'}\r\nconnection: close\r\n\r\n`,
        );
    },
  };
}
