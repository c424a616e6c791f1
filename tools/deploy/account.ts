import type { Assembly } from './assembly.ts';
import { commandLine, type Finding, type Requirement } from './requirement.ts';
import type { Run } from './run.ts';

/** Something is not there without which nothing can be deployed; the message says what to do. */
export class NotReady extends Error {
  override readonly name = 'NotReady';
}

/**
 * Makes sure that the credentials at hand belong to the account of an assembly.
 *
 * @throws NotReady
 */
export async function expectAccount({ account }: Assembly, run: Run, env: NodeJS.ProcessEnv): Promise<void> {
  const local = localEndpoint(env);
  if (local !== undefined) {
    throw new NotReady(
      `${local} leads to the local cloud, which runs the stacks by itself (npm start): unset it to deploy to AWS`,
    );
  }
  const { code, stdout, stderr } = await run('aws', ['sts', 'get-caller-identity', '--output', 'json']);
  if (code === 127) {
    throw new NotReady(
      'The AWS CLI is not there: install it (https://docs.aws.amazon.com/cli/latest/userguide/getting-started-install.html)',
    );
  }
  if (code !== 0) {
    throw new NotReady(
      `There are no credentials that AWS takes (${lastLine(stderr)}): sign in with "aws sso login", or set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, of account ${account}`,
    );
  }
  const identity = JSON.parse(stdout) as { readonly Account: string; readonly Arn: string };
  if (identity.Account !== account) {
    throw new NotReady(
      `The credentials are of account ${identity.Account} (${identity.Arn}), the tenant's file says ${account}: use those of ${account}, or correct the file`,
    );
  }
}

/** A variable that sends the AWS CLI to this machine. */
function localEndpoint(env: NodeJS.ProcessEnv): string | undefined {
  const [name, value] =
    Object.entries(env).find(
      ([name, value = '']) =>
        name.startsWith('AWS_ENDPOINT_URL') && /\/\/(localhost|127\.|\[::1\])/.test(value),
    ) ?? [];
  return name && `${name}=${value}`;
}

/** Looks whether what is required is there. What the credentials may not see is unknown. */
export async function look(requirement: Requirement, run: Run): Promise<Finding> {
  const { code, stdout, stderr } = await run('aws', requirement.see);
  if (code !== 0) {
    return /\b(ParameterNotFound|NotFoundException|NoSuchEntity)\b/.test(stderr)
      ? { requirement, state: 'missing', says: 'is not there' }
      : { requirement, state: 'unknown', says: lastLine(stderr) };
  }
  const { there, says } = requirement.judge(JSON.parse(stdout));
  return { requirement, state: there ? 'ok' : 'missing', says };
}

/**
 * Makes sure that nothing is missing without which a deployment fails half-way. What cannot be seen is no reason to stop.
 *
 * @throws NotReady
 */
export function expectDeployable(findings: readonly Finding[]): void {
  const missing = findings.filter(({ requirement, state }) => requirement.blocking && state === 'missing');
  if (missing.length === 0) return;
  const lines = missing.map(
    ({ requirement: { title, needs, get }, says }) => `${title} ${says}: ${needs}. ${get}`,
  );
  throw new NotReady(lines.join('\n'));
}

const MARKS = { ok: 'ok', missing: 'MISSING', unknown: 'not checked' } as const;

/** What was found, as lines for the terminal: each requirement with the commands to see it and to get it. */
export function report(findings: readonly Finding[]): string {
  return findings
    .map(({ requirement: { title, needs, see, get }, state, says }) =>
      [
        `${title}: ${MARKS[state]}${says && ` (${says})`}`,
        `  needs  ${needs}`,
        `  see    ${commandLine(['aws', ...see])}`,
        `  get    ${get}`,
      ].join('\n'),
    )
    .join('\n\n');
}

const lastLine = (text: string) => text.trim().split('\n').at(-1) ?? '';
