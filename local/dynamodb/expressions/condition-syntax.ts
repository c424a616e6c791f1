import { type Node, readEnclosed, readOperand, readOperands } from './syntax.ts';
import { CONDITION_KEYWORDS, openReader, type Reader, type Source } from './tokens.ts';

const COMPARATORS = ['=', '<>', '<', '<=', '>', '>='];

/**
 * Reads a condition in one pass. What an opening parenthesis encloses, a condition or an operand, shows only behind
 * it: `(a) = :v` or `(a = :v)`. So both are read alike, and an operand alone is let pass only before a closing one.
 */
export function parseCondition(source: Source): Node {
  const reader = openReader(source, CONDITION_KEYWORDS);
  const condition = readDisjunction(reader, false);
  reader.finish();
  return condition;
}

function readDisjunction(reader: Reader, inside: boolean): Node {
  let left = readConjunction(reader, inside);
  while (reader.is('OR')) left = connective(reader, 'or', left, readConjunction);
  return left;
}

function readConjunction(reader: Reader, inside: boolean): Node {
  let left = readNegation(reader, inside);
  while (reader.is('AND')) left = connective(reader, 'and', left, readNegation);
  return left;
}

function connective(
  reader: Reader,
  name: string,
  left: Node,
  readRight: (reader: Reader, inside: boolean) => Node,
): Node {
  reader.next();
  return { kind: 'connective', name, args: [left, readRight(reader, false)] };
}

function readNegation(reader: Reader, inside: boolean): Node {
  let count = 0;
  while (reader.take('NOT')) count++;
  let condition = readComparison(reader, inside && count === 0);
  for (; count > 0; count--) condition = { kind: 'connective', name: 'not', args: [condition] };
  return condition;
}

function readComparison(reader: Reader, inside: boolean): Node {
  const left = reader.is('(')
    ? readEnclosed(reader, () => readDisjunction(reader, true))
    : readOperand(reader);
  if (!isOperand(left)) return left;
  const { kind } = reader.peek();
  if (COMPARATORS.includes(kind)) {
    reader.next();
    return operator(kind, [left, readOperand(reader)]);
  }
  if (reader.take('BETWEEN')) {
    const low = readOperand(reader);
    reader.expect('AND');
    return operator('between', [left, low, readOperand(reader)]);
  }
  if (reader.take('IN')) {
    reader.expect('(');
    return operator('in', [left, ...readOperands(reader)]);
  }
  if (left.kind === 'function' || (inside && kind === ')')) return left;
  throw reader.refused();
}

const operator = (name: string, args: Node[]): Node => ({ kind: 'operator', name, args });

/** Whether a comparison may begin with it; a call may be both, an operand and a condition. */
const isOperand = (node: Node): boolean => node.kind !== 'operator' && node.kind !== 'connective';
