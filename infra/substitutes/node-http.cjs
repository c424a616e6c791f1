// The module itself and not its names: to list them all, as an import does, Node loads its client of web sockets and fetch.
module.exports = process.getBuiltinModule('node:http');
