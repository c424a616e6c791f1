import { AwsError } from '../aws.ts';

/** The errors of SES v2, in the words of SES: https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendEmail.html#API_SendEmail_Errors */

export const badRequest = (message: string) => new AwsError('BadRequestException', message);

export const notFound = (message: string) => new AwsError('NotFoundException', message, 404);

export const noConfigurationSet = (name: string) => notFound(`Configuration set <${name}> does not exist.`);

export const notVerified = (addresses: readonly string[], region: string) =>
  new AwsError(
    'MessageRejected',
    `Email address is not verified. The following identities failed the check in region ${region.toUpperCase()}: ${addresses.join(', ')}`,
  );

export const sendingPaused = (name: string) =>
  new AwsError('SendingPausedException', `Sending is paused for the configuration set ${name}.`);

export const throttled = () =>
  new AwsError('TooManyRequestsException', 'Maximum sending rate exceeded.', 429);

export const internalFailure = () =>
  new AwsError('InternalFailure', 'The request processing has failed because of an unknown error.', 500);
