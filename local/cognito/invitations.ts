import type { Pool, User } from './model.ts';

/** The mail that a new user gets. */
export interface Invitation {
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

/** From whom mail of Cognito comes that does not go through SES. */
const COGNITO_SENDER = 'no-reply@verificationemail.com';

function filled(template: string, username: string, password: string): string {
  return template.replace(/\{username\}|\{####\}/g, (mark) => (mark === '{####}' ? password : username));
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
): Invitation | undefined {
  const to = user.attributes.email;
  if (to === undefined || to === '') return undefined;
  const { AdminCreateUserConfig, EmailConfiguration } = pool.properties;
  const { EmailSubject = defaults.EmailSubject, EmailMessage = defaults.EmailMessage } =
    AdminCreateUserConfig?.InviteMessageTemplate ?? {};
  return {
    from: EmailConfiguration?.From ?? COGNITO_SENDER,
    to,
    subject: filled(EmailSubject, username, password),
    text: filled(plain(EmailMessage), username, password),
    html: filled(EmailMessage, username, password),
  };
}
