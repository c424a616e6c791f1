import recommended from 'aws-cdk-lib/recommended-feature-flags.json' with { type: 'json' };

/**
 * The feature flags of the CDK, as recommended by the pinned version of the library. What they change in stateful
 * resources is caught by the comparison with `stateful.json`.
 */
export const flags: Readonly<Record<string, unknown>> = {
  ...recommended,
  // The data stack must not lose an output that the application stack still reads.
  '@aws-cdk/core:defaultCrossStackReferences': 'strong',
  // A finding throws, instead of only setting the exit code of the process.
  '@aws-cdk/core:appMode': 'inmemory',
};
