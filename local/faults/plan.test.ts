import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { FaultPlanError, noFaults, readFaultPlan } from './plan.ts';

const read = (plan: unknown) => readFaultPlan(JSON.stringify(plan));

describe('a plan', () => {
  test('without anything lets nothing go wrong', () => {
    expect(read({})).toEqual(noFaults);
    expect(noFaults).toEqual({
      ...{ seed: 0, functions: [], dynamodb: [], events: [], queues: [], streams: [], mail: [] },
    });
  });

  test('as the guide has it is taken', () => {
    const guide = readFileSync('docs/local-cloud.md', 'utf8');
    const example = /## Faults on demand[\s\S]+?```json\n([\s\S]+?)```/.exec(guide)?.[1] ?? '';

    const { seed, functions, queues } = readFaultPlan(example);

    expect(seed).toBe(7);
    expect(functions).toHaveLength(3);
    expect(queues[1]).toEqual({ fault: 'reorder', every: 1 });
  });

  test.each([
    [{ sead: 1 }, 'sead', 'there is no such key; give some of seed, functions'],
    [{ seed: 1.5 }, 'seed (1.5)', 'give a whole number from 0'],
    [{ mail: {} }, 'mail', 'give a list'],
    [{ mail: [{ every: 1 }] }, 'mail.0.fault', 'is missing'],
    [{ mail: [{ fault: 'lose', every: 1 }] }, 'mail.0.fault ("lose")', 'give one of "throttle", "fail"'],
    [{ mail: [{ fault: 'fail' }] }, 'mail.0', 'give either chance or every'],
    [{ mail: [{ fault: 'fail', every: 1, chance: 1 }] }, 'mail.0', 'give either chance or every'],
    [{ mail: [{ fault: 'fail', chance: 0 }] }, 'mail.0.chance (0)', 'more than 0, at most 1'],
    [{ mail: [{ fault: 'fail', every: 0 }] }, 'mail.0.every (0)', 'a whole number from 1'],
    [{ functions: [{ fault: 'delay', every: 1 }] }, 'functions.0', 'give ms'],
    [{ functions: [{ fault: 'kill', every: 1, ms: 1 }] }, 'functions.0', 'with nothing else'],
    [{ dynamodb: [{ fault: 'fail', every: 1, actions: [] }] }, 'dynamodb.0.actions', 'leave it out'],
    [[], 'The faults', 'give an object of lists'],
  ])('%j is refused by naming the place and the remedy', (plan, place, remedy) => {
    expect(() => read(plan)).toThrow(FaultPlanError);
    expect(() => read(plan)).toThrow(place);
    expect(() => read(plan)).toThrow(remedy);
  });

  test('that is not JSON is refused', () => {
    expect(() => readFaultPlan('{')).toThrow('The faults are not JSON');
  });
});
