import { createRequire, registerHooks } from 'node:module';

/** A member's type as dynalite describes it: a name, or a name with constraints and children. */
export type MemberType = string | { readonly type: string; readonly [constraint: string]: unknown };
export type MemberTypes = Readonly<Record<string, MemberType>>;

/** A document path: names and list indexes. */
export type Path = readonly (string | number)[];

/** An operand of a parsed expression: a path, a value of the request, or a call. */
export type ParsedOperand = Path | ParsedCall | Readonly<Record<string, unknown>>;
export interface ParsedCall {
  readonly type: string;
  readonly name?: string;
  readonly args: readonly ParsedOperand[];
}

/** One action of a parsed update expression. */
export interface ParsedAction {
  readonly type: 'set' | 'remove' | 'add' | 'delete';
  readonly path: Path;
  readonly val?: ParsedOperand;
  readonly attrType?: string | null;
}

interface ParsedCondition {
  readonly expression: ParsedCall;
  readonly nestedPaths: Readonly<Record<string, true>>;
  readonly pathHeads: Readonly<Record<string, true>>;
}

/** What parsing leaves in a request beside its own members. */
export interface ParsedExpressions {
  _condition?: ParsedCondition;
  _filter?: ParsedCondition;
  _keyCondition?: ParsedCondition;
  _updates?: {
    readonly sections: readonly ParsedAction[];
    readonly paths: readonly Path[];
    readonly nestedPaths: Readonly<Record<string, true>>;
  };
  _projection?: { readonly paths: readonly Path[]; readonly nestedPaths: Readonly<Record<string, true>> };
}

/** A legacy condition, also the form in which a key condition comes out of its expression. */
export interface Comparison {
  readonly ComparisonOperator: string;
  readonly AttributeValueList: readonly ParsedOperand[];
}

type Message = string | null | undefined;

/** The parts of dynalite's request validation in use; a `Message` says what is wrong with a request. */
interface Validations {
  checkTypes(data: Record<string, unknown>, types: MemberTypes): Record<string, unknown>;
  checkValidations(data: Record<string, unknown>, types: MemberTypes, custom?: Custom, store?: unknown): void;
  validateAttributeValue(value: unknown): Message;
  validateAttributeConditions(data: object): Message;
  validateConditions(conditions: unknown): Message;
  validateExpressionParams(data: object, expressions: string[], nonExpressions: string[]): Message;
  validateExpressions(data: object & ParsedExpressions): Message;
  convertKeyCondition(expression: ParsedCall): string | Record<string, Comparison>;
  findDuplicate(values: unknown): Message;
}
type Custom = (data: Record<string, unknown>, store: unknown) => Message;

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

/** The members of an action's request, and the checks that go beyond single members. */
export function validationOf(file: string): { types: MemberTypes; custom?: Custom } {
  return load(`validations/${file}.js`) as { types: MemberTypes; custom?: Custom };
}

export function isDynaliteError(error: unknown): error is DynaliteError {
  return error instanceof Error && 'body' in error && 'statusCode' in error;
}

/** What dynalite's custom checks read of its store. */
export function validationStore(accountId: string, maxItemSize: number): unknown {
  return { options: { maxItemSize }, tableDb: { awsAccountId: accountId } };
}
