import type { MessageAttributes } from '../sqs/message.ts';
import type { Outcome } from './result.ts';

/** An asynchronous event whose fate is decided. */
export interface Settled {
  readonly functionArn: string;
  /** JSON text. */
  readonly event: string;
  readonly requestId: string;
  readonly condition: 'Success' | 'RetriesExhausted' | 'EventAgeExceeded' | 'ZeroReservedConcurrency';
  /** How often the function was invoked. */
  readonly tries: number;
  /** Of the last invocation; undefined when its fate was decided without one. */
  readonly outcome: Outcome | undefined;
  /** Milliseconds since 1970. */
  readonly at: number;
}

const answerOf = (outcome: Outcome | undefined): unknown => {
  if (outcome?.kind === 'success') return JSON.parse(outcome.text);
  return outcome?.kind === 'error' ? outcome.error : undefined;
};

/**
 * What a destination is told
 * (https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html#invocation-async-destinations).
 */
export function asyncRecord({ functionArn, event, requestId, condition, tries, outcome, at }: Settled) {
  return {
    version: '1.0',
    timestamp: new Date(at).toISOString(),
    requestContext: {
      requestId,
      functionArn: `${functionArn}:$LATEST`,
      condition,
      approximateInvokeCount: tries,
    },
    requestPayload: JSON.parse(event) as unknown,
    ...(outcome && {
      responseContext: {
        statusCode: 200,
        executedVersion: '$LATEST',
        ...(outcome.kind === 'error' && { functionError: 'Unhandled' }),
      },
      responsePayload: answerOf(outcome),
    }),
  };
}

/** A message attribute holds at most this much of an error. */
const MAX_ERROR_BYTES = 1024;

/**
 * The attributes of an event in a function's dead-letter queue
 * (https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html#invocation-dlq).
 */
export function deadLetterAttributesOf({ requestId, condition, outcome }: Settled): MessageAttributes {
  const message = outcome?.kind === 'error' ? outcome.error.errorMessage : condition;
  return {
    RequestID: { DataType: 'String', StringValue: requestId },
    ErrorCode: { DataType: 'Number', StringValue: outcome ? '200' : '429' },
    ErrorMessage: {
      DataType: 'String',
      StringValue: Buffer.from(message).subarray(0, MAX_ERROR_BYTES).toString() || 'Unhandled',
    },
  };
}
