import { AwsError, type AwsService, type Caller } from '../aws.ts';

/** What may go wrong with a call of PutEvents; `lose answer` takes the events and answers a failure. */
export type BusFault = 'throttle' | 'fail' | 'lose answer';

export interface BusFaults {
  /** Asked before each call of PutEvents that a function makes. */
  onPut?: () => BusFault | undefined;
  /** Asked for each entry of such a call: `true` lets the bus refuse it and take the others. */
  refusesEntry?: () => boolean;
}

interface PutAnswer {
  readonly FailedEntryCount: number;
  readonly Entries: readonly object[];
}

/** EventBridge with faults of PutEvents for all but the administrator. */
export function faultyBus(call: AwsService, faults: BusFaults, admin: Caller): AwsService {
  return (action, input, caller) => {
    if (action !== 'PutEvents' || caller.accessKeyId === admin.accessKeyId)
      return call(action, input, caller);
    const fault = faults.onPut?.();
    if (fault === 'throttle') throw new AwsError('ThrottlingException', 'Rate exceeded');
    if (fault === 'fail') throw failure();
    const answer = putSome(call, input, caller, faults);
    if (fault === 'lose answer') throw failure();
    return answer;
  };
}

const failure = () =>
  new AwsError('InternalException', 'This exception occurs due to unexpected causes.', 500);

/** Of what passes by itself: https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEventsResultEntry.html */
const refused = { ErrorCode: 'InternalFailure', ErrorMessage: 'Unexpected error occurred.' };

function putSome(
  call: AwsService,
  input: Record<string, unknown>,
  caller: Caller,
  { refusesEntry }: BusFaults,
): unknown {
  const { Entries: entries } = input;
  if (!refusesEntry || !Array.isArray(entries)) return call('PutEvents', input, caller);
  const isRefused = entries.map(() => refusesEntry());
  const taken = entries.filter((_, index) => !isRefused[index]);
  const none: PutAnswer = { FailedEntryCount: 0, Entries: [] };
  const answer =
    taken.length === 0 ? none : (call('PutEvents', { ...input, Entries: taken }, caller) as PutAnswer);
  const rest = [...answer.Entries];
  return {
    FailedEntryCount: answer.FailedEntryCount + entries.length - taken.length,
    Entries: isRefused.map((is) => (is ? refused : rest.shift())),
  };
}
