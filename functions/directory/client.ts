import { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';
import { env } from '../runtime/env.ts';

export const client = new CognitoIdentityProviderClient({});

/** The user pool of the firm. */
export const UserPoolId = env('USER_POOL_ID');

/**
 * As many as Cognito gives at once
 * (https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ListUsers.html).
 */
export const largestPage = 60;

export const isNamed = (error: unknown, name: string): boolean =>
  error instanceof Error && error.name === name;
