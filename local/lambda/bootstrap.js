// What runs in the worker thread of an execution environment: loads the handler, then answers one event at a time.
// Messages come and go in lists, those of one turn together; as over HTTP, a call does not leave before its turn is over. In:
// {id, event, deadline}, and {call, status, headers, body} or {call, failure}, the answer to a call of an AWS API. Out:
// {ready}, {print}, {id, result} or {id, error, fatal}, fatal when the thread ends with it; a failed start has no id; and
// {call, method, url, headers, body}, a signed request of an SDK client.

import { existsSync, openSync, readFileSync, writeSync } from 'node:fs';
import { Module } from 'node:module';
import { join } from 'node:path';
import tls from 'node:tls';
import { pathToFileURL } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { parentPort, workerData } from 'node:worker_threads';

const { handler, taskRoot, logFile, logStream, functionArn, echoes, answersCalls, collectMilliseconds } =
  workerData;
const startedAt = workerData.began;
let current;
let initMilliseconds;

const log = logFile === undefined ? undefined : openSync(logFile, 'a');
const write = (text) => {
  if (log !== undefined) writeSync(log, text);
  if (echoes) send({ print: String(text) });
};

const calling = [];

function send(message) {
  parentPort.postMessage([...calling.splice(0), message]);
}

/** Sends the calls of one turn together: a message costs ten times what is in it. */
function sendCall(message) {
  if (calling.push(message) > 1) return;
  process.nextTick(() => {
    if (calling.length > 0) parentPort.postMessage(calling.splice(0));
  });
}

// Straight into the file: what the main thread would have to pass on costs every other function its time.
for (const stream of [process.stdout, process.stderr]) {
  stream.write = (chunk, encoding, callback) => {
    write(chunk);
    const done = typeof encoding === 'function' ? encoding : callback;
    if (done) queueMicrotask(done);
    return true;
  };
}

function describe(error) {
  if (!(error instanceof Error)) return { errorType: typeof error, errorMessage: String(error), trace: [] };
  return { errorType: error.name, errorMessage: error.message, trace: (error.stack ?? '').split('\n') };
}

function fail(error, fatal = false) {
  write(`${new Date().toISOString()} ERROR ${JSON.stringify(error)}\n`);
  send({ id: current, error, fatal });
}

function crash(error) {
  fail(error, true);
  process.exit(129);
}

process.on('uncaughtException', (error) => crash(describe(error)));
process.on('unhandledRejection', (reason) => {
  crash({ ...describe(reason), errorType: 'Runtime.UnhandledPromiseRejection' });
});

/** A `.js` file with no package.json beside it is CommonJS, whatever the folders above say. */
async function load(path) {
  const file = [`${path}.js`, `${path}.mjs`, `${path}.cjs`].find(existsSync);
  if (!file) {
    throw {
      errorType: 'Runtime.ImportModuleError',
      errorMessage: `Error: Cannot find module '${path}'`,
      trace: [],
    };
  }
  if (!file.endsWith('.js') || existsSync(join(taskRoot, 'package.json')))
    return import(pathToFileURL(file).href);
  const module = new Module(file);
  module.filename = file;
  module.paths = Module._nodeModulePaths(taskRoot);
  module._compile(readFileSync(file, 'utf8'), file);
  return module.exports;
}

const startErrors = {
  ERR_MODULE_NOT_FOUND: 'Runtime.ImportModuleError',
  MODULE_NOT_FOUND: 'Runtime.ImportModuleError',
};

async function start() {
  if (process.env.NODE_EXTRA_CA_CERTS) {
    const extra = readFileSync(process.env.NODE_EXTRA_CA_CERTS, 'utf8');
    tls.setDefaultCACertificates([...tls.getCACertificates('default'), extra]);
  }
  const dot = handler.indexOf('.', handler.lastIndexOf('/') + 1);
  try {
    const module = await load(join(taskRoot, handler.slice(0, dot)));
    const found = handler
      .slice(dot + 1)
      .split('.')
      .reduce((scope, name) => scope?.[name], module);
    if (typeof found === 'function') return found;
  } catch (error) {
    if (error instanceof SyntaxError) throw { ...describe(error), errorType: 'Runtime.UserCodeSyntaxError' };
    if (error?.code in startErrors) throw { ...describe(error), errorType: startErrors[error.code] };
    throw error;
  }
  throw {
    errorType: 'Runtime.HandlerNotFound',
    errorMessage: `${handler} is undefined or not exported`,
    trace: [],
  };
}

