/** The front door: server, protocols, routing, signatures, event streams. Knows no service. */
package dev.outcrop.wire;
