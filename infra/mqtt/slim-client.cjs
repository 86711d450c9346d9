// The MQTT client without its WebSocket, TLS and connect helpers: what a bot's thread loads instead of the whole package.
module.exports = { MqttClient: require("mqtt/lib/client").default };
