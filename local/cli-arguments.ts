import { parseArgs } from 'node:util';
import { type MailServer, mailServerOf } from './ses/forwarding.ts';

/** What `npm start` was asked for. */
export interface StartArguments {
  /** 0 takes a free pair of ports. */
  readonly port: number;
  /** Undefined keeps nothing. */
  readonly dataDir: string | undefined;
  /** Whether a stack that holds nothing is filled with demo data. */
  readonly demo: boolean;
  /** Whether each invocation of a function is told on the console. */
  readonly verbose: boolean;
  /** Whether what functions log is on the console, too. */
  readonly logs: boolean;
  /** Whether functions are bundled again when their sources change. */
  readonly watch: boolean;
  /** The file that says what goes wrong on demand; undefined when nothing does. */
  readonly faultsFile: string | undefined;
  /** The mail server on this machine that gets every mail, too. */
  readonly forwardMail: MailServer | undefined;
  /** The file that gets what IAM decides about roles and services; undefined when nobody wants to know. */
  readonly recordFile: string | undefined;
  /** The first has the port, each further one the next pair. */
  readonly tenants: readonly [string, ...string[]];
}

export const USAGE = `Usage: npm start -- [options]
  --port PORT     GraphQL, its socket and sign-in; the AWS APIs are on the next one. 0 takes a free pair. Default: 4000
  --data DIR      where what is entered is kept. Default: .local/data
  --memory        keep nothing
  --empty         no demo data; else a stack that holds nothing gets some, in the background
  --faults FILE   what goes wrong on demand, as JSON; see docs/local-cloud.md
  --forward-mail smtp://127.0.0.1:PORT
                  a mail server on this machine that gets every mail, too
  --record FILE   append what roles and services were allowed and denied; see docs/local-cloud.md
  --tenant NAME   a file in infra/tenants; several tenants run beside each other. Default: demo
  --verbose       a line for each invocation of a function, with the ids that lead from one to the next
  --logs          what functions log, here and not only in their files
  --watch         take over changes in the sources of functions while everything runs
  --help          this`;

/** An argument that cannot be meant. */
export class ArgumentError extends Error {
  override readonly name = 'ArgumentError';
}

function portOf(text: string, tenants: number): number {
  const last = 65_535 - 2 * tenants + 1;
  if (/^\d{1,5}$/.test(text) && Number(text) <= last) return Number(text);
  throw new ArgumentError(`--port ${text} is no port: give a number from 0 to ${last}.`);
}

function values(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        port: { type: 'string', default: '4000' },
        data: { type: 'string' },
        memory: { type: 'boolean', default: false },
        faults: { type: 'string' },
        'forward-mail': { type: 'string' },
        record: { type: 'string' },
        empty: { type: 'boolean', default: false },
        tenant: { type: 'string', multiple: true, default: ['demo'] },
        verbose: { type: 'boolean', default: false },
        logs: { type: 'boolean', default: false },
        watch: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    throw new ArgumentError((error as Error).message);
  }
}

function serverOf(url: string): MailServer {
  try {
    return mailServerOf(url);
  } catch (error) {
    throw new ArgumentError(`--forward-mail ${(error as Error).message}`);
  }
}

/** Reads the arguments; `help` when only that is asked for. @throws ArgumentError */
export function readArguments(args: readonly string[]): StartArguments | 'help' {
  const { port, data, memory, empty, faults, record, tenant, verbose, logs, watch, help, ...rest } =
    values(args);
  const forward = rest['forward-mail'];
  if (help) return 'help';
  if (memory && data !== undefined) {
    throw new ArgumentError('--memory keeps nothing and --data keeps everything: give one of them.');
  }
  const [first, ...others] = new Set(tenant);
  const wrong = tenant.find((name) => !/^[a-z][a-z0-9-]*$/.test(name));
  if (first === undefined || wrong !== undefined) {
    throw new ArgumentError(`--tenant ${JSON.stringify(wrong ?? '')} is no name: a-z, 0-9 and - are.`);
  }
  return {
    port: portOf(port, 1 + others.length),
    dataDir: memory ? undefined : (data ?? '.local/data'),
    demo: !empty,
    verbose,
    logs,
    watch,
    faultsFile: faults,
    forwardMail: forward === undefined ? undefined : serverOf(forward),
    recordFile: record,
    tenants: [first, ...others],
  };
}
