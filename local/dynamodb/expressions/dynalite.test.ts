import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';

/** Loads the engine in a process of its own and answers what `expression` gives there. */
function evaluated(expression: string): unknown {
  const script = `
    import { createRequire } from 'node:module';
    import '${import.meta.dirname}/dynalite.ts';
    const require = createRequire('${import.meta.dirname}/dynalite.ts');
    console.log(JSON.stringify(${expression}));`;
  const output = execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
  return JSON.parse(output);
}

describe('dynalite', () => {
  it('is loaded without its storage and the native addon of that', () => {
    const loaded = evaluated('Object.keys(require.cache)') as string[];
    expect(loaded.some((file) => file.endsWith('dynalite/db/index.js'))).toBe(true);
    expect(loaded.filter((file) => /classic-level|memory-level\/|\.node$/.test(file))).toEqual([]);
  });

  it('leaves its storage packages as they are for others', () => {
    expect(evaluated("typeof require('memory-level').MemoryLevel")).toBe('function');
  });
});
