/** What every service of the local cloud shares: who calls, how an action is called, how an error looks on the wire. */

/** The identity behind a signed request: the role of a function, or the administrator of the local cloud. */
export interface Caller {
  readonly accessKeyId: string;
  /** `arn:aws:sts::<account>:assumed-role/<role>/<function>` for a function, `arn:aws:iam::<account>:user/admin`. */
  readonly arn: string;
  readonly accountId: string;
}

/** One service: takes an action and its JSON input, answers its JSON output or throws an `AwsError`. */
export type AwsService = (action: string, input: Record<string, unknown>, caller: Caller) => unknown;

/** An error as an AWS SDK reads it. `extra` holds further members of the body, such as `CancellationReasons`. */
export class AwsError extends Error {
  readonly code: string;
  readonly status: number;
  readonly extra: Record<string, unknown>;

  constructor(code: string, message: string, status = 400, extra: Record<string, unknown> = {}) {
    super(message);
    this.name = code;
    this.code = code;
    this.status = status;
    this.extra = extra;
  }
}

/** Where a local cloud stands: every ARN in it is made from these. */
export interface Place {
  readonly region: string;
  readonly accountId: string;
}
