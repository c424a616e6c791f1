import { type Consent, recordConsent } from '../../../domain/customers/consent.ts';
import { checkRecordConsent } from '../../../domain/customers/consent-input.ts';
import type { Customer } from '../../../domain/customers/customer.ts';
import { Refusal } from '../../../domain/errors.ts';
import { demand, demandVia, may } from '../../../domain/team/access.ts';
import type {
  CustomerConsentHistoryArgs,
  MutationRecordConsentArgs,
  MutationRecordConsentsArgs,
} from '../../../graphql/generated/types.ts';
import type { ApiRequest } from '../../runtime/api.ts';
import { eachRow, inTurn } from '../../runtime/batch.ts';
import { tenantConfig } from '../../runtime/tenant-config.ts';
import { addConsent, consentHistoryOf, consentsOf } from '../../table/consents.ts';
import { type CustomerLookup, customerLookup } from '../../table/customers.ts';
import { consentIdFor, fingerprintOfCreation } from '../../table/ids.ts';

/** The fields of consent; one who may not read the customer reads none of them. */
export const consentFields = {
  'Customer.consents': async ({ source: customer, actor }: ApiRequest<unknown, Customer>) =>
    may(actor, 'read', customer) ? consentsOf(customer.id) : null,
  'Customer.consentHistory': async ({
    args,
    source: customer,
    actor,
  }: ApiRequest<CustomerConsentHistoryArgs, Customer>) =>
    may(actor, 'read', customer) ? consentHistoryOf(customer.id, args) : null,
  'Mutation.recordConsent': (request: ApiRequest<MutationRecordConsentArgs>) =>
    recordOne(request, request.args.input, customerLookup([request.args.input.customerId])),
  'Mutation.recordConsents': recordMany,
};

function recordMany(request: ApiRequest<MutationRecordConsentsArgs>) {
  const rows = request.args.input.consents;
  const lookup = customerLookup(rows.map((row) => row.customerId));
  const record = async (row: (typeof rows)[number]) => ({ consent: await recordOne(request, row, lookup) });
  // Statements of one customer change the same item: at the same time, they would only stand in each other's way.
  return eachRow(
    rows,
    inTurn((row) => row.customerId, record),
  );
}

async function recordOne(
  { actor, now, cause }: ApiRequest,
  input: unknown,
  lookup: CustomerLookup,
): Promise<Consent> {
  const command = checkRecordConsent(input, now);
  const { customerId, statedAt, partnerId, clientRequestId } = command;
  demandVia(actor, command.via);
  demand(actor, 'consent', await lookup(customerId));
  if (partnerId) checkPartner(partnerId);
  const id = consentIdFor(customerId, statedAt, { caller: actor.id, clientRequestId });
  const { consent, change } = recordConsent(id, command, cause());
  return addConsent(consent, change, fingerprintOfCreation(command));
}

function checkPartner(partnerId: string): void {
  const names = Object.keys(tenantConfig.partners);
  if (names.includes(partnerId.slice('par_'.length))) return;
  const known = names.map((name) => `par_${name}`).join(', ') || 'none';
  throw new Refusal('PARTNER.NOT_FOUND', `There is no partner ${partnerId}: the firm's are ${known}`, {
    field: 'partnerId',
    value: partnerId,
  });
}
