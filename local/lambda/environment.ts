import { appendFile } from 'node:fs';
import { Worker } from 'node:worker_threads';
import type { GatewayRequest, GatewayResponse } from '../gateway/http.ts';
import type { FunctionDefinition } from './function.ts';
import { type FunctionError, failed, type Outcome } from './result.ts';

/** One execution environment: a worker thread that runs one invocation at a time. */
export interface Environment {
  /** Resolves when the handler is loaded; undefined, or why it could not be. */
  readonly ready: Promise<FunctionError | undefined>;
  /** Runs an event, which is JSON text. Call it on a ready environment that runs nothing. */
  invoke(requestId: string, event: string): Promise<Outcome>;
  /** How long its start took, at the first call; undefined before it is ready and at every later call. */
  takeInitMilliseconds(): number | undefined;
  /** Whether it can run another event; false once its worker ended. */
  alive(): boolean;
  /** Ends the worker at once. A running invocation fails as if the process had died. */
  kill(): Promise<void>;
}

/** Answers a signed request of a function to an AWS API. */
export type AnswerCall = (request: GatewayRequest) => Promise<GatewayResponse>;

export interface EnvironmentOptions {
  readonly definition: FunctionDefinition;
  readonly variables: Record<string, string>;
  readonly logStream: string;
  readonly logFile: string | undefined;
  /** Hears of what the function prints; without it, only its log file does. */
  readonly echo?: ((text: string) => void) | undefined;
  /** Takes the calls of the SDK clients that let others carry them; without it, these speak HTTP too. */
  readonly answerCall?: AnswerCall | undefined;
  /** How long it may have nothing to do before it collects its garbage. */
  readonly collectMilliseconds: number;
}

/** How long a function may take to load, besides its own timeout (Lambda's limit of the init phase). */
const initMilliseconds = 10_000;

/** A request as the worker sends it; the answer goes back under its number. */
interface Call extends Omit<GatewayRequest, 'body'> {
  readonly call: number;
  readonly body?: string | Uint8Array;
}

/** An event, or the answer to a call. */
interface Sent {
  readonly body?: string | Buffer;
  readonly [member: string]: unknown;
}

interface WorkerMessage {
  readonly ready?: true;
  readonly print?: string;
  readonly id?: string;
  readonly result?: string;
  readonly error?: FunctionError;
  readonly fatal?: boolean;
}

interface Running {
  readonly requestId: string;
  readonly settle: (outcome: Outcome) => void;
  readonly timer: NodeJS.Timeout;
}

