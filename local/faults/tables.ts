import { AwsError, type AwsService, type Caller } from '../aws.ts';

/** What may go wrong with a call of DynamoDB; `lose answer` does what it asks and answers a failure. */
export type TableFault = 'throttle' | 'fail' | 'lose answer' | 'conflict';

export interface TableFaults {
  /** Asked before each call that a function makes. */
  onCall?: (action: string) => TableFault | undefined;
}

/** DynamoDB with faults for all but the administrator, whose calls are how tools and tests look at it. */
export function faultyTables(call: AwsService, faults: TableFaults, admin: Caller): AwsService {
  return (action, input, caller) => {
    const fault = caller.accessKeyId === admin.accessKeyId ? undefined : faults.onCall?.(action);
    if (fault === 'throttle') throw throttled();
    if (fault === 'fail') throw failure();
    if (fault === 'conflict' && WRITES.has(action)) throw conflict(action, input);
    const answer = call(action, input, caller);
    if (fault === 'lose answer') throw failure();
    return answer;
  };
}

const WRITES: ReadonlySet<string> = new Set(['PutItem', 'UpdateItem', 'DeleteItem', 'TransactWriteItems']);

// Codes and texts: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html
const throttled = () =>
  new AwsError(
    'ProvisionedThroughputExceededException',
    'The level of configured provisioned throughput for the table was exceeded. Consider increasing your provisioning level with the UpdateTable API.',
  );

const failure = () => new AwsError('InternalServerError', 'The server encountered an internal error.', 500);

/** As if a transaction was writing the same items. */
function conflict(action: string, input: Record<string, unknown>): AwsError {
  const ongoing = 'Transaction is ongoing for the item';
  if (action !== 'TransactWriteItems') return new AwsError('TransactionConflictException', ongoing);
  const items = Array.isArray(input.TransactItems) ? input.TransactItems : [];
  const reasons = items.map((_, index) =>
    index === 0 ? { Code: 'TransactionConflict', Message: ongoing } : { Code: 'None' },
  );
  const codes = reasons.map(({ Code }) => Code).join(', ');
  const message = `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`;
  return new AwsError('TransactionCanceledException', message, 400, { CancellationReasons: reasons });
}
