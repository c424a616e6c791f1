import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Decision } from '../../local/iam/access.ts';
import { startCloudInProcess } from '../support/cloud.ts';
import { copyData } from '../support/data-copy.ts';
import { checks, type Evidence, evidenceOf } from '../support/grants/checks.ts';
import { decided } from '../support/grants/decisions.ts';
import { described, type Grant } from '../support/grants/grants.ts';
import { reasons } from '../support/grants/reasons.ts';
import { firstDeniedWithout, type Halt } from '../support/grants/removal.ts';
import { departure, travel } from '../support/journey.ts';

const folder = mkdtempSync(join(tmpdir(), 'fidelia-grants-'));
/** What was decided between a halt of the journey and the next. */
const legs: { readonly halt: Halt; readonly decisions: Decision[] }[] = [];
let evidence: Evidence;

beforeAll(async () => {
  const dataDir = join(folder, 'data');
  const halt = (one: Halt) => legs.push({ halt: one, decisions: [] });
  halt({ stage: departure, dataDir: undefined });
  const cloud = await startCloudInProcess({
    dataDir,
    record: (decision) => legs.at(-1)?.decisions.push(decision),
  });
  try {
    await travel(cloud, departure, (stage) => {
      const copy = join(folder, String(stage.next));
      copyData(dataDir, copy);
      halt({ stage, dataDir: copy });
    });
    await quiet();
  } finally {
    await cloud.stop();
  }
  evidence = evidenceOf(
    cloud,
    legs.flatMap(({ decisions }) => decisions),
    reasons,
  );
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true }));

/** Waits until nothing has been decided for a second: what follows behind the API is then done, too. */
async function quiet(): Promise<void> {
  const count = () => legs.at(-1)?.decisions.length;
  for (let [before, sinceMs] = [count(), 0]; sinceMs < 1000; before = count()) {
    await sleep(100);
    sinceMs = before === count() ? sinceMs + 100 : 0;
  }
}

test('the journey makes calls of many kinds', () => {
  expect(evidence.kinds.length).toBeGreaterThan(30);
});

test.each(checks)('on the journey, $name', ({ broken }) => {
  expect(broken(evidence)).toEqual([]);
});

/** As many grants as asked for of those that are used, other ones each day. */
function drawn(count: number, day: string): Grant[] {
  const order = ({ where, statement, actionIndex, resourceIndex }: Grant) =>
    createHash('sha256').update([day, where, statement, actionIndex, resourceIndex].join(' ')).digest('hex');
  return evidence.used.toSorted((a, b) => (order(a) < order(b) ? -1 : 1)).slice(0, count);
}

/** The last halt before a grant is used. */
function haltBefore(grant: Grant): Halt {
  const leg = legs.find(({ decisions }) => decisions.some((one) => evidence.grants.allows(grant, one)));
  if (!leg) throw new Error(`${described(grant)} is not used`);
  return leg.halt;
}

/** Whether a decision would be made by a grant; that it was denied, nobody looked at the keys of its request any more. */
function wouldBeMadeBy(grant: Grant, denied: Decision): boolean {
  const { grants, kinds } = evidence;
  return kinds.some(
    (made) => grants.allows(grant, made) && grants.allows(grant, { ...denied, keys: made.keys }),
  );
}

describe('for real', () => {
  const day = new Date().toISOString().slice(0, 10);

  test.each([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])(
    'the journey is denied a call without the grant that is drawn as number %d today',
    async (number) => {
      const grant = drawn(number, day).at(-1);
      if (!grant) throw new Error('no grant is used');
      const halt = haltBefore(grant);
      console.log(`${day}, from step ${halt.stage.next} without ${described(grant)}`);

      const denied = await firstDeniedWithout(grant, halt);

      if (!denied) throw new Error(`nothing was denied without ${described(grant)}`);
      expect(wouldBeMadeBy(grant, denied), decided(denied)).toBe(true);
    },
    60_000,
  );
});
