/** What became of the attempt to hand a message over. */
export type Outcome =
  | { readonly kind: 'SENT' }
  /** Not taken, and never will be as it is. */
  | { readonly kind: 'REFUSED'; readonly reason: string }
  /** Not taken for now. */
  | { readonly kind: 'NOT_NOW'; readonly reason: string }
  /** Perhaps taken: nobody answered, or not clearly. */
  | { readonly kind: 'UNKNOWN'; readonly reason: string };

/**
 * Errors of SES and SNS with which they take nothing, but will again
 * (https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendEmail.html,
 * https://docs.aws.amazon.com/sns/latest/api/API_Publish.html).
 */
const passing: ReadonlySet<string> = new Set([
  'TooManyRequestsException',
  'LimitExceededException',
  'SendingPausedException',
  'Throttling',
  'ThrottlingException',
  'Throttled',
  'ThrottledException',
  'KMSThrottlingException',
  'RequestLimitExceeded',
]);

/** Failures to reach a server at all: nothing of the message left. */
const unreached: ReadonlySet<string> = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN']);

/**
 * Hands a message over, once.
 *
 * @param attempt one request, which nothing repeats
 */
export async function outcomeOf(attempt: () => Promise<unknown>): Promise<Outcome> {
  try {
    await attempt();
    return { kind: 'SENT' };
  } catch (error) {
    return outcomeOfFailure(error);
  }
}

/**
 * What a failure of a request to SES or SNS says about the message: only a clear refusal says that it was not taken. One
 * for missing rights (403) is about us and no message: it waits until they are repaired.
 */
export function outcomeOfFailure(error: unknown): Outcome {
  const { name = 'Error', code, $metadata } = error as Failure;
  const reason = code ?? name;
  if (passing.has(name) || (code && unreached.has(code))) return { kind: 'NOT_NOW', reason };
  const status = $metadata?.httpStatusCode ?? 0;
  if (status === 429 || status === 403) return { kind: 'NOT_NOW', reason };
  const isRefused = status >= 400 && status < 500 && status !== 408;
  return { kind: isRefused ? 'REFUSED' : 'UNKNOWN', reason };
}

/** Refusals that are about an address alone; all others are about the firm's sender, account or template. */
const aboutAddress: ReadonlySet<string> = new Set([
  'BadRequestException',
  'InvalidParameterException',
  'InvalidParameterValueException',
  'OptedOutException',
]);

/** Whether it is refused for what meets other messages as well: somebody should look into it. */
export const isOurFault = (outcome: Outcome): boolean =>
  outcome.kind === 'REFUSED' && !aboutAddress.has(outcome.reason);

interface Failure {
  readonly name?: string;
  readonly code?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
}
