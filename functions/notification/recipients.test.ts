import { describe, expect, test } from 'vitest';
import { remembering } from './recipients.ts';

/** A directory that counts how often it is asked, and a clock. */
function directory() {
  const asked: string[] = [];
  let now = 0;
  let isOut = false;
  const lookUp = async (id: string) => {
    asked.push(id);
    if (isOut) throw new Error('out');
    return `${id} ${asked.length}`;
  };
  return {
    asked,
    find: remembering(lookUp, { forMs: 1000, now: () => now }),
    pass: (ms: number) => {
      now += ms;
    },
    goOut: (out: boolean) => {
      isOut = out;
    },
  };
}

describe('what was looked up', () => {
  test('is remembered for a while, each by itself', async () => {
    const { asked, find, pass } = directory();

    expect([await find('a'), await find('a'), await find('b')]).toEqual(['a 1', 'a 1', 'b 2']);
    pass(999);
    expect(await find('a')).toBe('a 1');
    pass(1);
    expect(await find('a')).toBe('a 3');
    expect(asked).toEqual(['a', 'b', 'a']);
  });

  test('is not remembered when it failed', async () => {
    const { find, goOut } = directory();
    goOut(true);
    await expect(find('a')).rejects.toThrow('out');
    goOut(false);

    expect(await find('a')).toBe('a 2');
  });

  test('is not remembered without end', async () => {
    const { asked, find } = directory();
    for (let n = 0; n < 1001; n++) await find(`${n}`);
    await find('0');

    expect(asked).toHaveLength(1002);
  });
});
