import { isReserved } from './reserved-words.ts';
import type { Node, PathNode } from './syntax.ts';
import { invalid } from './tokens.ts';
import type { Section } from './update-syntax.ts';

/** The functions that are conditions, those that are operands of one, and those of an update, with their operands. */
const CONDITIONS: Readonly<Record<string, number>> = {
  attribute_exists: 1,
  attribute_not_exists: 1,
  attribute_type: 2,
  begins_with: 2,
  contains: 2,
};
const OPERANDS: Readonly<Record<string, number>> = { size: 1 };
const UPDATES: Readonly<Record<string, number>> = { if_not_exists: 2, list_append: 2 };
const FUNCTIONS = { ...CONDITIONS, ...OPERANDS, ...UPDATES };

/**
 * Operators, connectives and functions of one expression. The limits of
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html#limits-expression-parameters
 */
const MAX_OPERATORS = 300;
const MAX_OPERANDS_OF_IN = 100;
const MAX_INDEX = 2 ** 31 - 1;

type Place = 'condition' | 'operand' | 'update';

/** Checks what shows without names and values, in the order of the text: words, indexes, functions and their places. */
export function checkCondition(member: string, condition: Node): void {
  check(member, condition, 'condition', { operators: 0 });
}

export function checkPaths(member: string, paths: readonly PathNode[]): void {
  for (const path of paths) checkPath(member, path);
}

export function checkSections(member: string, sections: readonly Section[]): void {
  const count = { operators: 0 };
  const seen = new Set<string>();
  for (const { keyword, actions } of sections) {
    for (const { path, value } of actions) {
      checkPath(member, path);
      if (value) check(member, value, 'update', count);
    }
    if (seen.has(keyword)) {
      throw invalid(member, `The "${keyword}" section can only be used once in an update expression;`);
    }
    seen.add(keyword);
  }
}

function check(member: string, node: Node, place: Place, count: { operators: number }): void {
  if (node.kind === 'value') return;
  if (node.kind === 'path') {
    checkPath(member, node);
    return;
  }
  if (++count.operators > MAX_OPERATORS) {
    throw invalid(member, `The expression contains too many operators; operator count: ${count.operators}`);
  }
  if (node.kind === 'function') checkFunction(member, node.name, node.args.length, place);
  const below = node.kind === 'connective' ? 'condition' : place === 'update' ? 'update' : 'operand';
  for (const argument of node.args) check(member, argument, below, count);
  if (node.name === 'in' && node.args.length - 1 > MAX_OPERANDS_OF_IN) {
    throw invalid(
      member,
      `The IN operator is provided with too many operands; number of operands: ${node.args.length - 1}`,
    );
  }
}

function checkFunction(member: string, name: string, operands: number, place: Place): void {
  const known = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined;
  if (known === undefined) throw invalid(member, `Invalid function name; function: ${name}`);
  const misplaced = misplacement(name, place);
  if (misplaced) throw invalid(member, `The function is not allowed ${misplaced}; function: ${name}`);
  if (operands !== known) {
    throw invalid(
      member,
      `Incorrect number of operands for operator or function; operator or function: ${name}, number of operands: ${operands}`,
    );
  }
}

function misplacement(name: string, place: Place): string | undefined {
  const ofUpdate = Object.hasOwn(UPDATES, name);
  if (place === 'update') return ofUpdate ? undefined : 'in an update expression';
  if (ofUpdate) return 'in a condition expression';
  return Object.hasOwn(CONDITIONS, name) === (place === 'condition')
    ? undefined
    : 'to be used this way in an expression';
}

function checkPath(member: string, { steps }: PathNode): void {
  for (const { kind, text } of steps) {
    if (kind === 'word' && isReserved(text)) {
      throw invalid(member, `Attribute name is a reserved keyword; reserved keyword: ${text}`);
    }
    if (kind === 'index' && Number(text) > MAX_INDEX) {
      throw invalid(member, `List index is not within the allowable range; index: [${text}]`);
    }
  }
}
