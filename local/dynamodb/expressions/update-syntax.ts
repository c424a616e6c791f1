import { listOf, type Node, type PathNode, readOperand, readPath, readValue } from './syntax.ts';
import { openReader, type Reader, type Source, UPDATE_KEYWORDS } from './tokens.ts';

/** One action as it is written. */
export interface ActionNode {
  readonly path: PathNode;
  readonly value?: Node;
}

/** A section of an update: its keyword and its actions. */
export interface Section {
  readonly keyword: 'SET' | 'REMOVE' | 'ADD' | 'DELETE';
  readonly actions: readonly ActionNode[];
}

export function parseUpdate(source: Source): Section[] {
  const reader = openReader(source, UPDATE_KEYWORDS);
  const sections: Section[] = [];
  do sections.push(readSection(reader));
  while (!reader.is('end'));
  return sections;
}

function readSection(reader: Reader): Section {
  const keyword = reader.peek().kind;
  switch (keyword) {
    case 'SET':
      return section(reader, keyword, readAssignment);
    case 'REMOVE':
      return section(reader, keyword, () => ({ path: readPath(reader) }));
    case 'ADD':
    case 'DELETE':
      return section(reader, keyword, () => ({ path: readPath(reader), value: readValue(reader) }));
    default:
      throw reader.refused();
  }
}

function section(reader: Reader, keyword: Section['keyword'], read: (reader: Reader) => ActionNode): Section {
  reader.next();
  return { keyword, actions: listOf(reader, read) };
}

function readAssignment(reader: Reader): ActionNode {
  const path = readPath(reader);
  reader.expect('=');
  const left = readOperand(reader);
  const operation = reader.is('+') ? 'add' : reader.is('-') ? 'subtract' : undefined;
  if (!operation) return { path, value: left };
  reader.next();
  return { path, value: { kind: 'operator', name: operation, args: [left, readOperand(reader)] } };
}
