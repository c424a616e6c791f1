import type { AttributeValue, Item } from '../values/attributes.ts';
import { parseCondition } from './condition-syntax.ts';
import { checkOperands } from './operand-types.ts';
import type { ParsedAction, ParsedCall, ParsedOperand, Path } from './parsed.ts';
import { checkOverlaps } from './path-overlaps.ts';
import { checkCondition, checkPaths, checkSections } from './placement.ts';
import { type CallNode, type Node, type PathNode, parseProjection } from './syntax.ts';
import { invalid, type Source } from './tokens.ts';
import { parseUpdate } from './update-syntax.ts';

/** The names and values of a request, and which of them its expressions use. */
export interface Placeholders {
  readonly names: Readonly<Record<string, string>>;
  readonly values: Item;
  readonly used: Set<string>;
}

/** Names and lists in a path (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html#limits-document-paths). */
const MAX_PATH = 32;

/** A condition with its names and values looked up. Throws what DynamoDB says of an expression that is wrong. */
export function readCondition(source: Source, placeholders: Placeholders): ParsedCall {
  const condition = parseCondition(source);
  checkCondition(source.member, condition);
  return resolveCall(source.member, condition as CallNode, placeholders);
}

export function readProjection(source: Source, placeholders: Placeholders): Path[] {
  const nodes = parseProjection(source);
  checkPaths(source.member, nodes);
  const paths = nodes.map((node) => resolvePath(source.member, node, placeholders));
  checkOverlaps(source.member, paths);
  return paths;
}

export function readUpdate(source: Source, placeholders: Placeholders): ParsedAction[] {
  const { member } = source;
  const sections = parseUpdate(source);
  checkSections(member, sections);
  const actions = sections.flatMap(({ keyword, actions }) =>
    actions.map(({ path, value }) => ({ keyword, value, path: resolvePath(member, path, placeholders) })),
  );
  checkOverlaps(
    member,
    actions.map(({ path }) => path),
  );
  return actions.map(({ keyword, path, value }) => {
    const resolved = value && resolve(member, value, placeholders);
    if (resolved && (keyword === 'ADD' || keyword === 'DELETE')) checkOperands(member, keyword, [resolved]);
    const type = keyword.toLowerCase() as ParsedAction['type'];
    return { type, path, ...(resolved && { value: resolved }) };
  });
}

function resolve(member: string, node: Node, placeholders: Placeholders): ParsedOperand {
  if (node.kind === 'path') return resolvePath(member, node, placeholders);
  if (node.kind === 'value') return resolveValue(member, node.text, placeholders);
  return resolveCall(member, node, placeholders);
}

function resolveCall(member: string, { kind, name, args }: CallNode, placeholders: Placeholders): ParsedCall {
  const resolved = args.map((argument) => resolve(member, argument, placeholders));
  if (kind !== 'connective') checkOperands(member, name, resolved);
  return kind === 'function' ? { type: kind, name, args: resolved } : { type: name, args: resolved };
}

function resolveValue(member: string, name: string, { values, used }: Placeholders): AttributeValue {
  const value = Object.hasOwn(values, name) ? values[name] : undefined;
  if (!value) {
    throw invalid(
      member,
      `An expression attribute value used in expression is not defined; attribute value: ${name}`,
    );
  }
  used.add(name);
  return value;
}

function resolvePath(member: string, { steps }: PathNode, { names, used }: Placeholders): Path {
  if (steps.length > MAX_PATH) {
    throw invalid(member, `The document path has too many nesting levels; nesting levels: ${steps.length}`);
  }
  return steps.map(({ kind, text }) => {
    if (kind !== 'name') return kind === 'index' ? Number(text) : text;
    const name = Object.hasOwn(names, text) ? names[text] : undefined;
    if (name === undefined) {
      throw invalid(
        member,
        `An expression attribute name used in the document path is not defined; attribute name: ${text}`,
      );
    }
    used.add(text);
    return name;
  });
}
