import {
  type ASTNode,
  type DocumentNode,
  type GraphQLError,
  type GraphQLSchema,
  getLocation,
  Kind,
  type ObjectFieldNode,
  type ValueNode,
  validate,
  visit,
} from 'graphql';
import { type ErrorEntry, locationsOf } from './errors.ts';

/** Validates a query; errors are in the words of graphql-java, which AppSync is made of. */
export function validationErrors(schema: GraphQLSchema, document: DocumentNode): ErrorEntry[] {
  return validate(schema, document, undefined, { maxErrors: 50 }).map((error) => entryOf(document, error));
}

/** How an error of graphql-js reads at AppSync: its pattern there, and type and text here. */
type Wording = readonly [RegExp, (...groups: string[]) => [type: string, text: string, placed: boolean]];

const wordings: readonly Wording[] = [
  [
    /^Cannot query field "(\w+)" on type "(\w+)"/,
    (field, type) => ['FieldUndefined', `Field '${field}' in type '${type}' is undefined`, true],
  ],
  [
    /^Unknown argument "(\w+)" on field/,
    (name) => ['UnknownArgument', `Unknown field argument ${name}`, true],
  ],
  [
    /^Unknown argument "(\w+)" on directive "@(\w+)"/,
    (name) => ['UnknownArgument', `Unknown directive argument ${name}`, true],
  ],
  [
    /^Field "\w+" argument "(\w+)" of type "[^"]+" is required/,
    (name) => ['MissingFieldArgument', `Missing field argument ${name}`, true],
  ],
  [
    /^Directive "@(\w+)" argument "(\w+)" of type "[^"]+" is required/,
    (directive, name) => [
      'MissingDirectiveArgument',
      `Missing directive argument ${name} of ${directive}`,
      true,
    ],
  ],
  [
    /^Field "(\w+)" must not have a selection since type "([^"]+)"/,
    (field, type) => [
      'SubSelectionNotAllowed',
      `Sub selection not allowed on leaf type ${type} of field ${field}`,
      true,
    ],
  ],
  [
    /^Field "(\w+)" of type "([^"]+)" must have a selection/,
    (field, type) => [
      'SubSelectionRequired',
      `Sub selection required for type ${type} of field ${field}`,
      true,
    ],
  ],
  [/^Variable "\$(\w+)" is not defined/, (name) => ['UndefinedVariable', `Undefined variable ${name}`, true]],
  [/^Variable "\$(\w+)" is never used/, (name) => ['UnusedVariable', `Unused variable ${name}`, false]],
  [
    /^Variable "\$\w+" of type "([^"]+)" used in position expecting type "([^"]+)"/,
    (type, expected) => [
      'VariableTypeMismatch',
      `Variable type '${type}' doesn't match expected type '${expected}'`,
      true,
    ],
  ],
  [
    /^Variable "\$(\w+)" cannot be non-input type "([^"]+)"/,
    (_name, type) => [
      'NonInputTypeOnVariable',
      `Input variable has to be of an input type, not ${type}`,
      false,
    ],
  ],
  [
    /^There can be only one variable named "\$(\w+)"/,
    (name) => ['DuplicateVariableName', `There can be only one variable named '${name}'`, false],
  ],
  [/^Unknown fragment "(\w+)"/, (name) => ['UndefinedFragment', `Undefined fragment ${name}`, true]],
  [/^Fragment "(\w+)" is never used/, (name) => ['UnusedFragment', `Unused fragment ${name}`, false]],
  [
    /^Cannot spread fragment "\w+" within itself/,
    () => ['FragmentCycle', 'Fragment cycles not allowed', false],
  ],
  [
    /^Fragment (?:"(\w+)" )?cannot (?:be spread here as objects of type|condition on non composite type) "([^"]+)"/,
    (name, type) => ['InvalidFragmentType', `Fragment ${name ?? ''} can't be spread on type ${type}`, true],
  ],
  [/^Unknown type "(\w+)"/, (name) => ['UnknownType', `Unknown type ${name}`, false]],
  [/^Unknown directive "@(\w+)"/, (name) => ['UnknownDirective', `Unknown directive ${name}`, true]],
  [
    /^Directive "@(\w+)" may not be used on/,
    (name) => ['MisplacedDirective', `Directive ${name} not allowed here`, true],
  ],
  [
    /^Fields "(\w+)" conflict because ([\s\S]+?)(?:\. Use different aliases|$)/,
    (name, reason) => ['FieldsConflict', `${name}: ${reason}`, true],
  ],
  [
    /^There can be only one operation named "(\w+)"/,
    (name) => ['DuplicateOperationName', `There can be only one operation named '${name}'`, false],
  ],
  [
    /^This anonymous operation must be/,
    () => ['LoneAnonymousOperationViolation', 'Anonymous operation with other operations.', false],
  ],
  [
    /^(?:Anonymous )?Subscription .*must select only one top level field/,
    () => [
      'SubscriptionMultipleRootFields',
      'Subscription operation must have exactly one root field',
      false,
    ],
  ],
];

