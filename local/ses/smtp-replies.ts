import { AwsError } from '../aws.ts';

/** An error as `smtp-server` answers it. */
export interface SmtpReply extends Error {
  readonly responseCode: number;
}

/**
 * A reply of SES's SMTP interface
 * (https://docs.aws.amazon.com/ses/latest/dg/troubleshoot-smtp.html#troubleshoot-smtp-response-codes).
 */
export function smtpReply(responseCode: number, text: string): SmtpReply {
  return Object.assign(new Error(text), { responseCode });
}

export const badCredentials = () => smtpReply(535, 'Authentication Credentials Invalid');
export const tooLong = () => smtpReply(552, 'Message is too long.');

const DENIED = /^User: (\S+) is not authorized to perform: (\S+) on resource: (\S+)/;

/** What SES answers by SMTP where it would answer with this error by HTTP. */
export function replyTo(error: AwsError): SmtpReply {
  const { code, message, status } = error;
  if (code === 'TooManyRequestsException') return smtpReply(454, `Throttling failure: ${message}`);
  if (status >= 500) return smtpReply(451, 'Temporary service failure');
  if (code === 'MessageRejected') return smtpReply(554, `Message rejected: ${message}`);
  if (code !== 'AccessDeniedException') return smtpReply(554, `Transaction failed: ${message}`);
  const denied = message.match(DENIED);
  if (!denied) return smtpReply(554, `Access denied: ${message}`);
  const [, user, action, resource] = denied;
  return smtpReply(
    554,
    `Access denied: User \`${user}' is not authorized to perform \`${action}' on resource \`${resource}'`,
  );
}

/** What is answered when something has failed that nobody foresaw, which is logged. */
export function replyToAny(error: unknown, log: (message: string) => void): SmtpReply {
  if (error instanceof AwsError) return replyTo(error);
  if (error instanceof Error && 'responseCode' in error) return error as SmtpReply;
  log(`The SMTP interface failed: ${error instanceof Error ? error.stack : String(error)}`);
  return smtpReply(451, 'Temporary service failure');
}
