/** The part of a tenant's file that says who is told what, and how. */

import * as v from 'valibot';
import { customerEvents } from './customer-events.ts';
import { fieldsOf } from './event-fields.ts';
import { oneOf } from './file-faults.ts';
import { email, language, line, name, option, text, words } from './file-schema.ts';
import { syntaxFault, variableFault } from './template-faults.ts';

const rule = v.strictObject({
  name,
  on: option(customerEvents),
  where: v.optional(
    v.record(
      v.string(),
      v.pipe(v.array(v.string('a text'), 'a list of texts'), v.minLength(1, 'at least one text')),
    ),
  ),
  to: option(['OWNER', 'TEAM', 'CUSTOMER']),
  by: v.pipe(
    v.array(option(['IN_APP', 'EMAIL', 'SMS']), 'a list of IN_APP, EMAIL, SMS'),
    v.minLength(1, 'at least one of IN_APP, EMAIL, SMS'),
  ),
  template: name,
  purpose: v.optional(option(['MARKETING', 'SERVICE'])),
  imported: v.optional(v.boolean('true or false')),
});

type Rule = v.InferOutput<typeof rule>;

const template = (max: number) =>
  v.pipe(
    words(max),
    v.check(
      (text) => syntaxFault(text) === undefined,
      ({ input }) => `a template of Liquid; of this one it says: ${syntaxFault(input)}`,
    ),
  );

const templates = v.record(
  name,
  v.pipe(
    v.record(
      language,
      v.strictObject({
        title: template(256),
        text: template(10_000),
        html: v.optional(template(50_000)),
        sms: v.optional(template(480)),
      }),
    ),
    v.check((languages) => Object.keys(languages).length > 0, 'a text in at least one language'),
  ),
);

/** What a tenant's file says about notifications. */
export const notificationsSchema = v.pipe(
  v.strictObject({
    /** From whom mail comes; the domain of the address becomes an identity of SES. */
    sender: v.strictObject({ name: line(64), email }),
    /** The sender of an SMS, where a country allows one: 1 to 11 letters and digits. */
    smsSender: v.optional(text('1 to 11 letters and digits', /^(?=.*[A-Za-z])[A-Za-z0-9]{1,11}$/)),
    rules: v.array(rule, 'a list of rules'),
    /** By name and language. */
    templates,
  }),
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed) return;
    for (const { path, message } of faultsOf(dataset.value)) {
      addIssue({ message, path: pathIn(dataset.value, path) });
    }
  }),
);

/** A fault and the keys that lead to it. */
interface Fault {
  readonly path: readonly [string | number, ...(string | number)[]];
  readonly message: string;
}

interface Content {
  readonly rules: readonly Rule[];
  readonly templates: v.InferOutput<typeof templates>;
}

/** What one part of the file says that another part, or the contract of the events, contradicts. */
function faultsOf({ rules, templates }: Content): Fault[] {
  return [
    ...rules.flatMap((rule, index) =>
      [...ruleFaults(rule, rules.slice(0, index), Object.keys(templates)), ...whereFaults(rule)].map(
        ([message, ...keys]): Fault => ({ path: ['rules', index, ...keys], message }),
      ),
    ),
    ...Object.entries(templates).flatMap(([name, languages]) => {
      const events = rules.filter(({ template }) => template === name).map(({ on }) => on);
      const fields = [
        ...new Set((events.length > 0 ? events : customerEvents).flatMap((on) => [...fieldsOf(on).keys()])),
      ];
      return Object.entries(languages).flatMap(([tag, parts]) =>
        Object.entries(parts).flatMap(([part, text]): Fault[] => {
          const message = text && variableFault(text, fields);
          return message ? [{ path: ['templates', name, tag, part], message }] : [];
        }),
      );
    }),
  ];
}

function ruleFaults(
  { name, template, to, by, purpose }: Rule,
  before: readonly Rule[],
  templates: readonly string[],
): (readonly [message: string, keyof Rule])[] {
  return [
    ...(before.some((other) => other.name === name) ? [['each name once', 'name'] as const] : []),
    ...(templates.includes(template)
      ? []
      : [[`There is no such template. ${oneOf(template, templates)}`, 'template'] as const]),
    ...(to === 'CUSTOMER' && by.includes('IN_APP')
      ? [['EMAIL and SMS for a CUSTOMER, who has no app', 'by'] as const]
      : []),
    ...(to === 'CUSTOMER' && purpose === undefined
      ? [['MARKETING or SERVICE, whose consent a CUSTOMER must have given', 'purpose'] as const]
      : []),
  ];
}

/** Conditions that no event can meet. */
function whereFaults({ on, where = {} }: Rule): (readonly [message: string, 'where', string])[] {
  const fields = fieldsOf(on);
  return Object.entries(where).flatMap(([field, values]) => {
    const at = (message: string) => [[message, 'where', field] as const];
    if (!fields.has(field)) return at(`${on} has no such field. ${oneOf(field, [...fields.keys()])}`);
    const possible = fields.get(field) ?? values;
    const wrong = values.filter((value) => !possible.includes(value));
    return wrong.flatMap((value) =>
      at(`${field} is never ${JSON.stringify(value)}. ${oneOf(value, possible)}`),
    );
  });
}

type Path = [v.IssuePathItem, ...v.IssuePathItem[]];

function pathIn(content: object, keys: Fault['path']): Path {
  let input: unknown = content;
  return keys.map((key) => {
    const item = {
      type: 'unknown',
      origin: 'value',
      input,
      key,
      value: (input as Record<string, unknown>)[key],
    };
    input = item.value;
    return item;
  }) as unknown as Path;
}
