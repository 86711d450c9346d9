// The MQTT client without its WebSocket, TLS and connect helpers: what a bot's thread loads instead of the whole package.
// Its cache of 65,536 numbers as buffers costs each thread 80 ms of CPU time and 7 MiB, and saves little with so few messages.
require("mqtt-packet").writeToStream.cacheNumbers = false;
module.exports = { MqttClient: require("mqtt/lib/client").default };
