import { AwsError } from '../aws.ts';

/** The errors of Cognito user pools, in Cognito's words. */

export const notAuthorized = (message: string) => new AwsError('NotAuthorizedException', message);

export const wrongPassword = () => notAuthorized('Incorrect username or password.');

export const userNotFound = () => new AwsError('UserNotFoundException', 'User does not exist.');

export const invalidParameter = (message: string) => new AwsError('InvalidParameterException', message);

export const notFound = (message: string) => new AwsError('ResourceNotFoundException', message);

export const weakPassword = (message: string) =>
  new AwsError('InvalidPasswordException', `Password did not conform with policy: ${message}`);
