import { Amplify } from 'aws-amplify';
import { fetchAuthSession, signIn } from 'aws-amplify/auth';
import { cognitoUserPoolsTokenProvider } from 'aws-amplify/auth/cognito';
import { ConsoleLogger } from 'aws-amplify/utils';
import type { Endpoint } from './endpoint.ts';

/** Gives the token to call the API with; a new one when `forceNew`, or when the last one is about to expire. */
export type TokenSource = (forceNew?: boolean) => Promise<string>;

/** The user pool did not let the user in, or no longer does. */
export class SignInError extends Error {
  override readonly name = 'SignInError';
}

/**
 * Signs in by SRP, so that the password does not leave this process. A process holds one session: signing in again
 * replaces it.
 *
 * @throws SignInError with the user pool's reason.
 */
export async function signInAs(endpoint: Endpoint): Promise<TokenSource> {
  const { userPoolId, userPoolClientId, cognitoUrl, username, password } = endpoint;
  const pool = { userPoolId, userPoolClientId, ...(cognitoUrl ? { userPoolEndpoint: cognitoUrl } : {}) };
  // Amplify warns of every endpoint that is not in AWS's own domain; ours are chosen.
  ConsoleLogger.LOG_LEVEL = 'ERROR';
  Amplify.configure({ Auth: { Cognito: pool } });
  cognitoUserPoolsTokenProvider.setKeyValueStorage(memoryStorage());
  try {
    const { isSignedIn, nextStep } = await signIn({
      username,
      password,
      options: { authFlowType: 'USER_SRP_AUTH' },
    });
    if (!isSignedIn) {
      throw new SignInError(`${username} cannot sign in yet: the user pool asks for ${nextStep.signInStep}`);
    }
  } catch (error) {
    throw asSignInError(error, `${username} cannot sign in`);
  }
  return async (forceNew = false) => {
    const { tokens } = await fetchAuthSession({ forceRefresh: forceNew }).catch((error: unknown) => {
      throw asSignInError(error, `the session of ${username} cannot be renewed`);
    });
    if (!tokens) throw new SignInError(`the session of ${username} has ended: sign in again`);
    return tokens.accessToken.toString();
  };
}

function asSignInError(error: unknown, what: string): SignInError {
  if (error instanceof SignInError) return error;
  const cause = error instanceof Error && 'underlyingError' in error ? error.underlyingError : undefined;
  const detail = cause instanceof Error ? cause : error;
  return new SignInError(
    `${what}: ${detail instanceof Error ? `${detail.name}: ${detail.message}` : String(detail)}`,
    {
      cause: error,
    },
  );
}

function memoryStorage() {
  const entries = new Map<string, string>();
  return {
    setItem: async (key: string, value: string) => void entries.set(key, value),
    getItem: async (key: string) => entries.get(key) ?? null,
    removeItem: async (key: string) => void entries.delete(key),
    clear: async () => entries.clear(),
  };
}
