import { timingSafeEqual } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { domainToASCII } from 'node:url';
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';
import type { Caller } from '../aws.ts';
import type { Identities } from '../identity.ts';
import type { Listener } from '../ports.ts';
import type { Certificate } from '../tls.ts';
import { mailboxOf } from './addresses.ts';
import { MAX_BYTES, type Mail, mailBySmtp } from './mail.ts';
import type { Ses } from './ses.ts';
import { smtpPasswordOf } from './smtp-password.ts';
import { badCredentials, replyToAny, smtpReply, tooLong } from './smtp-replies.ts';

export interface SmtpOptions {
  readonly certificate: Pick<Certificate, 'key' | 'cert'>;
  readonly region: string;
  readonly identities: Pick<Identities, 'identityOf'>;
  readonly ses: Pick<Ses, 'sendBySmtp'>;
  /** Asked of every mail before it is sent; throws the denial. */
  readonly authorize: (caller: Caller, mail: Mail) => void;
  /** Resolves when what was written so far is kept; no mail is acknowledged before. */
  readonly committed: () => Promise<void>;
  readonly log: (message: string) => void;
}

/** Connections that are still open at the end have this long to say goodbye, in milliseconds. */
const CLOSE_TIMEOUT = 50;

/** An address as it was given: the server hands out domains with other than ASCII characters decoded. */
const encoded = (address: string) =>
  /[^!-~]/.test(address) ? address.replace(/[^@]+$/, (domain) => domainToASCII(domain)) : address;

function isSame(given: string, expected: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(expected)];
  return one.length === other.length && timingSafeEqual(one, other);
}

/** The whole message. @throws SmtpReply when it is larger than SES takes; it is read to its end all the same */
async function messageOf(stream: SMTPServerDataStream): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) {
    if (stream.byteLength <= MAX_BYTES) chunks.push(chunk);
    else chunks.length = 0;
  }
  if (stream.sizeExceeded) throw tooLong();
  return Buffer.concat(chunks);
}

/**
 * SES's SMTP interface: STARTTLS, then AUTH with a lasting access key and the password made of it; sessions of roles have
 * none, as on AWS (https://docs.aws.amazon.com/ses/latest/dg/smtp-credentials.html). What it takes goes the way of
 * `SendEmail` with raw content.
 */
export function createSmtp(options: SmtpOptions): Listener {
  const { certificate, region, identities, ses, authorize, committed, log } = options;

  function callerOf(username = '', password = ''): Caller | undefined {
    const identity = identities.identityOf(username);
    if (!identity || identity.sessionToken !== undefined) return undefined;
    return isSame(password, smtpPasswordOf(identity.secretAccessKey, region)) ? identity.caller : undefined;
  }

  async function receive(
    stream: SMTPServerDataStream,
    { envelope, user }: SMTPServerSession,
  ): Promise<string> {
    const raw = await messageOf(stream);
    const from = envelope.mailFrom ? encoded(envelope.mailFrom.address) : '';
    const mail = mailBySmtp(raw, { from, to: envelope.rcptTo.map(({ address }) => encoded(address)) });
    const caller = user as Caller;
    authorize(caller, mail);
    const messageId = ses.sendBySmtp(mail, caller);
    await committed();
    return messageId;
  }

  /** Whether an address may stand in an envelope: SES says no more about it than this. */
  function checked(address: string, command: string): Error | null {
    try {
      mailboxOf(encoded(address));
      return null;
    } catch {
      return smtpReply(501, `Invalid ${command} address provided`);
    }
  }

  const server = new SMTPServer({
    key: certificate.key,
    cert: certificate.cert,
    name: `email-smtp.${region}.amazonaws.com`,
    authMethods: ['PLAIN', 'LOGIN'],
    authRequiredMessage: 'Authentication required',
    size: MAX_BYTES,
    hidePIPELINING: true,
    hideSMTPUTF8: true,
    disableReverseLookup: true,
    closeTimeout: CLOSE_TIMEOUT,
    logger: false,
    onAuth({ username, password }, _session, callback) {
      const caller = callerOf(username, password ?? '');
      if (caller) callback(null, { user: caller });
      else callback(badCredentials());
    },
    onMailFrom: ({ address }, _session, callback) => callback(checked(address, 'MAIL FROM')),
    onRcptTo: ({ address }, _session, callback) => callback(checked(address, 'RCPT TO')),
    onData(stream, session, callback) {
      receive(stream, session).then(
        (messageId) => callback(null, `Ok ${messageId}`),
        (error) => callback(replyToAny(error, log)),
      );
    },
  });
  // A client that breaks off, or speaks no TLS, is no failure of ours.
  server.on('error', () => {});

  return {
    listen: (port) =>
      new Promise((resolve, reject) => {
        server.server.once('error', reject);
        server.listen(port, '127.0.0.1', () => {
          server.server.off('error', reject);
          resolve((server.server.address() as AddressInfo).port);
        });
      }),
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
