import type { AwsError } from '../aws.ts';
import type { MessageAttributes } from '../sqs/message.ts';

/** Why a delivery that might have succeeded later is not tried any more. */
export interface Exhausted {
  readonly condition: 'MaximumRetryAttempts' | 'MaximumEventAgeInSeconds';
  readonly attempts: number;
}

/**
 * The attributes of a message in the dead-letter queue of a target
 * (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html).
 */
export function deadLetterAttributes(
  ruleArn: string,
  targetArn: string,
  error: AwsError,
  exhausted?: Exhausted,
): MessageAttributes {
  const string = (StringValue: string) => ({ DataType: 'String', StringValue });
  return {
    RULE_ARN: string(ruleArn),
    TARGET_ARN: string(targetArn),
    ERROR_CODE: string(errorCodeOf(error)),
    ERROR_MESSAGE: string(error.message),
    ...(exhausted && {
      EXHAUSTED_RETRY_CONDITION: string(exhausted.condition),
      RETRY_ATTEMPTS: string(String(exhausted.attempts)),
    }),
  };
}

const ERROR_CODES: Readonly<Record<string, string>> = {
  QueueDoesNotExist: 'NO_RESOURCE',
  ResourceNotFoundException: 'NO_RESOURCE',
  AccessDenied: 'NO_PERMISSIONS',
  AccessDeniedException: 'NO_PERMISSIONS',
  InvalidRequestContentException: 'INVALID_JSON',
};

const THROTTLED = /^(Throttling|ThrottlingException|TooManyRequestsException|RequestThrottled)$/;

function errorCodeOf({ code, status }: AwsError): string {
  const known = ERROR_CODES[code];
  if (known !== undefined) return known;
  if (THROTTLED.test(code)) return 'THROTTLING';
  return status >= 500 ? 'ERROR_FROM_TARGET' : 'SDK_CLIENT_ERROR';
}

/** Whether a delivery that failed so may succeed later: what is missing or forbidden stays so. */
export function isRetriable({ code, status }: AwsError): boolean {
  return status >= 500 || THROTTLED.test(code);
}
