import { parsePhoneNumberFromString } from 'libphonenumber-js/min';
import * as v from 'valibot';
import { checkInput, optional, text } from '../input.ts';
import type { Identity } from './identity.ts';

const email = v.pipe(
  text(254),
  v.email((issue) => `${issue.received} is not an e-mail address: write it as ada@example.com`),
  v.toLowerCase(),
);

/** E.164 (https://www.itu.int/rec/T-REC-E.164): what a national form means depends on where it was written. */
const phone = v.pipe(
  text(32),
  v.check(isE164, (issue) => {
    const number = parsePhoneNumberFromString(issue.input)?.number ?? '+441632960001';
    return `${JSON.stringify(issue.input)} is not in E.164: write it with the country code and digits only, as ${number}`;
  }),
);

/** An identity as clients send it. */
export const identitySchema = v.pipe(
  v.object({
    kind: v.picklist(['EMAIL', 'PHONE', 'EXTERNAL_ID']),
    value: v.string(),
    source: optional(text(64)),
  }),
  v.rawTransform(({ dataset, addIssue, NEVER }): Identity => {
    const { kind, value, source } = dataset.value;
    if (kind === 'EXTERNAL_ID' ? !source : source) {
      const needs =
        kind === 'EXTERNAL_ID' ? 'an external id needs the source it comes from' : `${kind} takes no source`;
      addIssue({
        message: needs,
        path: [{ type: 'object', origin: 'value', input: dataset.value, key: 'source', value: source }],
      });
      return NEVER;
    }
    const schema = kind === 'EMAIL' ? email : kind === 'PHONE' ? phone : text(128);
    const checked = v.safeParse(schema, value);
    if (!checked.success) {
      addIssue({
        message: checked.issues[0].message,
        path: [{ type: 'object', origin: 'value', input: dataset.value, key: 'value', value }],
      });
      return NEVER;
    }
    return source ? { kind, value: checked.output, source } : { kind, value: checked.output };
  }),
);

/** @throws Refusal `INPUT.INVALID` */
export const checkIdentity = (input: unknown): Identity => checkInput(identitySchema, input);

function isE164(value: string): boolean {
  const number = parsePhoneNumberFromString(value);
  return number?.number === value && number.isPossible();
}
