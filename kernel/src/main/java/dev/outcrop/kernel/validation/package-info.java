/** Checks requests against the constraints of their shapes before a service sees them, and says what is wrong as AWS does. */
package dev.outcrop.kernel.validation;
