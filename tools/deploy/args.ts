import { parseArgs } from 'node:util';

/** Which changes the CDK asks about before it makes them. */
export const approvals = ['broadening', 'any-change', 'never'] as const;
export type Approval = (typeof approvals)[number];

export interface DeployOptions {
  /** Name of a file in `infra/tenants`. */
  readonly tenant: string;
  /** Whether only to say what must be there. */
  readonly check: boolean;
  readonly approval: Approval;
}

/** The command line cannot be used as it is; the message says what to change. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export const help = `Deploys all stacks of a tenant to its AWS account, or says what must be there first.

  npm run deploy -- --tenant NAME [options]

  --tenant NAME              a file in infra/tenants
  --check                    changes nothing: lists quotas, sender and roles that the stacks need, each with the commands
                             of the AWS CLI to see it and to get it, and looks itself where the credentials allow it
  --require-approval LEVEL   what is asked about before it is done (broadening):
                               broadening   wider rights or open ports; without a terminal, such a change stops here
                               any-change   every change of rights
                               never        nothing, as for a pipeline whose change was approved in review
  --help                     this

What is deployed is the assembly in .local/NAME/cdk.out, which npm start runs; it is written anew only when its sources
have changed. Credentials are those that the AWS CLI finds (AWS_PROFILE, AWS_ACCESS_KEY_ID, ...); they must belong to the
account in the tenant's file.

Exit code: 0 done, 1 the deployment failed (CloudFormation has rolled back), 2 wrong usage or something is not there:
credentials, their account, the bootstrap of the CDK.
`;

/**
 * Reads the command line.
 *
 * @returns `help` when that was asked for.
 * @throws UsageError naming the argument and what is possible.
 */
export function readOptions(args: readonly string[]): DeployOptions | 'help' {
  const { values } = parse(args);
  if (values.help) return 'help';
  const { tenant, check, 'require-approval': approval } = values;
  if (!tenant) throw new UsageError('--tenant is missing: give the name of a file in infra/tenants');
  if (!isApproval(approval)) {
    throw new UsageError(
      `--require-approval ${JSON.stringify(approval)} is not one of ${approvals.join(', ')}`,
    );
  }
  return { tenant, check, approval };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        tenant: { type: 'string' },
        check: { type: 'boolean', default: false },
        'require-approval': { type: 'string', default: 'broadening' },
        help: { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

const isApproval = (value: string): value is Approval => approvals.some((approval) => approval === value);
