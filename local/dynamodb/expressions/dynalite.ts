import { createRequire, registerHooks } from 'node:module';

/** A member's type as dynalite describes it: a name, or a name with constraints and children. */
export type MemberType = string | { readonly type: string; readonly [constraint: string]: unknown };
export type MemberTypes = Readonly<Record<string, MemberType>>;

type Message = string | null | undefined;

/** The parts of dynalite's request validation in use; a `Message` says what is wrong with a request. */
interface Validations {
  checkTypes(data: Record<string, unknown>, types: MemberTypes): Record<string, unknown>;
  validateAttributeConditions(data: object): Message;
}

/** What dynalite throws: the error as its server would have sent it. */
export interface DynaliteError extends Error {
  readonly statusCode: number;
  readonly body: { readonly __type: string; readonly message?: string; readonly Message?: string };
}

const require = createRequire(import.meta.url);

/**
 * Loads a module of dynalite without its storage: the validators need `db/index.js` for its arithmetic, and that
 * file requires `level` with its native addon at once. Both storage packages load empty instead.
 */
function load(file: string): unknown {
  const hooks = registerHooks({
    resolve: (specifier, context, next) =>
      specifier === 'level' || specifier === 'memory-level'
        ? { url: `dynalite-without:${specifier}`, format: 'commonjs', shortCircuit: true }
        : next(specifier, context),
    load: (url, context, next) =>
      url.startsWith('dynalite-without:')
        ? { format: 'commonjs', source: 'module.exports = {}', shortCircuit: true }
        : next(url, context),
  });
  try {
    return require(`dynalite/${file}`);
  } finally {
    hooks.deregister();
  }
}

export const validations = load('validations/index.js') as Validations;

/** The members of an action's request. */
export function typesOf(file: string): MemberTypes {
  return (load(`validations/${file}.js`) as { readonly types: MemberTypes }).types;
}

export function isDynaliteError(error: unknown): error is DynaliteError {
  return error instanceof Error && 'body' in error && 'statusCode' in error;
}
