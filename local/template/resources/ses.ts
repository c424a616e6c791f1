import type { Ses } from '../../ses/ses.ts';
import type { Reason } from '../../ses/suppression.ts';
import type { Properties, ResourceTypes } from '../deploy.ts';
import { stableId } from '../physical-name.ts';

interface EventDestinationProperties {
  readonly Name?: string;
  readonly Enabled?: boolean;
  readonly MatchingEventTypes?: readonly string[];
  readonly EventBridgeDestination?: { readonly EventBusArn?: string };
}

const EVENT_DESTINATION_PROPERTIES = new Set([
  'Name',
  'Enabled',
  'MatchingEventTypes',
  'EventBridgeDestination',
]);

function reasonsOf({ SuppressionOptions }: Properties): readonly Reason[] | undefined {
  const { SuppressedReasons } = (SuppressionOptions ?? {}) as { SuppressedReasons?: readonly Reason[] };
  const unknown = SuppressedReasons?.find((reason) => reason !== 'BOUNCE' && reason !== 'COMPLAINT');
  if (unknown === undefined) return SuppressedReasons;
  throw new Error(`SuppressedReasons has ${String(unknown)}: use BOUNCE or COMPLAINT`);
}

/** The three records that would prove a domain to SES, the same at every start; nobody asks for them here. */
function dkimTokens(identity: string): Record<string, string> {
  return Object.fromEntries(
    [1, 2, 3].flatMap((index) => {
      const token = stableId(32, 'dkim', identity, String(index)).toLowerCase();
      return [
        [`DkimDNSTokenName${index}`, `${token}._domainkey.${identity}`],
        [`DkimDNSTokenValue${index}`, `${token}.dkim.amazonses.com`],
      ];
    }),
  );
}

export function sesTypes({
  ses,
}: {
  ses: Pick<Ses, 'putIdentity' | 'putConfigurationSet' | 'putEventDestination'>;
}): ResourceTypes {
  return {
    'AWS::SES::EmailIdentity': {
      treatment: 'run',
      properties: {
        EmailIdentity: 'applied',
        ConfigurationSetAttributes: 'applied',
        DkimAttributes: 'without effect',
        DkimSigningAttributes: 'without effect',
        FeedbackAttributes: 'without effect',
        MailFromAttributes: 'without effect',
        Tags: 'without effect',
      },
      create({ EmailIdentity, ConfigurationSetAttributes }) {
        const name = String(EmailIdentity);
        const { ConfigurationSetName } = (ConfigurationSetAttributes ?? {}) as {
          ConfigurationSetName?: string;
        };
        ses.putIdentity(name, ConfigurationSetName);
        return { ref: name, attributes: dkimTokens(name) };
      },
    },
    'AWS::SES::ConfigurationSet': {
      treatment: 'run',
      properties: {
        Name: 'applied',
        SendingOptions: 'applied',
        SuppressionOptions: 'applied',
        DeliveryOptions: 'without effect',
        ReputationOptions: 'without effect',
        Tags: 'without effect',
        VdmOptions: 'without effect',
      },
      create(properties, resource) {
        const name = String(properties.Name ?? resource.name());
        const { SendingEnabled = true } = (properties.SendingOptions ?? {}) as { SendingEnabled?: boolean };
        const suppressedReasons = reasonsOf(properties);
        ses.putConfigurationSet({
          name,
          sendingEnabled: SendingEnabled,
          ...(suppressedReasons && { suppressedReasons }),
        });
        return { ref: name };
      },
    },
    'AWS::SES::ConfigurationSetEventDestination': {
      treatment: 'run',
      properties: { ConfigurationSetName: 'applied', EventDestination: 'applied' },
      create({ ConfigurationSetName, EventDestination }, resource) {
        const given = (EventDestination ?? {}) as EventDestinationProperties;
        const { Name = resource.name(), Enabled = true, MatchingEventTypes = [] } = given;
        const unknown = Object.keys(given).filter((name) => !EVENT_DESTINATION_PROPERTIES.has(name));
        const eventBusArn = given.EventBridgeDestination?.EventBusArn;
        if (unknown.length > 0 || eventBusArn === undefined) {
          const has = unknown.length > 0 ? unknown.join(', ') : 'no destination';
          throw new Error(
            `the event destination ${Name} has ${has}: only an EventBridgeDestination runs here`,
          );
        }
        ses.putEventDestination(String(ConfigurationSetName), {
          name: Name,
          enabled: Enabled,
          eventTypes: MatchingEventTypes,
          eventBusArn,
        });
        const id = `${String(ConfigurationSetName)}|${Name}`;
        return { ref: id, attributes: { Id: id } };
      },
    },
  };
}
