import type { BusEvent } from './event.ts';
import { compilePath, type PathReader } from './json-path.ts';

/** What a target is sent instead of the event; at most one of the three. */
export interface TargetInput {
  /** A constant JSON text. */
  readonly input?: string;
  /** A JSON path: the part of the event to send. */
  readonly inputPath?: string;
  readonly inputTransformer?: InputTransformer;
}

export interface InputTransformer {
  readonly inputPathsMap?: Readonly<Record<string, string>>;
  readonly inputTemplate: string;
}

export interface RuleContext {
  readonly ruleArn: string;
  readonly ruleName: string;
  /** ISO 8601. */
  readonly ingestionTime: string;
}

/** Makes the text that a target receives for an event; `json` is the event as text. */
export type Transform = (event: BusEvent, json: string, context: RuleContext) => string;

/** Compiles what a target is to be sent. Throws an `Error` that names a path or a variable that cannot be. */
export function compileInput({ input, inputPath, inputTransformer }: TargetInput): Transform {
  if ([input, inputPath, inputTransformer].filter((given) => given !== undefined).length > 1) {
    throw new Error('Only one of Input, InputPath, or InputTransformer must be provided.');
  }
  if (input !== undefined) {
    JSON.parse(input);
    return () => input;
  }
  if (inputPath !== undefined) {
    const read = compilePath(inputPath);
    return (event) => JSON.stringify(read(event) ?? {});
  }
  return inputTransformer ? compileTransformer(inputTransformer) : (_, json) => json;
}

/**
 * A placeholder outside of quotes becomes JSON, inside of quotes the text of the value, escaped where it must be for
 * the result to be JSON. A path that leads nowhere leaves no text in quotes and an empty string outside of them.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html
 */
function compileTransformer({ inputPathsMap = {}, inputTemplate }: InputTransformer): Transform {
  const variables = new Map<string, PathReader>();
  for (const [name, path] of Object.entries(inputPathsMap)) {
    if (/^aws\./i.test(name)) throw new Error(`The variable '${name}' must not start with AWS.`);
    variables.set(name, compilePath(path));
  }
  const parts = parseTemplate(inputTemplate);
  for (const part of parts) {
    if (part.variable === undefined || part.variable in predefined || variables.has(part.variable)) continue;
    throw new Error(`InputTemplate uses <${part.variable}>, which InputPathsMap does not define.`);
  }
  return (event, json, context) => {
    let result = '';
    for (const { text, variable, quoted } of parts) {
      result += text;
      if (variable === undefined) continue;
      const value = predefined[variable]?.(event, json, context) ?? variables.get(variable)?.(event);
      result += quoted ? inQuotes(value) : JSON.stringify(value ?? '');
    }
    return result;
  };
}

const predefined: Readonly<Record<string, (event: BusEvent, json: string, context: RuleContext) => unknown>> =
  {
    'aws.events.rule-arn': (_, __, { ruleArn }) => ruleArn,
    'aws.events.rule-name': (_, __, { ruleName }) => ruleName,
    'aws.events.event.ingestion-time': (_, __, { ingestionTime }) => ingestionTime,
    'aws.events.event.json': (event) => event,
    'aws.events.event': ({ detail, ...rest }) => rest,
  };

function inQuotes(value: unknown): string {
  if (value === undefined) return '';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return JSON.stringify(text).slice(1, -1);
}

interface TemplatePart {
  readonly text: string;
  /** The placeholder that follows the text, if one does. */
  readonly variable?: string;
  readonly quoted?: boolean;
}

function parseTemplate(template: string): TemplatePart[] {
  const parts: TemplatePart[] = [];
  let quoted = false;
  let from = 0;
  for (const match of template.matchAll(/<([\w.-]+)>|\\.|"/gs)) {
    if (match[0] === '"') quoted = !quoted;
    if (match[1] === undefined) continue;
    parts.push({ text: template.slice(from, match.index), variable: match[1], quoted });
    from = match.index + match[0].length;
  }
  parts.push({ text: template.slice(from) });
  return parts;
}
