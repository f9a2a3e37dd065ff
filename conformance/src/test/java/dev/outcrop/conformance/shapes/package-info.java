/** Proof that every shape of every service passes between the SDK's own clients and the codec unchanged. */
package dev.outcrop.conformance.shapes;
