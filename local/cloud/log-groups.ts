import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';

/** Log groups that rules write to: a file each beside the logs of functions. */
export interface LogGroups {
  /** Appends what a rule delivers to the log group with this ARN. */
  write(logGroupArn: string, text: string): void;
}

/** `/aws/events/orders` lies in `aws-events-orders.log`. */
function fileNameOf(logGroupArn: string): string {
  const name = logGroupArn.split(':')[6] ?? 'log-group';
  return `${name.replace(/^\//, '').replaceAll(/[^\w.-]/g, '-')}.log`;
}

/** Without a folder, what is written is lost. */
export function createLogGroups(logDir: string | undefined): LogGroups {
  return {
    write(logGroupArn, text) {
      if (logDir === undefined) return;
      mkdirSync(logDir, { recursive: true });
      appendFileSync(join(logDir, fileNameOf(logGroupArn)), `${text}\n`);
    },
  };
}
