import { SingleBar } from 'cli-progress';

/** Shows how far a phase is. */
export interface Progress {
  readonly start: (phase: string, total: number) => void;
  readonly advance: (by: number) => void;
  readonly stop: () => void;
}

/** A bar on a terminal; elsewhere a line for each tenth. */
export function showProgress(stream: NodeJS.WriteStream): Progress {
  return stream.isTTY ? bar(stream) : linesOnly((line) => stream.write(`${line}\n`));
}

function bar(stream: NodeJS.WriteStream): Progress {
  let current: SingleBar | undefined;
  const stop = () => current?.stop();
  return {
    start: (phase, total) => {
      stop();
      current = new SingleBar({
        stream,
        format: `${phase.padEnd(9)} {bar} {percentage}% {eta_formatted} left`,
        hideCursor: true,
      });
      current.start(total, 0);
    },
    advance: (by) => current?.increment(by),
    stop,
  };
}

/** A line for each tenth of a phase. */
export function linesOnly(write: (line: string) => void): Progress {
  let phase = '';
  let total = 0;
  let done = 0;
  return {
    start: (name, size) => {
      [phase, total, done] = [name, size, 0];
    },
    advance: (by) => {
      const before = Math.floor((done * 10) / total);
      done += by;
      const after = Math.floor((done * 10) / total);
      if (after > before) write(`${phase} ${after * 10}%`);
    },
    stop: () => {},
  };
}
