/** Who may call: the root key of the first start, the keys for development, and when they are refused. */
package dev.outcrop.kernel.identity;
