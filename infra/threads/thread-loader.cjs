// Loads a bundled thread from its file with V8's code cache: compiling once instead of a hundred times.
const { Script } = require("node:vm");
const { workerData } = require("node:worker_threads");

const { file, source, cachedData } = workerData.thread;
const script = new Script(`(function (require, module, exports) {${source}\n})`, { filename: file, cachedData });
script.runInThisContext()(require, module, module.exports);
