import { AwsError } from '../aws.ts';
import { owner } from './account.ts';
import { begun, opened, type SignInContext, signingIn } from './challenges.ts';
import { invalidParameter } from './errors.ts';
import { type Input, record, text } from './input.ts';
import type { Client, Pool, SoftwareToken, User } from './model.ts';
import { newSecret, stepOf } from './totp.ts';
import { saveUser } from './users.ts';

/** One-time codes as a second factor, which users add themselves where the pool lets them. */

type Answer = Promise<Record<string, unknown>>;

/** `AssociateSoftwareToken`: gives the secret for an authenticator app. */
export async function associateSoftwareToken(context: SignInContext, input: Input): Answer {
  const { pool, user } = await owner(context, input);
  if (!offersCodes(pool)) throw notOffered();
  const secret = newSecret();
  save(context, pool, user, { secret, verified: false, enabled: false, preferred: false });
  return { SecretCode: secret };
}

/** `VerifySoftwareToken`: takes the first code of the app. */
export async function verifySoftwareToken(context: SignInContext, input: Input): Answer {
  const { pool, user } = await owner(context, input);
  const { softwareToken } = user;
  if (!softwareToken) throw notOffered();
  context.attempts.count(pool.id, user.username, 'verify software token');
  if (stepOf(softwareToken.secret, text(input, 'UserCode'), context.now()) === undefined) {
    throw new AwsError('EnableSoftwareTokenMFAException', 'Code mismatch');
  }
  save(context, pool, user, { ...softwareToken, verified: true });
  return { Status: 'SUCCESS' };
}

/** `SetUserMFAPreference`: whether codes are asked for at sign-in. */
export async function setUserMfaPreference(context: SignInContext, input: Input): Answer {
  const { pool, user } = await owner(context, input);
  if (input.SMSMfaSettings !== undefined && record(input, 'SMSMfaSettings').Enabled === true) {
    throw invalidParameter('User does not have delivery config set to turn on SMS_MFA');
  }
  if (input.SoftwareTokenMfaSettings === undefined) return {};
  const { Enabled, PreferredMfa } = record(input, 'SoftwareTokenMfaSettings');
  const { softwareToken } = user;
  if (Enabled === true && !softwareToken?.verified) {
    throw invalidParameter('User does not have delivery config set to turn on SOFTWARE_TOKEN_MFA');
  }
  if (softwareToken) {
    const enabled = Enabled === true;
    save(context, pool, user, { ...softwareToken, enabled, preferred: enabled && PreferredMfa === true });
  }
  return {};
}

/** `SOFTWARE_TOKEN_MFA`: takes the code at sign-in. Each is good once. */
export async function answerSoftwareToken(
  context: SignInContext,
  pool: Pool,
  client: Client,
  responses: Input,
  session: string | undefined,
): Answer {
  if (!session) throw invalidParameter('Missing required parameter Session');
  const code = text(responses, 'SOFTWARE_TOKEN_MFA_CODE');
  const { username } = opened(context, pool, client, session, 'SOFTWARE_TOKEN_MFA');
  const user = signingIn(context, pool, client, username);
  const softwareToken = user?.softwareToken;
  if (!user || !softwareToken?.enabled) {
    throw new AwsError(
      'SoftwareTokenMFANotFoundException',
      'Software Token MFA does not exist for the user.',
    );
  }
  context.attempts.checkLockout(pool.id, username);
  const step = stepOf(softwareToken.secret, code, context.now());
  if (step === undefined) {
    context.attempts.failed(pool.id, username);
    throw new AwsError('CodeMismatchException', 'Invalid code received for user');
  }
  if (step <= (softwareToken.usedStep ?? -1)) {
    throw new AwsError('ExpiredCodeException', 'Your software token has already been used once.');
  }
  context.attempts.succeeded(pool.id, username);
  save(context, pool, user, { ...softwareToken, usedStep: step });
  return begun(context, pool, client, user);
}

function offersCodes({ properties: { MfaConfiguration, EnabledMfas } }: Pool): boolean {
  return MfaConfiguration === 'OPTIONAL' && (EnabledMfas?.includes('SOFTWARE_TOKEN_MFA') ?? false);
}

function notOffered(): AwsError {
  return new AwsError(
    'SoftwareTokenMFANotFoundException',
    'Software Token MFA is not enabled for the userPool.',
  );
}

function save(context: SignInContext, pool: Pool, user: User, softwareToken: SoftwareToken): void {
  saveUser(context.repository, pool, { ...user, softwareToken, changedAt: context.now() });
}