const calls = new Map();
let lastCall = 0;

/** A request handler of the AWS SDK: the request is answered as it would be over HTTP, but inside of the process. */
const requestHandler = {
  metadata: { handlerProtocol: 'http/1.1' },
  handle({ method, path, query = {}, headers, body }) {
    if (body && typeof body !== 'string' && !(body instanceof Uint8Array)) {
      return Promise.reject(
        new TypeError('A stream is no body of a call that needs no network: give text or bytes'),
      );
    }
    const url = Object.keys(query).length === 0 ? path : `${path}?${new URLSearchParams(query)}`;
    const call = ++lastCall;
    sendCall({ call, method, url, headers: lowerCased(headers), body });
    return new Promise((resolve, reject) => calls.set(call, { resolve, reject }));
  },
  updateHttpClientConfig() {},
  httpHandlerConfigs: () => ({}),
  destroy() {},
};

if (answersCalls) globalThis[Symbol.for('fidelia.requestHandler')] = requestHandler;

/** Header names as Node's server gives them. */
function lowerCased(headers) {
  const names = {};
  for (const name in headers) names[name.toLowerCase()] = headers[name];
  return names;
}

function answerCall({ call, status, headers, body, failure }) {
  const { resolve, reject } = calls.get(call);
  calls.delete(call);
  if (failure === undefined) resolve({ response: { statusCode: status, headers, body: Buffer.from(body) } });
  else reject(new Error(failure));
}

function contextOf({ id, deadline }) {
  const { env } = process;
  return {
    functionName: env.AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: env.AWS_LAMBDA_FUNCTION_VERSION,
    invokedFunctionArn: functionArn,
    memoryLimitInMB: env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    awsRequestId: id,
    logGroupName: env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: logStream,
    callbackWaitsForEmptyEventLoop: true,
    getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
  };
}

async function run(handle, request) {
  current = request.id;
  const began = performance.now();
  write(`START ${current}\n`);
  try {
    const result = await handle(JSON.parse(request.event), contextOf(request));
    send({ id: current, result: JSON.stringify(result) ?? 'null' });
  } catch (error) {
    fail(describe(error));
  }
  report(performance.now() - began);
  current = undefined;
  idle.refresh();
}

/** The line that Lambda ends an invocation with; the first one in an environment tells how long its start took. */
function report(duration) {
  const parts = [
    `REPORT RequestId: ${current}`,
    `Duration: ${duration.toFixed(2)} ms`,
    `Billed Duration: ${Math.ceil(duration + (initMilliseconds ?? 0))} ms`,
    `Memory Size: ${process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE} MB`,
    ...(initMilliseconds === undefined ? [] : [`Init Duration: ${initMilliseconds.toFixed(2)} ms`]),
  ];
  initMilliseconds = undefined;
  write(`END ${current}\n${parts.join('\t')}\n`);
}

/**
 * Gives back the memory of what nobody needs any more: V8 collects garbage when more is asked for, which an idle
 * environment never does, and holds up to three times what is in use until then. It takes some 40 ms of processor time;
 * V8's plain collection takes a third of that and leaves the young generation as large as it was. The flag is one of the
 * process and soon taken back: functions are not to find a `gc` in their global scope.
 */
function giveBack() {
  if (current !== undefined) return;
  setFlagsFromString('--expose-gc');
  const gc = runInNewContext('gc');
  setFlagsFromString('--no-expose-gc');
  gc({ type: 'major', flavor: 'last-resort' });
}

const idle = setTimeout(giveBack, collectMilliseconds).unref();

start().then(
  (handle) => {
    initMilliseconds = Date.now() - startedAt;
    parentPort.on('message', (messages) => {
      for (const message of messages) {
        if (message.call === undefined) run(handle, message);
        else answerCall(message);
      }
    });
    send({ ready: true });
  },
  (error) => crash(error?.errorType ? error : describe(error)),
);
