import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

/** How a stack is started: what a script of the package says of it, for a process in another folder. */
export interface StartCommand {
  readonly env: Readonly<Record<string, string>>;
  /** For `node`: its own options, then the program. */
  readonly args: readonly string[];
}

/** Reads `A=1 B=2 exec node --option ./file program.ts`, where files are in the folder of the package. */
export function commandIn(script: string): StartCommand {
  const words = script.split(' ');
  const exec = words.indexOf('exec');
  if (exec < 0 || words[exec + 1] !== 'node') {
    throw new Error(`"${script}" is no start command: write it as NAME=value ... exec node ...`);
  }
  return {
    env: Object.fromEntries(
      words
        .slice(0, exec)
        .map((word) => [word.slice(0, word.indexOf('=')), word.slice(word.indexOf('=') + 1)]),
    ),
    args: words.slice(exec + 2).map((word) => (/\.[jt]s$/.test(word) ? resolve(word) : word)),
  };
}

/** What `npm start` runs. */
export function startCommand(): StartCommand {
  const { scripts } = JSON.parse(readFileSync(resolve('package.json'), 'utf8'));
  return commandIn(scripts.start);
}
