/**
 * Proof that every shape of every service passes between the SDK's own clients and the codec unchanged, and the samples
 * of shapes and services that the proof is made with.
 */
package dev.outcrop.conformance.shapes;
