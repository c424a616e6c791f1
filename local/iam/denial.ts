import { AwsError } from '../aws.ts';
import type { Verdict } from './evaluate.ts';
import type { Need } from './need.ts';
import { nameOf, type Principal } from './principal.ts';

/** How services of AWS word and code what is denied. */
interface Wording {
  readonly code: string;
  readonly status: number;
  /** The action, as the service writes it. */
  readonly action?: (action: string) => string;
  readonly resource?: (resource: string) => string;
}

const json: Wording = { code: 'AccessDeniedException', status: 400 };
const rest: Wording = { code: 'AccessDeniedException', status: 403 };

/**
 * By the service in the action: those with JSON answer 400, others 403; S3 and SNS have codes of their own
 * (https://docs.aws.amazon.com/AmazonS3/latest/userguide/troubleshoot-403-errors.html,
 * https://docs.aws.amazon.com/sns/latest/api/API_Publish.html#API_Publish_Errors).
 */
const WORDINGS: Readonly<Record<string, Wording>> = {
  lambda: rest,
  ses: rest,
  s3: { code: 'AccessDenied', status: 403, resource: (arn) => `"${arn}"` },
  sns: { code: 'AuthorizationError', status: 403, action: (action) => action.replace(/^sns:/, 'SNS:') },
};

/**
 * Why something is denied, as IAM words it
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html).
 */
function reasonOf(principal: Principal, action: string, verdict: Verdict): string {
  if (verdict === 'denied by identity') return 'with an explicit deny in an identity-based policy';
  if (verdict === 'denied by resource') return 'with an explicit deny in a resource-based policy';
  const side = principal.kind === 'session' ? 'identity' : 'resource';
  return `because no ${side}-based policy allows the ${action} action`;
}

/** The error of a service for a need that is denied. */
export function denial(principal: Principal, need: Need, verdict: Verdict): AwsError {
  const service = need.action.slice(0, need.action.indexOf(':'));
  const { code, status, action = String, resource = String } = WORDINGS[service] ?? json;
  const asked = action(need.action);
  const reason = reasonOf(principal, asked, verdict);
  return new AwsError(
    code,
    `User: ${nameOf(principal)} is not authorized to perform: ${asked} on resource: ${resource(need.resource)} ${reason}`,
    status,
  );
}
