import type { Place } from '../aws.ts';
import type { Store } from '../store.ts';
import type { AnswerCall } from './environment.ts';
import type { Invocation } from './pool.ts';
import type { Demand } from './rights.ts';
import type { Backoff, Buckets, Buses, Queues, Streams } from './sources.ts';
import type { Credentials } from './variables.ts';

export interface LambdaFaults {
  /** Asked before each invocation: let it be throttled, slow, or its environment die, also when all is done but the answer. */
  beforeInvoke?: (functionName: string) => 'throttle' | 'kill' | 'lose answer' | Death | Delay | undefined;
}

/** When an environment dies: some milliseconds after it was given the event, or when something else happens. */
export type Death = { readonly killAfter: number } | { readonly killWhen: Promise<unknown> };

/** How many milliseconds a function idles before its handler runs; more than its timeout ends it. */
export interface Delay {
  readonly delay: number;
}

export interface LambdaOptions {
  readonly store: Store;
  readonly place: Place;
  readonly credentialsFor: (roleArn: string, sessionName: string) => Credentials;
  /** Variables for every function that lead its SDKs here: `AWS_ENDPOINT_URL` and the like, `NODE_EXTRA_CA_CERTS`. */
  readonly endpoints: Readonly<Record<string, string>>;
  /** Answers the calls of AWS APIs that functions make inside of the process; default: all go to the endpoints. */
  readonly answerCall?: AnswerCall;
  readonly streams: Streams;
  readonly queues: Queues;
  readonly buckets: Buckets;
  /** Default: there is none. */
  readonly buses?: Buses;
  /** Asks for a right of a function's role and throws an `AwsError` when it has not got it; default: it has all. */
  readonly demand?: Demand;
  /** Whether everybody may call a function at its address; default: everybody may. */
  readonly mayCallUrl?: (functionArn: string) => boolean;
  /** Where each function has its log, `<name>.log`; without it what functions print is lost. */
  readonly logDir?: string;
  /** Hears of every invocation that was run. */
  readonly observe?: (functionName: string, invocation: Invocation) => void;
  /** Hears of what functions print, beside their log files. */
  readonly echo?: (functionName: string, text: string) => void;
  /** The most environments of one function at once; default: one for each processor. */
  readonly maxEnvironments?: number;
  /** How long an environment may have nothing to do before it ends; default: one minute. */
  readonly idleMilliseconds?: number;
  /** How long an environment may have nothing to do before it collects its garbage; default: 10 seconds. */
  readonly collectMilliseconds?: number;
  /** Waits between tries of a stream's batch or an asynchronous event; default: 200 ms, doubled up to 10 seconds. */
  readonly backoff?: Backoff;
  /** Hears of what keeps an event source from going on; default: standard error. */
  readonly log?: (message: string) => void;
  /** Milliseconds since 1970; default: the system's clock. */
  readonly now?: () => number;
}
