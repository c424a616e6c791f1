import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';

/** A mail as a mail server got it. */
export interface CaughtMail {
  readonly from: string;
  readonly to: readonly string[];
  readonly raw: Buffer;
}

/** A mail server for tests. */
export interface MailCatcher {
  readonly host: '127.0.0.1';
  readonly port: number;
  readonly caught: readonly CaughtMail[];
  /** Why it takes no mail, when it does not. */
  refusal: string | undefined;
  stop(): Promise<void>;
}

export async function startMailCatcher(): Promise<MailCatcher> {
  const caught: CaughtMail[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    logger: false,
    closeTimeout: 10,
    onData(stream, { envelope }, callback) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        if (catcher.refusal !== undefined) return callback(new Error(catcher.refusal));
        const from = envelope.mailFrom ? envelope.mailFrom.address : '';
        const to = envelope.rcptTo.map(({ address }) => address);
        caught.push({ from, to, raw: Buffer.concat(chunks) });
        return callback(null);
      });
    },
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.server.address() as AddressInfo;
  const catcher: MailCatcher = {
    host: '127.0.0.1',
    port,
    caught,
    refusal: undefined,
    stop: () => new Promise((stopped) => server.close(stopped)),
  };
  return catcher;
}
