import { beforeEach, describe, expect, test } from 'vitest';
import type {
  ConfigurationSetDefinition,
  EventDestinationDefinition,
  SesDefinitions,
} from '../../ses/definitions.ts';
import { createSesDefinitions } from '../../ses/definitions.ts';
import { deploy } from '../deploy.ts';
import { sesTypes } from './ses.ts';

const place = { region: 'eu-west-2', accountId: '111122223333' };
const bus = 'arn:aws:events:eu-west-2:111122223333:event-bus/default';

let definitions: SesDefinitions;
let sets: ConfigurationSetDefinition[];
let destinations: [string, EventDestinationDefinition][];
beforeEach(() => {
  definitions = createSesDefinitions(place);
  sets = [];
  destinations = [];
});

function deployed(Resources: Record<string, { Type: string; Properties: Record<string, unknown> }>) {
  const Outputs = Object.fromEntries(Object.keys(Resources).map((id) => [id, { Value: { Ref: id } }]));
  const stack = {
    name: 'app',
    accountId: undefined,
    region: undefined,
    template: { Resources, Outputs },
    assets: new Map(),
  };
  const ses = {
    putIdentity: definitions.putIdentity,
    putConfigurationSet(definition: ConfigurationSetDefinition) {
      sets.push(definition);
      definitions.putConfigurationSet(definition);
    },
    putEventDestination(set: string, definition: EventDestinationDefinition) {
      destinations.push([set, definition]);
      definitions.putEventDestination(set, definition);
    },
  };
  return deploy([stack], sesTypes({ ses }), place).outputs.get('app') ?? {};
}

const set = {
  Type: 'AWS::SES::ConfigurationSet',
  Properties: {
    SuppressionOptions: { SuppressedReasons: ['COMPLAINT'] },
    ReputationOptions: { ReputationMetricsEnabled: true },
    DeliveryOptions: { TlsPolicy: 'REQUIRE' },
  },
};
const destination = (EventDestination: object) => ({
  Type: 'AWS::SES::ConfigurationSetEventDestination',
  Properties: { ConfigurationSetName: { Ref: 'Set' }, EventDestination },
});

describe('an identity', () => {
  test('of a domain lets its addresses and those of its subdomains send, with its configuration set', () => {
    const refs = deployed({
      Domain: {
        Type: 'AWS::SES::EmailIdentity',
        Properties: {
          EmailIdentity: 'firm.example',
          ConfigurationSetAttributes: { ConfigurationSetName: 'news' },
          DkimSigningAttributes: { NextSigningKeyLength: 'RSA_2048_BIT' },
        },
      },
    });

    expect(refs.Domain).toBe('firm.example');
    for (const domain of ['firm.example', 'mail.firm.example']) {
      expect(definitions.identityOf({ address: `a@${domain}`, domain })).toMatchObject({
        configurationSet: 'news',
      });
    }
    expect(definitions.identityOf({ address: 'a@example', domain: 'example' })).toBeUndefined();
  });
});

describe('a configuration set', () => {
  test('knows what its template says, and publishes to the default bus', () => {
    const refs = deployed({
      Set: set,
      Destination: destination({
        Name: 'bus',
        MatchingEventTypes: ['bounce', 'deliveryDelay', 'COMPLAINT'],
        EventBridgeDestination: { EventBusArn: bus },
      }),
    });

    expect(sets).toEqual([{ name: refs.Set, sendingEnabled: true, suppressedReasons: ['COMPLAINT'] }]);
    expect(destinations).toMatchObject([[refs.Set, { name: 'bus', enabled: true, eventBusArn: bus }]]);
    expect(definitions.configurationSet(String(refs.Set))?.destinations.get('bus')).toEqual({
      eventTypes: new Set(['Bounce', 'Complaint']),
    });
  });

  test('whose destination is disabled publishes nothing', () => {
    const EventBridgeDestination = { EventBusArn: bus };
    const refs = deployed({
      Set: set,
      Destination: destination({
        Name: 'bus',
        Enabled: false,
        MatchingEventTypes: ['send'],
        EventBridgeDestination,
      }),
    });

    const { destinations: known } = definitions.configurationSet(String(refs.Set)) ?? {};
    expect(known?.get('bus')?.eventTypes.size).toBe(0);
  });

  test.each([
    [
      { Name: 'd', SnsDestination: { TopicARN: 'arn' } },
      'the event destination d has SnsDestination: only an EventBridgeDestination runs here',
    ],
    [{ Name: 'd' }, 'the event destination d has no destination'],
    [
      { Name: 'd', EventBridgeDestination: { EventBusArn: `${bus}-2` }, MatchingEventTypes: ['send'] },
      `leads to ${bus}-2: SES publishes to the default bus only`,
    ],
    [
      { Name: 'd', EventBridgeDestination: { EventBusArn: bus }, MatchingEventTypes: ['sent'] },
      'the event destination d asks for sent, which is no type of event of SES',
    ],
  ])('with the destination %j is refused', (properties, message) => {
    expect(() => deployed({ Set: set, Destination: destination(properties) })).toThrow(message);
  });

  test('with an unknown reason or option is refused', () => {
    const changed = (more: object) => ({ Set: { ...set, Properties: { ...set.Properties, ...more } } });

    expect(() => deployed(changed({ SuppressionOptions: { SuppressedReasons: ['SPITE'] } }))).toThrow(
      'SuppressedReasons has SPITE',
    );
    expect(() => deployed(changed({ TrackingOptions: {} }))).toThrow('the property TrackingOptions');
  });
});
