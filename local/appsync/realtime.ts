import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { headersOf } from './authentication.ts';
import type { Requester } from './authorization.ts';
import { type Connection, endAll, keepAlive, type RealtimeParts, receive, send } from './connection.ts';
import { RequestError } from './errors.ts';
import { addressOf, forbiddenBody } from './http.ts';

/** How often a client is told that the connection is alive. */
const keepAliveMs = 60_000;
/** A client that has not introduced itself by then is cut off. */
const handshakeMs = 30_000;
/** A message of a client is never larger. */
const largestMessage = 256 * 1024;

/**
 * AppSync's own WebSocket protocol:
 * https://docs.aws.amazon.com/appsync/latest/devguide/real-time-websocket-client.html
 */
export function createRealtime(parts: RealtimeParts) {
  const server = new WebSocketServer({
    noServer: true,
    maxPayload: largestMessage,
    perMessageDeflate: false,
    handleProtocols: (protocols) => (protocols.has('graphql-ws') ? 'graphql-ws' : false),
  });
  const connections = new Set<Connection>();
  const beat = setInterval(() => {
    for (const { socket, acknowledged } of connections) if (acknowledged) send(socket, keepAlive);
  }, parts.options.keepAliveMs ?? keepAliveMs);
  beat.unref();

  return {
    upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
      const url = new URL(request.url ?? '/', 'http://localhost');
      if (!url.pathname.endsWith('/realtime')) {
        socket.end('HTTP/1.1 404 Not Found\r\nconnection: close\r\ncontent-length: 0\r\n\r\n');
        return;
      }
      const sourceIp = addressOf(request);
      const { method = 'GET', headers } = request;
      if (parts.options.admits?.(sourceIp, { method, headers }) === false) {
        const length = Buffer.byteLength(forbiddenBody);
        socket.end(
          `HTTP/1.1 403 Forbidden\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: ${length}\r\n\r\n${forbiddenBody}`,
        );
        return;
      }
      const endpoint = url.pathname.slice(0, -'/realtime'.length);
      const admitted = admit(parts, signedHeaders(request, url), endpoint, sourceIp);
      admitted.catch(() => {});
      server.handleUpgrade(request, socket, head, (opened) => {
        const connection: Connection = {
          socket: opened,
          endpoint,
          sourceIp,
          admitted,
          running: new Map(),
          acknowledged: false,
        };
        connections.add(connection);
        const handshake = setTimeout(() => {
          if (!connection.acknowledged) opened.terminate();
        }, parts.options.handshakeMs ?? handshakeMs);
        handshake.unref();
        opened.on('message', (data) => {
          receive(parts, connection, data).catch(() => opened.terminate());
        });
        opened.on('error', () => opened.terminate());
        opened.on('close', () => {
          clearTimeout(handshake);
          connections.delete(connection);
          endAll(connection);
        });
      });
    },
    close(): void {
      clearInterval(beat);
      for (const socket of server.clients) socket.terminate();
      server.close();
    },
  };
}

/** The headers that the client would have sent, from the subprotocol or the query. */
function signedHeaders(request: IncomingMessage, url: URL): Record<string, string> | undefined {
  const protocols = String(request.headers['sec-websocket-protocol'] ?? '').split(/,\s*/);
  const encoded =
    protocols.find((protocol) => protocol.startsWith('header-'))?.slice('header-'.length) ??
    url.searchParams.get('header');
  try {
    const headers: unknown = JSON.parse(Buffer.from(encoded ?? '', 'base64url').toString('utf8'));
    return typeof headers === 'object' && headers !== null
      ? headersOf(headers as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

async function admit(
  { authenticate }: RealtimeParts,
  headers: Record<string, string> | undefined,
  endpoint: string,
  sourceIp: string,
): Promise<Requester> {
  if (!headers?.host) throw new RequestError(400, 'BadRequestException', 'Required headers are missing.');
  return authenticate({ method: 'POST', url: `${endpoint}/connect`, headers, body: '{}', sourceIp });
}
