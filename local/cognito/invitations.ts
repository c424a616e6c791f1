import type { Pool, User } from './model.ts';

/** A mail of a user pool. */
export interface PoolMail {
  /** An address, perhaps with a name. */
  readonly from: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** What Cognito says when a pool says nothing: https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pool-settings-message-customizations.html */
const defaults = {
  EmailSubject: 'Your temporary password',
  EmailMessage: 'Your username is {username} and temporary password is {####}',
};
const codeDefaults = {
  EmailSubject: 'Your verification code',
  EmailMessage: 'Your confirmation code is {####}',
};

/** From whom mail of Cognito comes that does not go through SES. */
const COGNITO_SENDER = 'no-reply@verificationemail.com';

function filled(template: string, username: string, secret: string): string {
  return template.replace(/\{username\}|\{####\}/g, (mark) => (mark === '{####}' ? secret : username));
}

/** What a reader of plain text sees of a message, which may be HTML. */
function plain(html: string): string {
  return html.replace(/<br\s*\/?>|<\/p>/gi, '\n').replace(/<[^>]*>/g, '');
}

/** The invitation of a user, by the pool's template if it has one; undefined for a user without an e-mail address. */
export function invitationOf(
  pool: Pool,
  user: User,
  username: string,
  password: string,
): PoolMail | undefined {
  const to = user.attributes.email;
  if (to === undefined || to === '') return undefined;
  const { AdminCreateUserConfig } = pool.properties;
  return mailOf(
    pool,
    to,
    { ...defaults, ...AdminCreateUserConfig?.InviteMessageTemplate },
    username,
    password,
  );
}

/** The mail with a code, for an address to be verified or a password that was forgotten: Cognito has one text for both. */
export function codeMailOf(pool: Pool, to: string, username: string, code: string): PoolMail {
  const { EmailVerificationSubject, EmailVerificationMessage, VerificationMessageTemplate } = pool.properties;
  const template = {
    ...codeDefaults,
    ...(EmailVerificationSubject ? { EmailSubject: EmailVerificationSubject } : {}),
    ...(EmailVerificationMessage ? { EmailMessage: EmailVerificationMessage } : {}),
    ...VerificationMessageTemplate,
  };
  return mailOf(pool, to, template, username, code);
}

function mailOf(
  pool: Pool,
  to: string,
  { EmailSubject, EmailMessage }: typeof defaults,
  username: string,
  secret: string,
): PoolMail {
  return {
    from: pool.properties.EmailConfiguration?.From ?? COGNITO_SENDER,
    to,
    subject: filled(EmailSubject, username, secret),
    text: filled(plain(EmailMessage), username, secret),
    html: filled(EmailMessage, username, secret),
  };
}
