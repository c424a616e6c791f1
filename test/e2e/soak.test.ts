import { proveUnderFaults } from '../support/soak/laws.ts';

// The long one is `npm run test:soak`.
proveUnderFaults(300, 240_000);
