/** Which operation of which service a request is meant for, and the protocol that its sender speaks. */
package dev.outcrop.wire.route;
