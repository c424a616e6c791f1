import { type AnyNode, type Node, parse } from 'acorn';
import { full } from 'acorn-walk';

/** https://docs.aws.amazon.com/appsync/latest/devguide/resolver-reference-overview-js.html */
const largestCode = 32 * 1024;
const modules = ['@aws-appsync/utils'];

/**
 * Refuses resolver code that AppSync refuses at deployment: what the APPSYNC_JS runtime lacks, as
 * `@aws-appsync/eslint-plugin` knows it, and code over 32 KB.
 * @throws {Error} that names the resolver, the line and what is not supported
 */
export function checkCode(code: string, name: string): void {
  const size = Buffer.byteLength(code);
  if (size > largestCode) {
    throw new Error(`The code of ${name} has ${size} bytes, but AppSync takes at most ${largestCode}.`);
  }
  let program: Node;
  try {
    program = parse(code, { ecmaVersion: 2022, sourceType: 'module', locations: true });
  } catch (error) {
    throw new Error(`The code of ${name} cannot be read: ${(error as Error).message}`);
  }
  full(program, (node) => {
    const lacking = lackingFeature(node as AnyNode);
    if (lacking) {
      throw new Error(
        `The code of ${name} uses ${lacking} in line ${node.loc?.start.line ?? '?'}, which APPSYNC_JS does not have.`,
      );
    }
  });
}

function lackingFeature(node: AnyNode): string | undefined {
  switch (node.type) {
    case 'FunctionDeclaration':
    case 'FunctionExpression':
    case 'ArrowFunctionExpression':
      if (node.async) return 'an async function';
      return node.generator ? 'a generator' : undefined;
    case 'AwaitExpression':
      return 'await';
    case 'ClassDeclaration':
    case 'ClassExpression':
      return 'a class';
    case 'ForStatement':
      return 'a for loop with a counter (for-of and for-in are there)';
    case 'WhileStatement':
    case 'DoWhileStatement':
      return 'while';
    case 'ThrowStatement':
      return 'throw (util.error is there)';
    case 'TryStatement':
      return 'try';
    case 'LabeledStatement':
      return 'a label';
    case 'ThisExpression':
      return 'this';
    case 'UpdateExpression':
      return `the operator ${node.operator}`;
    case 'UnaryExpression':
      return node.operator === '~' ? 'the operator ~' : undefined;
    case 'Literal':
      return node.regex ? 'a regular expression (util.matches is there)' : undefined;
    case 'ImportExpression':
      return 'import()';
    case 'ImportDeclaration':
      return modules.includes(String(node.source.value))
        ? undefined
        : `the module ${String(node.source.value)} (in the local cloud only ${modules.join(', ')} is there)`;
    case 'NewExpression':
      return node.callee.type === 'Identifier' &&
        ['Date', 'Promise', 'RegExp', 'Function'].includes(node.callee.name)
        ? `new ${node.callee.name}`
        : undefined;
    default:
      return undefined;
  }
}
