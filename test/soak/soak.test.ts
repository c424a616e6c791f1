import { proveUnderFaults } from '../support/soak/laws.ts';

proveUnderFaults(Number(process.env.SOAK ?? 20_000), 7_200_000);
