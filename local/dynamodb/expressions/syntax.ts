import { invalid, openReader, type Reader, type Source } from './tokens.ts';

/** One step of a path as it is written. */
export interface Step {
  readonly kind: 'word' | 'name' | 'index';
  readonly text: string;
}

export interface PathNode {
  readonly kind: 'path';
  readonly steps: readonly Step[];
}

interface ValueNode {
  readonly kind: 'value';
  readonly text: string;
}

/** A function, an operator or a connective, with its arguments in the order of the text. */
export interface CallNode {
  readonly kind: 'function' | 'operator' | 'connective';
  /** The function's name, or the operator: `=`, `between`, `in`, `add`, `subtract`, `and`, `or`, `not`. */
  readonly name: string;
  readonly args: readonly Node[];
}

/** A part of an expression as it is written: names and values are not looked up yet. */
export type Node = (PathNode | ValueNode | CallNode) & {
  /** Whether it stands in parentheses of its own. */
  readonly enclosed?: true;
};

export function readPath(reader: Reader): PathNode {
  const steps: Step[] = [readName(reader)];
  for (;;) {
    if (reader.take('.')) steps.push(readName(reader));
    else if (reader.take('[')) {
      steps.push({ kind: 'index', text: reader.expect('index').text });
      reader.expect(']');
    } else return { kind: 'path', steps };
  }
}

function readName(reader: Reader): Step {
  const { kind } = reader.peek();
  if (kind !== 'word' && kind !== 'name') throw reader.refused();
  return { kind, text: reader.next().text };
}

export function readValue(reader: Reader): Node {
  return { kind: 'value', text: reader.expect('value').text };
}

/** A path, a value, a call, or one of these in parentheses. */
export function readOperand(reader: Reader): Node {
  if (reader.is('(')) return readEnclosed(reader, readOperand);
  if (reader.is('value')) return readValue(reader);
  return reader.is('word') && reader.peek(1).kind === '(' ? readCall(reader) : readPath(reader);
}

/** As many operators as an expression may hold: with more pairs of parentheses in each other some must be redundant. */
const MAX_DEPTH = 300;

/** Reads what parentheses enclose. Two pairs around the same are one too many. */
export function readEnclosed(reader: Reader, read: (reader: Reader) => Node): Node {
  const redundant = () => invalid(reader.source.member, 'The expression has redundant parentheses;');
  reader.expect('(');
  if (++reader.depth > MAX_DEPTH) throw redundant();
  const inner = read(reader);
  reader.depth--;
  reader.expect(')');
  if (inner.enclosed) throw redundant();
  return { ...inner, enclosed: true };
}

function readCall(reader: Reader): Node {
  const name = reader.next().text;
  reader.expect('(');
  return { kind: 'function', name, args: readOperands(reader) };
}

/** Operands up to the closing parenthesis; at least one. */
export function readOperands(reader: Reader): Node[] {
  const operands = listOf(reader, readOperand);
  reader.expect(')');
  return operands;
}

/** One or more, with commas between. */
export function listOf<T>(reader: Reader, read: (reader: Reader) => T): T[] {
  const elements = [read(reader)];
  while (reader.take(',')) elements.push(read(reader));
  return elements;
}

export function parseProjection(source: Source): PathNode[] {
  const reader = openReader(source);
  const paths = listOf(reader, readPath);
  reader.finish();
  return paths;
}
