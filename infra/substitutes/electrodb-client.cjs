// In place of electrodb's clients of the SDK: it makes no calls. It says what to ask, and functions/table/calls.ts asks.
const { EntityIdentifiers } = require('electrodb/src/types');

module.exports = {
  normalizeClient: (client) => client,
  normalizeConfig: (config) => ({ ...config, identifiers: { ...EntityIdentifiers, ...config.identifiers } }),
};
