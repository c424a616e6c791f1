import type { AttributeValue } from '../values/attributes.ts';

/** A document path: names and list indexes. */
export type Path = readonly (string | number)[];

/** An operand of a parsed expression: a path, a value of the request, or a call. */
export type ParsedOperand = Path | ParsedCall | AttributeValue;

/** A condition or a call: `and`, `or`, `not`, a comparator, `between`, `in`, `add`, `subtract`, or a function by name. */
export interface ParsedCall {
  readonly type: string;
  readonly name?: string;
  readonly args: readonly ParsedOperand[];
}

/** One action of a parsed update expression. */
export interface ParsedAction {
  readonly type: 'set' | 'remove' | 'add' | 'delete';
  readonly path: Path;
  readonly value?: ParsedOperand;
}

export const isPath = (operand: ParsedOperand): operand is Path => Array.isArray(operand);
export const isCall = (operand: ParsedOperand): operand is ParsedCall => 'args' in operand;

/** A path as error messages show it: `[a, b, [0]]`. */
export function pathText(path: Path): string {
  return `[${path.map((step) => (typeof step === 'number' ? `[${step}]` : step)).join(', ')}]`;
}
