import type { Customer } from '../../../domain/customers/customer.ts';
import {
  createAgreement,
  endAgreement,
  type NewVersion,
  partnerIdOf,
  type SharingAgreement,
  updateAgreement,
} from '../../../domain/partners/agreement.ts';
import { checkCreateAgreement, checkUpdateAgreement } from '../../../domain/partners/agreement-input.ts';
import { demandTenant, may } from '../../../domain/team/access.ts';
import type {
  CustomerSharesArgs,
  MutationCreateSharingAgreementArgs,
  MutationEndSharingAgreementArgs,
  MutationUpdateSharingAgreementArgs,
  QuerySharingAgreementsArgs,
  SharingAgreementVersionsArgs,
} from '../../../graphql/generated/types.ts';
import { type ApiRequest, apiHandler } from '../../runtime/api.ts';
import { tenantConfig } from '../../runtime/tenant-config.ts';
import {
  addAgreement,
  knownAgreement,
  listAgreements,
  replaceAgreement,
  setAgreementAside,
  versionsOf,
} from '../../table/agreements.ts';
import { untilUncontended } from '../../table/contention.ts';
import { agreementIdFor, fingerprintOfCreation } from '../../table/ids.ts';
import { sharesOf } from '../../table/shares.ts';

export const handler = apiHandler({
  'Query.partners': async () => partners,
  'Query.sharingAgreements': ({ args }: ApiRequest<QuerySharingAgreementsArgs>) =>
    listAgreements(args, args.partnerId),
  'SharingAgreement.versions': ({
    args,
    source,
  }: ApiRequest<SharingAgreementVersionsArgs, SharingAgreement>) => versionsOf(source.id, args),
  'Mutation.createSharingAgreement': create,
  'Mutation.updateSharingAgreement': update,
  'Mutation.endSharingAgreement': end,
  'Customer.shares': shares,
});

const partners = Object.entries(tenantConfig.partners).map(([name, { title }]) => ({
  id: partnerIdOf(name),
  name,
  title,
}));

function create({ args, actor, now, cause }: ApiRequest<MutationCreateSharingAgreementArgs>) {
  demandTenant(actor, 'agreements');
  const command = checkCreateAgreement(args.input, now);
  const id = agreementIdFor({ caller: actor.id, clientRequestId: command.clientRequestId });
  const partnerIds = partners.map((partner) => partner.id);
  return untilUncontended(() =>
    addAgreement(createAgreement(id, command, partnerIds, cause()), fingerprintOfCreation(args.input)),
  );
}

function update({ args, actor, cause }: ApiRequest<MutationUpdateSharingAgreementArgs>) {
  demandTenant(actor, 'agreements');
  const command = checkUpdateAgreement(args.input);
  return change(command.id, (current) => updateAgreement(current, command, cause()), replaceAgreement);
}

function end({ args, actor, cause }: ApiRequest<MutationEndSharingAgreementArgs>) {
  demandTenant(actor, 'agreements');
  return change(args.input.id, (current) => endAgreement(current, cause()), setAgreementAside);
}

async function shares({ args, source: customer, actor }: ApiRequest<CustomerSharesArgs, Customer>) {
  return may(actor, 'read', customer) ? sharesOf(customer.id, args) : null;
}

/** Decides on the present version and writes if it still is the present one; what changes nothing writes nothing. */
function change(
  id: string,
  decide: (current: SharingAgreement) => NewVersion | undefined,
  write: (changed: NewVersion) => Promise<SharingAgreement | 'contended'>,
): Promise<SharingAgreement> {
  return untilUncontended(async () => {
    const current = await knownAgreement(id);
    const changed = decide(current);
    return changed ? write(changed) : current;
  });
}
