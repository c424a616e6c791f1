import {
  judged,
  passwordChallenge,
  provePassword,
  replacePassword,
  type SignInContext,
  signingIn,
} from './challenges.ts';
import { invalidParameter, notAuthorized } from './errors.ts';
import { type Input, optionalText, record, text } from './input.ts';
import { answerSoftwareToken } from './mfa.ts';
import type { Client } from './model.ts';
import { hasPassword } from './passwords.ts';
import { clientBy, poolBy, userBy } from './users.ts';

type Answer = Promise<Record<string, unknown>>;

/** `InitiateAuth`: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_InitiateAuth.html */
export async function initiateAuth(context: SignInContext, input: Input): Answer {
  const client = clientBy(context.repository, text(input, 'ClientId'));
  const pool = poolBy(context.repository, client.poolId);
  const parameters = record(input, 'AuthParameters');
  const flow = text(input, 'AuthFlow');
  switch (flow) {
    case 'USER_SRP_AUTH':
      if (!allows(client, flow)) throw invalidParameter('USER_SRP_AUTH is not enabled for the client.');
      return passwordChallenge(context, pool, client, parameters);
    case 'USER_PASSWORD_AUTH': {
      if (!allows(client, flow)) {
        throw invalidParameter('USER_PASSWORD_AUTH flow not enabled for this client');
      }
      const name = text(parameters, 'USERNAME');
      const password = text(parameters, 'PASSWORD');
      const user = signingIn(context, pool, client, name);
      const isRight = user && hasPassword(pool, user, password);
      return judged(context, pool, client, user?.username ?? name, isRight ? user : undefined);
    }
    case 'REFRESH_TOKEN_AUTH':
    case 'REFRESH_TOKEN':
      if (!allows(client, 'REFRESH_TOKEN_AUTH')) {
        throw notAuthorized('REFRESH_TOKEN_AUTH flow not enabled for this client');
      }
      if (client.properties.RefreshTokenRotation?.Feature === 'ENABLED') {
        throw invalidParameter('REFRESH_TOKEN_AUTH is not supported with refresh token rotation.');
      }
      return renewed(context, client, text(parameters, 'REFRESH_TOKEN'));
    default:
      throw invalidParameter(
        `AuthFlow ${flow} does not run in the local cloud: use USER_SRP_AUTH, USER_PASSWORD_AUTH or REFRESH_TOKEN_AUTH.`,
      );
  }
}

/** `GetTokensFromRefreshToken`: what clients call in place of `REFRESH_TOKEN_AUTH`, rotating or not. */
export async function getTokensFromRefreshToken(context: SignInContext, input: Input): Answer {
  return renewed(context, clientBy(context.repository, text(input, 'ClientId')), text(input, 'RefreshToken'));
}

/** `RespondToAuthChallenge`: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_RespondToAuthChallenge.html */
export async function respondToAuthChallenge(context: SignInContext, input: Input): Answer {
  const client = clientBy(context.repository, text(input, 'ClientId'));
  const pool = poolBy(context.repository, client.poolId);
  const responses = record(input, 'ChallengeResponses');
  const challenge = text(input, 'ChallengeName');
  switch (challenge) {
    case 'PASSWORD_VERIFIER':
      return provePassword(context, pool, client, responses);
    case 'NEW_PASSWORD_REQUIRED':
      return replacePassword(context, pool, client, responses, optionalText(input, 'Session'));
    case 'SOFTWARE_TOKEN_MFA':
      return answerSoftwareToken(context, pool, client, responses, optionalText(input, 'Session'));
    default:
      throw invalidParameter(
        `ChallengeName ${challenge} does not run in the local cloud: only PASSWORD_VERIFIER, NEW_PASSWORD_REQUIRED and SOFTWARE_TOKEN_MFA do.`,
      );
  }
}

async function renewed(context: SignInContext, client: Client, refreshToken: string): Answer {
  const session = context.repository.sessionOf(refreshToken, context.now());
  if (session?.clientId !== client.id) throw notAuthorized('Invalid Refresh Token');
  const pool = poolBy(context.repository, client.poolId);
  const user = userBy(context.repository, pool, session.username);
  if (!user.enabled) throw notAuthorized('User is disabled.');
  return {
    AuthenticationResult: await context.tokens.renew(pool, client, user, session),
    ChallengeParameters: {},
  };
}

function allows(client: Client, flow: string): boolean {
  const flows = client.properties.ExplicitAuthFlows ?? [
    'ALLOW_REFRESH_TOKEN_AUTH',
    'ALLOW_USER_SRP_AUTH',
    'ALLOW_CUSTOM_AUTH',
  ];
  return flows.includes(`ALLOW_${flow}`) || flows.includes(flow);
}
