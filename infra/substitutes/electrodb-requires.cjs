// What electrodb requires of the SDK; electrodb.js fills it.
module.exports = {};
