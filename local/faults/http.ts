import { AwsError } from '../aws.ts';
import type { GatewayResponse } from '../gateway/http.ts';
import type { RestService } from '../gateway.ts';
import type { Faults } from './faults.ts';
import { FaultPlanError, readFaultPlan } from './plan.ts';

/** Where the faults of a running stack are set, at the gateway. */
export const FAULTS_PATH = '/_local/faults';

/** The service that requests to the local cloud itself are signed for. */
export const LOCAL_SERVICE = 'local';

const json = (status: number, body: unknown): GatewayResponse => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: `${JSON.stringify(body, undefined, 2)}\n`,
});

/**
 * The faults of a running stack: GET shows the rules with what they have done, PUT sets a plan, DELETE ends all. Only the
 * administrator may ask.
 */
export function faultsService(
  faults: Pick<Faults, 'set' | 'end' | 'counts'>,
  adminAccessKeyId: string,
): RestService {
  const shown = () => json(200, { rules: faults.counts() });
  return {
    handle({ method, url, body }, { accessKeyId, arn }) {
      if (accessKeyId !== adminAccessKeyId) {
        throw new AwsError(
          'AccessDeniedException',
          `${arn} is not the administrator of the local cloud.`,
          403,
        );
      }
      const { pathname } = new URL(url, 'http://local');
      if (pathname !== FAULTS_PATH) {
        throw new AwsError('UnknownOperationException', `${pathname} is not there: ask ${FAULTS_PATH}.`, 404);
      }
      if (method === 'PUT') setPlan(faults, body.toString('utf8'));
      else if (method === 'DELETE') faults.end();
      else if (method !== 'GET') {
        throw new AwsError(
          'UnknownOperationException',
          `${method} is not known: use GET, PUT or DELETE.`,
          405,
        );
      }
      return shown();
    },
    error: ({ code, message, status }) => json(status, { code, message }),
  };
}

function setPlan(faults: Pick<Faults, 'set'>, text: string): void {
  try {
    faults.set(readFaultPlan(text));
  } catch (error) {
    if (error instanceof FaultPlanError) throw new AwsError('ValidationException', error.message);
    throw error;
  }
}
