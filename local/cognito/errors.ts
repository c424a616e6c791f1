import { AwsError } from '../aws.ts';

/** The errors of Cognito user pools, in Cognito's words. */

export const notAuthorized = (message: string) => new AwsError('NotAuthorizedException', message);

export const wrongPassword = () => notAuthorized('Incorrect username or password.');

export const userNotFound = () => new AwsError('UserNotFoundException', 'User does not exist.');

export const invalidParameter = (message: string) => new AwsError('InvalidParameterException', message);

export const notFound = (message: string) => new AwsError('ResourceNotFoundException', message);

export const weakPassword = (message: string) =>
  new AwsError('InvalidPasswordException', `Password did not conform with policy: ${message}`);

export const codeMismatch = () =>
  new AwsError('CodeMismatchException', 'Invalid verification code provided, please try again.');

export const expiredCode = () =>
  new AwsError('ExpiredCodeException', 'Invalid code provided, please request a code again.');

export const attemptLimit = () =>
  new AwsError('LimitExceededException', 'Attempt limit exceeded, please try after some time.');
