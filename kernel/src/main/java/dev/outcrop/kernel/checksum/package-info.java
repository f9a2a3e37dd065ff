/** The checksums that clients send with what they upload. */
package dev.outcrop.kernel.checksum;
