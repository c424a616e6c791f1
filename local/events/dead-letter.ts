import type { AwsError } from '../aws.ts';
import type { MessageAttributes } from '../sqs/message.ts';

/** The attributes of a message in the dead-letter queue of a target (user guide, "Using dead-letter queues"). */
export function deadLetterAttributes(ruleArn: string, targetArn: string, error: AwsError): MessageAttributes {
  const string = (StringValue: string) => ({ DataType: 'String', StringValue });
  return {
    RULE_ARN: string(ruleArn),
    TARGET_ARN: string(targetArn),
    ERROR_CODE: string(errorCodes[error.code] ?? 'SDK_CLIENT_ERROR'),
    ERROR_MESSAGE: string(error.message),
  };
}

const errorCodes: Readonly<Record<string, string>> = {
  QueueDoesNotExist: 'NO_RESOURCE',
  ResourceNotFoundException: 'NO_RESOURCE',
  AccessDenied: 'NO_PERMISSIONS',
  AccessDeniedException: 'NO_PERMISSIONS',
};
