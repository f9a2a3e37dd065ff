/** How services tell what happened to their resources, without knowing who listens. */
package dev.outcrop.kernel.events;