function entryOf(document: DocumentNode, error: GraphQLError): ErrorEntry {
  const node = error.message.includes('used in position') ? error.nodes?.at(-1) : error.nodes?.[0];
  const path = node ? pathTo(document, node) : [];
  const argument = path.findLast((ancestor) => ancestor.kind === Kind.ARGUMENT);
  const wrong = argument?.kind === Kind.ARGUMENT ? wrongValue(error, argument.value) : undefined;
  if (wrong && argument?.kind === Kind.ARGUMENT && argument.loc) {
    return {
      path: null,
      locations: locationsOf([getLocation(argument.loc.source, argument.loc.start)]),
      message: `Validation error of type WrongType: argument '${argument.name.value}' with value '${printed(argument.value)}' ${wrong} @ '${named(path)}'`,
    };
  }
  for (const [pattern, say] of wordings) {
    const match = pattern.exec(error.message);
    if (!match) continue;
    const [type, text, placed] = say(...match.slice(1));
    const place = placed && path.length > 0 ? ` @ '${named(path)}'` : '';
    return entry(error, `Validation error of type ${type}: ${text}${place}`);
  }
  return entry(error, `Validation error of type InvalidSyntax: ${error.message}`);
}

function entry(error: GraphQLError, message: string): ErrorEntry {
  return { path: null, locations: locationsOf(error.locations?.slice(0, 1)), message };
}

/** What is wrong with the literal of an argument, or undefined for errors of another kind. */
function wrongValue(error: GraphQLError, value: ValueNode): string | undefined {
  const { message } = error;
  const missing = /^Field "\w+\.(\w+)" of required type/.exec(message);
  if (missing) return `is missing required fields '[${missing[1]}]'`;
  const unknown = /^Field "(\w+)" is not defined by type "(\w+)"/.exec(message);
  if (unknown) return `contains a field not in '${unknown[2]}': '${unknown[1]}'`;
  const notNull = /^Expected value of type "([^"]+!)", found null/.exec(message);
  if (notNull) return 'must not be null';
  const wrong =
    /^Expected value of type "([^"]+)"/.exec(message) ??
    /^Value "[^"]*" does not exist in "(\w+)" enum/.exec(message) ??
    /^Enum "(\w+)" cannot represent/.exec(message) ??
    /^(Int|Float|String|Boolean|ID) cannot represent/.exec(message);
  return wrong && value ? `is not a valid '${wrong[1]?.replaceAll('!', '')}'` : undefined;
}

/** The nodes from the document to a node, both included. */
function pathTo(document: DocumentNode, node: ASTNode): readonly ASTNode[] {
  let found: readonly ASTNode[] = [];
  const stack: ASTNode[] = [];
  visit(document, {
    enter(current) {
      stack.push(current);
      if (current === node) found = [...stack];
    },
    leave() {
      stack.pop();
    },
  });
  return found;
}

/** The fields on the way, as graphql-java writes them: `listPosts/items/title`. */
function named(path: readonly ASTNode[]): string {
  return path
    .flatMap((node) =>
      node.kind === Kind.FIELD || node.kind === Kind.FRAGMENT_DEFINITION ? [node.name.value] : [],
    )
    .join('/');
}

/** A literal as graphql-java's `toString` gives it. */
function printed(value: ValueNode): string {
  switch (value.kind) {
    case Kind.OBJECT:
      return `ObjectValue{objectFields=[${value.fields.map(printedField).join(', ')}]}`;
    case Kind.LIST:
      return `ArrayValue{values=[${value.values.map(printed).join(', ')}]}`;
    case Kind.STRING:
      return `StringValue{value='${value.value}'}`;
    case Kind.ENUM:
      return `EnumValue{name='${value.value}'}`;
    case Kind.VARIABLE:
      return `VariableReference{name='${value.name.value}'}`;
    case Kind.NULL:
      return 'NullValue{}';
    default:
      return `${value.kind}{value=${value.value}}`;
  }
}

function printedField({ name, value }: ObjectFieldNode): string {
  return `ObjectField{name='${name.value}', value=${printed(value)}}`;
}
