import { createHash } from 'node:crypto';
import { rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Decision } from '../../local/iam/access.ts';
import { assemblyDir } from '../support/assembly.ts';
import { assemblyWithout } from '../support/assembly-without.ts';
import { startCloudInProcess } from '../support/cloud.ts';
import { decided, described, distinct, type Grant, type Grants, takeApart } from '../support/grants.ts';
import { travel } from '../support/journey.ts';

interface Excuse {
  /** Matches a grant in one line: `Role: action on resource`. */
  readonly grant: RegExp;
  /** Why the journey makes no use of it. */
  readonly reason: string;
}

const excuses: readonly Excuse[] = [
  { grant: /: logs:\w+ on /, reason: 'functions log into files here' },
  { grant: /: xray:\w+ on \*$/, reason: 'nothing is traced here' },
  { grant: /^cloudwatch\.amazonaws\.com: sns:Publish on /, reason: 'no alarm goes off here' },
  {
    grant: /RelayFunctionRole.*: s3:(ListBucket|PutObject) on /,
    reason: 'a failure destination: only what can never be relayed goes there',
  },
  {
    grant: /^events\.amazonaws\.com: sqs:SendMessage on .*DeadLetters/,
    reason: 'only what could not be delivered goes there',
  },
];

const decisions: Decision[] = [];
let grants: Grants;
let kinds: Decision[];
let used: Grant[];

beforeAll(async () => {
  const cloud = await startCloudInProcess({ record: (decision) => decisions.push(decision) });
  try {
    await travel(cloud);
    await quiet();
  } finally {
    await cloud.stop();
  }
  const { policies } = cloud;
  const { region } = cloud.stack;
  const accountId = [...policies.roles.keys()][0]?.split(':')[4] ?? '';
  grants = takeApart(policies, { region, accountId });
  kinds = distinct(decisions, policies);
  used = grants.all.filter((grant) => kinds.some((decision) => grants.allows(grant, decision)));
}, 120_000);

/** Waits until nothing has been decided for a second: what follows behind the API is then done, too. */
async function quiet(): Promise<void> {
  for (let before = -1; before < decisions.length; await sleep(1000)) before = decisions.length;
}

const lines = (list: readonly Grant[]) => list.map(described).sort();

test('the journey makes calls, and none is denied', () => {
  expect(kinds.length).toBeGreaterThan(30);
  expect(kinds.filter(({ allowed }) => !allowed).map(decided)).toEqual([]);
});

test('every grant is used, or has a reason why not', () => {
  const unused = lines(grants.all.filter((grant) => !used.includes(grant)));

  expect(unused.filter((line) => !excuses.some(({ grant }) => grant.test(line)))).toEqual([]);
});

test('every reason is about a grant that is there and not used', () => {
  const unused = lines(grants.all.filter((grant) => !used.includes(grant)));

  const idle = excuses.filter(({ grant }) => !unused.some((line) => grant.test(line)));
  expect(idle.map(({ reason }) => reason)).toEqual([]);
  expect(lines(used).filter((line) => excuses.some(({ grant }) => grant.test(line)))).toEqual([]);
});

test('without any one of the grants that are used, a call would have been denied', () => {
  const superfluous = used.filter((grant) => grants.deniedWithout(grant, kinds).length === 0);

  expect(lines(superfluous)).toEqual([]);
});

/** As many grants as asked for, other ones each day. */
function drawn(count: number, day: string): Grant[] {
  const order = ({ where, statement, actionIndex, resourceIndex }: Grant) =>
    createHash('sha256').update([day, where, statement, actionIndex, resourceIndex].join(' ')).digest('hex');
  return used.toSorted((a, b) => (order(a) < order(b) ? -1 : 1)).slice(0, count);
}

describe('for real', () => {
  const day = new Date().toISOString().slice(0, 10);

  test.each([1, 2, 3])(
    'the journey is denied a call without the grant that is drawn as number %d today',
    async (number) => {
      const grant = drawn(number, day).at(-1);
      if (!grant) throw new Error('no grant is used');
      console.log(`${day}, without ${described(grant)}`);
      const assembly = assemblyWithout(assemblyDir, grant);
      try {
        const denied = await firstDenied(assembly);
        expect(denied?.toLowerCase()).toBe(grant.action.toLowerCase());
      } finally {
        rmSync(assembly, { recursive: true });
      }
    },
    120_000,
  );
});

/**
 * The first action that is denied on a journey or while its stack starts, without waiting until a step misses what
 * follows; undefined when none is, nor in the seconds after the arrival.
 */
async function firstDenied(assembly: string): Promise<string | undefined> {
  const denied = Promise.withResolvers<string>();
  const record = ({ allowed, action }: Decision) => {
    if (!allowed) denied.resolve(action);
  };
  const started = startCloudInProcess({ assembly, record });
  const arrived = started.then(travel).then(() => sleep(10_000, undefined, { ref: false }));
  try {
    return await Promise.race([denied.promise, arrived]);
  } finally {
    await started.then(
      ({ stop }) => stop(),
      () => {},
    );
  }
}
