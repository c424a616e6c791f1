import type { Place } from '../aws.ts';
import type { Mailbox } from './addresses.ts';
import { noConfigurationSet } from './errors.ts';
import { DETAIL_TYPES, type EventType } from './events.ts';
import type { Reason } from './suppression.ts';

/** An address or domain that mail may come from. */
export interface Identity {
  readonly name: string;
  readonly kind: 'EMAIL_ADDRESS' | 'DOMAIN';
  /** The configuration set of mails that name none. */
  readonly configurationSet: string | undefined;
}

export interface ConfigurationSetDefinition {
  readonly name: string;
  /** What puts addresses on the account's suppression list and keeps mail from them; default: as the account says. */
  readonly suppressedReasons?: readonly Reason[];
  /** Default: true. */
  readonly sendingEnabled?: boolean;
}

export interface EventDestinationDefinition {
  readonly name: string;
  /** Default: true. */
  readonly enabled?: boolean;
  /** As templates or as the API write them: `deliveryDelay`, `DELIVERY_DELAY`. */
  readonly eventTypes: readonly string[];
  readonly eventBusArn: string;
}

export interface ConfigurationSet extends ConfigurationSetDefinition {
  readonly destinations: ReadonlyMap<string, { readonly eventTypes: ReadonlySet<EventType> }>;
}

/** What templates say of SES; it lives as long as the process. */
export interface SesDefinitions {
  putIdentity(name: string, configurationSet?: string): void;
  putConfigurationSet(definition: ConfigurationSetDefinition): void;
  /** @throws when it leads to another bus than the account's own, or has an unknown type of event. */
  putEventDestination(configurationSet: string, definition: EventDestinationDefinition): void;
  /**
   * The identity that lets this sender send: its address, its domain or one above that
   * (https://docs.aws.amazon.com/ses/latest/dg/creating-identities.html).
   */
  identityOf(sender: Pick<Mailbox, 'address' | 'domain'>): Identity | undefined;
  identity(name: string): Identity | undefined;
  identities(): Identity[];
  configurationSet(name: string): ConfigurationSet | undefined;
}

/** Types of events that can be asked for and never happen here. */
const NEVER = ['open', 'click', 'renderingfailure', 'deliverydelay', 'subscription'];
const types = new Map(
  (Object.keys(DETAIL_TYPES) as EventType[]).map((type) => [type.toLowerCase(), type] as const),
);

function eventTypesOf({ name, enabled = true, eventTypes }: EventDestinationDefinition): Set<EventType> {
  const wanted = new Set<EventType>();
  for (const given of eventTypes) {
    const key = given.replaceAll('_', '').toLowerCase();
    const type = types.get(key);
    if (type) wanted.add(type);
    else if (!NEVER.includes(key)) {
      throw new Error(`the event destination ${name} asks for ${given}, which is no type of event of SES`);
    }
  }
  return enabled ? wanted : new Set();
}

export function createSesDefinitions({ region, accountId }: Place): SesDefinitions {
  const identities = new Map<string, Identity>();
  const sets = new Map<string, ConfigurationSet>();
  const defaultBus = `arn:aws:events:${region}:${accountId}:event-bus/default`;

  /** Domains are the same in any case; addresses are not. */
  const keyOf = (name: string) => (name.includes('@') ? name : name.toLowerCase());

  function domainIdentity(domain: string): Identity | undefined {
    const dot = domain.indexOf('.');
    return identities.get(domain) ?? (dot === -1 ? undefined : domainIdentity(domain.slice(dot + 1)));
  }

  return {
    putIdentity(name, configurationSet) {
      const kind = name.includes('@') ? 'EMAIL_ADDRESS' : 'DOMAIN';
      identities.set(keyOf(name), { name, kind, configurationSet });
    },
    putConfigurationSet(definition) {
      sets.set(definition.name, { ...definition, destinations: new Map() });
    },
    putEventDestination(configurationSet, definition) {
      const set = sets.get(configurationSet);
      if (!set) throw noConfigurationSet(configurationSet);
      if (definition.eventBusArn !== defaultBus) {
        throw new Error(
          `the event destination ${definition.name} leads to ${definition.eventBusArn}: SES publishes to the default bus only, ${defaultBus}`,
        );
      }
      const destination = { eventTypes: eventTypesOf(definition) };
      const destinations = new Map(set.destinations).set(definition.name, destination);
      sets.set(configurationSet, { ...set, destinations });
    },
    identityOf: ({ address, domain }) => identities.get(address) ?? domainIdentity(domain),
    identity: (name) => identities.get(keyOf(name)),
    identities: () => [...identities.values()],
    configurationSet: (name) => sets.get(name),
  };
}
