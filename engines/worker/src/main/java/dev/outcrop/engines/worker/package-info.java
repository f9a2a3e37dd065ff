/** Worker processes: native code that can crash or hang runs in a JVM of its own. */
package dev.outcrop.engines.worker;