export function startEnvironment(options: EnvironmentOptions): Environment {
  const { definition, variables, logStream, logFile, echo, answerCall, collectMilliseconds } = options;
  const began = Date.now();
  const worker = new Worker(new URL('./bootstrap.js', import.meta.url), {
    env: variables,
    argv: [],
    execArgv: [],
    stdin: false,
    stdout: true,
    stderr: true,
    // A small young generation: with half of this, collecting it takes a fifth of the time; with twice this, hardly less.
    // Where the process has a flag for it, as under `npm start`, that one counts.
    resourceLimits: { maxOldGenerationSizeMb: definition.memoryMb, maxYoungGenerationSizeMb: 16 },
    workerData: {
      handler: definition.handler,
      taskRoot: definition.assetDir,
      functionArn: definition.arn,
      logStream,
      logFile,
      echoes: echo !== undefined,
      answersCalls: answerCall !== undefined,
      began,
      collectMilliseconds,
    },
  });
  const post = gathering((messages) => worker.postMessage(messages));
  const ready = Promise.withResolvers<FunctionError | undefined>();
  let alive = true;
  let running: Running | undefined;
  let outOfMemory = false;
  let startedIn: number | undefined;
  const initLimit = Math.max(initMilliseconds, definition.timeoutSeconds * 1000);
  const initTimer = setTimeout(() => {
    ready.resolve({
      errorType: 'Sandbox.Timedout',
      errorMessage: `Init timed out after ${seconds(initLimit)}`,
    });
    void worker.terminate();
  }, initLimit);

  function note(text: string): void {
    if (logFile !== undefined) appendFile(logFile, `${text}\n`, () => {});
  }

  function settle(outcome: Outcome): void {
    if (!running) return;
    clearTimeout(running.timer);
    const { settle: resolve } = running;
    running = undefined;
    resolve(outcome);
  }

  async function carry({ call, method, url, headers, body = '' }: Call): Promise<void> {
    const bytes =
      typeof body === 'string' ? Buffer.from(body) : Buffer.from(body.buffer, body.byteOffset, body.length);
    const answer = await answerCall?.({ method, url, headers, body: bytes }).catch((error: Error) => ({
      failure: error.message,
    }));
    if (answer && alive) post({ call, ...answer });
  }

  worker.on('message', (messages: readonly (WorkerMessage | Call)[]) => {
    for (const message of messages) {
      if ('call' in message) void carry(message);
      else hear(message);
    }
  });

  function hear(message: WorkerMessage): void {
    const { ready: loaded, print, id, result, error, fatal } = message;
    if (print !== undefined) {
      echo?.(print);
      return;
    }
    if (fatal) alive = false;
    if (loaded) {
      clearTimeout(initTimer);
      startedIn = Date.now() - began;
      ready.resolve(undefined);
    } else if (id === undefined) ready.resolve(error);
    else if (running?.requestId === id) {
      settle(error ? { kind: 'error', error } : answered(result ?? 'null'));
    }
  }

  worker.on('error', (error: NodeJS.ErrnoException) => {
    outOfMemory = error.code === 'ERR_WORKER_OUT_OF_MEMORY';
    note(`ERROR ${error.message}`);
  });
  worker.on('exit', (code) => {
    alive = false;
    clearTimeout(initTimer);
    const reason = outOfMemory ? 'signal: killed' : `exit status ${code}`;
    const message =
      code === 0 ? 'Runtime exited without providing a reason' : `Runtime exited with error: ${reason}`;
    ready.resolve({ errorType: 'Runtime.ExitError', errorMessage: `Error: ${message}` });
    if (!running) return;
    note(`END ${running.requestId} ${message}`);
    settle(failed(running.requestId, outOfMemory ? 'Runtime.OutOfMemory' : 'Runtime.ExitError', message));
  });
  for (const stream of [worker.stdout, worker.stderr]) stream.resume();

  function timeOut(): void {
    const requestId = running?.requestId ?? '';
    const message = `Task timed out after ${seconds(definition.timeoutSeconds * 1000)}`;
    alive = false;
    note(`END ${requestId} ${message}`);
    settle(failed(requestId, 'Sandbox.Timedout', message));
    void worker.terminate();
  }

  return {
    ready: ready.promise,
    invoke(requestId, event) {
      const limit = definition.timeoutSeconds * 1000;
      return new Promise((resolve) => {
        running = { requestId, settle: resolve, timer: setTimeout(timeOut, limit) };
        post({ id: requestId, event, deadline: Date.now() + limit });
      });
    },
    takeInitMilliseconds() {
      const taken = startedIn;
      startedIn = undefined;
      return taken;
    },
    alive: () => alive,
    async kill() {
      alive = false;
      await worker.terminate();
    },
  };
}

/** How many characters of bodies go together at most: a thread holds all of a message at once, in the memory of its function. */
const mostTogether = 1_000_000;

/** Sends what comes in one turn together, as a list: a message costs ten times what is in it. */
function gathering(send: (messages: readonly Sent[]) => void): (message: Sent) => void {
  let gathered: Sent[] = [];
  let size = 0;
  const flush = () => {
    if (gathered.length === 0) return;
    const messages = gathered;
    gathered = [];
    size = 0;
    send(messages);
  };
  return (message) => {
    size += message.body?.length ?? 0;
    if (gathered.push(message) === 1) process.nextTick(flush);
    if (size > mostTogether) flush();
  };
}

/** The answer of a synchronous invocation may have 6 MiB and 100 bytes. */
const maxAnswerBytes = 6_291_556;

function answered(text: string): Outcome {
  if (text.length <= maxAnswerBytes) return { kind: 'success', text };
  const errorMessage = `Response payload size exceeded maximum allowed payload size (${maxAnswerBytes} bytes).`;
  return { kind: 'error', error: { errorType: 'Function.ResponseSizeTooLarge', errorMessage } };
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(2)} seconds`;
}
