import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { UpgradeListener } from '../tls.ts';

/** What is served on the public port. */
export interface PublicServices {
  readonly api: {
    handle(request: IncomingMessage, response: ServerResponse): unknown;
    upgrade: UpgradeListener;
  };
  /** Sign-in and the keys of its tokens, at every path but the API's. */
  readonly signIn: { handle(request: IncomingMessage, response: ServerResponse): unknown };
}

export const API_PATH = '/graphql';
export const REALTIME_PATH = '/graphql/realtime';

/** The public port's listeners, which answer 503 until the services are there. */
export function publicListeners(services: () => PublicServices | undefined): {
  onRequest: RequestListener;
  onUpgrade: UpgradeListener;
} {
  const pathOf = ({ url = '/' }: IncomingMessage) => url.split('?', 1)[0];
  return {
    onRequest(request, response) {
      const found = services();
      if (!found) response.writeHead(503, { 'retry-after': '1' }).end('The local cloud is starting.\n');
      else if (pathOf(request) === API_PATH) void found.api.handle(request, response);
      else void found.signIn.handle(request, response);
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
