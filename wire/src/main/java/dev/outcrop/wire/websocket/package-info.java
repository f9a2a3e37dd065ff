/** WebSockets: the opening handshake and the frames of RFC 6455, as far as a server of binary messages needs them. */
package dev.outcrop.wire.websocket;
