import { type Facts, type Input, isText, type JsonNeeds, type Keys, type Need, objectsIn } from '../need.ts';

function arnOf(path: string, { place }: Facts): string {
  return `arn:aws:events:${place.region}:${place.accountId}:${path}`;
}

function busArn(nameOrArn: unknown, facts: Facts): string {
  const given = isText(nameOrArn) ? nameOrArn : 'default';
  return given.startsWith('arn:') ? given : arnOf(`event-bus/${given}`, facts);
}

/** The path of a rule in its ARN; that of one on the default bus does not name the bus. */
function rulePath(bus: unknown, name: unknown): string {
  const given = isText(bus) ? bus.slice(bus.lastIndexOf('/') + 1) : 'default';
  return given === 'default' ? `rule/${String(name)}` : `rule/${given}/${String(name)}`;
}

/** One need for each bus, with the sources and types of its entries. */
function putNeeds(input: Input, facts: Facts): Need[] {
  const byBus = Map.groupBy(objectsIn(input.Entries), ({ EventBusName }) => busArn(EventBusName, facts));
  return [...byBus].map(([resource, entries]) => {
    const valuesOf = (name: string) => () => [...new Set(entries.map((entry) => entry[name]).filter(isText))];
    return {
      action: 'events:PutEvents',
      resource,
      keys: {
        'events:source': valuesOf('Source'),
        'events:detail-type': valuesOf('DetailType'),
        'events:eventbusinvocation': () => ['false'],
      },
    };
  });
}

type ResourceOf = (input: Input, facts: Facts) => string;

const bus: ResourceOf = ({ Name }, facts) => busArn(Name, facts);
const rule: ResourceOf = ({ EventBusName, Name }, facts) => arnOf(rulePath(EventBusName, Name), facts);
const ruleOfTargets: ResourceOf = ({ EventBusName, Rule }, facts) =>
  arnOf(rulePath(EventBusName, Rule), facts);
const archive: ResourceOf = ({ ArchiveName }, facts) => arnOf(`archive/${String(ArchiveName)}`, facts);
const replay: ResourceOf = ({ ReplayName }, facts) => arnOf(`replay/${String(ReplayName)}`, facts);

/** Rules of another account are not here. */
const creator = ({ place }: Facts): Keys => ({ 'events:creatoraccount': () => [place.accountId] });

const RESOURCES: Readonly<Record<string, ResourceOf>> = {
  DescribeEventBus: bus,
  DescribeRule: rule,
  ListTargetsByRule: ruleOfTargets,
  DescribeArchive: archive,
  StartReplay: replay,
  DescribeReplay: replay,
  CancelReplay: replay,
};

/**
 * What each call of EventBridge needs:
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoneventbridge.html
 */
export const eventsNeeds: JsonNeeds = {
  keys: ['events:source', 'events:detail-type', 'events:eventbusinvocation', 'events:creatoraccount'],
  needsOf(action, input, facts) {
    if (action === 'PutEvents') return putNeeds(input, facts);
    const resourceOf = Object.hasOwn(RESOURCES, action) ? RESOURCES[action] : undefined;
    const resource = resourceOf?.(input, facts) ?? '*';
    const isOfRule = resourceOf === rule || resourceOf === ruleOfTargets;
    return [{ action: `events:${action}`, resource, ...(isOfRule && { keys: creator(facts) }) }];
  },
};
