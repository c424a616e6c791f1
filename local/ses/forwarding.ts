import { isIPv4 } from 'node:net';
import { createTransport } from 'nodemailer';
import type { Letter } from './outgoing.ts';

/** An SMTP server on this machine. */
export interface MailServer {
  readonly host: string;
  readonly port: number;
}

/** Gives mails on to a mail server, in the background. */
export interface Forwarding {
  /** Sends it once; that it was not taken is logged. */
  forward(letter: Letter): void;
  /** Sends nothing any more. */
  close(): void;
}

const isLoopback = (host: string) =>
  host === 'localhost' || host === '[::1]' || (isIPv4(host) && host.startsWith('127.'));

/**
 * Reads `smtp://127.0.0.1:1025`.
 *
 * @throws Error for anything else, and for a server that is not on this machine: mail must not leave it.
 */
export function mailServerOf(url: string): MailServer {
  const wanted = 'give smtp://127.0.0.1:PORT';
  if (!/^smtp:\/\/[^/?#@]+:[1-9]\d*\/?$/.test(url) || !URL.canParse(url)) {
    throw new Error(`${url} is no mail server: ${wanted}.`);
  }
  const { hostname, port } = new URL(url);
  if (isLoopback(hostname)) return { host: hostname.replace(/[[\]]/g, ''), port: Number(port) };
  throw new Error(`${url} is not on this machine, which mail does not leave: ${wanted}.`);
}

/** A server on this machine answers at once or not at all; in milliseconds. */
const PATIENCE = 5000;

export function createForwarding({ host, port }: MailServer, log: (message: string) => void): Forwarding {
  const transport = createTransport({
    host,
    port,
    pool: true,
    maxConnections: 1,
    // Catchers on this machine have certificates that nobody trusts, if any.
    ignoreTLS: true,
    connectionTimeout: PATIENCE,
    greetingTimeout: PATIENCE,
    socketTimeout: PATIENCE,
    disableFileAccess: true,
    disableUrlAccess: true,
  });

  async function send({ from, to, content }: Letter): Promise<void> {
    const envelope = { from, to: [...to] };
    if (Buffer.isBuffer(content)) {
      await transport.sendMail({ envelope, raw: content });
      return;
    }
    const { messageId, headers, text, html } = content;
    await transport.sendMail({
      envelope,
      messageId,
      headers: headers.map(({ name, value }) => ({ key: name, value })),
      ...(text !== null && { text }),
      ...(html !== null && { html }),
    });
  }

  let closed = false;
  return {
    forward(letter) {
      send(letter).catch((error: Error) => {
        if (closed) return;
        log(
          `A mail to ${letter.to.join(', ')} could not be forwarded to smtp://${host}:${port}: ${error.message}`,
        );
      });
    },
    close() {
      closed = true;
      transport.close();
    },
  };
}
