import { Logger } from '@aws-lambda-powertools/logger';

/** The function's log: JSON lines; never a body, a name or an address of a customer. */
export const logger = new Logger();
