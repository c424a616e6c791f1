/** The part of a tenant's file that says who is told what, and how. */

import * as v from 'valibot';
import { customerEvents } from './customer-events.ts';
import { oneOf } from './file-faults.ts';
import { email, language, name, option, text, words } from './file-schema.ts';

const rule = v.strictObject({
  name,
  on: option(customerEvents),
  where: v.optional(v.record(v.string(), v.array(v.string('a text'), 'a list of texts'))),
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

/** What a tenant's file says about notifications. */
export const notificationsSchema = v.pipe(
  v.strictObject({
    /** From whom mail comes; the domain of the address becomes an identity of SES. */
    sender: v.strictObject({ name: words(64), email }),
    /** The sender of an SMS, where a country allows one: 1 to 11 letters and digits. */
    smsSender: v.optional(text('1 to 11 letters and digits', /^(?=.*[A-Za-z])[A-Za-z0-9]{1,11}$/)),
    rules: v.array(rule, 'a list of rules'),
    /** By name and language. */
    templates: v.record(
      name,
      v.record(
        language,
        v.strictObject({
          title: words(256),
          text: words(10_000),
          html: v.optional(words(50_000)),
          sms: v.optional(words(480)),
        }),
      ),
    ),
  }),
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed) return;
    const { rules, templates } = dataset.value;
    for (const [index, rule] of rules.entries()) {
      for (const [key, message] of faultsOf(rule, rules.slice(0, index), Object.keys(templates))) {
        addIssue({
          message,
          path: [
            { type: 'object', origin: 'value', input: dataset.value, key: 'rules', value: rules },
            { type: 'array', origin: 'value', input: rules, key: index, value: rule },
            { type: 'object', origin: 'value', input: rule, key, value: rule[key] },
          ],
        });
      }
    }
  }),
);

/** What a rule says that the rest of the file, or the rule itself, contradicts. */
function faultsOf(
  { name, template, to, by, purpose }: Rule,
  before: readonly Rule[],
  templates: readonly string[],
): (readonly [keyof Rule, string])[] {
  return [
    ...(before.some((other) => other.name === name) ? [['name', 'each name once'] as const] : []),
    ...(templates.includes(template)
      ? []
      : [['template', `There is no such template. ${oneOf(template, templates)}`] as const]),
    ...(to === 'CUSTOMER' && by.includes('IN_APP')
      ? [['by', 'EMAIL and SMS for a CUSTOMER, who has no app'] as const]
      : []),
    ...(to === 'CUSTOMER' && purpose === undefined
      ? [['purpose', 'MARKETING or SERVICE, whose consent a CUSTOMER must have given'] as const]
      : []),
  ];
}
