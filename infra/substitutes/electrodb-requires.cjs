// What electrodb requires of the SDK to make calls: nothing. It says what to ask, and functions/table/calls.ts asks.
module.exports = {};
