import * as v from 'valibot';
import { checkInput, clientRequestId, optional, text, via } from '../input.ts';
import { channels } from '../interactions/channel.ts';
import { attributesInput } from './attributes.ts';
import { isCountry } from './country.ts';
import { identitySchema } from './identity-input.ts';

const country = v.pipe(
  v.string(),
  v.check(
    isCountry,
    (issue) => `${JSON.stringify(issue.input)} is no country of ISO 3166-1 alpha-2: write it as GB`,
  ),
);

const language = v.pipe(
  v.string(),
  v.check(
    isLanguageTag,
    (issue) => `${JSON.stringify(issue.input)} is no language tag: write it as en or it-CH`,
  ),
);

const address = v.object({
  lines: optional(v.pipe(v.array(text(128)), v.maxLength(5, 'an address has at most 5 lines'))),
  city: optional(text(128)),
  region: optional(text(128)),
  postalCode: optional(text(32)),
  country: optional(country),
});

const preferences = v.object({
  channel: optional(v.picklist(channels)),
  topics: optional(
    v.pipe(
      v.array(text(64)),
      v.maxLength(20, (issue) => `has ${issue.received} topics; at most 20 are taken`),
    ),
  ),
});

const ownerId = text(128);

const profile = {
  givenName: optional(text(128)),
  familyName: optional(text(128)),
  address: optional(address),
  language: optional(language),
  ownerId: optional(ownerId),
  team: optional(text(64)),
  attributes: attributesInput,
  preferences: optional(preferences),
};

const kind = v.picklist(['PERSON', 'COMPANY']);

const createSchema = v.object({
  clientRequestId,
  kind,
  name: text(256),
  ...profile,
  identities: optional(v.array(identitySchema)),
  via,
});

const updateSchema = v.object({
  clientRequestId,
  id: text(64),
  expectedVersion: optional(v.number()),
  kind: v.optional(kind),
  name: v.optional(text(256)),
  ...profile,
  addIdentities: optional(v.array(identitySchema)),
  removeIdentities: optional(v.array(identitySchema)),
  via,
});

/** A customer to add, in canonical form. */
export type CreateCustomer = v.InferOutput<typeof createSchema>;

/** Changes to a customer, in canonical form: absent stays, null is cleared. */
export type UpdateCustomer = v.InferOutput<typeof updateSchema>;

/** @throws Refusal `INPUT.INVALID` */
export const checkCreateCustomer = (input: unknown): CreateCustomer => checkInput(createSchema, input);

/** @throws Refusal `INPUT.INVALID` */
export const checkUpdateCustomer = (input: unknown): UpdateCustomer => checkInput(updateSchema, input);

/** @throws Refusal `INPUT.INVALID` */
export const checkOwnerId = (input: unknown): string =>
  checkInput(v.object({ ownerId }), { ownerId: input }).ownerId;

function isLanguageTag(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag)[0] === tag;
  } catch {
    return false;
  }
}
