import { AwsError } from '../aws.ts';
import type { Cognito } from '../cognito/cognito.ts';
import type { DynamoDb } from '../dynamodb/dynamodb.ts';
import type { EventBridge } from '../events/events.ts';
import type { RestService } from '../gateway.ts';
import type { Sqs } from '../sqs/sqs.ts';
import type { JsonService } from './json.ts';
import { queryAnswer, queryError } from './query.ts';

export interface JsonServices {
  readonly dynamodb: Pick<DynamoDb, 'call' | 'streamsCall'>;
  readonly sqs: Pick<Sqs, 'call'>;
  readonly events: Pick<EventBridge, 'call'>;
  readonly cognito: Pick<Cognito, 'call' | 'isUnsigned'>;
}

/** Codes of SQS's query protocol where they differ from those of its JSON protocol. */
const SQS_QUERY_CODES: Readonly<Record<string, string>> = {
  AccessDeniedException: 'AccessDenied',
  QueueDoesNotExist: 'AWS.SimpleQueueService.NonExistentQueue',
  QueueNameExists: 'QueueAlreadyExists',
  EmptyBatchRequest: 'AWS.SimpleQueueService.EmptyBatchRequest',
  TooManyEntriesInBatchRequest: 'AWS.SimpleQueueService.TooManyEntriesInBatchRequest',
  BatchEntryIdsNotDistinct: 'AWS.SimpleQueueService.BatchEntryIdsNotDistinct',
  InvalidBatchEntryId: 'AWS.SimpleQueueService.InvalidBatchEntryId',
  MessageNotInflight: 'AWS.SimpleQueueService.MessageNotInflight',
  UnsupportedOperation: 'AWS.SimpleQueueService.UnsupportedOperation',
  PurgeQueueInProgress: 'AWS.SimpleQueueService.PurgeQueueInProgress',
};

/** The services that are called by `x-amz-target`, by its prefix. */
export function jsonServices({ dynamodb, sqs, events, cognito }: JsonServices): Record<string, JsonService> {
  const table = {
    name: 'dynamodb',
    version: '1.0',
    namespace: 'com.amazonaws.dynamodb.v20120810',
    checksum: true,
  } as const;
  return {
    DynamoDB_20120810: { ...table, call: dynamodb.call },
    DynamoDBStreams_20120810: { ...table, call: dynamodb.streamsCall },
    AmazonSQS: {
      name: 'sqs',
      version: '1.0',
      namespace: 'com.amazonaws.sqs',
      queryCode: (code) => SQS_QUERY_CODES[code] ?? code,
      call: sqs.call,
    },
    AWSEvents: { name: 'events', version: '1.1', call: events.call },
    AWSCognitoIdentityProviderService: {
      name: 'cognito-idp',
      version: '1.1',
      isUnsigned: cognito.isUnsigned,
      call: cognito.call,
    },
  };
}

/** Tells who calls; tools ask it first to see whether their credentials work. */
export const sts: RestService = {
  handle({ body }, { arn, accessKeyId, accountId }) {
    const action = new URLSearchParams(body.toString('utf8')).get('Action');
    if (action !== 'GetCallerIdentity')
      throw new AwsError('InvalidAction', `STS does not run ${action} here.`);
    return queryAnswer(action, 'https://sts.amazonaws.com/doc/2011-06-15/', {
      Arn: arn,
      UserId: accessKeyId,
      Account: accountId,
    });
  },
  error: queryError,
};
