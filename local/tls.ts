import { X509Certificate } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import {
  createServer as createHttpServer,
  type Server as HttpServer,
  type IncomingMessage,
  type RequestListener,
} from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { generate } from 'selfsigned';

/** A private key and its certificate, in PEM; `file` is where the certificate lies, for clients that are to trust it. */
export interface Certificate {
  readonly key: string;
  readonly cert: string;
  readonly file: string;
}

const day = 24 * 60 * 60_000;

/**
 * The certificate for `localhost` and `127.0.0.1`, kept in `dir` so that clients need to trust it only once; a new one
 * is made when there is none or it ends within a month. It is valid for 825 days, the most that browsers accept.
 */
export async function certificateIn(dir: string, now: number = Date.now()): Promise<Certificate> {
  const keyFile = join(dir, 'localhost.key.pem');
  const file = join(dir, 'localhost.cert.pem');
  if (existsSync(keyFile) && existsSync(file)) {
    const cert = readFileSync(file, 'utf8');
    if (Date.parse(new X509Certificate(cert).validTo) - now > 30 * day) {
      return { key: readFileSync(keyFile, 'utf8'), cert, file };
    }
  }
  const made = await generate([{ name: 'commonName', value: 'localhost' }], {
    keyType: 'ec',
    curve: 'P-256',
    algorithm: 'sha256',
    notBeforeDate: new Date(now - day),
    notAfterDate: new Date(now + 824 * day),
    extensions: [
      { name: 'basicConstraints', cA: true, pathLenConstraint: 0, critical: true },
      { name: 'keyUsage', digitalSignature: true, keyCertSign: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: [
          { type: 2, value: 'localhost' },
          { type: 7, ip: '127.0.0.1' },
        ],
      },
    ],
  });
  mkdirSync(dir, { recursive: true });
  writeFileSync(keyFile, made.private, { mode: 0o600 });
  writeFileSync(file, made.cert);
  return { key: made.private, cert: made.cert, file };
}

/** One port that speaks HTTP and HTTPS. */
export interface DualServer {
  /** Listens on 127.0.0.1 and gives the port: the one asked for, or a free one for 0. Rejects as `net.Server` does. */
  listen(port: number): Promise<number>;
  /** Closes the port and every connection at once. */
  close(): Promise<void>;
}

/** What answers the upgrade of a connection to a WebSocket. */
export type UpgradeListener = (request: IncomingMessage, socket: Duplex, head: Buffer) => void;

/** The first byte of a TLS connection: a handshake record (RFC 8446, 5.1). */
const tlsHandshake = 0x16;
/** How long a client may take, in milliseconds. */
export interface Patience {
  /** For its first byte, its TLS handshake and the headers of a request; then it is cut off, after an answer 408. */
  readonly headersMs: number;
  /** For a whole request. */
  readonly requestMs: number;
}

/** Far more than any client on this machine needs. */
export const patience: Patience = { headersMs: 30_000, requestMs: 120_000 };

/** Options of Node's HTTP servers that hold clients to it. */
export function timeoutsOf({ headersMs, requestMs }: Patience) {
  return {
    headersTimeout: headersMs,
    requestTimeout: requestMs,
    connectionsCheckingInterval: Math.min(headersMs, 5000),
  };
}

/**
 * Serves plain and encrypted connections on one port, told apart by their first byte: AppSync clients open `wss://`
 * even for an `http://` endpoint.
 */
export function createDualServer(
  certificate: Pick<Certificate, 'key' | 'cert'>,
  onRequest: RequestListener,
  onUpgrade?: UpgradeListener,
  allowed: Patience = patience,
): DualServer {
  const common = { noDelay: true, ...timeoutsOf(allowed) };
  const { key, cert } = certificate;
  const plain = createHttpServer(common, onRequest);
  const secure = createHttpsServer({ ...common, key, cert, handshakeTimeout: allowed.headersMs }, onRequest);
  for (const server of [plain, secure]) {
    // Neither listens itself; at this event Node begins to watch for clients that are too slow.
    server.emit('listening');
    if (onUpgrade) {
      server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
        socket.on('error', () => socket.destroy());
        onUpgrade(request, socket, head);
      });
    }
  }
  const open = new Set<Socket>();
  const port = createServer({ noDelay: true }, (socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
    socket.on('error', () => socket.destroy());
    hand(socket, plain, secure, allowed.headersMs);
  });
  return {
    listen: (number) =>
      new Promise((resolve, reject) => {
        port.once('error', reject);
        port.listen(number, '127.0.0.1', () => {
          port.off('error', reject);
          resolve((port.address() as AddressInfo).port);
        });
      }),
    close: () =>
      new Promise((resolve) => {
        port.close(() => resolve());
        for (const server of [plain, secure]) server.close();
        for (const socket of open) socket.destroy();
      }),
  };
}

function hand(socket: Socket, plain: HttpServer, secure: HttpServer, firstByteMs: number): void {
  socket.setTimeout(firstByteMs, () => socket.destroy());
  socket.once('data', (chunk) => {
    socket.setTimeout(0);
    socket.removeAllListeners('timeout');
    socket.pause();
    socket.unshift(chunk);
    (chunk[0] === tlsHandshake ? secure : plain).emit('connection', socket);
    process.nextTick(() => socket.resume());
  });
}
