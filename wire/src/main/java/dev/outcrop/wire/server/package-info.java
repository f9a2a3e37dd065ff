/** The server's side of an exchange: connections, bodies, endpoints, browsers' questions, and the way of an AWS call. */
package dev.outcrop.wire.server;
