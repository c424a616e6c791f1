import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { get } from 'node:http';
import { get as getSecure } from 'node:https';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { type Certificate, certificateIn, createDualServer, type DualServer } from './tls.ts';

const dir = mkdtempSync(join(tmpdir(), 'tls-'));
const sockets = new WebSocketServer({ noServer: true });
let certificate: Certificate;
let server: DualServer;
let port: number;

beforeAll(async () => {
  certificate = await certificateIn(dir);
  server = createDualServer(
    certificate,
    (request, response) => {
      response.end((request.socket as TLSSocket).encrypted ? 'encrypted' : 'plain');
    },
    (request, socket, head) => {
      sockets.handleUpgrade(request, socket, head, (opened) => opened.send('hello'));
    },
  );
  port = await server.listen(0);
});

afterAll(async () => {
  await server.close();
  rmSync(dir, { recursive: true, force: true });
});

function text(request: typeof get, url: string, options: object): Promise<string> {
  return new Promise((resolve, reject) => {
    request(url, { agent: false, ...options }, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        body += chunk;
      });
      response.on('end', () => resolve(body));
    }).on('error', reject);
  });
}

function greeting(socket: WebSocket): Promise<string> {
  return new Promise((resolve, reject) => {
    socket.on('error', reject);
    socket.on('message', (data) => {
      resolve(String(data));
      socket.close();
    });
  });
}

describe('the dual server', () => {
  it('serves HTTP and HTTPS on one port', async () => {
    expect(await text(get, `http://127.0.0.1:${port}/`, {})).toBe('plain');
    expect(await text(getSecure, `https://127.0.0.1:${port}/`, { ca: certificate.cert })).toBe('encrypted');
    expect(await text(getSecure, `https://localhost:${port}/`, { ca: certificate.cert, family: 4 })).toBe(
      'encrypted',
    );
  });

  it('upgrades plain and encrypted connections to WebSockets', async () => {
    expect(await greeting(new WebSocket(`ws://127.0.0.1:${port}/`))).toBe('hello');
    expect(await greeting(new WebSocket(`wss://127.0.0.1:${port}/`, { ca: certificate.cert }))).toBe('hello');
  });

  it('is not trusted by a client that does not know its certificate', async () => {
    await expect(text(getSecure, `https://127.0.0.1:${port}/`, {})).rejects.toThrow(
      /self-signed certificate/,
    );
  });

  it('rejects when the port is taken', async () => {
    const second = createDualServer(certificate, () => {});
    await expect(second.listen(port)).rejects.toThrow(/EADDRINUSE/);
  });
});

describe('a client that is too slow', () => {
  it.each([
    ['in saying what it is', '', ''],
    ['with its headers', 'GET / HTTP/1.1\r\nHost: x', 'HTTP/1.1 408 Request Timeout'],
    [
      'with its body',
      'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nab',
      'HTTP/1.1 408 Request Timeout',
    ],
    ['with its TLS handshake', '\u0016\u0003\u0001', ''],
  ])('%s is cut off, and others are served', async (_, sent, answer) => {
    const impatient = createDualServer(
      certificate,
      (request, response) => void request.resume().on('end', () => response.end('done')),
      undefined,
      { headersMs: 100, requestMs: 200 },
    );
    const number = await impatient.listen(0);
    const slow = connect(number, '127.0.0.1', () => slow.write(sent, 'latin1'));
    let heard = '';
    slow.on('data', (chunk) => (heard += String(chunk)));
    const closed = new Promise((resolve) => slow.on('close', resolve));

    expect(await text(get, `http://127.0.0.1:${number}/`, {})).toBe('done');
    await closed;
    expect(heard.split('\r\n')[0]).toBe(answer);
    await impatient.close();
  });
});

describe('the certificate', () => {
  it('is kept for the next start', async () => {
    expect((await certificateIn(dir)).cert).toBe(readFileSync(certificate.file, 'utf8'));
  });

  it('is made anew when it is about to end', async () => {
    const other = mkdtempSync(join(tmpdir(), 'tls-'));
    const first = await certificateIn(other);
    const later = await certificateIn(other, Date.now() + 800 * 24 * 60 * 60_000);
    expect(later.cert).not.toBe(first.cert);
    rmSync(other, { recursive: true, force: true });
  });
});
