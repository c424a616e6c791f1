import { type Context, createContext, runInContext, Script } from 'node:vm';
import { transformSync } from 'esbuild';
import { FieldError } from '../errors.ts';
import { checkCode } from './check.ts';
import { EarlyReturn, type Effects, logging, utilities, withEffects } from './utils.ts';

type Handler = (context: object) => unknown;

/** The two handlers of a resolver or of a function of a pipeline. */
export interface Handlers {
  readonly request: Handler;
  readonly response: Handler;
}

/** What a handler came to. */
export interface Outcome {
  readonly value: unknown;
  /** Set when it returned by `runtime.earlyReturn`. */
  readonly early?: 'END' | 'NEXT';
}

/** Globals of JavaScript that APPSYNC_JS does not have. */
const lacking = [
  'Atomics',
  'Date',
  'FinalizationRegistry',
  'Function',
  'Intl',
  'Promise',
  'Proxy',
  'Reflect',
  'RegExp',
  'SharedArrayBuffer',
  'WeakMap',
  'WeakRef',
  'WeakSet',
  'WebAssembly',
  'eval',
  'globalThis',
];

/** Evaluates resolver code, each text once, in a world without Node. */
export function createCodeLoader(): (code: string, name: string) => Handlers {
  let world: Context | undefined;
  const loaded = new Map<string, Handlers>();
  return (code, name) => {
    const known = loaded.get(code);
    if (known) return known;
    checkCode(code, name);
    world ??= createWorld();
    const handlers = load(world, code, name);
    loaded.set(code, handlers);
    return handlers;
  };
}

/**
 * Runs a handler.
 * @throws {FieldError} what it refused with, or `Code` for a mistake in it
 */
export function runHandler(handler: Handler, context: object, effects: Effects): Outcome {
  try {
    return { value: withEffects(effects, () => handler(context)) };
  } catch (error) {
    if (error instanceof EarlyReturn) return { value: error.value, early: error.skipTo ?? 'NEXT' };
    if (error instanceof FieldError) throw error;
    effects.log(`${effects.typeName}.${effects.fieldName}: ${String((error as Error)?.stack ?? error)}`);
    throw new FieldError('Runtime Error', 'Code');
  }
}

function createWorld(): Context {
  const world = createContext(Object.create(null), {
    name: 'APPSYNC_JS',
    codeGeneration: { strings: false, wasm: false },
  });
  runInContext(lacking.map((name) => `delete globalThis.${name};`).join('\n'), world);
  return Object.assign(world, utilities, { console: logging });
}

function load(world: Context, code: string, name: string): Handlers {
  const { code: commonJs } = transformSync(code, { format: 'cjs', target: 'es2022', sourcefile: name });
  const script = new Script(`(function (exports, require, module) {${commonJs}\n})`, { filename: name });
  const module: { exports: Partial<Handlers> } = { exports: {} };
  script.runInContext(world)(module.exports, imported, module);
  const { request, response } = module.exports;
  if (typeof request !== 'function' || typeof response !== 'function') {
    throw new Error(`The code of ${name} must export the functions request and response.`);
  }
  return { request, response };
}

function imported(name: string): typeof utilities {
  if (name === '@aws-appsync/utils') return utilities;
  throw new ReferenceError(`${name} is not defined in APPSYNC_JS`);
}
