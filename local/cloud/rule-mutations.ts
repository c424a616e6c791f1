import type { AppSync } from '../appsync/appsync.ts';
import { RequestError } from '../appsync/errors.ts';
import type { Answer } from '../appsync/operations.ts';
import { AwsError, type Caller, type Place } from '../aws.ts';
import type { CallApi } from '../events/delivery.ts';
import type { Iam } from '../iam/iam.ts';
import { callerForRule } from '../iam/services.ts';

export interface MutationOptions {
  readonly place: Place;
  readonly iam: Pick<Iam, 'assume'>;
  /** The API and the ARN of its endpoint; asked when a rule calls. */
  readonly api: () => { readonly endpointArn: string } & Pick<AppSync, 'run'>;
}

/** What AppSync calls a request that took too long. */
const LATE = 'ExecutionTimeout';

/**
 * Why a mutation did not do what the rule wanted: it gave errors and no value. What EventBridge makes of the errors in an
 * answer is not documented; here they are failures, so that no event is lost in silence.
 */
export function failureIn({ data, errors: [error] = [] }: Answer): AwsError | undefined {
  const hasValue = Object.values(data ?? {}).some((value) => value !== null);
  if (!error || hasValue) return undefined;
  const { errorType, message } = error;
  if (errorType === 'Unauthorized') return new AwsError('AccessDeniedException', message, 403);
  return new AwsError(errorType ?? 'BadRequestException', message, errorType === LATE ? 504 : 400);
}

function meant(error: unknown): unknown {
  if (!(error instanceof RequestError)) return error;
  const { errorType, message, status } = error;
  return new AwsError(status === 401 ? 'AccessDeniedException' : errorType, message, status);
}

/**
 * Runs the mutations of rules, each with the role of its target, whose rights to the fields decide
 * (https://docs.aws.amazon.com/eventbridge/latest/userguide/target-appsync.html).
 */
export function createMutations({ place, iam, api }: MutationOptions): CallApi {
  return async (endpointArn, request, as) => {
    const caller: Caller = callerForRule(iam, place, as);
    const { endpointArn: own, run } = api();
    if (endpointArn !== own) {
      throw new AwsError('ResourceNotFoundException', `GraphQL API ${endpointArn} does not exist.`);
    }
    const answer = await run(request, caller).catch((error) => {
      throw meant(error);
    });
    const failure = failureIn(answer);
    if (failure) throw failure;
  };
}
