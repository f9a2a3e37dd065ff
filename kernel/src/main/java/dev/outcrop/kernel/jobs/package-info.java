/** Long work that outlives the call that asked for it, and the server that began it. */
package dev.outcrop.kernel.jobs;
